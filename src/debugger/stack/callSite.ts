// Whether an address looks like a return address: the instruction before it must be a call.

import type { CodeBits, Insn } from '../../isa/types';
import type { CodeReader } from '../code/reader';
import { branchTarget } from './simulate';

export interface CallSite {
  kind: 'near' | 'far' | 'interrupt';
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
};
/** Lengths of call instructions, the most common first. */
const LENGTHS = [3, 5, 2, 4, 6, 7, 8, 1];

/** The call before offset `ip` in a code segment with base `base`. */
export function callBefore(code: CodeReader, base: number, ip: number, bits: CodeBits): CallSite | undefined {
  let found: CallSite | undefined;
  for (const length of LENGTHS) {
    if (length > ip) continue;
    const at = ip - length;
    const insn = code.decodeAt((base + at) >>> 0, bits);
    if (!insn?.row || insn.len !== length) continue;
    const kind = KINDS[insn.row.sem];
    if (kind === undefined) continue;
    const [first] = insn.operands;
    const vector =
      insn.row.sem === 'int' && first?.kind === 'imm' ? first.value : insn.row.sem === 'int3' ? 3 : undefined;
    const site: CallSite = { kind, insn, ip: at, target: kind === 'near' ? branchTarget(insn, at) : undefined, vector };
    // A direct call is the best evidence; E8 inside a longer encoding is rarer than FF /2 inside an operand.
    if (site.target !== undefined || insn.row.sem === 'call_far' || vector !== undefined) return site;
    found ??= site;
  }
  return found;
}
