// Which instructions of a block write flags that nobody can see: all of them are overwritten before anything reads them,
// faults, calls out or may stop in between. Flag sets come from the instruction table.
import type { Insn, Row } from '../isa/types';
import { LOWERINGS, SYSTEM_LOWERINGS } from './lower';

const BITS: Record<string, number> = { o: 1, s: 2, z: 4, a: 8, p: 16, c: 32 };
const ALL = 63;

const bits = (set: string | undefined): number => {
  let result = 0;
  for (const letter of set ?? '') result |= BITS[letter] ?? 0;
  return result;
};

const MAY_RAISE = new Set(['div', 'idiv', 'aam', 'bound', 'into']);

/** What the manuals leave undefined after these stays as it was: the processors of the vectors do so, and it is the cheapest. */
const KEEPS_UNDEFINED = new Set(['mul', 'imul', 'imul2', 'imul3', 'div', 'idiv', 'tzcnt', 'lzcnt']);

/** The flags whose old value is gone after the instruction. */
function overwritten({ flags: f, sem }: Row): number {
  const undefinedOnes = KEEPS_UNDEFINED.has(sem) ? 0 : bits(f?.u);
  return bits(f?.w) | bits(f?.c) | bits(f?.s) | undefinedOnes;
}

/** The state may be looked at at the boundary of such an instruction, whatever its operands are. */
const isObservable = (row: Row): boolean =>
  !LOWERINGS[row.sem] ||
  SYSTEM_LOWERINGS[row.sem] !== undefined ||
  MAY_RAISE.has(row.sem) ||
  row.ends === true ||
  row.usesAddrSize === true ||
  /^(push|pop|call|ret|leave)/.test(row.sem);

/** What a row says, found out once. */
interface RowFacts {
  written: number;
  read: number;
  keeps: boolean;
  observable: boolean;
}
const known = new Map<Row, RowFacts>();

function factsOf(row: Row): RowFacts {
  let facts = known.get(row);
  if (!facts) {
    const { flags } = row;
    const keeps = flags?.k === true;
    facts = { written: overwritten(row), read: bits(flags?.r), keeps, observable: isObservable(row) };
    known.set(row, facts);
  }
  return facts;
}

function hasMemory({ operands }: Insn): boolean {
  for (const operand of operands) if (operand.kind === 'mem') return true;
  return false;
}

/** True per instruction when none of the flags it writes is live. `pinned`: something stops before this index. */
export function deadFlags(insns: readonly Insn[], pinned: (index: number) => boolean): boolean[] {
  const dead = new Array<boolean>(insns.length).fill(false);
  let live = ALL;
  for (let i = insns.length - 1; i >= 0; i--) {
    const { row } = insns[i];
    if (!row) {
      live = ALL;
      continue;
    }
    const { written, read, keeps, observable } = factsOf(row);
    // A repeated comparison stops by the ZF of its last iteration.
    dead[i] = written !== 0 && insns[i].rep === 0 && (written & live) === 0;
    if (!keeps) live &= ~written;
    live |= read;
    if (observable || insns[i].rep !== 0 || hasMemory(insns[i]) || pinned(i)) live = ALL;
  }
  return dead;
}
