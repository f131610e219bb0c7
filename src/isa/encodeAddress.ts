// Memory operands for the encoder: address size, then ModRM, SIB and displacement as NASM 2.16 chooses them
// (Intel SDM vol. 2, "Addressing-Mode Encoding of ModR/M and SIB Bytes").
import type { AsmMem, AsmRequest } from './encodeTypes';
import { type CodeBits, Seg } from './types';

/** The encoded memory operand; ModRM.reg is 0 and filled in by the caller. */
export interface EncodedAddress {
  addrSize: 2 | 4 | 8;
  /** Bits X and B of REX. */
  rex: number;
  modrm: number;
  sib: number | undefined;
  dispSize: 0 | 1 | 2 | 4;
  ripRelative: boolean;
  warnings: readonly string[];
}

const SP = 4;
const BP = 5;

export const hasRegisters = (mem: AsmMem): boolean => mem.base >= 0 || mem.index >= 0;

/** Segment override written inside the brackets or as a prefix. */
export const segmentOf = (mem: AsmMem, prefixes: readonly string[]): number | undefined =>
  mem.seg ?? segmentPrefix(prefixes);

export function segmentPrefix(prefixes: readonly string[]): number | undefined {
  if (prefixes.length === 0) return undefined;
  return [Seg.ES, Seg.CS, Seg.SS, Seg.DS, Seg.FS, Seg.GS].find((seg) => prefixes.includes(SEGMENTS[seg]!));
}

export const SEGMENTS: readonly string[] = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

export const IMPOSSIBLE = 'impossible combination of address sizes';

/** Bytes of the size that a prefix such as `o16` or `a32` names. */
export function writtenSize(prefixes: readonly string[], letter: 'a' | 'o'): 2 | 4 | 8 | undefined {
  if (prefixes.length === 0) return undefined;
  return ([2, 4, 8] as const).find((size) => prefixes.includes(`${letter}${size * 8}`));
}

export const prefixSize = (prefixes: readonly string[]): 2 | 4 | 8 | undefined => writtenSize(prefixes, 'a');

/** Address size in bytes, or a message. */
export function addressSize(mem: AsmMem, request: AsmRequest): 2 | 4 | 8 | string {
  const explicit = mem.addrSize ?? prefixSize(request.prefixes);
  const mode = (request.bits / 8) as 2 | 4 | 8;
  const unavailable = request.bits === 64 ? 2 : 8;
  if (explicit === unavailable) return IMPOSSIBLE;
  if (hasRegisters(mem)) {
    const size = mem.regSize ?? mode;
    return explicit !== undefined && explicit !== size ? IMPOSSIBLE : size;
  }
  if (mem.dispSize === unavailable) return IMPOSSIBLE;
  if (explicit !== undefined) return explicit;
  return request.bits !== 64 && (mem.dispSize === 2 || mem.dispSize === 4) ? mem.dispSize : mode;
}

/** Whether the operand is addressed relative to RIP: `[rel x]`, or `default rel` without FS, GS or registers. */
export function isRelative(mem: AsmMem, request: AsmRequest): boolean {
  if (request.bits !== 64 || hasRegisters(mem)) return false;
  const seg = segmentOf(mem, request.prefixes);
  return mem.rel ?? (request.defaultRel === true && seg !== Seg.FS && seg !== Seg.GS);
}

/** Encodes the operand; a string is the error. */
export function encodeAddress(mem: AsmMem, request: AsmRequest): EncodedAddress | string {
  const addrSize = addressSize(mem, request);
  if (typeof addrSize === 'string') return addrSize;
  if (addrSize === 8 && request.bits !== 64) return invalid(request);
  if (addrSize === 2 && request.bits === 64) return invalid(request);
  if (mem.dispSize !== undefined && hasRegisters(mem) && mem.dispSize > 1 && mem.dispSize !== Math.min(addrSize, 4)) {
    return invalid(request);
  }
  return (addrSize === 2 ? encode16(mem) : encode32(mem, addrSize, request)) ?? invalid(request);
}

const invalid = (request: AsmRequest): string => `invalid ${request.bits}-bit effective address`;
const NO_WARNINGS: readonly string[] = [];

function address(
  addrSize: 2 | 4 | 8,
  modrm: number,
  dispSize: 0 | 1 | 2 | 4,
  rex = 0,
  sib: number | undefined = undefined,
): EncodedAddress {
  return { addrSize, rex, modrm, sib, dispSize, ripRelative: false, warnings: NO_WARNINGS };
}

/** mod for a form with registers: no displacement (0), a byte (1), all of it (2). `needed`: mod 0 has another meaning. */
function displacementMod(mem: AsmMem, bits: 16 | 32, needed: boolean): 0 | 1 | 2 {
  if (mem.dispSize === 1) return 1;
  if (mem.dispSize !== undefined) return 2;
  if (!mem.dispKnown || mem.dispRelocatable) return 2;
  const value = BigInt.asIntN(bits, mem.disp);
  if (value === 0n && !needed) return 0;
  return value >= -128n && value <= 127n ? 1 : 2;
}

function encode16(mem: AsmMem): EncodedAddress | undefined {
  if (mem.scale !== 1 || mem.vector !== undefined) return undefined;
  const registers = [mem.base, mem.index]
    .filter((r) => r >= 0)
    .sort((a, b) => a - b)
    .join();
  if (registers === '') return address(2, 6, 2);
  // Ascending hardware numbers: BX 3, BP 5, SI 6, DI 7.
  const rm = ['3,6', '3,7', '5,6', '5,7', '6', '7', '5', '3'].indexOf(registers);
  if (rm < 0) return undefined;
  const mod = displacementMod(mem, 16, rm === 6);
  return address(2, (mod << 6) | rm, mod);
}

function encode32(mem: AsmMem, addrSize: 4 | 8, request: AsmRequest): EncodedAddress | undefined {
  if (!hasRegisters(mem)) return encodeAbsolute(mem, addrSize, request);
  let { base, index, scale } = mem;
  if (mem.vector === undefined && base < 0 && scale <= 2 && (!mem.nosplit || (scale === 1 && (index & 7) === SP))) {
    base = index;
    if (scale === 1) index = -1;
    scale = 1;
  }
  if (index === SP && mem.vector === undefined) {
    if (scale !== 1 || base === SP || base < 0) return undefined;
    [base, index] = [index, base];
  }
  const rex = ((index >= 8 ? 1 : 0) << 1) | (base >= 8 ? 1 : 0);
  const scaleBits = scale === 8 ? 3 : scale >> 1;
  if (base < 0) {
    return address(addrSize, SP, 4, rex, (scaleBits << 6) | ((index & 7) << 3) | BP);
  }
  const mod = displacementMod(mem, 32, (base & 7) === BP);
  const size = mod === 2 ? 4 : mod;
  const needsSib = index >= 0 || (base & 7) === SP;
  if (!needsSib) return address(addrSize, (mod << 6) | (base & 7), size, rex);
  const indexBits = index < 0 ? SP : index & 7;
  const sib = (index < 0 ? 0 : scaleBits << 6) | (indexBits << 3) | (base & 7);
  return address(addrSize, (mod << 6) | SP, size, rex, sib);
}

function encodeAbsolute(mem: AsmMem, addrSize: 4 | 8, request: AsmRequest): EncodedAddress {
  const absolute = request.bits === 64 ? address(addrSize, SP, 4, 0, 0x25) : address(addrSize, BP, 4);
  if (!isRelative(mem, request)) return absolute;
  if (mem.dispKnown && !mem.dispRelocatable) {
    return { ...absolute, warnings: ['absolute address can not be RIP-relative'] };
  }
  return { ...address(addrSize, BP, 4), ripRelative: true };
}

/** Whether the operand may use the accumulator's direct-offset form (A0 to A3). */
export function isDirectOffset(mem: AsmMem, request: AsmRequest, bits: CodeBits): boolean {
  if (hasRegisters(mem)) return false;
  if (bits !== 64) return true;
  if (isRelative(mem, request)) return false;
  return (mem.dispSize === 8) === (addressSize(mem, request) === 8);
}
