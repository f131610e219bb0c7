// The x87's registers in the processor's state (offsets in ../layout.ts): stack top, tags, status, and what MMX does to them
// (Intel SDM vol. 1, "x87 FPU Execution Environment"; vol. 3, "Effect of MMX Instructions on x87 FPU State").
import type { Cpu } from '../cpu';
import { CR0_NE, FPR_SIZE, S_FCS, S_FCW, S_FPR, S_FPU, S_FSW, S_FTAG, S_FTOP, S_MXCSR } from '../layout';

// Status word.
export const SW_IE = 1, // invalid operation
  SW_DE = 2, // denormal operand
  SW_ZE = 4, // zero divide
  SW_OE = 8, // overflow
  SW_UE = 0x10, // underflow
  SW_PE = 0x20, // precision
  SW_SF = 0x40, // stack fault
  SW_ES = 0x80, // an unmasked exception is pending
  SW_C0 = 0x100,
  SW_C1 = 0x200,
  SW_C2 = 0x400,
  SW_TOP = 0x3800,
  SW_C3 = 0x4000,
  SW_B = 0x8000; // as ES since the 387
export const TOP_SHIFT = 11;
export const SW_EXCEPTIONS = 0x3f;
export const SW_CONDITIONS = SW_C0 | SW_C1 | SW_C2 | SW_C3;

/** Control word after FNINIT: everything masked, 64-bit precision, round to nearest. */
export const CW_INITIAL = 0x37f;
const CW_POWER_UP = 0x40;
export const MXCSR_INITIAL = 0x1f80;

export const controlWord = (cpu: Cpu): number => cpu.i32[S_FCW >> 2]!;
export const top = (cpu: Cpu): number => cpu.i32[S_FTOP >> 2]!;
export const statusWord = (cpu: Cpu): number => cpu.i32[S_FSW >> 2]! | (top(cpu) << TOP_SHIFT);

export function setTop(cpu: Cpu, value: number): void {
  cpu.i32[S_FTOP >> 2] = value & 7;
}

/** Sets the control word; which exceptions are pending follows from its masks. */
export function setControl(cpu: Cpu, value: number): void {
  cpu.i32[S_FCW >> 2] = (value & 0x1f7f) | 0x40;
  setStatus(cpu, statusWord(cpu));
}

/** Sets the status word; ES and B follow from its exceptions and the masks. A change of ES shows on FERR#. */
export function setStatus(cpu: Cpu, value: number): void {
  const pending = (value & ~controlWord(cpu) & SW_EXCEPTIONS) !== 0;
  const before = cpu.i32[S_FSW >> 2]!;
  cpu.i32[S_FSW >> 2] = (value & 0x7f7f & ~SW_TOP) | (pending ? SW_ES | SW_B : 0);
  setTop(cpu, value >> TOP_SHIFT);
  if (pending !== ((before & SW_ES) !== 0)) cpu.bus.numericError?.(pending && (cpu.cr0 & CR0_NE) === 0);
}

/** Sets both words at once, so that no combination of old and new shows on FERR#. */
export function setWords(cpu: Cpu, control: number, status: number): void {
  cpu.i32[S_FCW >> 2] = (control & 0x1f7f) | 0x40;
  setStatus(cpu, status);
}

/** Physical number of ST(i). */
export const physical = (cpu: Cpu, i: number): number => (top(cpu) + i) & 7;
export const registerAt = (n: number): number => S_FPR + n * FPR_SIZE;

export const isEmpty = (cpu: Cpu, n: number): boolean => (cpu.i32[S_FTAG >> 2]! & (1 << n)) === 0;
export function setEmpty(cpu: Cpu, n: number): void {
  cpu.i32[S_FTAG >> 2]! &= ~(1 << n);
}
export function setFull(cpu: Cpu, n: number): void {
  cpu.i32[S_FTAG >> 2]! |= 1 << n;
}

/** The two-bit tag of a physical register: 0 valid, 1 zero, 2 special (NaN, infinity, denormal, unsupported), 3 empty. */
export function tagOf(cpu: Cpu, n: number): number {
  if (isEmpty(cpu, n)) return 3;
  const at = registerAt(n);
  const exponent = cpu.u16[(at + 8) >> 1]! & 0x7fff;
  const low = cpu.u32[at >> 2]!;
  const high = cpu.u32[(at + 4) >> 2]!;
  if (exponent === 0) return (low | high) === 0 ? 1 : 2;
  return exponent === 0x7fff || high >>> 31 === 0 ? 2 : 0;
}

/** The tag word of FSTENV. */
export function tagWord(cpu: Cpu): number {
  let word = 0;
  for (let n = 7; n >= 0; n--) word = (word << 2) | tagOf(cpu, n);
  return word;
}

/** From the two-bit tags only the empty ones count: the others follow from the contents. */
export function setTagWord(cpu: Cpu, tags: number): void {
  let full = 0;
  for (let n = 0; n < 8; n++) if (((tags >> (2 * n)) & 3) !== 3) full |= 1 << n;
  cpu.i32[S_FTAG >> 2] = full;
}

/** FNINIT: the registers keep their contents and become empty. */
export function initFpu(cpu: Cpu): void {
  setStatus(cpu, 0);
  cpu.i32.fill(0, S_FPU >> 2, (S_FCS + 8) >> 2);
  cpu.i32[S_FCW >> 2] = CW_INITIAL;
}

/** Power-up and RESET (Intel SDM vol. 3, "Processor State After Reset"): all registers +0, nothing masked. */
export function powerUpFpu(cpu: Cpu): void {
  setStatus(cpu, 0);
  cpu.i32.fill(0, S_FPU >> 2, (S_FPR + 8 * FPR_SIZE) >> 2);
  cpu.i32[S_FCW >> 2] = CW_POWER_UP;
  cpu.i32[S_FTAG >> 2] = 0xff;
  cpu.i32[S_MXCSR >> 2] = MXCSR_INITIAL;
}

/** What every MMX instruction but EMMS does: TOP is 0 and no register is empty. */
export function enterMmx(cpu: Cpu): void {
  setTop(cpu, 0);
  cpu.i32[S_FTAG >> 2] = 0xff;
}

/** Writing MMn sets the sign and exponent of the register beneath to ones. */
export function writeMmx(cpu: Cpu, n: number, value: bigint): void {
  cpu.u64[registerAt(n) >> 3] = value;
  cpu.u16[(registerAt(n) + 8) >> 1] = 0xffff;
}

/** EMMS: all registers are empty. */
export function leaveMmx(cpu: Cpu): void {
  cpu.i32[S_FTAG >> 2] = 0;
}
