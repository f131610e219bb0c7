// Guest code for the decoder: bytes at a linear address, with the mode that really applies there. The source map knows the
// `bits` of assembled code; elsewhere counts what was executed on that page at an earlier stop, then the present CS.

import { decode } from '../../isa/decode';
import type { CodeBits, Insn } from '../../isa/types';
import type { SymbolHit } from '../../symbols/symbolTable';
import { isWideCode, pageOf } from '../linear';
import type { MemoryView, Program, ReadMemory, SourceLocation, SymbolPlace } from '../program';
import { isParagraphMode } from '../segments';
import { SegIndex, type DebugTarget } from '../target';

const LONGEST = 15;
const FIRMWARE = 0xe0000;
const MEGABYTE = 0x100000;

/** Default size of code that CS describes now. */
export function bitsOfCs(target: DebugTarget): CodeBits {
  if (isParagraphMode(target)) return 16;
  const cs = target.segment(SegIndex.CS);
  return cs.long ? 64 : cs.big ? 32 : 16;
}

/** Instruction pointer of the processor: signed in 64-bit code. */
export function instructionPointer(target: DebugTarget): number {
  const rip = target.getRegister('rip') ?? 0n;
  return isWideCode(target) ? Number(BigInt.asIntN(64, rip)) : Number(rip & 0xffffffffn);
}

/** Guest memory as a program is looked for in it. */
export function memoryView(target: DebugTarget, program: Program | undefined): MemoryView {
  const view: MemoryView = {
    read: (linear, length) => target.readLinear(linear, length),
    physical: (linear) => (target.paging ? target.translate(linear) : undefined),
    shift: () => {
      if (!target.paging) return undefined;
      const ip = instructionPointer(target);
      const location = program?.locate(linearIn(target, ip), ip, view);
      return location && location.linear - location.entry.address;
    },
  };
  return view;
}

/** Linear address of an offset in the present CS. */
const linearIn = (target: DebugTarget, offset: number): number =>
  isWideCode(target) ? offset : (target.segment(SegIndex.CS).base + offset) >>> 0;

export class CodeReader {
  /** Default code size per linear page where the guest was seen executing. */
  private readonly seen = new Map<number, CodeBits>();

  constructor(
    readonly target: DebugTarget,
    readonly program: () => Program | undefined,
  ) {}

  readonly read: ReadMemory = (linear, length) => this.target.readLinear(linear, length);

  /** Linear address of the next instruction. */
  get pc(): number {
    return this.linear(this.ip);
  }

  get ip(): number {
    return instructionPointer(this.target);
  }

  /** Linear address of an offset in the present CS, and the other way round. */
  linear(offset: number): number {
    return linearIn(this.target, offset);
  }
  offset(linear: number): number {
    return isWideCode(this.target) ? linear : (linear - this.target.segment(SegIndex.CS).base) >>> 0;
  }

  /** Source of a linear address; `offset` is the address within its code segment, by default the present one. */
  locate(linear: number, offset = this.offset(linear)): SourceLocation | undefined {
    const program = this.program();
    return program?.locate(linear, offset, memoryView(this.target, program));
  }

  /** Label at or before a linear address; `offset` as for `locate`. */
  labelAt(linear: number, offset = this.offset(linear)): SymbolHit | undefined {
    const program = this.program();
    return program?.labelAt(linear, offset, memoryView(this.target, program));
  }

  /** A linear address in the addressing of the symbols, whose source is `location` if it has any. */
  placeOf(linear: number, location: SourceLocation | undefined): SymbolPlace | undefined {
    const program = this.program();
    if (program?.map && !location) return undefined;
    return program?.placeOf(linear, this.offset(linear), memoryView(this.target, program), location);
  }

  /** The guest has stopped here: this page holds code of the present size. */
  note(): void {
    this.seen.set(pageOf(this.pc), bitsOfCs(this.target));
  }

  bitsAt(linear: number): CodeBits {
    const pc = this.pc;
    if (linear === pc) return bitsOfCs(this.target);
    const location = this.locate(linear);
    if (location?.entry.kind === 'code') return location.entry.bits;
    const seen = this.seen.get(pageOf(linear));
    if (seen !== undefined) return seen;
    if (linear >= FIRMWARE && linear < MEGABYTE) return 16;
    return bitsOfCs(this.target);
  }

  /** Decodes at a linear address; undefined where nothing is mapped. */
  decodeAt(linear: number, bits: CodeBits = this.bitsAt(linear)): Insn | undefined {
    const bytes = this.read(linear, LONGEST);
    return bytes.length ? decode(bytes, 0, bits) : undefined;
  }
}
