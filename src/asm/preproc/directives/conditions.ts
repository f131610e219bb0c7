// The tests of %if and its family (NASM manual, "Conditional Assembly"). Undefined = an error was reported.
import { isSimple } from '../../expr/value';
import { unquote, unquoteText } from '../../text/quote';
import { skipSpace, withoutSpace, type Token } from '../../token/token';
import { overlaps } from '../multiMacros';
import { isPackage } from '../packages';
import type { PreprocessorState } from '../state';
import { expandName, readCount } from './common';
import type { Condition } from './names';

/** `tokens` is what follows the directive, `name` the directive's text for messages. */
export function testCondition(
  state: PreprocessorState,
  condition: Condition,
  tokens: readonly Token[],
  name: Token,
): boolean | undefined {
  switch (condition) {
    case '':
      return testExpression(state, tokens, name);
    case 'ctx':
      return testContext(state, tokens, name);
    case 'def':
    case 'defalias':
      return testDefined(state, tokens, name, condition === 'defalias');
    case 'difi':
      // Exists only to be false, for sources written for TASM.
      return undefined;
    case 'empty':
      return withoutSpace(state.expand(tokens)).length === 0;
    case 'token':
      return withoutSpace(state.expand(tokens)).length === 1;
    case 'env':
      return testEnvironment(state, state.expand(tokens), name);
    case 'idn':
    case 'idni':
      return testIdentical(state, state.expand(tokens), name, condition === 'idn');
    case 'macro':
      return testMacro(state, tokens, name);
    case 'id':
    case 'num':
    case 'str':
      return testType(state.expand(tokens), condition);
    case 'usable':
    case 'using':
      return testPackage(state, state.expand(tokens), name, condition === 'using');
  }
}

function testExpression(state: PreprocessorState, tokens: readonly Token[], name: Token): boolean | undefined {
  const value = state.evaluate(state.expand(tokens));
  if (!value) return undefined;
  if (isSimple(value)) return value.number !== 0n;
  state.error(`non-constant value given to \`${name.text}'`, tokens[skipSpace(tokens, 0)] ?? name);
  return undefined;
}

function testContext(state: PreprocessorState, tokens: readonly Token[], name: Token): boolean | undefined {
  const current = state.contexts.at(-1)?.name?.toLowerCase();
  let matched = false;
  for (const token of withoutSpace(tokens)) {
    if (token.kind !== 'id') {
      state.error(`\`${name.text}' expects context identifiers`, token);
      return undefined;
    }
    if (current !== undefined && token.text.toLowerCase() === current) matched = true;
  }
  return matched;
}

function testDefined(
  state: PreprocessorState,
  tokens: readonly Token[],
  name: Token,
  alias: boolean,
): boolean | undefined {
  for (const token of withoutSpace(tokens)) {
    if (token.kind !== 'id' && token.kind !== 'ctx') {
      state.error(`\`${name.text}' expects macro identifiers`, token);
      return undefined;
    }
    const scope = state.macroScope(token.text);
    const macro = scope?.table.find(scope.name, -1, true, alias);
    if (macro && macro.alias === alias) return true;
  }
  return false;
}

function testEnvironment(state: PreprocessorState, tokens: readonly Token[], name: Token): boolean | undefined {
  let found = false;
  for (const token of withoutSpace(tokens)) {
    if (token.kind !== 'id' && token.kind !== 'str' && token.kind !== 'env') {
      state.error(`\`${name.text}' expects environment variable names`, token);
      return undefined;
    }
    const variable = unquoteText(token.kind === 'env' ? token.text.slice(2) : token.text);
    if (variable in state.host.environment) found = true;
  }
  return found;
}

function testIdentical(
  state: PreprocessorState,
  tokens: readonly Token[],
  name: Token,
  caseSensitive: boolean,
): boolean | undefined {
  const comma = tokens.findIndex((token) => token.is(','));
  if (comma < 0) {
    state.error(`\`${name.text}' expects two comma-separated arguments`, name);
    return undefined;
  }
  const left = withoutSpace(tokens.slice(0, comma));
  const right = withoutSpace(tokens.slice(comma + 1));
  const second = right.find((token) => token.is(','));
  if (second && left.length >= right.indexOf(second)) {
    state.error(`\`${name.text}': more than one comma on line`, second);
    return undefined;
  }
  const same = (a: Token, b: Token): boolean => {
    if (a.kind !== b.kind) return false;
    const [x, y] = [comparable(a), comparable(b)];
    return caseSensitive ? x === y : x.toLowerCase() === y.toLowerCase();
  };
  return left.length === right.length && left.every((token, index) => same(token, right[index]!));
}

const comparable = (token: Token): string => (token.kind === 'str' ? unquote(token.text) : token.text);

function testType(tokens: readonly Token[], kind: 'id' | 'num' | 'str'): boolean {
  let i = 0;
  while (tokens[i] && (tokens[i]!.kind === 'ws' || (kind === 'num' && (tokens[i]!.is('-') || tokens[i]!.is('+'))))) i++;
  return tokens[i]?.kind === kind;
}

function testMacro(state: PreprocessorState, tokens: readonly Token[], name: Token): boolean | undefined {
  const { head, rest } = expandName(state, tokens);
  if (head?.kind !== 'id') {
    state.error(`\`${name.text}' expects a macro name`, head ?? name);
    return undefined;
  }
  const shape = readCount(state, withoutSpace(state.expand(rest)), name, true);
  if (shape.next < shape.tokens.length) {
    state.warn('pp-trailing', `trailing garbage after \`${name.text}' ignored`, shape.tokens[shape.next]);
  }
  const list = state.multi.get(head.text.toLowerCase()) ?? [];
  return list.some((macro) => macro.name === head.text && overlaps(macro, shape.least, shape.most, shape.greedy));
}

function testPackage(
  state: PreprocessorState,
  tokens: readonly Token[],
  name: Token,
  using: boolean,
): boolean | undefined {
  const token = tokens[skipSpace(tokens, 0)];
  if (token?.kind !== 'id' && token?.kind !== 'str') {
    state.error(
      `\`${name.text}' expects a package name, got ${token ? `\`${token.text}'` : 'end of line'}`,
      token ?? name,
    );
    return undefined;
  }
  const wanted = unquoteText(token.text).toLowerCase();
  return isPackage(wanted) && (!using || state.used.has(wanted));
}
