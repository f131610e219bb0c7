// System registers, ports, models and reset.
import assert from 'node:assert/strict';
import { setEflags } from '../../src/cpu/flags';
import * as L from '../../src/cpu/layout';
import type { CpuModel } from '../../src/cpu/models';
import { resetCpu } from '../../src/cpu/reset';
import { FAULT, NEXT, RETRY, type SysResult } from '../../src/cpu/sys';
import { ProtectedMachine, TSS } from './protectedMachine';
import { TestMachine } from './testMachine';

const RAISED = (m: TestMachine): (number | undefined)[] => [m.cpu.fault!.vector, m.cpu.fault!.errorCode];

describe('reset', () => {
  it('leaves each model as its manual says', () => {
    for (const [model, edx, cr0] of [
      ['386', 0x308, 0x10],
      ['486', 0x433, 0x60000010],
      ['pentium', 0x526, 0x60000010],
    ] as [CpuModel, number, number][]) {
      const { cpu } = new TestMachine();
      cpu.model = model;
      resetCpu(cpu);
      assert.deepEqual([cpu.reg32(2), cpu.cr0], [edx, cr0], model);
      assert.deepEqual([cpu.selector(1), cpu.base(1), cpu.eip, cpu.sysFlags], [0xf000, 0xffff0000, 0xfff0, 2]);
      assert.equal(cpu.u32[L.S_IDTR_LIMIT >> 2], 0xffff);
    }
  });

  it('keeps machine-check and time-stamp registers over INIT, not over RESET', () => {
    const m = new TestMachine();
    m.icount = 1000;
    m.cpu.msrs.set(1, 5n);
    resetCpu(m.cpu, true);
    assert.equal(m.cpu.msrs.get(1), 5n);
    m.execute([0x0f, 0x31], 16);
    assert.equal(m.cpu.reg32(0), 1000);
    resetCpu(m.cpu);
    m.execute([0x0f, 0x31], 16);
    assert.equal(m.cpu.reg32(0), 0);
  });
});

describe('control registers', () => {
  const load = (m: TestMachine, register: number, value: number): number => {
    m.cpu.setReg32(0, value);
    return m.execute([0x0f, 0x22, 0xc0 | (register << 3)], 32);
  };

  it('refuses impossible combinations and reserved bits', () => {
    const m = new TestMachine();
    assert.equal(load(m, 0, 0x80000000), FAULT);
    assert.deepEqual(RAISED(m), [13, 0]);
    assert.equal(load(m, 0, 0x20000000), FAULT);
    assert.equal(load(m, 4, 0x20), FAULT);
    assert.deepEqual(RAISED(m), [13, 0]);
    assert.equal(load(m, 4, 0x10), NEXT);
    m.cpu.model = '486';
    assert.equal(load(m, 4, 0), FAULT);
  });

  it('flushes translations and records the change of mode', () => {
    const m = new TestMachine();
    m.cpu.transitions.clear();
    const flushes = m.flushes;
    assert.equal(load(m, 0, 0x11), NEXT);
    assert.ok(m.flushes > flushes);
    const t = m.cpu.transitions.get(0)!;
    assert.deepEqual([t.kind, t.from.mode, t.to.mode], ['mode-change', 'real', 'protected16']);
    load(m, 0, 0x13);
    assert.equal(m.cpu.transitions.count, 1);
  });

  it('lets LMSW set PE but not clear it', () => {
    const m = new TestMachine();
    m.cpu.setReg32(0, 0x9);
    m.execute([0x0f, 0x01, 0xf0], 16);
    assert.equal(m.cpu.cr0 & 15, 9);
    m.cpu.setReg32(0, 2);
    m.execute([0x0f, 0x01, 0xf0], 16);
    assert.equal(m.cpu.cr0 & 15, 3);
  });

  it('answers CPUID and MSRs by model', () => {
    const m = new TestMachine();
    assert.equal(m.execute([0x0f, 0xa2], 16), NEXT);
    const name = [3, 2, 1].map((r) => Buffer.from(Uint32Array.of(m.cpu.reg32(r)).buffer).toString('latin1')).join('');
    assert.equal(name, 'GenuineIntel');
    m.cpu.setReg32(0, 1);
    m.execute([0x0f, 0xa2], 16);
    assert.equal(m.cpu.reg32(0), 0x526);
    m.cpu.setReg32(1, 0x10);
    m.cpu.setReg32(0, 5);
    m.cpu.setReg32(2, 1);
    assert.equal(m.execute([0x0f, 0x30], 16), NEXT);
    m.execute([0x0f, 0x32], 16);
    assert.deepEqual([m.cpu.reg32(0), m.cpu.reg32(2)], [6, 1], 'one instruction later');
    m.cpu.setReg32(1, 0x12345);
    assert.equal(m.execute([0x0f, 0x32], 16), FAULT);
    assert.deepEqual(RAISED(m), [13, 0]);
  });

  it('lets STATUS, ADDR and MISC of machine-check banks be cleared only', () => {
    const m = new TestMachine();
    m.cpu.model = 'x86-64';
    const write = (number: number, value: number): SysResult => {
      m.cpu.setReg32(1, number);
      m.cpu.setReg32(0, value);
      m.cpu.setReg32(2, value);
      return m.execute([0x0f, 0x30], 16);
    };
    const [CONTROL, STATUS, MISC] = [0x400, 0x401, 0x403];
    assert.equal(write(CONTROL, -1), NEXT);
    for (let number = STATUS; number <= MISC; number++) {
      assert.equal(write(number, 0), NEXT);
      assert.equal(write(number, 1), FAULT);
      assert.deepEqual(RAISED(m), [13, 0]);
    }
  });
});

describe('ports', () => {
  it('asks the permission bitmap for every byte when CPL is above IOPL', () => {
    const m = new ProtectedMachine(3);
    m.write(TSS + 0x68 + 0x300 / 8, 0b11101111, 0xfe);
    m.cpu.setReg32(2, 0x304);
    assert.equal(m.execute([0xec], 32), NEXT);
    assert.equal(m.execute([0x66, 0xed], 32), FAULT);
    assert.deepEqual(RAISED(m), [13, 0]);
    m.cpu.setReg32(2, 0x308);
    assert.equal(m.execute([0xee], 32), NEXT);
    // The map needs one byte beyond the last port.
    const limit = (L.S_SEG + L.TR * L.SEG_SIZE + L.SEG_LIMIT) >> 2;
    m.cpu.u32[limit] = 0x2068;
    m.cpu.setReg32(2, 0xffff);
    assert.equal(m.execute([0xee], 32), NEXT);
    m.cpu.u32[limit] = 0x2067;
    assert.equal(m.execute([0xee], 32), FAULT);
    assert.equal(m.cpu.fault!.reason.check, 'io-beyond-bitmap');
    setEflags(m.cpu, L.IOPL | 2);
    assert.equal(m.execute([0xee], 32), NEXT);
    assert.deepEqual(m.bus.log, ['in 304 1', 'out 308 1 0', 'out ffff 1 0', 'out ffff 1 0']);
  });

  it('does REP INS in chunks, and stops at the iteration that faults', () => {
    const m = new ProtectedMachine();
    m.bus.inputs = Array.from({ length: 100 }, (_, i) => i);
    m.cpu.setReg32(1, 100);
    m.cpu.setReg32(2, 0x1f0);
    m.cpu.setReg32(7, 0x6000);
    assert.equal(m.execute([0xf3, 0x6c], 32), RETRY);
    assert.equal(m.cpu.eip, 0x5000);
    const left = m.cpu.reg32(1);
    assert.equal(m.cpu.reg32(7), 0x6000 + 100 - left);
    while (m.execute([0xf3, 0x6c], 32) === RETRY);
    assert.equal(m.cpu.reg32(1), 0);
    assert.deepEqual([m.read8(0x6000), m.read8(0x6063)], [0, 99]);

    m.write32(0x10000, 0x11007);
    for (let page = 0; page < 1024; page++) m.write32(0x11000 + page * 4, page === 7 ? 0 : (page << 12) | 7);
    m.cpu.u32[L.S_CR3 >> 2] = 0x10000;
    m.cpu.u32[L.S_CR0 >> 2] = 0x80000011;
    m.bus.log.length = 0;
    m.cpu.setReg32(1, 5);
    m.cpu.setReg32(7, 0x6ffd);
    assert.equal(m.execute([0xf3, 0x66, 0x6d], 32), FAULT);
    assert.deepEqual([m.cpu.fault!.cr2, m.cpu.reg32(1), m.cpu.reg32(7)], [0x7000, 4, 0x6fff]);
    assert.equal(m.bus.log.length, 1, 'the port is not read for a value that cannot be stored');
  });

  it('goes backwards with DF and obeys the address size', () => {
    const m = new ProtectedMachine();
    m.write(0x6000, 1, 2, 3);
    setEflags(m.cpu, L.DF | 2);
    m.cpu.setReg32(1, 0xffff0003);
    m.cpu.setReg32(2, 0x80);
    m.cpu.setReg32(6, 0x12346002);
    assert.equal(m.execute([0xf3, 0x67, 0x6e], 32), NEXT);
    assert.deepEqual(m.bus.log, ['out 80 1 3', 'out 80 1 2', 'out 80 1 1']);
    assert.deepEqual([m.cpu.reg32(1), m.cpu.reg32(6)], [0xffff0000, 0x12345fff]);
  });
});

describe('firmware calls', () => {
  it('exist in the ROM only', () => {
    const m = new TestMachine();
    assert.equal(m.execute([0x0f, 0x3f, 0x10], 16), NEXT);
    assert.deepEqual(m.bus.log, ['firmware 16']);
    m.execute([0xea, 0, 0x7c, 0, 0], 16);
    assert.equal(m.execute([0x0f, 0x3f, 0x10], 16), FAULT);
    assert.deepEqual(RAISED(m), [6, undefined]);
  });
});
