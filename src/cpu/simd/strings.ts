// PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM (Intel SDM vol. 2, "Imm8 Control Byte Operation for PCMPESTRI / PCMPESTRM / ...").
// Index and flags go to V_OUT and the word after it, the mask to V_R.
import type { Cpu } from '../cpu';
import { V_A, V_B, V_OUT, V_R } from '../layout';
import type { VectorFunction } from './vectorFunction';

const AX = 0;
const DX = 2;
/** Flags in the word after V_OUT. */
const CARRY = 1,
  ZERO = 2,
  SIGN = 4,
  OVERFLOW = 8;

interface Text {
  elements: number[];
  length: number;
}

function elementsOf(cpu: Cpu, at: number, immediate: number): number[] {
  const list = (immediate & 1) !== 0 ? cpu.u16.subarray(at >> 1, (at >> 1) + 8) : cpu.u8.subarray(at, at + 16);
  if ((immediate & 2) === 0) return [...list];
  return (immediate & 1) !== 0 ? [...Int16Array.from(list)] : [...Int8Array.from(list)];
}

/** The absolute value of a length register, at most `count`. */
function explicitLength(cpu: Cpu, register: number, wide: boolean, count: number): number {
  const value = wide ? BigInt.asIntN(64, cpu.u64[register]) : BigInt(cpu.i32[register << 1]);
  const magnitude = value < 0n ? -value : value;
  return magnitude > BigInt(count) ? count : Number(magnitude);
}

function implicitLength(elements: number[]): number {
  const end = elements.indexOf(0);
  return end < 0 ? elements.length : end;
}

/** Bit j: whether element j of the second operand satisfies the aggregation. */
function aggregate(a: Text, b: Text, how: number): number {
  const n = a.elements.length;
  const bit = (j: number): boolean => {
    switch (how) {
      case 0: // equal any
        return j < b.length && a.elements.slice(0, a.length).includes(b.elements[j]);
      case 1: // ranges
        if (j >= b.length) return false;
        for (let i = 0; i + 1 < a.length; i += 2)
          if (b.elements[j] >= a.elements[i] && b.elements[j] <= a.elements[i + 1]) return true;
        return false;
      case 2: // equal each: two ends are equal, an end and an element are not
        return j < a.length && j < b.length ? a.elements[j] === b.elements[j] : j >= a.length && j >= b.length;
      default: // equal ordered
        for (let i = 0; i < a.length && i + j < n; i++)
          if (j + i >= b.length || a.elements[i] !== b.elements[j + i]) return false;
        return true;
    }
  };
  let result = 0;
  for (let j = 0; j < n; j++) if (bit(j)) result |= 1 << j;
  return result;
}

/** Argument: the immediate; bit 8 explicit lengths, bit 9 in 64-bit registers. */
const compareStrings: VectorFunction = (cpu, argument) => {
  const read = (at: number, register: number): Text => {
    const elements = elementsOf(cpu, at, argument);
    const explicit = (argument & 0x100) !== 0;
    const length = explicit
      ? explicitLength(cpu, register, (argument & 0x200) !== 0, elements.length)
      : implicitLength(elements);
    return { elements, length };
  };
  const a = read(V_A, AX);
  const b = read(V_B, DX);
  const n = a.elements.length;
  let result = aggregate(a, b, (argument >> 2) & 3);
  const polarity = (argument >> 4) & 3;
  if (polarity === 1) result ^= (1 << n) - 1;
  else if (polarity === 3) result ^= (1 << b.length) - 1;
  const highest = (argument & 0x40) !== 0;
  cpu.i32[V_OUT >> 2] = result === 0 ? n : highest ? 31 - Math.clz32(result) : 31 - Math.clz32(result & -result);
  cpu.i32[(V_OUT >> 2) + 1] =
    (result !== 0 ? CARRY : 0) |
    (b.length < n ? ZERO : 0) |
    (a.length < n ? SIGN : 0) |
    ((result & 1) !== 0 ? OVERFLOW : 0);
  cpu.u8.fill(0, V_R, V_R + 16);
  if (!highest) cpu.u16[V_R >> 1] = result;
  else for (let byte = 0; byte < 16; byte++) if ((result >> ((byte * n) >> 4)) & 1) cpu.u8[V_R + byte] = 0xff;
  return true;
};

export const STRING_FUNCTIONS: Record<string, VectorFunction> = { compareStrings };
