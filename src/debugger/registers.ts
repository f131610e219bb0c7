// Register and flag names that people may write, and how each is a part of a whole register of the target.
// Names and layout: Intel SDM vol. 1, "Basic Program Execution Registers"; EFLAGS bits by their manual names.

import { isLong } from './linear';
import type { DebugTarget } from './target';

export interface RegisterPart {
  /** Name of the whole register as the target knows it. */
  whole: string;
  /** Position of the lowest bit. */
  shift: number;
  /** Width in bits. */
  bits: number;
  /** The rest of the register becomes zero on a write (EAX of RAX). */
  clearsRest?: boolean;
  /** Outside long mode it has 32 bits. */
  native?: boolean;
}

export const FLAG_BITS: readonly { name: string; bit: number; width?: number; doc: string }[] = [
  { name: 'cf', bit: 0, doc: 'carry' },
  { name: 'pf', bit: 2, doc: 'parity of the low byte' },
  { name: 'af', bit: 4, doc: 'carry out of bit 3' },
  { name: 'zf', bit: 6, doc: 'zero' },
  { name: 'sf', bit: 7, doc: 'sign' },
  { name: 'tf', bit: 8, doc: 'trap: single step' },
  { name: 'if', bit: 9, doc: 'interrupts enabled' },
  { name: 'df', bit: 10, doc: 'direction of string instructions: down' },
  { name: 'of', bit: 11, doc: 'signed overflow' },
  { name: 'iopl', bit: 12, width: 2, doc: 'I/O privilege level' },
  { name: 'nt', bit: 14, doc: 'nested task' },
  { name: 'rf', bit: 16, doc: 'resume: ignore instruction breakpoints once' },
  { name: 'vm', bit: 17, doc: 'virtual-8086 mode' },
  { name: 'ac', bit: 18, doc: 'alignment check' },
  { name: 'vif', bit: 19, doc: 'virtual interrupt flag' },
  { name: 'vip', bit: 20, doc: 'virtual interrupt pending' },
  { name: 'id', bit: 21, doc: 'CPUID available' },
];

export const SEGMENT_NAMES = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'] as const;
export const GENERAL_NAMES = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'] as const;

const PARTS = new Map<string, RegisterPart>();
const add = (name: string, whole: string, shift: number, bits: number, clearsRest?: boolean): void => {
  PARTS.set(name, clearsRest ? { whole, shift, bits, clearsRest } : { whole, shift, bits });
};
/** Registers that grew to 64 bits with long mode. */
const addNative = (name: string): void => void PARTS.set(name, { whole: name, shift: 0, bits: 64, native: true });
for (const name of GENERAL_NAMES) {
  const whole = `r${name}`;
  add(whole, whole, 0, 64);
  add(`e${name}`, whole, 0, 32, true);
  add(name, whole, 0, 16);
}
for (const letter of ['a', 'c', 'd', 'b']) {
  add(`${letter}l`, `r${letter}x`, 0, 8);
  add(`${letter}h`, `r${letter}x`, 8, 8);
}
for (const name of ['sp', 'bp', 'si', 'di']) add(`${name}l`, `r${name}`, 0, 8);
for (let i = 8; i < 16; i++) {
  add(`r${i}`, `r${i}`, 0, 64);
  add(`r${i}d`, `r${i}`, 0, 32, true);
  add(`r${i}w`, `r${i}`, 0, 16);
  add(`r${i}b`, `r${i}`, 0, 8);
}
add('rip', 'rip', 0, 64);
add('eip', 'rip', 0, 32, true);
add('ip', 'rip', 0, 16, true);
add('rflags', 'eflags', 0, 64);
add('eflags', 'eflags', 0, 32);
add('flags', 'eflags', 0, 16);
for (const { name, bit, width } of FLAG_BITS) add(name, 'eflags', bit, width ?? 1);
for (const name of [...SEGMENT_NAMES, 'ldtr', 'tr']) {
  add(name, name, 0, 16);
  // The hidden cache.
  addNative(`${name}.base`);
  for (const part of ['limit', 'attr']) add(`${name}.${part}`, `${name}.${part}`, 0, 32);
}
for (const n of [0, 2, 3, 4, 8]) addNative(`cr${n}`);
for (let n = 0; n < 8; n++) addNative(`dr${n}`);
add('xcr0', 'xcr0', 0, 64);
for (const table of ['gdtr', 'idtr']) {
  addNative(`${table}.base`);
  add(`${table}.limit`, `${table}.limit`, 0, 16);
}
/** Model-specific registers that have names. */
export const MSR_REGISTERS = [
  'efer', 'star', 'lstar', 'cstar', 'fmask', 'fsbase', 'gsbase', 'kernelgsbase',
  'sysenter_cs', 'sysenter_esp', 'sysenter_eip', 'apic_base', 'pat', 'tsc_aux',
] as const; // prettier-ignore
for (const name of MSR_REGISTERS) add(name, name, 0, 64);
for (let n = 0; n < 8; n++) add(`st${n}`, `st${n}`, 0, 80);
for (const name of ['fcw', 'fsw', 'ftw', 'fcs', 'fds', 'fop']) add(name, name, 0, 16);
for (const name of ['fip', 'fdp']) add(name, name, 0, 64);
for (let n = 0; n < 16; n++) {
  add(`xmm${n}`, `xmm${n}`, 0, 128);
  add(`ymm${n}`, `ymm${n}`, 0, 256);
}
for (let n = 0; n < 8; n++) add(`mm${n}`, `mm${n}`, 0, 64);
add('mxcsr', 'mxcsr', 0, 32);

/** Every name that `registerPart` knows, lower case. */
export const REGISTER_NAMES: readonly string[] = [...PARTS.keys()];

export const registerPart = (name: string): RegisterPart | undefined => PARTS.get(name.toLowerCase());

const mask = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/** Width as things are. */
export const widthOf = (target: DebugTarget, { native, bits }: RegisterPart): number =>
  native && !isLong(target) ? 32 : bits;

/** Value of a register or part of one; undefined when the target has no such register. */
export function readRegister(target: DebugTarget, part: RegisterPart): bigint | undefined {
  const whole = target.getRegister(part.whole);
  return whole === undefined ? undefined : (whole >> BigInt(part.shift)) & mask(widthOf(target, part));
}

/** Returns a sentence when the value does not fit or cannot be set. */
export function writeRegister(target: DebugTarget, name: string, value: bigint): string | undefined {
  const part = registerPart(name);
  if (!part) return `there is no register ${name}`;
  const bits = widthOf(target, part);
  if (value >= 1n << BigInt(bits) || value < -(1n << BigInt(bits - (bits > 1 ? 1 : 0))))
    return `${value} does not fit into ${name} (${bits} bit${bits > 1 ? 's' : ''})`;
  const field = value & mask(bits);
  if (part.clearsRest) return target.setRegister(part.whole, field);
  const whole = target.getRegister(part.whole);
  if (whole === undefined) return `this processor has no register ${name}`;
  const shift = BigInt(part.shift);
  return target.setRegister(part.whole, (whole & ~(mask(bits) << shift)) | (field << shift));
}

/** Low 32 bits of a register that every processor has, as a number. */
export const registerNumber = (target: DebugTarget, whole: string): number =>
  Number((target.getRegister(whole) ?? 0n) & 0xffffffffn);
