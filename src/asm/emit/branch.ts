// Relative jumps to a label of their own section: all that matters is the distance, and a jump has at most two encodings, one
// for targets within reach of a byte and one for the others. Both are made once and serve every jump that reads the same.
import type { AsmResult } from '../../isa/encodeTypes';
import { ROWS } from '../../isa/table';
import type { Statement } from '../assemblyLine';
import type { InstructionBody } from '../parse/statement';
import { DEFAULT_CPU, type AssemblyState } from './state';

/** Mnemonics whose immediate operand is the target of a relative jump. */
let branches: Set<string> | undefined;
export const isBranch = (mnemonic: string): boolean => {
  branches ??= new Set(ROWS.filter((row) => row.ops.some((op) => op === 'rel8' || op === 'relz')).map((row) => row.mn));
  return branches.has(mnemonic);
};

/** A jump's encodings under one mode of the assembler. */
export interface BranchMemo {
  mode: number;
  /** To the jump itself. */
  close: AsmResult;
  /** Beyond the reach of a byte. */
  distant: AsmResult | undefined;
}

/** A distance that a byte never holds and a word always does. */
export const DISTANT = 0x1000n;
const FARTHEST = 0x7fff_0000;

/**
 * From the jump's first byte to its target; undefined when that needs more than a look at a label. A label that is not known
 * yet counts as near by.
 */
export function jumpDistance(state: AssemblyState, statement: Statement, body: InstructionBody): number | undefined {
  const { operands } = body;
  if (operands.length !== 1 || !state.section || state.cpu < DEFAULT_CPU) return undefined;
  const { expr, memory, colon, far } = operands[0]!;
  if (expr.kind !== 'symbol' || memory || colon || far) return undefined;
  const label = (statement.target ??= state.labels.lookup(expr.name));
  if (!label) return state.critical ? undefined : 0;
  if (label.segment !== state.section.segment) return undefined;
  const distance = label.at - state.section.offset;
  return Math.abs(distance) < FARTHEST ? distance : undefined;
}

/** Whether the encoding of the jump to itself serves for that distance, too. */
export function isClose({ close }: BranchMemo, distance: number): boolean {
  if (!close.ok || close.fixups[0]!.size > 1) return true;
  const displacement = distance - close.bytes.length;
  return displacement >= -128 && displacement <= 127;
}
