// How values are shown to people: hexadecimal first, decimal and character where that helps.

import { hex } from '../base/bits';
import type { CodeBits } from '../isa/types';
import type { Value } from './expression/value';
import { extendedText } from './floatText';
import { hexLinear } from './linear';

/** Hexadecimal digits that a width needs. */
export const digitsOf = (bits: number): number => Math.ceil(bits / 4);

export const hexBits = (value: bigint | number, bits: number): string => `0x${hex(value, digitsOf(bits))}`;

/** The number that bytes in memory are, with all its digits. */
export const littleEndianText = (bytes: Uint8Array): string =>
  `0x${[...bytes]
    .reverse()
    .map((byte) => hex(byte, 2))
    .join('')}`;

/** `0x0041 (65, 'A')`; a negative number in decimal first. */
export function valueText(value: Value, hexOnly = false): string {
  const v = value.value;
  if (value.type === 'flag') return v.toString();
  const bits = value.bits ?? (v >= 0n && v <= 0xffffffffn ? 1 : 64);
  if (v < 0n) return `${v} (0x${hex(BigInt.asUintN(v >= -0x80000000n ? 32 : 64, v))})`;
  const digits = hexBits(v, bits);
  if (bits === 80) return `${digits} (${extendedText(v)})`;
  if (hexOnly) return digits;
  const notes = v > 9n ? [v.toString()] : [];
  if (value.bits && value.bits <= 32) {
    const signed = BigInt.asIntN(value.bits, v);
    if (signed < 0n) notes.push(signed.toString());
  }
  if (value.bits === 8 && v >= 0x20n && v < 0x7fn) notes.push(`'${String.fromCharCode(Number(v))}'`);
  return notes.length ? `${digits} (${notes.join(', ')})` : digits;
}

/** `0008:00007c4e`, with as many offset digits as the code size needs; the upper half has 16. */
export const farText = (selector: number, offset: number, bits: CodeBits): string =>
  `${hex(selector, 4)}:${bits === 64 ? hexLinear(offset) : hex(offset, bits / 4)}`;
