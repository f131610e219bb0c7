// Linear addresses in the debugger are numbers, as in the processor (cpu/linear.ts): 0 to FFFFFFFF outside long mode; in long mode
// signed, so that the upper half is negative and every canonical address is exact. For people, and in the protocol, they are
// unsigned 64-bit hexadecimal numbers.

import { canonical, hexLinear, pageOf } from '../machine/processorFacts';
import type { DebugTarget } from './target';

export { canonical, hexLinear, pageOf };

/** First address behind the lower half, and minus the first one of the upper half. */
export const LINEAR_TOP = 0x800000000000;
const CS = 1;
const TWO_64 = 1n << 64n;

/** The address that an unsigned or signed 64-bit value stands for; undefined when it is not canonical. */
export function linearOfValue(value: bigint): number | undefined {
  if (value >= TWO_64 || value < -(TWO_64 >> 1n)) return undefined;
  const signed = Number(BigInt.asIntN(64, value));
  return canonical(signed) ? signed : undefined;
}

/** As a 64-bit number. */
export const unsignedOf = (linear: number): bigint => BigInt.asUintN(64, BigInt(linear));

/** `0x7c00`, `0xffffffff80007e00`. */
export const linearText = (linear: number): string => `0x${unsignedOf(linear).toString(16)}`;

export const notCanonical = (value: bigint): string =>
  `0x${BigInt.asUintN(value < TWO_64 ? 64 : 128, value).toString(16)} is not a canonical address: bits 63 to 47 must be equal`;

/** Little-endian, up to 8 bytes; 8 bytes are an address or undefined. */
export function addressIn(bytes: Uint8Array): number | undefined {
  if (bytes.length < 8) return bytes.reduceRight((v, b) => v * 256 + b, 0);
  return linearOfValue(bytes.reduceRight((v, b) => (v << 8n) | BigInt(b), 0n));
}

const LONG_MODE_ACTIVE = 0x400n;

/** Long mode is active: 64-bit or compatibility mode, or either in system management mode. */
export const isLong = (target: DebugTarget): boolean => ((target.getRegister('efer') ?? 0n) & LONG_MODE_ACTIVE) !== 0n;

/** 64-bit code is executed. */
export const isWideCode = (target: DebugTarget): boolean => isLong(target) && target.segment(CS).long;

/** An address of system tables and registers: 64 bits in long mode, else 32. */
export function registerAddress(target: DebugTarget, name: string): number {
  const value = target.getRegister(name) ?? 0n;
  return isLong(target) ? Number(BigInt.asIntN(64, value)) : Number(value & 0xffffffffn);
}

/** Sums of addresses wrap at 4 GB outside long mode. */
export const wrapLinear = (target: DebugTarget, linear: number): number => (isLong(target) ? linear : linear >>> 0);
