// Guest code for the decoder: bytes at a linear address, with the mode that really applies there. The source map knows the
// `bits` of assembled code; elsewhere counts what was executed on that page at an earlier stop, then the present CS.

import { decode } from '../../isa/decode';
import type { CodeBits, Insn } from '../../isa/types';
import type { Program, ReadMemory } from '../program';
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
    return (this.target.segment(SegIndex.CS).base + this.ip) >>> 0;
  }

  get ip(): number {
    return Number((this.target.getRegister('rip') ?? 0n) & 0xffffffffn);
  }

  /** The guest has stopped here: this page holds code of the present size. */
  note(): void {
    this.seen.set(this.pc >>> 12, bitsOfCs(this.target));
  }

  bitsAt(linear: number): CodeBits {
    const pc = this.pc;
    if (linear === pc) return bitsOfCs(this.target);
    const location = this.program()?.locate(linear, linear - this.target.segment(SegIndex.CS).base, this.read);
    if (location?.entry.kind === 'code') return location.entry.bits;
    const seen = this.seen.get(linear >>> 12);
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
