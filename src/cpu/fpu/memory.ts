// Memory operands of the x87 and XSAVE areas: blocks of up to 1 KB, checked as a whole (segment, alignment, pages) before anything is
// read or written. Values pass through one shared block. Environments and FXSAVE areas are sequences of parts: with 16-bit
// addresses they go on at offset 0 behind offset FFFF, as long as no part lies across it.
import type { MemOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { probeRead, probeWrite, readLinear, writeLinear } from '../memory';
import { effectiveOffset } from '../operands';
import { checkAlignment, checkSegment, linearOf } from '../virtual';
import { asOneAccess } from '../watch';

const bytes = new Uint8Array(1024);
/** What was read, or is to be written. */
export const block = new DataView(bytes.buffer);

/** Legacy code wraps at 4 GB. */
const moved = (cpu: Cpu, linear: number, by: number): number => (cpu.long ? linear + by : (linear + by) >>> 0);

/** A stretch of the block in linear memory. */
interface Span {
  readonly linear: number;
  /** Where it begins in the block. */
  readonly from: number;
  readonly size: number;
}

/** A block whose segment and alignment checks have passed: one span, or two behind a wrapped offset. */
export type Area = readonly Span[];

function span(cpu: Cpu, mem: MemOperand, offset: number, from: number, size: number, write: boolean): Span | undefined {
  if (!checkSegment(cpu, mem.seg, offset, size, write)) return undefined;
  return { linear: linearOf(cpu, mem.seg, offset), from, size };
}

/**
 * Checks segment and alignment. `alignment` is what alignment checks want; `wraps` tells whether a part of the block may
 * begin at that place in it. Undefined with the fault in cpu.fault.
 */
export function locate(
  cpu: Cpu,
  mem: MemOperand,
  size: number,
  alignment: number,
  write: boolean,
  wraps?: (at: number) => boolean,
): Area | undefined {
  const offset = effectiveOffset(cpu, mem);
  const here = 0x10000 - offset;
  const split = mem.addrSize === 2 && here < size && wraps?.(here) === true;
  const first = span(cpu, mem, offset, 0, split ? here : size, write);
  if (first === undefined) return undefined;
  const second = split ? span(cpu, mem, 0, here, size - here, write) : undefined;
  if (split && second === undefined) return undefined;
  if (!checkAlignment(cpu, first.linear, alignment)) return undefined;
  return second === undefined ? [first] : [first, second];
}

/** The page checks of part of an area, by its place in the block. */
export function probeArea(cpu: Cpu, area: Area, at: number, size: number, write: boolean): boolean {
  const probe = write ? probeWrite : probeRead;
  return area.every(({ linear, from, size: length }) => {
    const start = Math.max(at, from);
    const end = Math.min(at + size, from + length);
    return start >= end || probe(cpu, moved(cpu, linear, start - from), end - start, cpu.cpl === 3);
  });
}

/** Reads an area into the block; false on a fault. */
export const readArea = (cpu: Cpu, area: Area): boolean =>
  area.every((part) => probeRead(cpu, part.linear, part.size, cpu.cpl === 3)) &&
  area.every((part) => transfer(cpu, part, readPart));

/** Writes the block; false on a fault, and nothing is written then. */
export const writeArea = (cpu: Cpu, area: Area): boolean =>
  area.every((part) => probeWrite(cpu, part.linear, part.size, cpu.cpl === 3)) &&
  area.every((part) => transfer(cpu, part, writePart));

type Part = (cpu: Cpu, linear: number, at: number, size: number) => boolean;

/** A number is one access; environments and FXSAVE areas are many. */
const LONGEST_NUMBER = 16;

const transfer = (cpu: Cpu, span: Span, part: Part): boolean =>
  span.size <= LONGEST_NUMBER
    ? asOneAccess(cpu, span.linear, span.size, part === writePart, () => transferParts(cpu, span, part))
    : transferParts(cpu, span, part);

function transferParts(cpu: Cpu, { linear, from, size }: Span, part: Part): boolean {
  let done = 0;
  for (const step of [4, 2, 1])
    for (; size - done >= step; done += step) if (!part(cpu, moved(cpu, linear, done), from + done, step)) return false;
  return true;
}

function readPart(cpu: Cpu, linear: number, at: number, size: number): boolean {
  const value = readLinear(cpu, linear, size, cpu.cpl === 3);
  if (value < 0) return false;
  if (size === 4) block.setUint32(at, value, true);
  else if (size === 2) block.setUint16(at, value, true);
  else bytes[at] = value;
  return true;
}

function writePart(cpu: Cpu, linear: number, at: number, size: number): boolean {
  const value = size === 4 ? block.getUint32(at, true) : size === 2 ? block.getUint16(at, true) : bytes[at]!;
  return writeLinear(cpu, linear, size, value, cpu.cpl === 3);
}

/** Reads a number into the block; false on a fault. */
export function readBlock(cpu: Cpu, mem: MemOperand, size: number, alignment: number): boolean {
  const area = locate(cpu, mem, size, alignment, false);
  return area !== undefined && readArea(cpu, area);
}

/** Writes a number from the block; false on a fault. */
export function writeBlock(cpu: Cpu, mem: MemOperand, size: number, alignment: number): boolean {
  const area = locate(cpu, mem, size, alignment, true);
  return area !== undefined && writeArea(cpu, area);
}

/** The checks of a write; writing afterwards cannot fault. */
export function probeBlock(cpu: Cpu, mem: MemOperand, size: number, alignment: number): boolean {
  const area = locate(cpu, mem, size, alignment, true);
  return area !== undefined && probeArea(cpu, area, 0, size, true);
}
