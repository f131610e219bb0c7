// XSAVE and its relatives: formats, what counts as in use, initial values, refused headers.
import assert from 'node:assert/strict';
import { cpuidAnswer } from '../../src/cpu/cpuid';
import * as L from '../../src/cpu/layout';
import { resetCpu } from '../../src/cpu/reset';
import { SYS_ROUTINES } from '../../src/cpu/routines';
import { FAULT, NEXT } from '../../src/cpu/sys';
import { decode } from '../../src/isa/decode';
import { TestMachine } from './testMachine';

const AREA = 0x2000;
const CODES = {
  xsave: [0x0f, 0xae, 0x26, 0, 0x20],
  xrstor: [0x0f, 0xae, 0x2e, 0, 0x20],
  xsaveopt: [0x0f, 0xae, 0x36, 0, 0x20],
  xsavec: [0x0f, 0xc7, 0x26, 0, 0x20],
  xsaves: [0x0f, 0xc7, 0x2e, 0, 0x20],
  xrstors: [0x0f, 0xc7, 0x1e, 0, 0x20],
} as const;

class Machine extends TestMachine {
  constructor(xcr0 = 7n) {
    super();
    this.cpu.model = 'x86-64';
    resetCpu(this.cpu);
    this.cpu.u32[L.S_CR4 >> 2] = L.CR4_OSXSAVE;
    this.cpu.u64[L.S_XCR0 >> 3] = xcr0;
    this.cpu.i32[L.S_FCW >> 2] = 0x37f;
    this.cpu.i32[L.S_FTAG >> 2] = 0;
  }
  run(mnemonic: keyof typeof CODES, mask = 7): string {
    this.cpu.setReg32(0, mask);
    this.cpu.setReg32(2, 0);
    const insn = decode(Uint8Array.from(CODES[mnemonic]), 0, 16);
    assert.equal(insn.row?.sem, mnemonic);
    this.cpu.fault = undefined;
    const result = SYS_ROUTINES[mnemonic]!(this.cpu, insn);
    if (result === FAULT) return `${this.cpu.fault!.vector} ${this.cpu.fault!.reason!.check}`;
    assert.equal(result, NEXT);
    return 'ok';
  }
  setYmm(n: number, low: bigint, high: bigint): void {
    this.cpu.u64[(L.S_XMM + 64 * n) >> 3] = low;
    this.cpu.u64[(L.S_XMM + 64 * n + 16) >> 3] = high;
  }
  ymm(n: number): [bigint, bigint] {
    return [this.cpu.u64[(L.S_XMM + 64 * n) >> 3]!, this.cpu.u64[(L.S_XMM + 64 * n + 16) >> 3]!];
  }
  fill(value: number): void {
    this.cpu.u8.fill(value, L.RAM_BASE + AREA, L.RAM_BASE + AREA + 1024);
  }
  header(present: number, format = 0, top = 0): void {
    this.fill(0);
    this.write32(AREA + 24, 0x1f80);
    this.write32(AREA + 512, present, 0, format, top);
  }
}

describe('XSAVE', () => {
  it('writes what EDX:EAX and XCR0 ask for, and says what is in use', () => {
    const m = new Machine();
    m.fill(0xee);
    m.write32(AREA + 512, 0, 0);
    m.setYmm(3, 0x1234n, 0x5678n);
    assert.equal(m.run('xsave', 2), 'ok');
    assert.equal(m.read32(AREA + 160 + 48), 0x1234);
    assert.equal(m.read32(AREA + 24), 0x1f80);
    assert.equal(m.read32(AREA), 0xeeeeeeee, 'the x87 was not asked for');
    assert.equal(m.read32(AREA + 576), 0xeeeeeeee);
    assert.equal(m.read32(AREA + 512), 2);
    assert.equal(m.run('xsave', 7), 'ok');
    assert.equal(m.read32(AREA + 512), 6, 'the x87 has its initial values');
    assert.equal(m.read32(AREA + 576 + 48), 0x5678);
    assert.equal(m.read16(AREA), 0x37f);
    assert.equal(m.read32(AREA + 520), 0xeeeeeeee, 'the rest of the header stays');
  });

  it('XSAVEOPT leaves out what is not in use', () => {
    const m = new Machine();
    m.fill(0xee);
    m.write32(AREA + 512, 7, 0);
    m.setYmm(1, 5n, 0n);
    assert.equal(m.run('xsaveopt', 7), 'ok');
    assert.equal(m.read32(AREA + 512), 2);
    assert.equal(m.read32(AREA), 0xeeeeeeee);
    assert.equal(m.read32(AREA + 576), 0xeeeeeeee);
    assert.equal(m.read32(AREA + 160 + 16), 5);
  });

  it('XSAVEC and XSAVES write the compacted format, which XRSTOR reads', () => {
    for (const mnemonic of ['xsavec', 'xsaves'] as const) {
      const m = new Machine();
      m.fill(0);
      m.setYmm(7, 11n, 22n);
      assert.equal(m.run(mnemonic, 7), 'ok');
      assert.deepEqual([m.read32(AREA + 512), m.read32(AREA + 520), m.read32(AREA + 524)], [6, 7, 0x80000000]);
      m.setYmm(7, 1n, 2n);
      m.cpu.i32[L.S_FCW >> 2] = 0x27f;
      assert.equal(m.run(mnemonic === 'xsaves' ? 'xrstors' : 'xrstor', 7), 'ok');
      assert.deepEqual(m.ymm(7), [11n, 22n]);
      assert.equal(m.cpu.i32[L.S_FCW >> 2], 0x37f, 'initial again');
    }
  });

  it('XRSTOR initializes the components that are not there', () => {
    const m = new Machine();
    m.setYmm(0, 9n, 9n);
    m.header(2);
    m.write32(AREA + 160, 77);
    assert.equal(m.run('xrstor', 4), 'ok');
    assert.deepEqual(m.ymm(0), [9n, 0n]);
    assert.equal(m.run('xrstor', 7), 'ok');
    assert.deepEqual(m.ymm(0), [77n, 0n]);
  });

  it('refuses what the manual says', () => {
    const m = new Machine(3n);
    m.header(4);
    assert.equal(m.run('xrstor', 3), '13 xsave-header');
    m.header(0, 1);
    assert.equal(m.run('xrstor', 3), '13 xsave-header');
    m.header(2, 1, 0x80000000);
    assert.equal(m.run('xrstor', 3), '13 xsave-header');
    m.header(0);
    m.write32(AREA + 24, 0x10000);
    assert.equal(m.run('xrstor', 3), '13 mxcsr-reserved');
    m.header(0);
    assert.equal(m.run('xrstors', 3), '13 xsave-header');
    m.cpu.u32[L.S_CR0 >> 2]! |= L.CR0_TS;
    assert.equal(m.run('xsave'), '7 x87-task-switched');
    m.cpu.u32[L.S_CR4 >> 2] = 0;
    assert.equal(m.run('xsave'), '6 osxsave');
    const off = new Machine();
    off.cpu.setReg32(0, 7);
    const insn = decode(Uint8Array.of(0x0f, 0xae, 0x26, 0x10, 0x20), 0, 16);
    assert.equal(SYS_ROUTINES['xsave']!(off.cpu, insn), FAULT);
    assert.equal(off.cpu.fault!.reason!.check, 'memory-alignment');
  });

  it('CPUID tells sizes and places', () => {
    const { cpu } = new Machine(3n);
    const [components, now, largest] = cpuidAnswer(cpu, 0xd, 0);
    assert.ok(components === 3 || components === 7 || components === 0);
    if (components === 0) return;
    assert.equal(now, 576);
    assert.equal(largest, components === 7 ? 832 : 576);
    assert.deepEqual(cpuidAnswer(cpu, 0xd, 2), components === 7 ? [256, 576, 0, 0] : [0, 0, 0, 0]);
  });
});
