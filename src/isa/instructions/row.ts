// Helpers that let the instruction families be written as compactly as the opcode tables of the manuals.
import type { OperandPattern, Row } from '../types';

export type Facts = Partial<Omit<Row, 'mn' | 'ops' | 'enc'>>;
export type Flags = NonNullable<Row['flags']>;

/** One form: mnemonic, operand patterns separated by commas ('' for none), encoding; `sem` defaults to the mnemonic. */
export function row(mn: string, ops: string, enc: string, facts: Facts = {}): Row {
  return { mn, ops: (ops === '' ? [] : ops.split(', ')) as OperandPattern[], enc, sem: mn, ...facts };
}

/**
 * Spellings for the assembler that name the operands which the instruction has anyway: `rest` after the accumulator, which holds
 * an address and so tells the address size.
 */
export function spelledOut(form: Row, rest: string): Row[] {
  return (['ax', 'eax', 'rax'] as const).map((accumulator, at) => ({
    ...form,
    ops: (accumulator + rest).split(', ') as OperandPattern[],
    enc: `a${16 << at} ${form.enc}`,
    only: 'asm',
    ...(at === 2 ? { modes: 'only64' as const } : at === 0 ? { modes: 'no64' as const } : {}),
  }));
}

/** The condition suffixes by condition code; the first name of each is the one the disassembler prints. */
export const CONDITION_NAMES: readonly (readonly string[])[] = [
  ['o'],
  ['no'],
  ['b', 'c', 'nae'],
  ['ae', 'nc', 'nb'],
  ['e', 'z'],
  ['ne', 'nz'],
  ['be', 'na'],
  ['a', 'nbe'],
  ['s'],
  ['ns'],
  ['p', 'pe'],
  ['np', 'po'],
  ['l', 'nge'],
  ['ge', 'nl'],
  ['le', 'ng'],
  ['g', 'nle'],
];

/** The arithmetic flags that each condition reads. */
const CONDITION_FLAGS = ['o', 'o', 'c', 'c', 'z', 'z', 'cz', 'cz', 's', 's', 'p', 'p', 'os', 'os', 'osz', 'osz'];

/** The sixteen forms of a conditional instruction and their aliases; `enc` has the opcode of condition 0 as `70+cc`. */
export function conditional(prefix: string, ops: string, enc: string, facts: Facts): Row[] {
  return CONDITION_NAMES.flatMap((names, cc) =>
    names.map((name, at) =>
      row(prefix + name, ops, enc, {
        ...facts,
        cc,
        flags: { ...facts.flags, r: CONDITION_FLAGS[cc] },
        ...(at > 0 ? { only: 'asm' as const } : {}),
      }),
    ),
  );
}
