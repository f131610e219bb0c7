// Instruction forms of the table in words: operands as manuals write them, flags, processor.
import type { OperandPattern, Row } from '../isa/types';
import { ROWS } from '../isa/table';

const PATTERNS: Readonly<Record<string, string>> = {
  rmv: 'r/m16/32/64',
  rmy: 'r/m32/64',
  'rmy/x': 'r/m32/64',
  rv: 'r16/32/64',
  ry: 'r32/64',
  ov: 'r16/32/64',
  oy: 'r32/64',
  rmrv: 'r16/32/64',
  rmry: 'r32/64',
  mv: 'm16/32/64',
  mv2: 'm16&16/m32&32',
  'm16:v': 'm16:16/32/64',
  'm16&z': 'm16&32/64',
  immz: 'imm16/32',
  immv: 'imm16/32/64',
  relz: 'rel16/32',
  'ptr16:z': 'ptr16:16/32',
  moffs8: 'moffs8',
  moffsv: 'moffs16/32/64',
  accv: 'ax/eax/rax',
  sreg: 'Sreg',
  dsreg: 'Sreg',
  creg: 'CRn',
  dreg: 'DRn',
  treg: 'TRn',
  st: 'st0',
  sti: 'st(i)',
  mmrm: 'mm/m64',
};

export function operandText(pattern: OperandPattern): string {
  const known = PATTERNS[pattern];
  if (known) return known;
  const rm = /^rm(\d+)$/.exec(pattern);
  if (rm) return `r/m${rm[1]}`;
  const only = /^rmr(\d+)$/.exec(pattern) ?? /^o(\d+)$/.exec(pattern);
  if (only) return `r${only[1]}`;
  const vector = /^(mm|xmm)rm(\d+)$/.exec(pattern);
  if (vector) return `${vector[1]}/m${vector[2]}`;
  const registerOnly = /^rm(mm|xmm)$/.exec(pattern);
  if (registerOnly) return registerOnly[1]!;
  return pattern.replace(/^imm8[us]$/, 'imm8');
}

export const formText = (row: Row): string =>
  row.ops.length === 0 ? row.mn : `${row.mn} ${row.ops.map(operandText).join(', ')}`;

let byMnemonic: Map<string, Row[]> | undefined;

/** Forms that can be written, in the table's order. */
export function formsOf(mnemonic: string): readonly Row[] {
  if (!byMnemonic) {
    byMnemonic = new Map();
    for (const row of ROWS) {
      if (row.only === 'decode') continue;
      const list = byMnemonic.get(row.mn);
      if (list) list.push(row);
      else byMnemonic.set(row.mn, [row]);
    }
  }
  return byMnemonic.get(mnemonic.toLowerCase()) ?? [];
}

const FLAG_NAMES: Readonly<Record<string, string>> = {
  o: 'OF',
  s: 'SF',
  z: 'ZF',
  a: 'AF',
  p: 'PF',
  c: 'CF',
  t: 'TF',
  i: 'IF',
  d: 'DF',
  n: 'NT',
  l: 'IOPL',
  r: 'RF',
  v: 'VM',
};

const flagNames = (letters = ''): string => [...letters].map((letter) => FLAG_NAMES[letter] ?? letter).join(' ');

/** `reads CF; writes ZF SF; undefined AF`, or undefined when it touches none. */
export function flagsText({ flags }: Row): string {
  if (!flags) return 'none read or written';
  const parts = [
    ['reads', flags.r],
    ['writes', flags.w],
    ['clears', flags.c],
    ['sets', flags.s],
    ['undefined', flags.u],
  ] as const;
  const said = parts.filter(([, letters]) => letters).map(([verb, letters]) => `${verb} ${flagNames(letters)}`);
  return said.join('; ') + (flags.k ? '; kept when it does nothing' : '');
}

const FEATURES: Readonly<Record<string, string>> = {
  fpu: 'x87 (CPUID FPU)',
  '287': '80287',
  '387': '80387',
  lm: '64-bit mode (CPUID LM)',
  ringside: 'Ringside only',
};

export function processorText({ cpu = '86', until }: Row): string {
  const generation: Readonly<Record<string, string>> = { '86': '8086', '586': 'Pentium', '686': 'Pentium Pro' };
  const since =
    FEATURES[cpu] ??
    generation[cpu] ??
    (/^\d+$/.test(cpu) ? `80${cpu}` : `CPUID ${cpu.toUpperCase().replaceAll('+', ' and ')}`);
  return until ? `${since}, up to the ${generation[until] ?? `80${until}`}` : since;
}
