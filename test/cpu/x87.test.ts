// The x87 as a unit of the system: availability, pending exceptions, pointers, environments, reset. What its instructions
// compute is proved by the vectors (test/vectors) and by x87Arithmetic.test.ts.
import assert from 'node:assert/strict';
import { explainFault } from '../../src/cpu/explain';
import { DEFAULT_NAN, loadRegister, ONE } from '../../src/cpu/fpu/float80';
import { enterMmx, initFpu, setControl, statusWord, tagWord, top, writeMmx } from '../../src/cpu/fpu/state';
import * as L from '../../src/cpu/layout';
import { resetCpu } from '../../src/cpu/reset';
import { FAULT, NEXT, RETRY } from '../../src/cpu/sys';
import { machineOf, bootSector } from '../machine/guests';
import { ProtectedMachine } from './protectedMachine';
import { TestMachine } from './testMachine';

const FLD1 = [0xd9, 0xe8];
const FLDZ = [0xd9, 0xee];
const FDIVP = [0xde, 0xf9];
const FNOP = [0xd9, 0xd0];
const WAIT = [0x9b];
const FNCLEX = [0xdb, 0xe2];
const FNINIT = [0xdb, 0xe3];
const FNSTSW_AX = [0xdf, 0xe0];
/** FNSTENV, FLDENV, FNSAVE, FRSTOR [0x600] in 16-bit code. */
const at600 = (first: number, digit: number): number[] => [first, (digit << 3) | 6, 0x00, 0x06];
const WIDE = 0x66;

function machine(): TestMachine {
  const m = new TestMachine();
  for (const seg of [0, 2, 3]) m.cpu.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_BASE) >> 2] = 0;
  initFpu(m.cpu);
  m.cpu.eip = 0x7c00;
  return m;
}
const setCr0 = (m: TestMachine, bits: number): void => {
  m.cpu.u32[L.S_CR0 >> 2] = L.CR0_ET | bits;
};
const status = (m: TestMachine): number => statusWord(m.cpu);

/** 1 / 0 with the exception unmasked. */
function divideByZero(m: TestMachine): void {
  setControl(m.cpu, 0x37b);
  for (const code of [FLD1, FLDZ, FDIVP]) assert.equal(m.execute(code, 16), NEXT);
}

describe('x87 availability', () => {
  it('is refused with #NM by CR0.EM and CR0.TS; WAIT only heeds TS together with MP', () => {
    const m = machine();
    const outcome = (bits: number, code: number[]): string => {
      setCr0(m, bits);
      return m.execute(code, 16) === FAULT ? `${m.cpu.fault!.vector} ${m.cpu.fault!.reason.check}` : 'done';
    };
    assert.equal(outcome(L.CR0_EM, FNOP), '7 x87-emulated');
    assert.equal(outcome(L.CR0_TS, FNOP), '7 x87-task-switched');
    assert.equal(outcome(L.CR0_TS, FNSTSW_AX), '7 x87-task-switched');
    assert.equal(outcome(L.CR0_EM | L.CR0_MP | L.CR0_NE, WAIT), 'done');
    assert.equal(outcome(L.CR0_TS, WAIT), 'done');
    assert.equal(outcome(L.CR0_TS | L.CR0_MP, WAIT), '7 wait-task-switched');
    assert.equal(outcome(L.CR0_MP, FNOP), 'done');
  });

  it('starts as RESET leaves it, and INIT changes nothing', () => {
    const m = machine();
    m.execute(FLD1, 16);
    const before = m.cpu.u8.slice(L.S_FPU, L.S_XMM);
    resetCpu(m.cpu, true);
    assert.deepEqual(m.cpu.u8.slice(L.S_FPU, L.S_XMM), before);
    resetCpu(m.cpu);
    assert.equal(m.cpu.i32[L.S_FCW >> 2], 0x40);
    assert.equal(tagWord(m.cpu), 0x5555);
    assert.equal(m.cpu.i32[L.S_MXCSR >> 2], 0x1f80);
  });
});

describe('x87 exceptions', () => {
  it('come as #MF at the next waiting instruction, which names their cause', () => {
    const m = machine();
    setCr0(m, L.CR0_NE);
    divideByZero(m);
    assert.equal(status(m) & 0x8084, 0x8084);
    const culprit = m.cpu.eip - 2;
    assert.equal(m.execute(FNSTSW_AX, 16), NEXT, 'does not wait');
    for (const code of [FNOP, FLD1, WAIT]) {
      const before = m.cpu.u8.slice(L.S_FPU, L.S_XMM);
      assert.equal(m.execute(code, 16), FAULT);
      assert.equal(m.cpu.fault!.vector, L.MF);
      assert.equal(m.cpu.fault!.errorCode, undefined);
      assert.deepEqual(m.cpu.u8.slice(L.S_FPU, L.S_XMM), before);
    }
    const { reason } = explainFault(m.cpu.fault!);
    assert.match(reason, /division by zero/);
    assert.ok(reason.includes(culprit.toString(16)), reason);
    assert.equal(m.execute(FNCLEX, 16), NEXT);
    assert.equal(m.execute(FLD1, 16), NEXT);
  });

  it('leave operands and stack alone when they are unmasked', () => {
    const m = machine();
    divideByZero(m);
    assert.equal(top(m.cpu), 6);
    assert.deepEqual(loadRegister(m.cpu, 7), ONE);
    assert.equal(loadRegister(m.cpu, 6).sig, 0n);
  });

  it('tell stack overflow from underflow by C1', () => {
    const m = machine();
    assert.equal(m.execute([0xd9, 0xe4], 16), NEXT); // FTST on an empty stack
    assert.equal(status(m) & 0x241, 0x41);
    m.execute(FNINIT, 16);
    for (let i = 0; i < 9; i++) m.execute(FLD1, 16);
    assert.equal(status(m) & 0x241, 0x241);
    assert.deepEqual(loadRegister(m.cpu, 7), DEFAULT_NAN);
  });

  it('with CR0.NE clear hold the processor until IRQ 13, whose handler silences them through port F0', () => {
    const guest = machineOf(
      bootSector(`
      xor ax, ax
      mov ds, ax
      mov ss, ax
      mov sp, 0x7000
      mov [0x600], ax
      mov word [0x75*4], handler
      mov word [0x75*4+2], ax
      in al, 0xa1
      and al, 0xdf
      out 0xa1, al
      in al, 0x21
      and al, 0xfb
      out 0x21, al
      sti
      fninit
      fldcw [control]
      fld1
      fldz
      fdivp st1, st0
      fnop            ; waits for the interrupt
      mov byte [0x601], 2
    stop: hlt
      jmp stop
    handler:
      push ax
      fnstsw ax
      mov [0x602], ax
      xor al, al
      out 0xf0, al
      fwait           ; IGNNE# is active now
      fnclex
      mov al, 0x20
      out 0xa0, al
      out 0x20, al
      inc byte [0x600]
      pop ax
      iret
    control: dw 0x37b`),
    );
    guest.run(3000);
    const bytes = guest.guestMemory.readLinear(0x600, 4);
    assert.deepEqual([bytes[0], bytes[1]], [1, 2]);
    assert.equal((bytes[2] | (bytes[3] << 8)) & 0x8084, 0x8084);
  });
});

describe('x87 environment', () => {
  const environment = (m: TestMachine, prefix: number[]): number[] => {
    assert.equal(m.execute([...prefix, ...at600(0xd9, 6)], 16), NEXT);
    return Array.from({ length: prefix.length > 0 ? 28 : 14 }, (_, i) => m.read8(0x600 + i));
  };
  const words = (bytes: number[]): string[] =>
    Array.from({ length: bytes.length / 2 }, (_, i) => (bytes[2 * i] | (bytes[2 * i + 1] << 8)).toString(16));

  /** FLD1, then FADD dword [0x1234] at offset 0x4321. */
  function prepare(m: TestMachine): void {
    m.execute(FLD1, 16);
    m.cpu.eip = 0x4321;
    assert.equal(m.execute([0xd8, 0x06, 0x34, 0x12], 16), NEXT);
  }

  it('holds linear addresses in real mode', () => {
    const m = machine();
    prepare(m);
    m.cpu.u32[L.S_FCS >> 2] = 0x8765;
    m.cpu.u32[L.S_FDS >> 2] = 0x5432;
    // 87650 + 4321 = 8b971, 54320 + 1234 = 55554; opcode D8 06
    assert.deepEqual(words(environment(m, [])), ['37f', '3800', '3fff', 'b971', '8006', '5554', '5000']);
    setControl(m.cpu, 0x37f);
    assert.deepEqual(words(environment(m, [WIDE])), [
      '37f',
      'ffff',
      '3800',
      'ffff',
      '3fff',
      'ffff',
      'b971',
      'ffff',
      '8006',
      '0',
      '5554',
      'ffff',
      '5000',
      '0',
    ]);
  });

  it('holds selectors and offsets in protected mode', () => {
    const m = new ProtectedMachine();
    initFpu(m.cpu);
    m.execute(FLD1, 32);
    m.cpu.eip = 0x4321;
    assert.equal(m.execute([0xd8, 0x05, 0x34, 0x12, 0, 0], 32), NEXT);
    const store = (prefix: number[]): void =>
      assert.equal(m.execute([...prefix, 0xd9, 0x35, 0x00, 0x06, 0, 0], 32), NEXT);
    store([WIDE]);
    const short = Array.from({ length: 7 }, (_, i) => m.read16(0x600 + 2 * i));
    assert.deepEqual(short, [0x37f, 0x3800, 0x3fff, 0x4321, 0x08, 0x1234, 0x10]);
    store([]);
    const long = Array.from({ length: 7 }, (_, i) => m.read32(0x600 + 4 * i));
    assert.deepEqual(long, [0xffff037f, 0xffff3800, 0xffff3fff, 0x4321, 0x00050008, 0x1234, 0xffff0010]);
  });

  it('comes back with FLDENV; FNSAVE and FRSTOR carry the registers too', () => {
    const m = machine();
    prepare(m);
    m.execute([0xd9, 0xeb], 16); // FLDPI
    setControl(m.cpu, 0x27a);
    const before = m.cpu.u8.slice(L.S_FPU, L.S_XMM);
    for (const prefix of [[], [WIDE]]) {
      assert.equal(m.execute([...prefix, ...at600(0xdd, 6)], 16), NEXT);
      assert.equal(m.cpu.i32[L.S_FCW >> 2], 0x37f);
      assert.equal(tagWord(m.cpu), 0xffff);
      m.cpu.u8.fill(0, L.S_FPR, L.S_XMM);
      assert.equal(m.execute([...prefix, ...at600(0xdd, 4)], 16), NEXT);
      const after = m.cpu.u8.slice(L.S_FPU, L.S_XMM);
      // real mode folds selector and offset into one address
      after.set(before.slice(L.S_FIP - L.S_FPU, L.S_MXCSR - L.S_FPU), L.S_FIP - L.S_FPU);
      assert.deepEqual(after, before);
    }
  });

  it('is not stored at all when its last byte cannot be', () => {
    const m = machine();
    m.cpu.u32[(L.S_SEG + 3 * L.SEG_SIZE + L.SEG_LIMIT) >> 2] = 0x60c;
    m.cpu.u32[(L.S_SEG + 3 * L.SEG_SIZE + L.SEG_FAST_WRITE) >> 2] = 0;
    assert.equal(m.execute(at600(0xd9, 6), 16), FAULT);
    assert.equal(m.cpu.fault!.vector, L.GP);
    assert.equal(m.read16(0x600), 0);
  });
});

describe('x87 and MMX', () => {
  it('share the significands: MMX sets TOP to 0, every tag to valid and exponents to ones', () => {
    const m = machine();
    m.execute(FLD1, 16);
    enterMmx(m.cpu);
    writeMmx(m.cpu, 2, 0x1122334455667788n);
    assert.equal(top(m.cpu), 0);
    assert.deepEqual(loadRegister(m.cpu, 2), { se: 0xffff, sig: 0x1122334455667788n });
    assert.equal(m.cpu.i32[L.S_FTAG >> 2], 0xff);
  });
});

describe('x87 waiting', () => {
  it('repeats the instruction on a board without the wiring of IRQ 13', () => {
    const m = machine();
    divideByZero(m);
    assert.equal(m.execute(FNOP, 16), RETRY);
  });
});
