// The TextMate grammar of the NASM dialect as data: mnemonics, prefixes and registers come from the instruction table, so a
// new instruction is coloured without touching this file. `npm run build` writes it to syntaxes/.
import { mnemonics, PREFIXES } from '../isa/encode';
import { REGISTER_NAMES } from '../isa/registers';
import { ROWS } from '../isa/table';

export interface Rule {
  name?: string;
  comment?: string;
  match?: string;
  begin?: string;
  end?: string;
  include?: string;
  captures?: Readonly<Record<string, Rule>>;
  beginCaptures?: Readonly<Record<string, Rule>>;
  endCaptures?: Readonly<Record<string, Rule>>;
  patterns?: readonly Rule[];
}

export interface Grammar {
  name: string;
  scopeName: string;
  patterns: readonly Rule[];
  repository: Readonly<Record<string, Rule>>;
}

const IDENTIFIER = '[A-Za-z_.?@][\\w.$#@~?]*';
/** Not inside or at the end of a longer word. */
const START = '(?<![\\w.$#@~?%])';
const END = '(?![\\w$#@~?])';

/** A case-insensitive alternative of whole words. */
const words = (list: Iterable<string>): string => {
  const sorted = [...new Set(list)].sort();
  return `(?i)${START}(?:${sorted.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})${END}`;
};

/** The same, only where a statement's mnemonic can stand: so that `[and]` or a label `not:` keep their own colours. */
const mnemonicWords = (list: Iterable<string>): string => `${words(list)}(?!\\s*:)`;

const isFlow = (mnemonic: string): boolean =>
  /^(j|loop|call|ret|iret|int|sysc|syse|sysr|into|bound|hlt|rsm|ud)/.test(mnemonic);

const isPrivileged = (mnemonic: string): boolean => {
  const rows = ROWS.filter((row) => row.mn === mnemonic);
  return rows.length > 0 && rows.every((row) => row.cpl !== undefined);
};

const DIRECTIVES = [
  'absolute',
  'align',
  'alignb',
  'at',
  'bits',
  'common',
  'cpu',
  'default',
  'endstruc',
  'extern',
  'float',
]
  .concat('global', 'group', 'iend', 'import', 'export', 'istruc', 'library', 'org', 'osabi', 'required', 'section')
  .concat(
    'sectalign',
    'segment',
    'static',
    'struc',
    'uppercase',
    'use16',
    'use32',
    'use64',
    'warning',
    'map',
    'list',
    'debug',
  );
const PSEUDO = ['b', 'w', 'd', 'q', 't', 'o', 'y', 'z']
  .flatMap((unit) => [`d${unit}`, `res${unit}`])
  .concat('incbin', 'times');
const SIZES = ['byte', 'word', 'dword', 'qword', 'tword', 'oword', 'yword', 'zword', 'ptr'];
const MODIFIERS = ['abs', 'far', 'long', 'near', 'nosplit', 'rel', 'seg', 'short', 'strict', 'to', 'wrt', 'dup'];

const registerNames = (): string[] => [...Object.values(REGISTER_NAMES).flat(), 'st'];

const numbers: Rule[] = [
  {
    name: 'constant.numeric.float.asm',
    match: `${START}\\d[\\d_]*(?:\\.[\\d_]*(?:[eE][+-]?\\d+)?|[eE][+-]?\\d+)${END}`,
  },
  {
    name: 'constant.numeric.hex.asm',
    match: `${START}(?:0[xXhH][\\da-fA-F_]+|\\$\\d[\\da-fA-F_]*|\\d[\\da-fA-F_]*[hHxX])${END}`,
  },
  { name: 'constant.numeric.binary.asm', match: `${START}(?:0[bByY][01_]+|[01][01_]*[bByY])${END}` },
  { name: 'constant.numeric.octal.asm', match: `${START}(?:0[oOqQ][0-7_]+|[0-7][0-7_]*[oOqQ])${END}` },
  { name: 'constant.numeric.decimal.asm', match: `${START}(?:0[dDtT])?\\d[\\d_]*[dDtT]?${END}` },
];

const strings: Rule[] = [
  { name: 'string.quoted.double.asm', begin: '"', end: '"|$' },
  { name: 'string.quoted.single.asm', begin: "'", end: "'|$" },
  {
    name: 'string.quoted.other.backquote.asm',
    begin: '`',
    end: '`|$',
    patterns: [
      {
        name: 'constant.character.escape.asm',
        match: '\\\\(?:x[\\da-fA-F]{1,2}|u[\\da-fA-F]{4}|U[\\da-fA-F]{8}|[0-7]{1,3}|.)',
      },
    ],
  },
];

const labels: Rule[] = [
  {
    comment: 'name: or name followed by a declaration',
    match: `^\\s*(?:(${IDENTIFIER}|%%\\w+|%\\$+\\w+)\\s*(:)|(?!(?i:times|align|alignb)\\b)(${IDENTIFIER})(?=\\s+(?i:equ|d[bwdqtoyz]|res[bwdqtoyz]|incbin|times)\\b))`,
    captures: {
      1: { name: 'entity.name.function.label.asm' },
      2: { name: 'punctuation.separator.label.asm' },
      3: { name: 'entity.name.function.label.asm' },
    },
  },
];

const preprocessor: Rule[] = [
  {
    comment: 'definitions of macros',
    match: `(?i)^\\s*(%i?(?:define|xdefine|assign|defstr|deftok|strlen|strcat|substr|defalias|undef|macro|idefine|ixdefine|iassign|imacro|rmacro|irmacro))\\s+(${IDENTIFIER})`,
    captures: { 1: { name: 'keyword.control.preprocessor.asm' }, 2: { name: 'entity.name.function.preprocessor.asm' } },
  },
  { name: 'keyword.control.preprocessor.asm', match: '^\\s*%\\s*[A-Za-z]\\w*' },
  {
    name: 'variable.parameter.macro.asm',
    match: '%(?:[+-]?\\d+|\\*|\\?\\??|00|\\{[^}\\n]*\\}|%[A-Za-z_.][\\w.]*|\\$+[A-Za-z_.][\\w.]*|![A-Za-z_]\\w*)',
  },
  { name: 'support.constant.preprocessor.asm', match: '__\\??[A-Za-z_0-9]+\\??__' },
];

/** The whole grammar; deterministic, so that the written file changes only with the table. */
export const grammar = (): Grammar => {
  const all = [...mnemonics()];
  const flow = all.filter(isFlow);
  const privileged = all.filter((m) => !isFlow(m) && isPrivileged(m));
  const ordinary = all.filter((m) => !flow.includes(m) && !privileged.includes(m));
  return {
    name: 'x86 Assembly (Ringside)',
    scopeName: 'source.asm.ringside',
    patterns: [
      { include: '#comments' },
      { include: '#preprocessor' },
      { include: '#labels' },
      { include: '#strings' },
      { include: '#words' },
      { include: '#numbers' },
      { include: '#operators' },
    ],
    repository: {
      comments: { patterns: [{ name: 'comment.line.semicolon.asm', match: ';.*$' }] },
      preprocessor: { patterns: preprocessor },
      labels: { patterns: labels },
      strings: { patterns: strings },
      numbers: { patterns: numbers },
      words: {
        patterns: [
          { name: 'variable.language.register.asm', match: words(registerNames()) },
          { name: 'storage.type.size.asm', match: words(SIZES) },
          { name: 'keyword.other.prefix.asm', match: `${words(PREFIXES)}(?!\\s*:)` },
          { name: 'storage.modifier.asm', match: words(MODIFIERS) },
          { name: 'storage.type.data.asm', match: mnemonicWords([...PSEUDO, 'equ']) },
          { name: 'keyword.control.flow.mnemonic.asm', match: mnemonicWords(flow) },
          { name: 'keyword.other.privileged.mnemonic.asm', match: mnemonicWords(privileged) },
          { name: 'support.function.mnemonic.asm', match: mnemonicWords(ordinary) },
          { name: 'keyword.other.directive.asm', match: `(?i)(?:^|\\[)\\s*(?:${DIRECTIVES.join('|')})${END}` },
          { name: 'variable.language.location.asm', match: '\\$\\$?(?![\\w.])' },
        ],
      },
      operators: {
        patterns: [{ name: 'keyword.operator.asm', match: '<=>|<<<?|>>>?|&&|\\|\\||\\^\\^|[-+*/%&|^~!<>=]=?' }],
      },
    },
  };
};
