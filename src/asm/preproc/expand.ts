// Expansion of single-line macros in a line (NASM manual, "Single-Line Macros", "Preprocessor Functions").
// A line is a linked list while it is expanded, because the body of a macro may take its last call's arguments from the
// text that follows. Bodies are put in front of that text from their last token to their first.
import { EXPANSION_LEVELS, EXPANSION_TOKENS } from '../limits';
import { quote } from '../text/quote';
import { toByteString } from '../text/bytes';
import type { Token } from '../token/token';
import { madeToken, numberToken, opToken, SPACE, textOf, withoutSpace } from '../token/token';
import { SINGLE_MACRO_RULES, pasteTokens } from './paste';
import type { MacroParameter, SingleMacro } from './singleMacros';
import type { PreprocessorState } from './state';

interface Node {
  token: Token;
  next: Node | undefined;
}

interface Expanded {
  head: Node | undefined;
  /** First node after what was expanded. */
  rest: Node | undefined;
  changed: boolean;
}

interface Budget {
  tokens: number;
  levels: number;
  reported: boolean;
}

const NAMES = new Set(['id', 'ppid', 'ctx']);
const GLUE = new Set(['ctx', 'ppid', 'env', 'paste']);

function toList(tokens: readonly Token[], from: number): Node | undefined {
  let head: Node | undefined;
  for (let i = tokens.length - 1; i >= from; i--) head = { token: tokens[i]!, next: head };
  return head;
}

/** Nothing to expand nor to paste: the usual line. */
function isPlain(state: PreprocessorState, tokens: readonly Token[]): boolean {
  for (const token of tokens) {
    if (GLUE.has(token.kind)) return false;
    if (token.kind === 'id' && state.macros.candidates(token.text)) return false;
  }
  return true;
}

export function expandLine(state: PreprocessorState, tokens: readonly Token[]): Token[] {
  if (isPlain(state, tokens)) return tokens as Token[];
  return expandWithin(state, tokens, { tokens: EXPANSION_TOKENS, levels: EXPANSION_LEVELS, reported: false });
}

/** Copies the tokens in front of the first that may be a macro; gives its index. */
function copyPlain(state: PreprocessorState, tokens: readonly Token[], out: Token[], budget: Budget): number {
  if (budget.levels <= 0) return 0;
  let i = 0;
  for (; i < tokens.length && budget.tokens > 0; i++) {
    const token = tokens[i]!;
    if (NAMES.has(token.kind) && (token.kind !== 'id' || state.macros.candidates(token.text))) break;
    out.push(token);
    budget.tokens--;
  }
  return i;
}

function expandWithin(state: PreprocessorState, input: readonly Token[], budget: Budget): Token[] {
  let tokens = input as Token[];
  // The first round pastes even where nothing expanded; later ones go on only while something does.
  let expanded = true;
  for (;;) {
    const out: Token[] = [];
    const first = copyPlain(state, tokens, out, budget);
    for (let node = toList(tokens, first); node;) {
      const result = expandOne(state, node, budget);
      for (let at = result.head; at && at !== result.rest; at = at.next) out.push(at.token);
      expanded ||= result.changed;
      node = result.rest;
    }
    if (!expanded) return out;
    const joined = pasteTokens(out, SINGLE_MACRO_RULES, true);
    tokens = joined.tokens;
    if (!joined.pasted || budget.reported) return tokens;
    expanded = false;
  }
}

function findMacro(state: PreprocessorState, token: Token): readonly SingleMacro[] | undefined {
  if (token.kind !== 'ctx') return NAMES.has(token.kind) ? state.macros.candidates(token.text) : undefined;
  state.unsteady++;
  const scope = state.macroScope(token.text);
  return scope?.table.candidates(scope.name);
}

const bare = (token: Token): string => (token.kind === 'ctx' ? token.text.replace(/^%\$+/, '') : token.text);

function expandOne(state: PreprocessorState, start: Node, budget: Budget): Expanded {
  const plain: Expanded = { head: start, rest: start.next, changed: false };
  if (--budget.tokens < 0 || budget.levels <= 0) {
    if (!budget.reported) state.error('interminable macro recursion', start.token);
    budget.reported = true;
    return plain;
  }
  const list = findMacro(state, start.token);
  return list ? expandMacro(state, start, list, plain, budget) : plain;
}

function expandMacro(
  state: PreprocessorState,
  start: Node,
  list: readonly SingleMacro[],
  plain: Expanded,
  budget: Budget,
): Expanded {
  const name = bare(start.token);
  const lower = name.toLowerCase();
  const matches = (macro: SingleMacro): boolean =>
    !(macro.alias && state.macros.ignoreAliases) &&
    (macro.caseSensitive ? macro.name === name : macro.name.toLowerCase() === lower);
  const first = list.find(matches);
  if (!first) return plain;
  let macro: SingleMacro | undefined = first;
  let call: Call | undefined;
  if (first.parameters.length > 0) {
    const open = skipWhite(start.next);
    if (!open?.token.is('(')) return plain;
    const count = countArguments(state, open, start.token);
    if (count === undefined) return plain;
    macro = list.find(
      (candidate) => list.indexOf(candidate) >= list.indexOf(first) && matches(candidate) && takes(candidate, count),
    );
    if (!macro) {
      const plural = count === 1 ? '' : 's';
      const message = `single-line macro \`${name}' exists, but not taking ${count} parameter${plural}`;
      state.warn('pp-macro-params-single', message, start.token);
      return plain;
    }
    if (macro.parameters.length > 0) call = splitArguments(macro, open);
  }
  if (macro.active > 0 && !macro.recursive) return plain;
  macro.active++;
  budget.levels--;
  const result = substitute(state, macro, start, call, budget);
  budget.levels++;
  macro.active--;
  return result;
}

const takes = (macro: SingleMacro, count: number): boolean =>
  macro.parameters.length === 0 || (count >= macro.least && (macro.open || count <= macro.parameters.length));

function skipWhite(node: Node | undefined): Node | undefined {
  let at = node;
  while (at?.token.kind === 'ws') at = at.next;
  return at;
}

/** Number of arguments of the call whose parenthesis is `open`; undefined (reported) when it is not closed. */
function countArguments(state: PreprocessorState, open: Node, name: Token): number | undefined {
  let depth = 1;
  let braces = 0;
  let count = 1;
  for (let node = open.next; node; node = node.next) {
    const { token } = node;
    if (token.kind !== 'op') continue;
    if (token.text === '{') braces++;
    else if (token.text === '}') braces = Math.max(0, braces - 1);
    else if (braces > 0) continue;
    else if (token.text === '(') depth++;
    else if (token.text === ')') {
      if (--depth === 0) return count;
    } else if (token.text === ',' && depth === 1) count++;
  }
  state.error("macro call expects terminating `)'", name);
  return undefined;
}

interface Call {
  arguments: Token[][];
  /** Node of the closing parenthesis. */
  close: Node;
}

/** Splits the arguments; white space around them and braces that enclose one whole are dropped. */
function splitArguments(macro: SingleMacro, open: Node): Call {
  const { parameters } = macro;
  const args: Token[][] = [[]];
  const parameter = (): MacroParameter => parameters[Math.min(args.length, parameters.length) - 1]!;
  let depth = 1;
  let braces = 0;
  let enclosed = false;
  let space = false;
  let node = open.next!;
  for (; ; node = node.next!) {
    const { token } = node;
    const current = args.at(-1)!;
    const { keep, greedy } = parameter();
    let skip = false;
    if (token.kind === 'ws' && !keep) {
      if (braces > 0 || current.length > 0) space = true;
      continue;
    }
    if (token.kind === 'op') {
      if (token.text === ',' && braces === 0 && depth === 1 && !greedy) {
        args.push([]);
        enclosed = false;
        space = false;
        continue;
      }
      if (token.text === '{') {
        if (!enclosed) skip = enclosed = current.length === 0 && !keep && !space;
        braces++;
      } else if (token.text === '}' && braces > 0) {
        if (--braces === 0) skip = enclosed;
      } else if (braces === 0 && token.text === '(') depth++;
      else if (braces === 0 && token.text === ')' && --depth === 0) break;
    }
    if (skip) continue;
    if (space) current.push(SPACE);
    space = false;
    current.push(token);
  }
  while (args.length < parameters.length) args.push([]);
  return { arguments: args, close: node };
}

/** Applies `=`, `&` and `&&` to the arguments. */
function prepareArguments(
  state: PreprocessorState,
  macro: SingleMacro,
  args: readonly Token[][],
  budget: Budget,
): readonly Token[][] {
  return args.map((argument, index) => {
    const parameter = macro.parameters[Math.min(index, macro.parameters.length - 1)]!;
    let tokens: readonly Token[] = argument;
    if (parameter.evaluate) {
      const expression = withoutSpace(expandWithin(state, tokens, budget));
      if (expression.length === 0 && parameter.fallback) return [...parameter.fallback];
      if (expression.length === 0 && parameter.optional) return [];
      const kind = macro.name.startsWith('%') ? 'function' : 'macro';
      const complaint = `non-constant expression in parameter ${index} of ${kind} \`${macro.name}'`;
      const value = state.evaluateNumber(expression, complaint);
      tokens = value === undefined ? [] : [numberToken(value, expression[0])];
    }
    if (!parameter.quote) return [...tokens];
    const expanded = expandWithin(state, tokens, budget);
    if (parameter.quote === 'unlessString' && expanded.length === 1 && expanded[0]!.kind === 'str') return expanded;
    return [madeToken('str', quote(toByteString(textOf(expanded))), expanded[0])];
  });
}

/** Replaces the call by the macro's body, expanding on the way. */
function substitute(
  state: PreprocessorState,
  macro: SingleMacro,
  start: Node,
  call: Call | undefined,
  budget: Budget,
): Expanded {
  const place = start.token;
  const args = call ? prepareArguments(state, macro, call.arguments, budget) : [];
  if (macro.native) state.unsteady++;
  const body = macro.native ? macro.native({ name: place, arguments: args }) : macro.body;
  const after = call ? call.close.next : start.next;
  let list = after;
  let sawText = false;
  const put = (token: Token): void => {
    let head: Node;
    let end: Node | undefined = list;
    if (NAMES.has(token.kind)) {
      const result = expandOne(state, { token, next: list }, budget);
      end = result.rest;
      if (!result.head) {
        list = undefined;
        return;
      }
      head = result.head;
    } else head = { token, next: list };
    for (let node: Node | undefined = head; !sawText && node && node !== end; node = node.next) {
      sawText = node.token.kind !== 'ws';
    }
    list = head;
  };
  const putPlain = (token: Token): void => {
    list = { token, next: list };
    sawText = true;
  };
  const putAny = (token: Token): void => {
    switch (token.kind) {
      case 'q':
      case 'sq':
        putPlain(place);
        break;
      case 'qq':
      case 'sqq': {
        const prefix = place.kind === 'ctx' ? place.text.slice(0, place.text.length - bare(place).length) : '';
        putPlain(madeToken(place.kind, prefix + macro.name, place));
        break;
      }
      case 'condcomma':
        if (sawText) putPlain(opToken(',', place));
        break;
      default:
        put(token);
    }
  };
  for (let i = body.length - 1; i >= 0; i--) {
    const token = body[i]!;
    if (token.kind === 'arg') {
      sawText = false;
      const argument = args[token.arg] ?? [];
      for (let k = argument.length - 1; k >= 0; k--) putAny(argument[k]!);
    } else putAny(token.movedTo(place));
  }
  return { head: list, rest: remaining(list, after), changed: true };
}

/** The first node that is still unexpanded: `after`, or what is left when a call inside the body took part of it. */
function remaining(head: Node | undefined, after: Node | undefined): Node | undefined {
  for (let node = head; node; node = node.next) if (node === after) return after;
  const expanded = new Set<Node>();
  for (let node = head; node; node = node.next) expanded.add(node);
  for (let node = after; node; node = node.next) if (expanded.has(node)) return node;
  return undefined;
}
