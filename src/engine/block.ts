// A block: consecutive instructions that were decoded, and their records.
import type { Insn } from '../isa/types';
import type { BlockContext } from './codeContext';

export interface Version {
  /** Offset in linear memory. */
  at: number;
  insn: Insn;
}
/** What the block of an instruction that is rewritten again and again has besides. */
export interface Site {
  versions: Version[];
  /** The next one to be replaced. */
  oldest: number;
}

export interface Block {
  context: BlockContext;
  ip: number;
  linear: number;
  physical: number;
  /** Physical address of the second page's part, -1 when the block lies in one page. */
  physical2: number;
  bytes: number;
  record: number;
  readonly insns: Insn[];
  /** Per instruction: the flags it writes are never seen. */
  readonly unused: readonly boolean[];
  /** Records allocated: its instructions, a closing one, and the bytes that were decoded. */
  readonly room: number;
  /** Where those bytes are in linear memory, 0 when nobody watches them. */
  readonly saved: number;
  dead: boolean;
  /** A breakpoint came or went here: its records do not fit any more. */
  stale: boolean;
  /** Of an instruction that is rewritten again and again; such a block has no instructions of its own and one byte. */
  readonly site?: Site;
}

/** Instructions decoded at one place, before they become a block. */
export interface DecodedRun {
  insns: Insn[];
  physical: number;
  physical2: number;
  bytes: number;
  /** It is one instruction that is rewritten again and again. */
  volatile: boolean;
}

const GONE = new Set(['jmp', 'jcc', 'call', 'call_ind', 'jmp_ind', 'ret', 'loop', 'loope', 'loopne', 'jcxz']);

/** The handler itself always goes somewhere else: no GOTO record is needed behind it. */
export const endsForGood = (insn: Insn): boolean => insn.row !== undefined && GONE.has(insn.row.sem);

/** Records of a block, the one behind its end included. */
export const recordsOf = (insns: readonly Insn[]): number =>
  insns.length + (endsForGood(insns[insns.length - 1]) ? 0 : 1);

export const hasLinear = (block: Block, linear: number): boolean =>
  linear >= block.linear && linear < block.linear + block.bytes;

/** Whether a block has bytes between two physical addresses. */
export function covers(block: Block, physical: number, end: number): boolean {
  const here = Math.min(block.bytes, 0x1000 - (block.physical & 0xfff));
  if (physical < block.physical + here && end > block.physical) return true;
  const there = block.physical2;
  return there >= 0 && physical < there + block.bytes - here && end > there;
}
