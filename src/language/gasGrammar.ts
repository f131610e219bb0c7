// The TextMate grammar of GNU as sources (.s, .S) in AT&T and Intel syntax, preprocessed by C or not; mnemonics and
// registers come from the instruction table. `npm run build` writes it to syntaxes/.
import { mnemonics, PREFIXES } from '../isa/encode';
import { REGISTER_NAMES } from '../isa/registers';
import type { Grammar } from './grammar';

const START = '(?<![\\w.$%])';
const END = '(?![\\w$])';

const alternatives = (list: Iterable<string>): string =>
  [...new Set(list)]
    .sort()
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('|');

const isFlow = (mnemonic: string): boolean => /^(j|loop|call|ret|iret|int|sysc|syse|sysr|into|hlt|ud)/.test(mnemonic);

/** AT&T syntax writes the size behind the mnemonic: movl, pushq, movzbl. */
const statement = (list: readonly string[]): string =>
  `(?i)${START}(?:${alternatives(list)})(?:[bwlqst]{1,2})?${END}(?!\\s*:)`;

/** The whole grammar; deterministic, so that the written file changes only with the table. */
export const gasGrammar = (): Grammar => {
  const all = [...mnemonics()];
  const registers = alternatives([...Object.values(REGISTER_NAMES).flat(), 'st', 'eip', 'rip']);
  return {
    name: 'GNU Assembly (Ringside)',
    scopeName: 'source.gas.ringside',
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
      comments: {
        patterns: [
          { name: 'comment.block.gas', begin: '/\\*', end: '\\*/' },
          { name: 'comment.line.double-slash.gas', match: '//.*$' },
          {
            name: 'comment.line.number-sign.gas',
            match:
              '(?:^\\s*#(?!\\s*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|error|pragma)\\b)|(?<=\\s)#).*$',
          },
        ],
      },
      preprocessor: {
        patterns: [
          {
            name: 'keyword.control.preprocessor.gas',
            match: '^\\s*#\\s*(?:include|define|undef|if|ifdef|ifndef|elif|else|endif|error|pragma)\\b',
          },
        ],
      },
      labels: {
        patterns: [
          {
            match: '^\\s*([A-Za-z_.$][\\w.$]*|\\d+)\\s*(:)',
            captures: { 1: { name: 'entity.name.function.label.gas' }, 2: { name: 'punctuation.separator.label.gas' } },
          },
          {
            match: '(?i)^\\s*(\\.(?:macro|set|equ|equiv))\\s+([A-Za-z_.$][\\w.$]*)',
            captures: {
              1: { name: 'keyword.other.directive.gas' },
              2: { name: 'entity.name.function.preprocessor.gas' },
            },
          },
        ],
      },
      strings: {
        patterns: [
          {
            name: 'string.quoted.double.gas',
            begin: '"',
            end: '"|$',
            patterns: [{ name: 'constant.character.escape.gas', match: '\\\\(?:x[\\da-fA-F]+|[0-7]{1,3}|.)' }],
          },
          { name: 'string.quoted.single.gas', match: "'(?:\\\\.|[^\\s'])'?" },
        ],
      },
      words: {
        patterns: [
          { name: 'variable.language.register.gas', match: `(?i)%(?:${registers})${END}` },
          { name: 'variable.language.register.gas', match: `(?i)${START}(?:${registers})${END}` },
          { name: 'keyword.other.directive.gas', match: `${START}\\.[A-Za-z_]\\w*` },
          { name: 'variable.parameter.macro.gas', match: '\\\\[A-Za-z_@]\\w*' },
          { name: 'keyword.other.prefix.gas', match: `(?i)${START}(?:${alternatives(PREFIXES)})${END}(?!\\s*:)` },
          {
            name: 'keyword.control.flow.mnemonic.gas',
            match: statement([...all.filter(isFlow), 'ljmp', 'lcall', 'lret']),
          },
          {
            name: 'support.function.mnemonic.gas',
            match: statement([
              ...all.filter((mnemonic) => !isFlow(mnemonic)),
              'movsb',
              'movzb',
              'movsw',
              'movzw',
              'movsl',
            ]),
          },
          { name: 'storage.type.size.gas', match: `(?i)${START}(?:byte|word|dword|qword|tbyte|xmmword)\\s+ptr${END}` },
        ],
      },
      numbers: {
        patterns: [
          { name: 'constant.numeric.hex.gas', match: '\\$?(?<![\\w.])0[xX][\\da-fA-F]+' },
          { name: 'constant.numeric.binary.gas', match: '\\$?(?<![\\w.])0[bB][01]+' },
          { name: 'constant.numeric.decimal.gas', match: '\\$?(?<![\\w.])\\d+[bf]?(?!\\w)' },
        ],
      },
      operators: { patterns: [{ name: 'keyword.operator.gas', match: '<<|>>|&&|\\|\\||[-+*/|&^~!<>=]' }] },
    },
  };
};
