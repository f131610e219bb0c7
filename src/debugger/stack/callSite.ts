// Whether an address looks like a return address: the instruction before it must be a call.

import type { Insn } from '../../isa/types';
import type { CodeReader } from '../code/reader';
import { codeLinear, type FrameState } from './frame';
import { branchTarget } from './simulate';

export interface CallSite {
  /** `system`: SYSCALL or SYSENTER. */
  kind: 'near' | 'far' | 'interrupt' | 'system';
  insn: Insn;
  /** Offset of the call instruction. */
  ip: number;
  /** Offset of the called procedure when the call names it. */
  target: number | undefined;
  /** INT n. */
  vector: number | undefined;
}

const KINDS: Readonly<Record<string, CallSite['kind']>> = {
  call: 'near',
  call_ind: 'near',
  call_far: 'far',
  int: 'interrupt',
  int3: 'interrupt',
  into: 'interrupt',
  syscall: 'system',
  sysenter: 'system',
};
/** Lengths of call instructions, the most common first. */
const LENGTHS = [3, 5, 2, 4, 6, 7, 8, 1];

/** The call before offset `ip` in the code of a frame. */
export function callBefore(code: CodeReader, state: FrameState, ip: number): CallSite | undefined {
  const { bits } = state;
  let found: CallSite | undefined;
  for (const length of LENGTHS) {
    if (ip >= 0 && length > ip) continue;
    const at = ip - length;
    const insn = code.decodeAt(codeLinear(state, at), bits);
    if (!insn?.row || insn.len !== length) continue;
    const kind = KINDS[insn.row.sem];
    if (kind === undefined) continue;
    const [first] = insn.operands;
    const vector =
      insn.row.sem === 'int' && first?.kind === 'imm' ? first.value : insn.row.sem === 'int3' ? 3 : undefined;
    const site: CallSite = {
      kind,
      insn,
      ip: at,
      target: kind === 'near' ? branchTarget(insn, at, state) : undefined,
      vector,
    };
    // A direct call is the best evidence; E8 inside a longer encoding is rarer than FF /2 inside an operand.
    if (site.target !== undefined || insn.row.sem === 'call_far' || vector !== undefined) return site;
    found ??= site;
  }
  return found;
}
