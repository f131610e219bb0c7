// EFLAGS (Intel SDM vol. 1, "EFLAGS Register"; vol. 3, "System Flags and Fields in the EFLAGS Register").
// The arithmetic flags live lazily as (S_RES, S_AUX): ZF = result zero, SF = sign of the result ^ aux bit 0,
// PF = even parity of the result's low byte ^ aux bits 8-15, AF = aux bit 3, CF = aux bit 31, OF = aux bit 31 ^ bit 30.
import type { Cpu } from './cpu';
import {
  AC,
  AF,
  ARITH_FLAGS,
  CF,
  CR4_VME,
  DF,
  ID,
  IF,
  IOPL,
  NT,
  PF,
  RF,
  S_AUX,
  S_EFLAGS,
  S_RES,
  SF,
  TF,
  VIF,
  VIP,
  VM,
  ZF,
} from './layout';
import { MODELS } from './models';

const RES = S_RES >> 2;
const AUX = S_AUX >> 2;
const EFLAGS = S_EFLAGS >> 2;

/** CF PF AF ZF SF OF as EFLAGS bits. */
export function getArith(cpu: Cpu): number {
  const i32 = cpu.i32;
  const low = i32[RES]!;
  const high = i32[RES + 1]!;
  const aux = i32[AUX]!;
  let parity = (low ^ (aux >> 8)) & 0xff;
  parity ^= parity >> 4;
  return (
    (aux >>> 31) |
    ((0x9669 >> (parity & 15)) & 1 ? PF : 0) |
    ((aux & 8) << 1) |
    ((low | high) === 0 ? ZF : 0) |
    (((high >>> 31) ^ (aux & 1)) << 7) |
    (((aux >>> 31) ^ ((aux >>> 30) & 1)) << 11)
  );
}

/** Sets CF PF AF ZF SF OF from EFLAGS bits. */
export function setArith(cpu: Cpu, flags: number): void {
  const i32 = cpu.i32;
  const zero = (flags & ZF) !== 0;
  const carry = flags & CF;
  // Result 0 has even parity, result 1 odd: the flip byte makes the difference.
  const flipParity = zero === ((flags & PF) !== 0) ? 0 : 0x100;
  i32[RES] = zero ? 0 : 1;
  i32[RES + 1] = 0;
  i32[AUX] =
    (carry << 31) | ((carry ^ ((flags >> 11) & 1)) << 30) | ((flags & AF) >> 1) | ((flags & SF) >> 7) | flipParity;
}

/** The whole of EFLAGS. */
export const getEflags = (cpu: Cpu): number => (cpu.i32[EFLAGS]! & ~ARITH_FLAGS) | 2 | getArith(cpu);

/** Sets every bit of EFLAGS; bits that no processor has become 0. */
export function setEflags(cpu: Cpu, flags: number): void {
  setArith(cpu, flags);
  cpu.i32[EFLAGS] = (flags & SYSTEM_BITS) | 2;
}

const SYSTEM_BITS = TF | IF | DF | IOPL | NT | RF | VM | AC | VIF | VIP | ID;

/** EFLAGS bits that the processor model can hold. */
export const flagsOfModel = (cpu: Cpu): number => 0xffff | MODELS[cpu.model].flags;

export const iopl = (cpu: Cpu): number => (cpu.i32[EFLAGS]! >> 12) & 3;

/** The bits that POPF or a same-level IRET may change at the present CPL and IOPL (VM, RF, VIF, VIP not among them). */
export function writableFlags(cpu: Cpu, operandSize: number): number {
  const cpl = cpu.cpl;
  let mask = ARITH_FLAGS | TF | DF | NT;
  if (cpl <= iopl(cpu)) mask |= IF;
  if (cpl === 0) mask |= IOPL;
  if (operandSize >= 4) mask |= (AC | ID) & flagsOfModel(cpu);
  return mask;
}

/** Replaces the bits of EFLAGS in `mask`. */
export function changeFlags(cpu: Cpu, flags: number, mask: number): void {
  setEflags(cpu, (getEflags(cpu) & ~mask) | (flags & mask));
}

/** Clears or sets one or several bits outside the arithmetic ones. */
export function setSystemFlag(cpu: Cpu, bits: number, on: boolean): void {
  if (on) cpu.i32[EFLAGS]! |= bits;
  else cpu.i32[EFLAGS]! &= ~bits;
}

export const vmeEnabled = (cpu: Cpu): boolean => (cpu.cr4 & CR4_VME) !== 0;
