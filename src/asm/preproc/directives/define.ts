// %define, %xdefine, %assign, %undef and the string directives: everything that sets a single-line macro.
import { isSimple } from '../../expr/value';
import { quote, unquote, unquoteText } from '../../text/quote';
import { toByteString } from '../../text/bytes';
import { Token, madeToken, numberToken, skipSpace, textOf, withoutSpace } from '../../token/token';
import { plainParameter, type MacroParameter } from '../singleMacros';
import type { PreprocessorState } from '../state';
import { environmentText } from '../environment';
import { macroName, warnTrailing } from './common';
import type { Directive } from './names';

/** Defines a macro by its written name (`%$x` goes to a context). */
export function defineMacro(
  state: PreprocessorState,
  name: Token,
  caseSensitive: boolean,
  body: readonly Token[],
  parameters: readonly MacroParameter[] = [],
  alias = false,
): void {
  const scope = state.macroScope(name.text);
  if (!scope) return;
  const warn = (code: string, message: string): void => state.warn(code, message, name);
  scope.table.define({ name: scope.name, caseSensitive, body, parameters, alias }, warn);
}

interface Template {
  parameters: MacroParameter[];
  rest: readonly Token[];
}

/** `(a, =b, &c, d+)` right after the name. */
function parseTemplate(state: PreprocessorState, tokens: readonly Token[]): Template {
  const parameters: MacroParameter[] = [];
  let i = 0;
  if (tokens[0]?.is('(')) {
    let parameter: MacroParameter = { ...plainParameter };
    let complained = false;
    for (i = 1; ; i++) {
      const token = tokens[i];
      if (!token) {
        const named = parameter.name !== undefined;
        state.error(
          named ? "`)' expected to terminate macro template" : 'parameter identifier expected',
          tokens.at(-1),
        );
        break;
      }
      if (token.kind === 'ws') continue;
      if (token.kind === 'id' && parameter.name === undefined) parameter.name = token.text;
      else if (token.is('=')) parameter.evaluate = true;
      else if (token.is('&')) parameter.quote = 'always';
      else if (token.is('&&')) parameter.quote = 'unlessString';
      else if (token.is('!')) parameter.keep = true;
      else if (token.is('+')) parameter.greedy = parameter.optional = true;
      else if (token.is(',') || token.is(')')) {
        if (token.is(',') && parameter.greedy) state.error('greedy parameter must be last', token);
        parameters.push(parameter);
        parameter = { ...plainParameter };
        if (token.is(')')) break;
      } else if (!complained) {
        complained = true;
        state.error(`garbage \`${token.text}' in macro parameter list`, token);
      }
    }
    i++;
  }
  return { parameters, rest: tokens.slice(skipSpace(tokens, i)) };
}

/** Turns the parameters' names in a body into references. */
function markParameters(body: readonly Token[], parameters: readonly MacroParameter[]): readonly Token[] {
  if (parameters.length === 0) return body;
  return body.map((token) => {
    const index = token.kind === 'id' ? parameters.findLastIndex((parameter) => parameter.name === token.text) : -1;
    return index < 0 ? token : new Token('arg', token.text, token.at, token.column, token.endColumn, index);
  });
}

export function define(state: PreprocessorState, directive: Directive, word: Token, tokens: readonly Token[]): void {
  const target = macroName(state, tokens, word);
  if (!target) return;
  const { parameters, rest } = parseTemplate(state, target.rest);
  if (directive.name === 'defalias') {
    const meaning = rest[0];
    if (meaning?.kind !== 'id' && meaning?.kind !== 'ctx') {
      state.error(`\`${word.text}' expects a macro identifier to alias`, meaning ?? word);
      return;
    }
    if (skipSpace(rest, 1) < rest.length) {
      state.warn('pp-trailing', 'trailing garbage after aliasing identifier ignored', rest[skipSpace(rest, 1)]);
    }
    defineMacro(state, target.name, directive.caseSensitive, [meaning], parameters, true);
    return;
  }
  let body = markParameters(rest, parameters);
  if (directive.name === 'xdefine') body = state.expand(body);
  defineMacro(state, target.name, directive.caseSensitive, body, parameters);
}

export function undefine(state: PreprocessorState, directive: Directive, word: Token, tokens: readonly Token[]): void {
  const target = macroName(state, tokens, word);
  if (!target) return;
  if (skipSpace(target.rest, 0) < target.rest.length) {
    state.warn('pp-trailing', 'trailing garbage after macro name ignored', target.rest[skipSpace(target.rest, 0)]);
  }
  const scope = state.macroScope(target.name.text);
  scope?.table.undefine(scope.name, directive.name === 'undefalias');
}

export function assign(state: PreprocessorState, directive: Directive, word: Token, tokens: readonly Token[]): void {
  const target = macroName(state, tokens, word);
  if (target) assignExpression(state, target.name, directive.caseSensitive, target.rest, word);
}

export function assignExpression(
  state: PreprocessorState,
  name: Token,
  caseSensitive: boolean,
  expression: readonly Token[],
  word: Token,
): void {
  const complaint = `non-constant value given to \`${word.text}'`;
  const value = state.evaluateNumber(state.expand(expression), complaint);
  if (value !== undefined) defineMacro(state, name, caseSensitive, [numberToken(value, name)]);
}

const stringToken = (bytes: string, place: Token): Token => madeToken('str', quote(bytes), place);

/** %defstr, %deftok, %strlen, %strcat, %substr, %pathsearch: name first, then what to work on. */
export function stringDirective(
  state: PreprocessorState,
  directive: Directive,
  word: Token,
  tokens: readonly Token[],
): void {
  const target = macroName(state, tokens, word);
  if (!target) return;
  const expanded = state.expand(target.rest);
  const body = stringResult(state, directive, word, expanded);
  if (body) defineMacro(state, target.name, directive.caseSensitive, body);
}

function stringResult(
  state: PreprocessorState,
  directive: Directive,
  word: Token,
  tokens: readonly Token[],
): readonly Token[] | undefined {
  const start = skipSpace(tokens, 0);
  const first = tokens[start];
  const wantString = (): Token | undefined => {
    if (first?.kind === 'str') return first;
    state.error(`\`${word.text}' requires string as second parameter`, first ?? word);
    return undefined;
  };
  switch (directive.name) {
    case 'defstr':
      return [stringToken(toByteString(textOf(withEnvironment(state, tokens.slice(start)))), first ?? word)];
    case 'deftok': {
      const text = wantString();
      return text && state.tokenize(unquoteText(text.text), text);
    }
    case 'strlen': {
      const text = wantString();
      return text && [numberToken(unquote(text.text).length, text)];
    }
    case 'strcat':
      return concatenate(state, tokens, word);
    case 'substr':
      return substring(state, tokens.slice(start), word);
    default: {
      if (first?.kind !== 'str') {
        state.error(`\`${word.text}' expects a file name`, first ?? word);
        return undefined;
      }
      warnTrailing(state, tokens, start + 1, word.text);
      const path = unquoteText(first.text);
      const found = state.host.findBinary(path, state.frame().where.file) ?? path;
      return [stringToken(toByteString(found), first)];
    }
  }
}

/** With the values of `%!NAME` in place of the references. */
const withEnvironment = (state: PreprocessorState, tokens: readonly Token[]): Token[] =>
  tokens.map((token) => {
    if (token.kind !== 'env') return token;
    return madeToken('other', environmentText(state, token, unquote(token.text.slice(2))), token);
  });

function concatenate(state: PreprocessorState, tokens: readonly Token[], word: Token): readonly Token[] | undefined {
  let bytes = '';
  for (const token of withoutSpace(tokens)) {
    if (token.is(',')) continue;
    if (token.kind !== 'str') {
      state.error(`non-string passed to \`${word.text}': ${token.text}`, token);
      return undefined;
    }
    bytes += unquote(token.text);
  }
  return [stringToken(bytes, tokens[0] ?? word)];
}

function substring(state: PreprocessorState, tokens: readonly Token[], word: Token): readonly Token[] | undefined {
  const [text] = tokens;
  if (text?.kind !== 'str') {
    state.error(`\`${word.text}' requires a string as parameter`, text ?? word);
    return undefined;
  }
  let rest = tokens.slice(skipSpace(tokens, 1));
  if (rest[0]?.is(',')) rest = rest.slice(skipSpace(rest, 1));
  if (rest.length === 0) {
    state.error(`\`${word.text}' requires a starting index`, word);
    return undefined;
  }
  const complaint = `non-constant value given to \`${word.text}'`;
  const comma = rest.findIndex((token) => token.is(','));
  const first = state.evaluate(comma < 0 ? rest : rest.slice(0, comma));
  if (!first) return undefined;
  if (!isSimple(first)) {
    state.error(complaint, rest[0]);
    return undefined;
  }
  const count = comma < 0 ? 1n : state.evaluateNumber(rest.slice(comma + 1), complaint);
  return count === undefined ? undefined : [stringToken(sliceString(unquote(text.text), first.number, count), text)];
}

/** Characters from `first` (1-based); a negative count means "up to that many from the end", -1 being all. */
export function sliceString(bytes: string, first: bigint, count: bigint): string {
  const length = BigInt(bytes.length);
  const start = first < 1n ? 0n : first - 1n;
  let size = count < 0n ? length + count + 1n - start : count;
  if (start + size > length) size = length - start;
  if (bytes.length === 0 || size < 0n || start >= length) return '';
  return bytes.slice(Number(start), Number(start + size));
}
