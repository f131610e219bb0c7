// Words the assembler reserves: registers, mnemonics, pseudo-instructions, prefixes, sizes, operators. Case never matters.
import type { RegOperand } from '../../isa/types';
import { REGISTER_NAMES, lookupRegister } from '../../isa/registers';
import { mnemonics } from '../../isa/encode';
import type { RegClass } from '../../isa/types';

export type SizeWord = 'byte' | 'word' | 'dword' | 'qword' | 'tword' | 'oword' | 'yword' | 'zword';
/** Bytes of the size words. */
export const SIZES: Readonly<Record<SizeWord, number>> = {
  byte: 1,
  word: 2,
  dword: 4,
  qword: 8,
  tword: 10,
  oword: 16,
  yword: 32,
  zword: 64,
};

export type PrefixSlot = 'times' | 'wait' | 'rep' | 'lock' | 'seg' | 'osize' | 'asize' | 'vex';

/** Pseudo-instructions with the size of their unit: `data` for db and friends, `reserve` for resb and friends. */
export interface PseudoInstruction {
  kind: 'data' | 'reserve' | 'equ' | 'incbin';
  unit: number;
}

export type Keyword =
  | { type: 'register'; name: string; register: RegOperand }
  | { type: 'instruction'; name: string; pseudo?: PseudoInstruction }
  | { type: 'prefix'; name: string; slot: PrefixSlot }
  | { type: 'size'; name: SizeWord }
  /** abs far long near nosplit rel short strict to, `seg` and `wrt`. */
  | { type: 'special'; name: string }
  | { type: 'operator'; name: 'seg' | 'wrt' }
  /** Names with `?`: float constants, float conversions, string and integer functions. */
  | { type: 'function'; name: string; family: 'float' | 'floatize' | 'string' | 'ilog2' };

const SLOTS: Readonly<Record<string, PrefixSlot>> = {
  times: 'times',
  wait: 'wait',
  lock: 'lock',
  rep: 'rep',
  repe: 'rep',
  repz: 'rep',
  repne: 'rep',
  repnz: 'rep',
  xacquire: 'rep',
  xrelease: 'rep',
  bnd: 'rep',
  nobnd: 'rep',
  o16: 'osize',
  o32: 'osize',
  o64: 'osize',
  osp: 'osize',
  a16: 'asize',
  a32: 'asize',
  a64: 'asize',
  asp: 'asize',
};

const SPECIAL = ['abs', 'far', 'long', 'near', 'nosplit', 'rel', 'short', 'strict', 'to'];

export const FLOAT_FUNCTIONS: Readonly<
  Record<
    string,
    { format: 'float8' | 'float16' | 'bfloat16' | 'float32' | 'float64' | 'float80' | 'float128'; from: number }
  >
> = {
  '__?float8?__': { format: 'float8', from: 0 },
  '__?float16?__': { format: 'float16', from: 0 },
  '__?bfloat16?__': { format: 'bfloat16', from: 0 },
  '__?float32?__': { format: 'float32', from: 0 },
  '__?float64?__': { format: 'float64', from: 0 },
  '__?float80m?__': { format: 'float80', from: 0 },
  '__?float80e?__': { format: 'float80', from: 8 },
  '__?float128l?__': { format: 'float128', from: 0 },
  '__?float128h?__': { format: 'float128', from: 8 },
};
const FLOAT_CONSTANTS = ['__?infinity?__', '__?nan?__', '__?qnan?__', '__?snan?__'];
const STRING_FUNCTIONS = ['utf16', 'utf16le', 'utf16be', 'utf32', 'utf32le', 'utf32be'].map((name) => `__?${name}?__`);
const ILOG2_FUNCTIONS = ['e', 'w', 'f', 'c'].map((letter) => `__?ilog2${letter}?__`);

const UNITS: readonly [string, number][] = [
  ['b', 1],
  ['w', 2],
  ['d', 4],
  ['q', 8],
  ['t', 10],
  ['o', 16],
  ['y', 32],
  ['z', 64],
];

function build(): Map<string, Keyword> {
  const table = new Map<string, Keyword>();
  for (const name of mnemonics()) table.set(name, { type: 'instruction', name });
  const pseudo = (name: string, kind: PseudoInstruction['kind'], unit: number): void => {
    table.set(name, { type: 'instruction', name, pseudo: { kind, unit } });
  };
  for (const [letter, unit] of UNITS) {
    pseudo(`d${letter}`, 'data', unit);
    pseudo(`res${letter}`, 'reserve', unit);
  }
  pseudo('equ', 'equ', 0);
  pseudo('incbin', 'incbin', 1);
  for (const cls of Object.keys(REGISTER_NAMES) as RegClass[]) {
    for (const name of REGISTER_NAMES[cls])
      table.set(name, { type: 'register', name, register: lookupRegister(name)! });
  }
  for (const [name, slot] of Object.entries(SLOTS)) table.set(name, { type: 'prefix', name, slot });
  for (const name of Object.keys(SIZES) as SizeWord[]) table.set(name, { type: 'size', name });
  for (const name of SPECIAL) table.set(name, { type: 'special', name });
  table.set('seg', { type: 'operator', name: 'seg' });
  table.set('wrt', { type: 'operator', name: 'wrt' });
  for (const name of FLOAT_CONSTANTS) table.set(name, { type: 'function', name, family: 'float' });
  for (const name of Object.keys(FLOAT_FUNCTIONS)) table.set(name, { type: 'function', name, family: 'floatize' });
  for (const name of STRING_FUNCTIONS) table.set(name, { type: 'function', name, family: 'string' });
  for (const name of ILOG2_FUNCTIONS) table.set(name, { type: 'function', name, family: 'ilog2' });
  return table;
}

let table: Map<string, Keyword> | undefined;
/** Spellings already looked up, so that each is lower-cased once. */
const spellings = new Map<string, Keyword | null>();
const MAX_SPELLINGS = 20_000;
const LONGEST_KEYWORD = 24;

export function keyword(text: string): Keyword | undefined {
  const known = spellings.get(text);
  if (known !== undefined) return known ?? undefined;
  if (text.length > LONGEST_KEYWORD) return undefined;
  table ??= build();
  const found = table.get(text.toLowerCase());
  if (spellings.size >= MAX_SPELLINGS) spellings.clear();
  spellings.set(text, found ?? null);
  return found;
}
