// Delivery outside what the torture reaches: real mode, hardware interrupts, shadows, shutdown, debug traps.
import assert from 'node:assert/strict';
import { interruptDue, serviceBoundary } from '../../src/cpu/boundary';
import { explainShutdown } from '../../src/cpu/explain';
import { getEflags, setEflags } from '../../src/cpu/flags';
import { deliverFault } from '../../src/cpu/interrupts';
import * as L from '../../src/cpu/layout';
import { readLinear, writeLinear } from '../../src/cpu/memory';
import { raise, raiseDB, raiseGP, raisePF } from '../../src/cpu/raise';
import { FAULT, HALTED, JUMPED, NEXT } from '../../src/cpu/sys';
import { CODE0, CODE3, DATA0, DATA3, IDT, ProtectedMachine } from './protectedMachine';
import { TestMachine } from './testMachine';

function real(): TestMachine {
  const m = new TestMachine();
  m.execute([0xea, 0x00, 0x7c, 0x00, 0x00], 16);
  m.cpu.setReg32(4, 0x7000);
  m.cpu.transitions.clear();
  return m;
}

/** True when something was delivered at this boundary. */
function served(m: TestMachine): boolean {
  const before = m.cpu.transitions.count;
  serviceBoundary(m.cpu);
  return m.cpu.transitions.count > before;
}

describe('interrupts in real mode', () => {
  it('goes through the vector table and back', () => {
    const m = real();
    m.write16(0x10 * 4, 0x1234, 0x2000);
    setEflags(m.cpu, L.IF | L.TF | L.CF | 2);
    assert.equal(m.execute([0xcd, 0x10], 16), JUMPED);
    assert.deepEqual([m.cpu.selector(1), m.cpu.eip, m.cpu.reg32(4)], [0x2000, 0x1234, 0x6ffa]);
    assert.deepEqual([m.read16(0x6ffa), m.read16(0x6ffc), m.read16(0x6ffe)], [0x7c02, 0, 0x303]);
    assert.equal(getEflags(m.cpu), 3);
    assert.equal(m.execute([0xcf], 16), JUMPED);
    assert.deepEqual([m.cpu.selector(1), m.cpu.eip, m.cpu.reg32(4)], [0, 0x7c02, 0x7000]);
    assert.equal(getEflags(m.cpu), L.IF | L.TF | L.CF | 2);
    const [there, back] = [m.cpu.transitions.get(0)!, m.cpu.transitions.get(1)!];
    assert.deepEqual([there.kind, there.vector, there.from.rip, there.to.rip], ['software-int', 0x10, 0x7c00, 0x1234]);
    assert.deepEqual([back.kind, back.from.mode, back.to.rip], ['iret', 'real', 0x7c02]);
  });

  it('ends in shutdown when the table is too short, with every exception on the way', () => {
    const m = real();
    m.cpu.u32[L.S_IDTR_LIMIT >> 2] = 0;
    assert.equal(m.execute([0xcd, 0x10], 16), FAULT);
    deliverFault(m.cpu);
    assert.equal(m.cpu.shutdown, true);
    assert.deepEqual(
      m.cpu.shutdownCause.map((f) => f.vector),
      [13, 13, 8, 13],
    );
    assert.match(explainShutdown(m.cpu.shutdownCause)[0]!, /Vector 0x10 lies beyond the interrupt vector table/);
    assert.equal(m.cpu.transitions.get(0)!.kind, 'triple-fault');
  });

  it('wraps nothing: a push at SP 1 is a stack fault', () => {
    const m = real();
    m.cpu.setReg32(4, 1);
    assert.equal(m.execute([0xcd, 0x10], 16), FAULT);
    assert.equal(m.cpu.fault!.vector, 12);
  });

  it('takes hardware interrupts with IF, one instruction after STI, and NMI once until IRET', () => {
    const m = real();
    m.write16(0x20 * 4, 0x100, 0x3000);
    m.write16(2 * 4, 0x200, 0x3000);
    m.cpu.intr = true;
    assert.equal(served(m), false);
    assert.equal(m.execute([0xfb], 16), NEXT);
    assert.equal(m.cpu.i32[L.S_ATTN >> 2], 1);
    assert.equal(served(m), false, 'the shadow of STI');
    assert.equal(interruptDue(m.cpu), true);
    m.icount++;
    assert.equal(served(m), true);
    assert.deepEqual([m.cpu.selector(1), m.cpu.eip], [0x3000, 0x100]);
    assert.equal(m.cpu.transitions.get(0)!.kind, 'interrupt');
    m.cpu.nmi = true;
    assert.equal(served(m), true);
    assert.equal(m.cpu.eip, 0x200);
    m.cpu.nmi = true;
    assert.equal(served(m), false);
    m.execute([0xcf], 16);
    assert.equal(served(m), true);
  });

  it('holds interrupts and traps after a load of SS', () => {
    const m = real();
    setEflags(m.cpu, L.IF | 2);
    m.cpu.intr = true;
    m.execute([0x8e, 0xd0], 16);
    m.cpu.pendingDebug = 1;
    assert.equal(served(m), false);
    m.icount++;
    assert.equal(served(m), true);
  });

  it('wakes from HLT', () => {
    const m = real();
    assert.equal(m.execute([0xf4], 16), HALTED);
    m.cpu.halted = true;
    setEflags(m.cpu, L.IF | 2);
    m.cpu.intr = true;
    serviceBoundary(m.cpu);
    assert.equal(m.cpu.halted, false);
  });
});

describe('interrupts in protected mode', () => {
  it('switches rings through the TSS and records the way', () => {
    const m = new ProtectedMachine(3);
    m.gate(0x80, 0x9000, 0xef);
    m.icount = 77;
    assert.equal(m.execute([0xcd, 0x80], 32), JUMPED);
    assert.deepEqual([m.cpu.cpl, m.cpu.selector(1), m.cpu.selector(2), m.cpu.reg32(4)], [0, CODE0, DATA0, 0x7fec]);
    assert.deepEqual(
      [0, 4, 8, 12, 16].map((at) => m.read32(0x7fec + at)),
      [0x5002, CODE3, 2, 0x7000, DATA3],
    );
    assert.equal(m.execute([0xcf], 32), JUMPED);
    assert.deepEqual([m.cpu.cpl, m.cpu.eip, m.cpu.reg32(4)], [3, 0x5002, 0x7000]);
    assert.deepEqual(m.cpu.transitions.get(0), {
      index: 0,
      icount: 77,
      kind: 'software-int',
      vector: 0x80,
      from: { cpl: 3, mode: 'protected32', cs: CODE3, rip: 0x5000, ss: DATA3, rsp: 0x7000 },
      to: { cpl: 0, mode: 'protected32', cs: CODE0, rip: 0x9000, ss: DATA0, rsp: 0x7fec },
      gate: 0x400,
      tss: 0x28,
      errorCode: undefined,
    });
  });

  it('makes a double fault of two contributory exceptions and of a page fault followed by either', () => {
    const chain = (vector: number, idtMissing: boolean): number[] => {
      const m = new ProtectedMachine();
      if (idtMissing) {
        m.write32(0x10000, 0x11007);
        for (let page = 0; page < 1024; page++)
          m.write32(0x11000 + page * 4, page === IDT >> 12 ? 0 : (page << 12) | 7);
        m.cpu.u32[L.S_CR3 >> 2] = 0x10000;
        m.cpu.u32[L.S_CR0 >> 2] = 0x80000011;
      } else m.cpu.u32[L.S_IDTR_LIMIT >> 2] = 0;
      if (vector === 14) raisePF(m.cpu, 0x123000, 2, 'page-not-present', {});
      else raise(m.cpu, vector, vector === 13 ? 0 : -1, 'privileged');
      deliverFault(m.cpu);
      assert.equal(m.cpu.shutdown, true);
      return m.cpu.shutdownCause.map((f) => f.vector);
    };
    assert.deepEqual(chain(13, false), [13, 13, 8, 13]);
    assert.deepEqual(chain(0, false), [0, 13, 8, 13]);
    assert.deepEqual(chain(14, false), [14, 13, 8, 13]);
    assert.deepEqual(chain(6, false), [6, 13, 13, 8, 13], 'a benign one is forgotten');
    assert.deepEqual(chain(13, true), [13, 14, 14, 8, 14], 'a page fault after a contributory one is served');
    assert.deepEqual(chain(14, true), [14, 14, 8, 14]);
    assert.deepEqual(chain(17, true), [17, 14, 14, 8, 14]);
  });

  it('pushes RF for faults and not for traps', () => {
    const m = new ProtectedMachine();
    m.gate(13, 0x9000, 0x8e);
    m.gate(1, 0x9100, 0x8e);
    raiseGP(m.cpu, 0, 'privileged');
    deliverFault(m.cpu);
    assert.equal(m.read32(m.cpu.reg32(4) + 12) & L.RF, L.RF);
    raiseDB(m.cpu, 0x4000, 'single-step', true);
    deliverFault(m.cpu);
    assert.equal(m.read32(m.cpu.reg32(4) + 8) & L.RF, 0);
    assert.equal(m.cpu.u32[(L.S_DR + 48) >> 2], 0xffff4ff0);
  });
});

describe('debug registers', () => {
  const dr = (m: ProtectedMachine, n: number, value: number): void => {
    m.cpu.setReg32(0, value);
    assert.equal(m.execute([0x0f, 0x23, 0xc0 | (n << 3)], 32), NEXT);
  };

  it('traps after an access to watched data', () => {
    const m = new ProtectedMachine();
    m.gate(1, 0x9100, 0x8e);
    dr(m, 0, 0x6002);
    dr(m, 7, 0x00050001); // DR0: write, two bytes
    readLinear(m.cpu, 0x6002, 2, false);
    writeLinear(m.cpu, 0x6004, 4, 1, false);
    assert.equal(m.cpu.pendingDebug, 0);
    writeLinear(m.cpu, 0x6003, 1, 1, false);
    assert.equal(m.cpu.pendingDebug, 1);
    assert.equal(served(m), true);
    assert.equal(m.cpu.u32[(L.S_DR + 48) >> 2], 0xffff0ff1);
    dr(m, 7, 0x00030001); // reads and writes of one byte
    readLinear(m.cpu, 0x6002, 1, false);
    assert.equal(m.cpu.pendingDebug, 1);
  });

  it('breaks on ports only with CR4.DE', () => {
    const m = new ProtectedMachine();
    dr(m, 1, 0x3f8);
    dr(m, 7, 0x00200004);
    m.cpu.setReg32(2, 0x3f8);
    m.execute([0xee], 32);
    assert.equal(m.cpu.pendingDebug, 0);
    m.cpu.u32[L.S_CR4 >> 2] = L.CR4_DE;
    m.execute([0xee], 32);
    assert.equal(m.cpu.pendingDebug, 2);
  });

  it('raises #DB on access with general detect, and only then', () => {
    const m = new ProtectedMachine();
    m.gate(1, 0x9100, 0x8e);
    dr(m, 7, 0x2000);
    assert.equal(m.execute([0x0f, 0x21, 0xc0], 32), FAULT);
    assert.deepEqual([m.cpu.fault!.vector, m.cpu.fault!.dr6, m.cpu.fault!.trap], [1, 0x2000, false]);
    deliverFault(m.cpu);
    assert.equal(m.cpu.dr7 & 0x2000, 0, 'the handler may use the registers');
  });

  it('makes DR4 and DR5 aliases until CR4.DE is set', () => {
    const m = new ProtectedMachine();
    assert.equal(m.execute([0x0f, 0x21, 0xe0], 32), NEXT);
    assert.equal(m.cpu.reg32(0), 0xffff0ff0);
    m.cpu.u32[L.S_CR4 >> 2] = L.CR4_DE;
    assert.equal(m.execute([0x0f, 0x21, 0xe0], 32), FAULT);
    assert.equal(m.cpu.fault!.vector, 6);
  });
});
