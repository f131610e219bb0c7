// Clock cycles of instructions on an Intel486 (i486 Microprocessor Programmer's Reference Manual, "Instruction Set Summary"):
// operands and code in the cache, no penalties for alignment, prefixes or registers that were just written. The last processor
// with one figure for each instruction, and the first on which most take one: good to compare two ways to write something.
import type { Insn, Operand } from './types';

export interface Cycles {
  least: number;
  most: number;
}

/**
 * By mnemonics: operands and figures. Operands: `r` register, `m` memory, `i` immediate, `1`, `c` CL, `s` segment register, `k` control
 * register, `d` debug register, `j` near target, `f` far target, `p` far pointer in memory; `:n` operand size in bytes. Figures: `a-b` a range,
 * `a/b` real and protected mode.
 */
const TABLE: readonly (readonly [mnemonics: string, figures: string])[] = [
  ['mov', 'rr 1, rm 1, mr 1, ri 1, mi 1, sr 3/9, sm 3/9, rs 3, ms 3, rk 4, kr 16, rd 10, dr 11'],
  ['add or adc sbb and sub xor', 'rr 1, rm 2, mr 3, ri 1, mi 3'],
  ['cmp', 'rr 1, rm 2, mr 2, ri 1, mi 2'],
  ['test', 'rr 1, mr 2, ri 1, mi 2'],
  ['inc dec neg not', 'r 1, m 3'],
  ['shl sal shr sar rol ror', 'r1 3, m1 4, ri 2, mi 4, rc 3, mc 4'],
  ['rcl rcr', 'r1 3, m1 4, ri 8-30, mi 9-31, rc 8-30, mc 9-31'],
  ['shld shrd', 'rri 2, mri 3, rrc 3, mrc 4'],
  ['bt', 'ri 3, mi 3, rr 3, mr 8'],
  ['bts btr btc', 'ri 6, mi 8, rr 6, mr 13'],
  ['bsf', 'rr 6-42, rm 7-43'],
  ['bsr', 'rr 6-103, rm 7-104'],
  ['bswap', 'r 1'],
  ['mul imul', 'r:1 13-18, m:1 13-18, r:2 13-26, m:2 13-26, r:4 13-42, m:4 13-42'],
  [
    'imul',
    'rr:2 13-26, rm:2 13-26, rri:2 13-26, rmi:2 13-26, ri:2 13-26, rr:4 13-42, rm:4 13-42, rri:4 13-42, rmi:4 13-42, ri:4 13-42',
  ],
  ['div', 'r:1 16, m:1 16, r:2 24, m:2 24, r:4 40, m:4 40'],
  ['idiv', 'r:1 19, m:1 20, r:2 27, m:2 28, r:4 43, m:4 44'],
  ['cbw cwde cwd cdq', ' 3'],
  ['lea', 'rm 1-2'],
  ['movzx movsx', 'rr 3, rm 3'],
  ['xchg', 'rr 3, rm 5, mr 5'],
  ['xlat xlatb', ' 4'],
  ['cmpxchg', 'rr 6-9, mr 7-10'],
  ['xadd', 'rr 3, mr 4'],
  ['lds les lss lfs lgs', 'rp 6/12'],
  ['push', 'r 1, i 1, m 4, s 3'],
  ['pop', 'r 1, m 5, s 3/9'],
  ['pusha pushaw pushad', ' 11'],
  ['popa popaw popad', ' 9'],
  ['pushf pushfw pushfd', ' 4/3'],
  ['popf popfw popfd', ' 9/6'],
  ['leave', ' 5'],
  ['enter', 'ii 14-17'],
  ['bound', 'rm 7'],
  ['jmp', 'j 3, r 5, m 5, f 17/19, p 13/18'],
  ['call', 'j 3, r 5, m 5, f 18/20, p 17/20'],
  ['ret retn', ' 5, i 5'],
  ['retf', ' 13/17, i 14/18'],
  ['jcxz jecxz', 'j 5-8'],
  ['loop', 'j 6-7'],
  ['loope loopz loopne loopnz', 'j 6-9'],
  ['int', 'i 30/44'],
  ['int3', ' 26/44'],
  ['into', ' 3-28'],
  ['iret iretw iretd', ' 15/20'],
  ['movsb movsw movsd', ' 7'],
  ['cmpsb cmpsw cmpsd', ' 8'],
  ['stosb stosw stosd lodsb lodsw lodsd', ' 5'],
  ['scasb scasw scasd', ' 6'],
  ['insb insw insd outsb outsw outsd', ' 17/10'],
  ['in', 'ri 14/8, rr 14/8'],
  ['out', 'ir 16/11, rr 16/10'],
  ['clc stc cmc cld std sahf daa das', ' 2'],
  ['lahf aaa aas', ' 3'],
  ['cli sti', ' 5'],
  ['aam', ' 15, i 15'],
  ['aad', ' 14, i 14'],
  ['nop', ' 1'],
  ['hlt', ' 4'],
  ['lgdt lidt', 'm 11'],
  ['sgdt sidt', 'm 10'],
  ['lmsw', 'r 13, m 13'],
  ['smsw', 'r 2, m 3'],
  ['lldt', 'r 11, m 11'],
  ['ltr', 'r 20, m 20'],
  ['sldt str', 'r 2, m 3'],
  ['clts', ' 7'],
  ['invlpg', 'm 12'],
];
const CONDITIONAL: Readonly<Record<string, string>> = { j: 'j 1-3', set: 'r 3-4, m 3-4' };

let byForm: ReadonlyMap<string, string> | undefined;

function forms(): ReadonlyMap<string, string> {
  return (byForm ??= new Map(
    TABLE.flatMap(([mnemonics, figures]) =>
      mnemonics.split(' ').flatMap((mnemonic) =>
        figures.split(/, /).map((figure): [string, string] => {
          const at = figure.lastIndexOf(' ');
          return [`${mnemonic} ${figure.slice(0, at)}`, figure.slice(at + 1)];
        }),
      ),
    ),
  ));
}

function letterOf(operand: Operand, text: string): string {
  switch (operand.kind) {
    case 'mem':
      return /^m16:/.test(text) ? 'p' : 'm';
    case 'rel':
      return 'j';
    case 'far':
      return 'f';
    case 'imm':
      return text === '1' ? '1' : 'i';
    case 'reg':
      if (text === 'cl') return 'c';
      return { sreg: 's', creg: 'k', dreg: 'd' }[operand.cls as string] ?? 'r';
  }
}

const VECTOR = /^(st|mm|xmm|ymm)$/;

/** Undefined when the manual of that processor has no single figure: repeated string instructions, the x87, later ones. */
export function cyclesOf(insn: Insn): Cycles | undefined {
  const { row, operands, bits, rep, opSize } = insn;
  if (!row || bits === 64 || rep !== 0) return undefined;
  if (operands.some((operand) => operand.kind === 'reg' && VECTOR.test(operand.cls))) return undefined;
  const letters = operands.map((operand, i) => letterOf(operand, row.ops[i] ?? '')).join('');
  const first = operands[0];
  const size = first?.kind === 'reg' || first?.kind === 'mem' ? first.size : opSize;
  const stem = row.cc === undefined ? undefined : /^(j|set)/.exec(row.mn)?.[1];
  const known = forms();
  const figure = stem
    ? CONDITIONAL[stem]!.split(', ')
        .find((text) => text.startsWith(`${letters} `))
        ?.slice(letters.length + 1)
    : (known.get(`${row.mn} ${letters}`) ?? known.get(`${row.mn} ${letters}:${size}`));
  if (figure === undefined) return undefined;
  const [real, protectedMode = real] = figure.split('/') as [string, string?];
  const [least, most = least] = (bits === 16 ? real : protectedMode).split('-').map(Number) as [number, number?];
  return { least, most };
}
