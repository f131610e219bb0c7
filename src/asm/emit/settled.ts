// When an instruction with symbols need not be looked at again: its encoding stands as long as its symbols stay where they are,
// and the length of one that only holds addresses even when they move, since an address always takes its full size.
import type { Expr } from '../expr/ast';
import type { InstructionBody, ParsedOperand } from '../parse/statement';
import type { Label } from './labels';
import type { Section } from './section';
import type { AssemblyState } from './state';

/** What the operands of an instruction depend on besides its text. */
export interface Dependence {
  readonly names: readonly string[];
  /** Symbols are added and subtracted, and nothing else. */
  readonly linear: boolean;
}

/** What the symbols of an instruction do to its encoding. */
export interface Reach {
  /** Only addresses depend on them. */
  addresses: boolean;
  /** The bytes are final as long as they do not move: no address is to be filled in. */
  complete: boolean;
}

/** An encoding that holds for a while. */
export interface Settled<Encoded = unknown> extends Reach {
  encoded: Encoded;
  mode: number;
  section: Section | undefined;
  labels: readonly Label[];
  /** The labels' moves and turns so far. */
  moves: number;
  turns: number;
}

interface Collected {
  names: string[];
  linear: boolean;
}

/** Null when the operands depend on more than the values of symbols. */
export function dependence({ operands }: InstructionBody): Dependence | null {
  const found: Collected = { names: [], linear: true };
  if (!operands.every((operand) => collectOperand(operand, found))) return null;
  return { names: found.names.slice(), linear: found.linear };
}

function collectOperand({ expr, outer, splitIndex, colon, far }: ParsedOperand, found: Collected): boolean {
  if (colon || far) return false;
  return collect(expr, found) && (!outer || collect(outer, found)) && (!splitIndex || collect(splitIndex, found));
}

function collect(expr: Expr, found: Collected): boolean {
  switch (expr.kind) {
    case 'number':
    case 'register':
    case 'string':
      return true;
    case 'symbol':
      found.names.push(expr.name);
      return true;
    case 'binary': {
      const before = found.names.length;
      if (!collect(expr.left, found) || !collect(expr.right, found)) return false;
      if (expr.operator !== '+' && expr.operator !== '-' && found.names.length > before) found.linear = false;
      return true;
    }
    case 'negate':
    case 'not':
    case 'logicalNot':
    case 'ilog2':
      found.linear = false;
      return collect(expr.operand, found);
    case 'conditional':
      found.linear = false;
      return collect(expr.test, found) && collect(expr.yes, found) && collect(expr.no, found);
    default:
      return false;
  }
}

/** Undefined while one of the symbols is not defined. */
export function settle<T>(
  state: AssemblyState,
  { names, linear }: Dependence,
  encoded: T,
  mode: number,
  { addresses, complete }: Reach,
): Settled<T> | undefined {
  const labels = new Array<Label>(names.length);
  for (let i = 0; i < names.length; i++) {
    const label = state.labels.lookup(names[i]!);
    if (!label) return undefined;
    labels[i] = label;
  }
  const { section } = state;
  const moves = count(labels, 'moves');
  const turns = count(labels, 'turns');
  return { encoded, mode, section, labels, moves, turns, addresses: addresses && linear, complete };
}

/** Whether the encoding still stands, addresses excepted. */
export function holds(settled: Settled, state: AssemblyState, mode: number): boolean {
  if (settled.mode !== mode || settled.section !== state.section) return false;
  if (!settled.addresses) return count(settled.labels, 'moves') === settled.moves;
  return count(settled.labels, 'turns') === settled.turns;
}

function count(labels: readonly Label[], what: 'moves' | 'turns'): number {
  let sum = 0;
  for (const label of labels) sum += label[what];
  return sum;
}
