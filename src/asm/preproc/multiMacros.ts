// Calls of multi-line macros: finding the definition that fits, splitting parameters, starting the expansion
// (NASM manual, "Multi-Line Macros").
import { MACRO_CALLS } from '../limits';
import { opToken, skipSpace, type Token } from '../token/token';
import type { BodyLine, Invocation, MultiMacro, PreprocessorState } from './state';

export interface RawParameters {
  /** Tokens of each, surrounding white space included. */
  list: (readonly Token[])[];
  /** The last one is empty and not in braces. */
  emptyTail: boolean;
}

/** Splits at commas that no braces protect. Nothing but white space is no parameter at all. */
export function splitParameters(state: PreprocessorState, tokens: readonly Token[]): RawParameters {
  const list: (readonly Token[])[] = [];
  let i = skipSpace(tokens, 0);
  if (i >= tokens.length) return { list, emptyTail: false };
  let comma = false;
  for (;;) {
    const start = i;
    let empty = true;
    if (tokens[i]?.is('{')) {
      empty = false;
      i = closingBrace(tokens, i);
      if (i >= tokens.length) state.error('expecting closing brace in macro parameter', tokens[start]);
      else {
        i = skipSpace(tokens, i + 1);
        if (i < tokens.length && !tokens[i]!.is(',')) {
          state.error('braces do not enclose all of macro parameter', tokens[i]);
        }
      }
    }
    for (; i < tokens.length && !tokens[i]!.is(','); i++) if (tokens[i]!.kind !== 'ws') empty = false;
    // White space after the comma belongs to it: a greedy parameter keeps it.
    list.push(tokens.slice(comma && tokens[start - 1]?.kind === 'ws' ? start - 1 : start, i));
    if (i >= tokens.length) return { list, emptyTail: comma && empty };
    comma = true;
    i = skipSpace(tokens, i + 1);
  }
}

function closingBrace(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    if (tokens[i]!.is('{')) depth++;
    else if (tokens[i]!.is('}') && --depth === 0) return i;
  }
  return tokens.length;
}

const sameName = (macro: MultiMacro, name: string): boolean =>
  macro.caseSensitive ? macro.name === name : macro.name.toLowerCase() === name.toLowerCase();

/** Whether defining a macro of that shape would clash with `macro`. */
export const overlaps = (macro: MultiMacro, least: number, most: number, greedy: boolean): boolean =>
  (macro.least <= most || greedy) && (least <= macro.most || macro.greedy);

interface Match {
  macro: MultiMacro;
  parameters: (readonly Token[])[];
  count: number;
  /** How many of `parameters` the call wrote; the others are defaults. */
  given: number;
}

const fits = (macro: MultiMacro, count: number): boolean =>
  macro.least <= count && (macro.greedy || count <= macro.most);

/** Adds the defaults that the call left out. */
function complete(macro: MultiMacro, given: readonly (readonly Token[])[]): Match {
  const parameters = [...given];
  for (let i = parameters.length; i < macro.least + macro.defaults.length; i++) {
    parameters.push(macro.defaults[i - macro.least] ?? []);
  }
  let count = parameters.length;
  if (macro.greedy && count > macro.most) count = macro.most;
  return { macro, parameters, count, given: given.length };
}

/** The definition that the call with its name at `at` means; undefined when it is no macro call. */
function findMatch(state: PreprocessorState, line: readonly Token[], at: number): Match | undefined {
  const name = line[at]!;
  const all = state.multiNamed(name.text);
  if (!all) return undefined;
  state.unsteady++;
  const named = all.filter((macro) => sameName(macro, name.text));
  const start = named.findIndex((macro) => macro.active === 0 || macro.recursive);
  if (start < 0) return undefined;
  const tokens = line.slice(at + 1);
  const usable = named.slice(start);
  const raw = splitParameters(state, tokens);
  const given = raw.list.length;
  let found = usable.find((macro) => fits(macro, given));
  // A macro being expanded hides its older namesakes of that shape, so that it can wrap an instruction.
  if (found && found.active > 0 && !found.recursive) return undefined;
  let parameters: readonly (readonly Token[])[] = raw.list;
  let counted: number | undefined;
  if (!state.sanePragma && !found && given === 0 && tokens.length > 0) {
    found = usable.find((macro) => fits(macro, 1));
    if (found) counted = found.defaults.length > 0 ? undefined : 0;
  } else if (!state.sanePragma && !found && given > 1 && raw.emptyTail) {
    found = usable.find((macro) => fits(macro, given - 1));
    if (found) parameters = raw.list.slice(0, -1);
  } else if (!state.sanePragma && found && raw.emptyTail) {
    parameters = dropEmptyTail(found, raw.list);
  }
  if (found && found.active > 0 && !found.recursive) return undefined;
  if (!found) {
    const plural = given === 1 ? '' : 's';
    const message = `multi-line macro \`${name.text}' exists, but not taking ${given} parameter${plural}`;
    state.warn('pp-macro-params-multi', message, name);
    return undefined;
  }
  warnLegacy(state, found, given, raw.emptyTail, name);
  const match = complete(found, parameters);
  if (counted !== undefined) match.count = counted;
  return match;
}

/** nasm before 2.15 dropped an empty last parameter; 2.16 still does, unless a default can take its place. */
function dropEmptyTail(macro: MultiMacro, list: readonly (readonly Token[])[]): readonly (readonly Token[])[] {
  const given = list.length;
  const kept = list.slice(0, -1);
  if (given > macro.least && given <= macro.least + macro.defaults.length) {
    return [...kept, macro.defaults[given - macro.least - 1] ?? []];
  }
  return given > macro.most && macro.greedy ? [...kept, []] : kept;
}

function warnLegacy(state: PreprocessorState, macro: MultiMacro, given: number, emptyTail: boolean, name: Token): void {
  if (state.sanePragma) return;
  if (given < macro.least || (given > macro.most && !macro.greedy)) {
    const message = `improperly calling multi-line macro \`${macro.name}' with ${given} parameters`;
    state.warn('pp-macro-params-legacy', message, name);
  } else if (emptyTail) {
    const message = `dropping trailing empty parameter in call to multi-line macro \`${macro.name}'`;
    state.warn('pp-macro-params-legacy', message, name);
  }
}

/** Drops surrounding white space and the braces around the whole. */
function cleanParameter(tokens: readonly Token[]): readonly Token[] {
  let start = skipSpace(tokens, 0);
  let end = tokens.length;
  while (end > start && tokens[end - 1]!.kind === 'ws') end--;
  if (tokens[start]?.is('{')) {
    const close = closingBrace(tokens, start);
    start++;
    end = Math.min(close, end);
  }
  return start === 0 && end === tokens.length ? tokens : tokens.slice(start, end);
}

/** Parameters as %1.. see them; the greedy last one keeps its commas. */
function finishParameters(match: Match): (readonly Token[])[] {
  const { macro, parameters, count } = match;
  const out: (readonly Token[])[] = [[]];
  for (let i = 0; i < count && i < parameters.length; i++) {
    const last = macro.greedy && i === count - 1;
    const end = i < match.given ? match.given : parameters.length;
    out.push(last ? greedyTail(parameters.slice(i, end)) : cleanParameter(parameters[i]!));
  }
  return out;
}

function greedyTail(rest: readonly (readonly Token[])[]): readonly Token[] {
  if (rest[0]?.[skipSpace(rest[0], 0)]?.is('{')) return cleanParameter(rest[0]);
  const joined: Token[] = [];
  rest.forEach((tokens, index) => {
    if (index > 0) joined.push(opToken(',', tokens[0] ?? rest[0]![0]));
    joined.push(...tokens);
  });
  return cleanParameter(joined);
}

/** Starts the expansion when the line calls a multi-line macro, possibly after a label; true when it does. */
export function expandMultiMacro(state: PreprocessorState, tokens: readonly Token[]): boolean {
  let at = skipSpace(tokens, 0);
  const first = tokens[at];
  if (first?.kind !== 'id' && first?.kind !== 'ctx') return false;
  let match = findMatch(state, tokens, at);
  let label: readonly Token[] | undefined;
  if (!match) {
    let next = skipSpace(tokens, at + 1);
    const colon = tokens[next]?.is(':') === true;
    if (colon) next = skipSpace(tokens, next + 1);
    const second = tokens[next];
    if (second?.kind !== 'id') return false;
    match = findMatch(state, tokens, next);
    if (!match) return false;
    label = colon ? tokens.slice(0, next) : [...tokens.slice(0, next), opToken(':', first)];
    at = next;
  }
  return start(state, match, tokens[at]!, label, first);
}

function start(
  state: PreprocessorState,
  match: Match,
  name: Token,
  label: readonly Token[] | undefined,
  first: Token,
): boolean {
  const frame = state.frame();
  const { macro } = match;
  const depth = frame.blocks.length;
  if (depth >= state.host.limits.depth || state.unique > 0xffffffff || state.calls >= MACRO_CALLS) {
    state.fatal('interminable multiline macro recursion', name);
    return true;
  }
  state.calls++;
  const parameters = finishParameters(match);
  const call: Invocation = {
    macro,
    name,
    parameters,
    count: match.count,
    rotation: 0,
    unique: state.unique++,
    callAt: frame.where,
    outer: frame.blocks.at(-1)?.macro,
  };
  if (label && macro.capturesLabel) parameters[0] = [first];
  macro.active++;
  let lines: readonly BodyLine[] = macro.body;
  if (macro.native) lines = macro.native(call).map((tokens) => ({ tokens, where: frame.where }));
  if (label && !macro.capturesLabel) lines = [{ tokens: label, where: frame.where }, ...lines];
  // What a .nolist macro calls is not listed, either.
  const silent = macro.silent || frame.blocks.at(-1)?.silent === true;
  frame.blocks.push({
    lines,
    index: 0,
    remaining: 1,
    invocation: call,
    macro: call,
    conditions: 0,
    returnTo: frame.where,
    silent,
  });
  if (!silent) state.host.listLevel(1);
  return true;
}
