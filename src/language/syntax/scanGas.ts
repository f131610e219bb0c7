// Reads a GNU as source (AT&T or Intel syntax) as far as navigation and hover need it: labels, constants, macros, and the
// names and instructions of each line. It is never judged: what is not understood is passed over.
import { Token, type TokenKind } from '../../asm/token/token';
import { lineRange } from '../position';
import type { Block, Definition, DefinitionKind, FileReference, Name, SyntaxLine } from './types';

export interface GasSyntax {
  lines: SyntaxLine[];
  definitions: Definition[];
  uses: Name[];
  references: FileReference[];
  blocks: Block[];
}

/** Strings, registers, numbers, names with their first character, anything else alone. */
const PIECE =
  /"(?:\\.|[^"\\])*"?|%[A-Za-z]\w*|\$?(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+[bf]?)\b|\$?[A-Za-z_.][\w.$]*|[^\s\w]/g;
const NAME = /^[A-Za-z_.][\w.$]*$/;
const REGISTER_OR_SIZE =
  /^(r?[abcd]x|e?[abcd]x|[abcd][lh]|[re]?(si|di|sp|bp|ip)|[sd]il|[sb]pl|r\d+[dwb]?|[cdefgs]s|[cd]r\d+|x?mm\d+|st|byte|word|dword|qword|ptr|offset|short|near|far)$/i;

const kindOf = (text: string): TokenKind => {
  if (text.startsWith('"')) return 'str';
  if (/^\$?\d/.test(text)) return 'num';
  return /^[$%A-Za-z_.]/.test(text) && text.length > 1 ? 'id' : /^[A-Za-z_]$/.test(text) ? 'id' : 'op';
};

/** Text with comments blanked out, so that columns stay. */
function withoutComments(text: string): string {
  const blank = (found: string): string => found.replace(/[^\n]/g, ' ');
  return text
    .replace(/"(?:\\.|[^"\\\n])*"?|\/\*[^]*?(?:\*\/|$)/g, (found) => (found.startsWith('"') ? found : blank(found)))
    .replace(/^(\s*)#(?!\s*(include|define)\b).*$/gm, blank)
    .replace(/(?<=\s)#.*$|\/\/.*$/gm, blank);
}

export function scanGas(path: string, text: string): GasSyntax {
  const syntax: GasSyntax = { lines: [], definitions: [], uses: [], references: [], blocks: [] };
  let scope = '';
  /** How often each numeric label, as `1:`, has been defined so far. */
  const numeric = new Map<string, number>();
  let macro: Definition | undefined;
  withoutComments(text)
    .split(/\r\n|\n|\r/)
    .forEach((content, line) => {
      const at = { file: path, line: line + 1 };
      const include = /^\s*(?:#\s*|\.)include\s+"([^"]*)"/.exec(content);
      if (include) {
        const from = content.indexOf('"') + 1;
        syntax.references.push({
          path: include[1]!,
          range: lineRange(line, from, from + include[1]!.length),
          kind: 'include',
        });
      }
      const tokens = [...content.matchAll(PIECE)].map(
        (found) => new Token(kindOf(found[0]), found[0], at, found.index + 1, found.index + 1 + found[0].length),
      );
      const index = syntax.lines.length;
      const define = (token: Token, kind: DefinitionKind, detail = ''): Definition => {
        const range = lineRange(line, token.column - 1, token.endColumn - 1);
        const definition = { text: token.text, key: token.text, range, index, kind, lastLine: line, detail };
        syntax.definitions.push(definition);
        return definition;
      };
      let rest = tokens;
      let label: Token | undefined;
      if (tokens[1]?.is(':') && tokens[0]!.kind === 'id') {
        label = tokens[0]!;
        rest = tokens.slice(2);
        const isLocal = label.text.startsWith('.L');
        define(label, isLocal ? 'local' : 'label');
        if (!isLocal) scope = label.text;
      }
      if (tokens[1]?.is(':') && /^\d+$/.test(tokens[0]!.text)) {
        label = tokens[0]!;
        rest = tokens.slice(2);
        const count = (numeric.get(label.text) ?? 0) + 1;
        numeric.set(label.text, count);
        Object.assign(define(label, 'local'), { key: `${label.text}:${count}` });
      }
      const head = rest[0];
      const word = head?.text.toLowerCase() ?? '';
      let defined: Token | undefined;
      if (/^\.(set|equ|equiv)$/.test(word) && rest[1]?.kind === 'id') {
        define((defined = rest[1]), 'equ', content.slice(rest[1].endColumn).replace(/^\s*,/, '').trim());
      } else if (word === '.macro' && rest[1]?.kind === 'id') {
        macro = define((defined = rest[1]), 'macro', content.slice(rest[1].endColumn).trim());
      } else if (word === '.endm' && macro) {
        macro.lastLine = line;
        syntax.blocks.push({ kind: 'macro', start: macro.range.start.line, end: line });
        macro = undefined;
      } else if (rest[1]?.is('=') && head?.kind === 'id') define((defined = head), 'equ');
      const isDirective = word.startsWith('.');
      for (const token of rest) {
        const numbered = /^(\d+)([bf])$/.exec(token.text);
        if (numbered) {
          const [, digits, direction] = numbered as unknown as [string, string, string];
          const key = `${digits}:${(numeric.get(digits) ?? 0) + (direction === 'f' ? 1 : 0)}`;
          syntax.uses.push({
            text: token.text,
            key,
            range: lineRange(line, token.column - 1, token.endColumn - 1),
            index,
          });
        }
        if (token.kind !== 'id' || token === defined || (token === head && isDirective)) continue;
        const name = token.text.replace(/^\$/, '');
        if (!NAME.test(name) || REGISTER_OR_SIZE.test(name)) continue;
        const from = token.endColumn - 1 - name.length;
        syntax.uses.push({ text: name, key: name, range: lineRange(line, from, token.endColumn - 1), index });
      }
      syntax.lines.push({
        line,
        tokens,
        prefixes: [],
        operands: [],
        kind: tokens.length === 0 ? 'empty' : isDirective ? 'directive' : 'instruction',
        comment: -1,
        scope,
        ...(head ? { head } : {}),
        ...(label ? { label } : {}),
        ...(macro ? { inMacro: macro.text } : {}),
      });
    });
  return syntax;
}
