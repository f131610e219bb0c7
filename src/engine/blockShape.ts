// The shape of a block: how many records it has, and which instructions can take each other's place in it.
import type { Insn } from '../isa/types';
import { sameFlagEffect } from './liveness';

/** One can take the other's record: no links, no end of the block, nothing new about flags. */
export function isSameShape(old: Insn, insn: Insn): boolean {
  if (!old.row || !insn.row || old.row.ends || insn.row.ends) return false;
  return insn.operands[0]?.kind !== 'rel' && sameFlagEffect(old, insn);
}

const GONE = new Set(['jmp', 'jcc', 'call', 'call_ind', 'jmp_ind', 'ret', 'loop', 'loope', 'loopne', 'jcxz']);

/** The handler itself always goes somewhere else: no GOTO record is needed behind it. */
export const endsForGood = (insn: Insn): boolean => insn.row !== undefined && GONE.has(insn.row.sem);

/** Records of a block, the one behind its end included. */
export const recordsOf = (insns: readonly Insn[]): number =>
  insns.length + (endsForGood(insns[insns.length - 1]) ? 0 : 1);
