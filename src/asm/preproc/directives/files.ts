// %include, %require, %use, %depend, %line, %clear, %aliases, %pragma and the contexts of %push and %pop.
import { INCLUDE_DEPTH } from '../../limits';
import { parseNumber } from '../../text/numbers';
import { unquote, unquoteText } from '../../text/quote';
import { fromByteString } from '../../text/bytes';
import { opToken, madeToken, skipSpace, SPACE, textOf, withoutSpace, type Token } from '../../token/token';
import { usePackage } from '../packages';
import { SingleMacroTable } from '../singleMacros';
import type { Frame, PreprocessorState, StoredLine } from '../state';
import { expandName, warnTrailing } from './common';

export function sourceFrame(file: string, lines: readonly StoredLine[]): Frame {
  return {
    file,
    lines,
    index: 0,
    lineBase: 0,
    lineStep: 1,
    blocks: [],
    conditions: [],
    where: { file, line: 0 },
  };
}

/** The file name that follows a directive; reports when there is none. */
function fileName(state: PreprocessorState, word: Token, tokens: readonly Token[]): Token | undefined {
  const expanded = state.expand(tokens);
  const start = skipSpace(expanded, 0);
  const name = expanded[start];
  if (name?.kind !== 'str') {
    state.error(`\`${word.text}' expects a file name`, name ?? word);
    return undefined;
  }
  warnTrailing(state, expanded, start + 1, word.text);
  return name;
}

export function include(state: PreprocessorState, word: Token, tokens: readonly Token[], once: boolean): void {
  const name = fileName(state, word, tokens);
  if (!name) return;
  const written = unquoteText(name.text);
  const from = state.frame().where.file;
  const found = state.host.readSource(written, from);
  if (!found) {
    const hint = 'No such file or directory; check the name and the include paths';
    state.error(`unable to open include file \`${written}': ${hint}`, name);
    return;
  }
  if (once && state.required.has(found.path)) return;
  state.required.add(found.path);
  if (state.frames.length >= INCLUDE_DEPTH) {
    state.fatal(`include files nested more than ${INCLUDE_DEPTH} deep: does \`${written}' include itself?`, name);
    return;
  }
  state.frames.push(sourceFrame(found.path, found.lines));
  state.host.listLevel(1);
}

export function depend(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  fileName(state, word, tokens);
}

export function use(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  const expanded = state.expand(tokens);
  const name = expanded[skipSpace(expanded, 0)];
  if (name?.kind !== 'id' && name?.kind !== 'str') {
    state.error(
      `\`${word.text}' expects a package name, got ${name ? `\`${name.text}'` : 'end of line'}`,
      name ?? word,
    );
    return;
  }
  warnTrailing(state, expanded, expanded.indexOf(name) + 1, word.text);
  const wanted = unquoteText(name.text);
  const lines = usePackage(state, wanted.toLowerCase());
  if (!lines) state.error(`unknown \`${word.text}' package: \`${wanted}'`, name);
  else if (lines.length > 0) {
    const frame = state.frame();
    const { where } = frame;
    const macro = frame.blocks.at(-1)?.macro;
    const body = lines.map((line) => ({ tokens: line, where }));
    frame.blocks.push({ lines: body, index: 0, remaining: 1, macro, conditions: 0, returnTo: where, silent: true });
  }
}

/** `%line nnn[+mmm] [file]`, and `# nnn "file"` as other preprocessors write it. */
export function lineDirective(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  const frame = state.frame();
  if (frame.blocks.length > 0) return;
  let i = skipSpace(tokens, 0);
  const number = tokens[i]?.kind === 'num' ? parseNumber(tokens[i]!.text) : undefined;
  if (!number) {
    state.error(`\`${word.text}' expects a line number`, tokens[i] ?? word);
    return;
  }
  let step = 1n;
  i++;
  if (tokens[i]?.is('+') || tokens[i]?.is('-')) {
    const minus = tokens[i]!.is('-');
    const increment = tokens[i + 1]?.kind === 'num' ? parseNumber(tokens[i + 1]!.text) : undefined;
    if (!increment) {
      state.error(`\`${word.text}' expects a line increment`, tokens[i + 1] ?? word);
      return;
    }
    step = minus ? -increment.value : increment.value;
    i += 2;
  }
  const rest = tokens.slice(skipSpace(tokens, i));
  if (rest[0])
    frame.file = rest[0].kind === 'str' ? fromByteString(unquote(rest[0].text, word.text === '#')) : textOf(rest);
  frame.lineStep = Number(step);
  frame.lineBase = Number(number.value) - (frame.lines[frame.index]?.line ?? 0) * frame.lineStep + frame.lineStep;
  frame.where = { file: frame.file, line: Number(number.value) };
}

export function clear(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  const words = withoutSpace(state.expand(tokens));
  let inContext = false;
  const run = (macros: boolean, aliases: boolean, multi: boolean): void => {
    const tables = inContext ? state.contexts.map((context) => context.macros) : [state.macros];
    for (const table of tables) table.clear(macros, aliases);
    if (multi && !inContext) state.multi.clear();
  };
  if (words.length === 0) run(true, false, true);
  for (const token of words) {
    const text = token.text.toLowerCase();
    if (text === 'context' || text === 'ctx') inContext = true;
    else if (text === 'global') inContext = false;
    else if (text === 'all') run(true, true, true);
    else if (['define', 'def', 'smacro'].includes(text)) run(true, false, false);
    else if (['defalias', 'alias', 'salias'].includes(text)) run(false, true, false);
    else if (['alldef', 'alldefine'].includes(text)) run(true, true, false);
    else if (text === 'macro' || text === 'mmacro') run(false, false, true);
    else if (!['nothing', 'none', 'ignore', '-', '--'].includes(text)) {
      state.error(`invalid option to ${word.text}: ${token.text}`, token);
      return;
    }
  }
}

export function booleanOption(state: PreprocessorState, tokens: readonly Token[], fallback: boolean): boolean {
  const word = tokens[skipSpace(tokens, 0)];
  if (!word) return true;
  const text = word.text.toLowerCase();
  if (['yes', 'true', 'on'].includes(text)) return true;
  if (['no', 'false', 'off'].includes(text)) return false;
  const value = state.evaluateNumber(tokens, 'boolean flag expression must be a constant');
  return value === undefined ? fallback : value !== 0n;
}

/** Gives the `[pragma ...]` line that the assembler gets, if any. */
export function pragma(state: PreprocessorState, tokens: readonly Token[]): readonly Token[] | undefined {
  const words = withoutSpace(state.expand(tokens));
  if (words[0]?.kind !== 'id') return undefined;
  if (words[0].text.toLowerCase() !== 'preproc') {
    return [
      opToken('[', words[0]),
      madeToken('id', 'pragma', words[0]),
      ...words.flatMap((word) => [SPACE, word]),
      opToken(']'),
    ];
  }
  if (words[1]?.kind === 'id' && words[1].text.toLowerCase() === 'sane_empty_expansion') {
    state.sanePragma = booleanOption(state, words.slice(2), state.sanePragma);
  }
  return undefined;
}

export function contextDirective(
  state: PreprocessorState,
  name: 'push' | 'pop' | 'repl',
  word: Token,
  tokens: readonly Token[],
): void {
  const { head, rest } = expandName(state, tokens);
  if (head && head.kind !== 'id') {
    state.error(`\`${word.text}' expects a context identifier`, head);
    return;
  }
  if (head) warnTrailing(state, rest, 0, word.text);
  if (name === 'push') {
    state.contexts.push({ name: head?.text, number: state.unique++, macros: new SingleMacroTable() });
    return;
  }
  const current = state.contexts.at(-1);
  if (!current) state.error(`\`${word.text}': context stack is empty`, word);
  else if (name === 'repl') current.name = head?.text;
  else if (head && current.name?.toLowerCase() !== head.text.toLowerCase()) {
    state.error(`\`${word.text}' in wrong context: ${current.name ?? 'anonymous'}, expected ${head.text}`, head);
  } else state.contexts.pop();
}
