// The inline cases of x87 instructions against their routines, which compute exactly with big integers: random instructions on
// random numbers of all kinds, in every precision and rounding mode, with exceptions masked and not.
import assert from 'node:assert/strict';
import { isLowered } from '../../src/engine/recordWriter';
import { decode } from '../../src/isa/decode';
import type { Insn } from '../../src/isa/types';
import * as L from '../../src/cpu/layout';
import { setStatus } from '../../src/cpu/fpu/state';
import { TestMachine } from '../cpu/testMachine';
import { randomFrom } from '../devices/testBench';
import { FlatGuest, ORIGIN } from './flatGuest';

const DATA = 0x20000;
const DATA_BYTES = 32;

/** D8-DF with every register form and with [DATA] as memory operand, of those that have inline cases. */
function inlineForms(): number[][] {
  const forms: number[][] = [];
  for (let opcode = 0xd8; opcode <= 0xdf; opcode++) {
    for (let modrm = 0; modrm < 256; modrm++) {
      if (modrm < 0xc0 && (modrm & 0xc7) !== 5) continue;
      const code = modrm < 0xc0 ? [opcode, modrm, DATA & 0xff, (DATA >> 8) & 0xff, DATA >> 16, 0] : [opcode, modrm];
      const insn = decode(Uint8Array.from(code), 0, 32);
      if (insn.row && isLowered(insn)) forms.push(code);
    }
  }
  return forms;
}

describe('x87 inline', () => {
  const forms = inlineForms();
  const random = randomFrom(0x8087);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)];
  const byte = (): number => random(256);

  /** Ten bytes: mostly ordinary numbers near each other, ties, all ones, and everything else. */
  function extended(): number[] {
    const sig = Array.from({ length: 8 }, byte);
    if (random(3) === 0) sig.fill(random(2) === 0 ? 0 : 0xff, 0, random(8));
    const kind = random(12);
    if (kind === 0) return [...new Array<number>(9).fill(0), random(2) * 0x80];
    if (kind === 1) return [...sig, pick([0, 0xff]), pick([0, 0x7f, 0x80, 0xff])];
    if (kind > 1) sig[7] |= 0x80;
    const exponent = kind > 9 ? random(0x8000) : 16383 - 70 + random(kind > 6 ? 140 : 4);
    return [...sig, exponent & 0xff, (exponent >> 8) | (random(2) * 0x80)];
  }
  function operand(): number[] {
    const bytes = Array.from({ length: DATA_BYTES }, byte);
    const kind = random(5);
    if (kind === 0) bytes.fill(0);
    if (kind === 1) bytes.fill(random(2) * 0xff, 0, 8);
    // doubles and singles near 1
    if (kind > 2) bytes.splice(kind === 3 ? 6 : 2, 2, 0xe0 + random(32), 0x3f | (random(2) * 0x80));
    if (kind === 4) bytes.splice(0, 2, 0, 0);
    return bytes;
  }

  const guest = new FlatGuest('hlt');
  const reference = new TestMachine();
  const processors = [guest.engine.cpu, reference.cpu];

  function prepare(code: readonly number[]): void {
    const registers = Array.from({ length: 8 }, extended);
    const tags = pick([0xff, 0x7f, 0xfe, 0x3c, byte()]);
    const control = pick([0x37f, 0x37f, 0x27f, 0x07f, 0xf7f, 0x77f, 0x35f, 0x300 + byte()]) | 0x40;
    const status = (random(8) << 11) | (random(2) * 0x4700);
    const data = operand();
    for (const cpu of processors) {
      cpu.i32.fill(0, L.S_FPU >> 2, L.S_FPR >> 2);
      registers.forEach((bytes, n) => cpu.u8.set(bytes, L.S_FPR + n * L.FPR_SIZE));
      cpu.i32[L.S_FTAG >> 2] = tags;
      cpu.i32[L.S_FCW >> 2] = control;
      setStatus(cpu, status);
      cpu.setReg32(0, 0x12345678);
      cpu.u8.set(data, L.RAM_BASE + DATA);
      cpu.u8.set(code, L.RAM_BASE + ORIGIN);
      cpu.eip = ORIGIN;
    }
    guest.engine.dropCode(ORIGIN, 16);
  }

  /** State and operand, in hexadecimal. */
  const outcome = (cpu: (typeof processors)[number]): string =>
    [
      Buffer.from(cpu.u8.slice(L.S_FCW, L.S_FCS)).toString('hex'),
      Buffer.from(cpu.u8.slice(L.S_FPR, L.S_FPR + 128)).toString('hex'),
      Buffer.from(cpu.u8.slice(L.RAM_BASE + DATA, L.RAM_BASE + DATA + DATA_BYTES)).toString('hex'),
      cpu.reg32(0).toString(16),
    ].join(' ');

  it('covers the common instructions', () => {
    assert.ok(forms.length > 180, `${forms.length} forms`);
  });

  it('gives what the routines give', () => {
    reference.cpu.u32[L.S_CR0 >> 2] = L.CR0_PE | L.CR0_ET;
    for (let seg = 0; seg < 6; seg++) {
      const [from, to] = [guest.engine.cpu, reference.cpu];
      to.u8.set(from.u8.slice(L.S_SEG, L.S_SEG + 6 * L.SEG_SIZE), L.S_SEG);
    }
    for (let i = 0; i < 12_000; i++) {
      const code = forms[i % forms.length];
      const insn: Insn = decode(Uint8Array.from(code), 0, 32);
      prepare(code);
      const before = outcome(reference.cpu);
      reference.executeInsn(insn);
      guest.engine.run(1);
      assert.equal(outcome(guest.engine.cpu), outcome(reference.cpu), `${insn.row!.mn} ${code.map((b) => b.toString(16)).join(' ')} from ${before}`); // prettier-ignore
    }
  }).timeout(120_000);
});
