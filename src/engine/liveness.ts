// Which instructions of a block write flags that nobody can see: all of them are overwritten before anything reads them,
// faults, calls out or may stop in between. Flag sets come from the instruction table.
import type { Insn } from '../isa/types';
import { LOWERINGS, SYSTEM_LOWERINGS } from './lower';

const BITS: Record<string, number> = { o: 1, s: 2, z: 4, a: 8, p: 16, c: 32 };
const ALL = 63;

const bits = (set: string | undefined): number => {
  let result = 0;
  for (const letter of set ?? '') result |= BITS[letter] ?? 0;
  return result;
};

const MAY_RAISE = new Set(['div', 'idiv', 'aam', 'bound', 'into']);

/** An instruction at whose boundary the state may be looked at. */
const observable = (insn: Insn): boolean =>
  !LOWERINGS[insn.row!.sem] ||
  SYSTEM_LOWERINGS[insn.row!.sem] !== undefined ||
  MAY_RAISE.has(insn.row!.sem) ||
  insn.row!.ends === true ||
  insn.rep !== 0 ||
  insn.row!.usesAddrSize === true ||
  insn.operands.some((o) => o.kind === 'mem') ||
  /^(push|pop|call|ret|leave)/.test(insn.row!.sem);

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
    const f = row.flags;
    const written = bits(f?.w) | bits(f?.u) | bits(f?.c) | bits(f?.s);
    dead[i] = written !== 0 && (written & live) === 0;
    live = f?.k ? live : live & ~written;
    live |= bits(f?.r);
    if (observable(insns[i]) || pinned(i)) live = ALL;
  }
  return dead;
}

/** True when one instruction can replace the other without a change of what `deadFlags` found for the block. */
export function sameFlagEffect(a: Insn, b: Insn): boolean {
  if (observable(a) !== observable(b)) return false;
  const f = a.row!.flags;
  const g = b.row!.flags;
  if (f === g) return true;
  const written = (x: typeof f): number => bits(x?.w) | bits(x?.u) | bits(x?.c) | bits(x?.s);
  return written(f) === written(g) && bits(f?.r) === bits(g?.r) && !f?.k === !g?.k;
}
