// Reads one file into its syntax. Understands lines as the assembler's parser does (NASM manual, "Layout of a NASM Source
// Line"), but asks nothing of other lines: what a macro makes of a line is the project's business.
import { logicalLines } from '../../asm/text/lines';
import { keyword } from '../../asm/token/keywords';
import type { SourceLine, Token } from '../../asm/token/token';
import { tokenize } from '../../asm/token/tokenizer';
import { type Flavour, flavourOf } from '../flavour';
import { lineRange, type Range } from '../position';
import { DIRECTIVES } from '../words';
import { Blocks } from './blocks';
import { macroDefinition } from './macroLines';
import { scanGas } from './scanGas';
import type { Definition, DefinitionKind, FileReference, FileSyntax, Name, SyntaxLine } from './types';

export const rangeOf = (token: Token): Range =>
  lineRange((token.at?.line ?? 1) - 1, Math.max(0, token.column - 1), Math.max(0, token.endColumn - 1));

/** `$name` is the name that would otherwise be a reserved word. */
export const plainName = (text: string): string => (text.startsWith('$') ? text.slice(1) : text);

const isLocalName = (name: string): boolean => name.startsWith('.') && !name.startsWith('..');

const isReserved = (token: Token): boolean => !token.text.startsWith('$') && keyword(token.text) !== undefined;

const NONE: readonly never[] = [];

const BEFORE_LABELLESS = new Set(['instruction', 'prefix']);

/** Splits operands at top-level commas. */
export function splitOperands(tokens: readonly Token[]): Token[][] {
  if (tokens.length === 0) return [];
  const list: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.is('[') || token.is('(') || token.is('{')) depth++;
    else if (token.is(']') || token.is(')') || token.is('}')) depth--;
    if (token.is(',') && depth <= 0) list.push([]);
    else list.at(-1)!.push(token);
  }
  return list;
}

/** `flavour` when it is known. */
export function scanFile(path: string, text: string, flavour?: Flavour): FileSyntax {
  return new Scanner(path, text).run(flavour ?? flavourOf(text, path));
}

class Scanner {
  private readonly lines: SyntaxLine[] = [];
  private readonly definitions: Definition[] = [];
  private readonly uses: Name[] = [];
  private readonly references: FileReference[] = [];
  private readonly blocks = new Blocks();
  private scope = '';
  private fileScope = '';
  private macro: Definition | undefined;
  private macroDepth = 0;
  private structure: Definition | undefined;
  private index = 0;

  constructor(
    private readonly path: string,
    private readonly text: string,
  ) {}

  run(flavour: Flavour): FileSyntax {
    const { path, text } = this;
    const texts = text.split(/\r\n|\n|\r/);
    if (flavour === 'gas') return { path, text, flavour, texts, ...scanGas(path, text) };
    if (flavour === 'nasm') {
      for (const { text: content, line, joins } of logicalLines(text)) {
        const at: SourceLine = { file: path, line };
        const tokens = tokenize(content, joins ? { at, joins } : { at }).filter((token) => token.kind !== 'ws');
        this.blocks.comments(line - 1, content);
        this.line(line - 1, tokens, commentColumn(content, tokens, joins !== undefined));
      }
    }
    const { definitions, uses, references, lines } = this;
    const last = Math.max(0, texts.length - 1);
    const blocks = this.blocks.finish(last, definitions);
    return { path, text, flavour, texts, lines, definitions, uses, references, blocks };
  }

  private line(line: number, tokens: readonly Token[], comment: number): void {
    this.index = this.lines.length;
    const first = tokens[0];
    if (first?.kind === 'ppid') return this.preprocessor(line, tokens, comment);
    // All properties at once: an edit makes thousands of these.
    const made: SyntaxLine = {
      line,
      tokens,
      label: undefined,
      prefixes: NONE,
      head: undefined,
      kind: 'empty',
      operands: NONE,
      comment,
      inMacro: this.macro?.text,
      scope: this.scope,
    };
    this.lines.push(made);
    if (!first) return;
    const bracketed = first.is('[') && tokens[1]?.kind === 'id' && tokens[1].text.toLowerCase() in DIRECTIVES;
    const rest = bracketed ? tokens.slice(1, tokens.at(-1)!.is(']') ? -1 : undefined) : tokens;
    this.parts(made, rest, bracketed);
    this.body(made);
  }

  /** Label, prefixes, head and operands. */
  private parts(made: SyntaxLine, tokens: readonly Token[], bracketed: boolean): void {
    let i = 0;
    let label: Token | undefined;
    const first = tokens[0]!;
    const isName = first.kind === 'id' || first.kind === 'local' || first.kind === 'ctx';
    const colon = tokens[1]?.is(':') === true;
    const second = tokens[1];
    const word = first.kind === 'id' && !bracketed ? keyword(first.text) : undefined;
    const isDirective = first.kind === 'id' && first.text.toLowerCase() in DIRECTIVES && !colon;
    if (isName && colon && !bracketed) {
      label = first;
      i = 2;
    } else if (isName && !word && !isDirective && second && this.opensStatement(second)) {
      label = first;
      i = 1;
    }
    let prefixes: Token[] | undefined;
    for (; i < tokens.length; i++) {
      const token = tokens[i]!;
      const known = token.kind === 'id' ? keyword(token.text) : undefined;
      const times = known?.type === 'prefix' && known.slot === 'times';
      const isPrefix = known?.type === 'prefix' || (known?.type === 'register' && known.register.cls === 'sreg');
      if (!isPrefix || (known?.type === 'register' && i + 1 >= tokens.length)) break;
      (prefixes ??= []).push(token);
      if (times) i = afterCount(tokens, i + 1) - 1;
    }
    const head = tokens[i];
    made.label = label;
    if (prefixes) made.prefixes = prefixes;
    if (!head) {
      made.kind = label && !prefixes ? 'label' : 'instruction';
      return;
    }
    if (i + 1 < tokens.length) made.operands = splitOperands(tokens.slice(i + 1));
    const known = head.kind === 'id' && !bracketed ? keyword(head.text) : undefined;
    if (isName && !label && tokens.length === 1 && !word && !isDirective) {
      made.label = first;
      made.kind = 'label';
      return;
    }
    made.head = head;
    if (known?.type === 'instruction') made.kind = known.pseudo ? 'data' : 'instruction';
    else made.kind = head.kind === 'id' && head.text.toLowerCase() in DIRECTIVES ? 'directive' : 'call';
  }

  private opensStatement(token: Token): boolean {
    if (token.kind !== 'id') return false;
    const known = keyword(token.text);
    return known !== undefined && BEFORE_LABELLESS.has(known.type);
  }

  /** Names that a line of code defines and uses. */
  private body(line: SyntaxLine): void {
    const { label, head, kind } = line;
    const before = this.scope;
    if (label) this.defineLabel(line, label);
    line.scope = this.scope;
    const name = head?.text.toLowerCase() ?? '';
    if (kind === 'directive' && this.directive(line, name)) return;
    if (kind === 'data' && name === 'incbin') this.reference(line.operands[0]?.[0], 'incbin');
    // The size of an equ or the like belongs to the scope in which it stands.
    const scope = kind === 'data' && name === 'equ' && label && !isLocalName(label.text) ? this.scope : undefined;
    for (const token of line.tokens) {
      if (token === label || (token === head && kind !== 'call')) continue;
      this.use(token, line.tokens, scope ?? this.scope ?? before);
    }
  }

  private defineLabel(line: SyntaxLine, label: Token): void {
    if (isPasted(label, line.tokens)) return;
    const name = plainName(label.text);
    const head = line.kind === 'data' ? line.head?.text.toLowerCase() : undefined;
    const alone = line.kind === 'label' && line.tokens.length === 1;
    const local = label.kind === 'local' || label.kind === 'ctx';
    const kind: DefinitionKind = local
      ? 'macroLocal'
      : this.structure
        ? 'field'
        : head === 'equ'
          ? 'equ'
          : head
            ? 'data'
            : isLocalName(name)
              ? 'local'
              : 'label';
    const definition = this.define(label, kind, {
      ...(alone ? { perhapsCall: true } : {}),
      ...(head ? { detail: textAfter(this.text, line, label) } : {}),
    });
    const opens = !isLocalName(name) && !name.startsWith('..') && !local;
    if (!opens) return;
    if (!this.structure && !(alone && this.macro)) this.scope = name;
    definition.key = this.keyOf(label);
  }

  private define(token: Token, kind: DefinitionKind, more: Partial<Definition> = {}): Definition {
    const range = rangeOf(token);
    const text = plainName(token.text);
    const key = more.key ?? this.keyOf(token);
    const definition = { text, key, range, index: this.index, kind, lastLine: range.start.line, ...more };
    this.definitions.push(definition);
    return definition;
  }

  private keyOf(token: Token, scope = this.scope): string {
    const name = plainName(token.text);
    if (token.kind === 'local') return `%macro ${this.macro?.text ?? ''} ${name}`;
    if (token.kind === 'ctx') return name;
    if (isLocalName(name)) return `${this.structure?.text ?? scope}${name}`;
    return name;
  }

  private use(token: Token, line: readonly Token[], scope = this.scope): void {
    if (token.kind !== 'id' && token.kind !== 'local' && token.kind !== 'ctx') return;
    if (token.kind === 'id' && (isReserved(token) || isPasted(token, line))) return;
    const text = plainName(token.text);
    this.uses.push({ text, key: this.keyOf(token, scope), range: rangeOf(token), index: this.index });
  }

  private reference(token: Token | undefined, kind: FileReference['kind']): void {
    if (token?.kind !== 'str') return;
    const range = rangeOf(token);
    range.start.character++;
    range.end.character--;
    this.references.push({ path: token.text.slice(1, -1), range, kind });
  }

  /** True when its operands are dealt with. */
  private directive(line: SyntaxLine, name: string): boolean {
    const names = line.operands.map((operand) => operand[0]).filter((token) => token?.kind === 'id');
    switch (name) {
      case 'struc':
      case 'endstruc':
        if (name === 'struc' && names[0]) {
          this.structure = this.define(names[0], 'struc');
          this.blocks.open('struc', line.line);
        } else {
          if (this.structure) this.structure.lastLine = line.line;
          this.structure = undefined;
          this.blocks.close('struc', line.line);
        }
        return true;
      case 'extern':
      case 'required':
      case 'common':
        for (const token of names) this.define(token!, 'extern');
        return true;
      case 'global':
      case 'static':
        for (const token of names) this.use(token!, line.tokens);
        return true;
      case 'section':
      case 'segment':
      case 'bits':
      case 'cpu':
      case 'default':
      case 'warning':
      case 'float':
        return true;
      default:
        return false;
    }
  }

  private preprocessor(line: number, tokens: readonly Token[], comment: number): void {
    const head = tokens[0]!;
    const name = head.text.slice(1).toLowerCase();
    const rest = tokens.slice(1);
    const operands = splitOperands(rest);
    const { scope } = this;
    this.lines.push({
      line,
      tokens,
      label: undefined,
      prefixes: NONE,
      head,
      kind: 'preprocessor',
      operands,
      comment,
      inMacro: /^(i?macro|i?rmacro|endm|endmacro)$/.test(name) ? undefined : this.macro?.text,
      scope,
    });
    this.blocks.directive(name, line);
    const target = rest[0];
    if (/^i?r?macro$/.test(name)) {
      if (this.macroDepth++ === 0 && target) this.openMacro(line, target, rest, name.startsWith('i'));
      return;
    }
    if (name === 'endmacro' || name === 'endm') {
      if (this.macroDepth > 0 && --this.macroDepth === 0 && this.macro) {
        this.macro.lastLine = line;
        this.macro = undefined;
        this.scope = this.fileScope;
      }
      return;
    }
    if (name === 'include') return this.reference(target, 'include');
    let from = 0;
    const definition = macroDefinition(name, rest, this.lineText(line));
    if (definition) {
      this.define(definition.token, 'constant', definition.more);
      from = 1;
    }
    if (/^(arg|local|stacksize|use|push|pop|repl|pragma)$/.test(name)) return;
    const parameters = new Set(definition?.more.parameters ?? []);
    for (const token of rest.slice(from)) if (!parameters.has(token.text)) this.use(token, tokens);
  }

  private openMacro(line: number, target: Token, rest: readonly Token[], insensitive: boolean): void {
    const from = rest[1] ? rest[1].column - 1 : Infinity;
    const detail = this.lineText(line).slice(from).replace(/;.*/, '').trim();
    const [least = '0', most] = detail.split(/[\s,]/)[0]!.replace(/\+$/, '').split('-');
    const open = /^\S*(\+|\*)/.test(detail);
    const counts = { least: Number(least) || 0, most: open ? Infinity : Number(most ?? least) || 0 };
    this.macro = this.define(target, 'macro', { key: plainName(target.text), detail, insensitive, counts });
    this.fileScope = this.scope;
    this.scope = `%macro ${target.text} `;
  }

  private lineText(line: number): string {
    return (this.physical ??= this.text.split(/\r\n|\n|\r/))[line] ?? '';
  }
  private physical: string[] | undefined;
}

/** Part of a name that is put together from pieces: `%1_handler`, `entry%2`. */
function isPasted(token: Token, line: readonly Token[]): boolean {
  const at = line.indexOf(token);
  const before = line[at - 1];
  const after = line[at + 1];
  const glues = (other: Token | undefined): boolean =>
    other !== undefined && ['param', 'indirect', 'paste', 'local'].includes(other.kind);
  return (
    (glues(before) && before!.endColumn === token.column && before!.kind !== 'local') ||
    (glues(after) && (after!.column === token.endColumn || after!.kind === 'paste')) ||
    before?.kind === 'paste'
  );
}

/** Index of the first token after the expression of `times`: it ends before a word that opens a statement. */
function afterCount(tokens: readonly Token[], from: number): number {
  let depth = 0;
  let i = from;
  for (; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token.is('(')) depth++;
    else if (token.is(')')) depth--;
    else if (depth === 0 && i > from && token.kind === 'id') {
      const known = keyword(token.text);
      const previous = tokens[i - 1]!;
      const complete = previous.kind !== 'op' || previous.is(')');
      if (known?.type === 'instruction' || known?.type === 'prefix' || (complete && !known)) return i;
    }
  }
  return i;
}

function commentColumn(text: string, tokens: readonly Token[], joined: boolean): number {
  if (joined) return -1;
  const last = tokens.at(-1);
  return text.indexOf(';', last ? last.endColumn - 1 : 0);
}

const textAfter = (text: string, line: SyntaxLine, label: Token): string => {
  const first = line.tokens[line.tokens.indexOf(label) + (line.tokens[1]?.is(':') ? 2 : 1)];
  const last = line.tokens.at(-1);
  if (!first || !last || first.at?.line !== last.at?.line) return '';
  return line.tokens
    .slice(line.tokens.indexOf(first))
    .map((token, i, all) => (i > 0 && token.column > all[i - 1]!.endColumn ? ` ${token.text}` : token.text))
    .join('');
};
