// References inside multi-line macros: %1, %0, %00, %+1, %-1, %{1:3}, %%label, %?, %?? and, everywhere, %[...].
import type { Token } from '../token/token';
import { madeToken, numberToken, opToken, skipSpace } from '../token/token';
import { INDIRECTION_DEPTH } from '../limits';
import { inverseCondition, isConditionCode } from './conditionCodes';
import { PARAMETER_RULES, pasteTokens } from './paste';
import type { Invocation, PreprocessorState } from './state';

const REFERENCES = new Set(['local', 'param', 'q', 'qq', 'indirect']);

export function expandParameters(state: PreprocessorState, tokens: readonly Token[]): Token[] {
  if (!tokens.some((token) => REFERENCES.has(token.kind))) return tokens as Token[];
  const call = state.frame().blocks.at(-1)?.macro;
  const out: Token[] = [];
  let changed = false;
  for (const token of tokens) {
    const expansion = REFERENCES.has(token.kind) ? expandReference(state, token, call) : undefined;
    if (expansion) {
      changed = true;
      for (const piece of expansion) out.push(piece);
    } else out.push(token);
  }
  return changed ? pasteTokens(out, PARAMETER_RULES, false).tokens : out;
}

/** Undefined leaves the token as it is. */
function expandReference(
  state: PreprocessorState,
  token: Token,
  call: Invocation | undefined,
): readonly Token[] | undefined {
  switch (token.kind) {
    case 'q':
      return call && [madeToken('id', call.name.text, token)];
    case 'qq':
      return call && [madeToken('id', call.macro.name, token)];
    case 'indirect':
      return indirection(state, token);
    case 'local':
      if (call) return [madeToken('id', `..@${call.unique}.${token.text.slice(2)}`, token)];
      break;
    default:
      if (call) return parameter(state, token, call);
  }
  state.error(`\`${token.text}': not in a macro call`, token);
  return [];
}

function indirection(state: PreprocessorState, token: Token): readonly Token[] {
  if (state.indirections >= INDIRECTION_DEPTH) {
    state.fatal("`%[...]' nested too deeply", token);
    return [];
  }
  state.indirections++;
  const tokens = state.expand(expandParameters(state, state.tokenize(token.text, token)));
  state.indirections--;
  return tokens;
}

function parameter(state: PreprocessorState, token: Token, call: Invocation): readonly Token[] {
  const text = token.text.slice(1);
  if (text.includes(':')) return range(state, token, call);
  if (text === '0') return [numberToken(call.count, token)];
  const match = /^([+-]?)(\d+)$/.exec(text);
  if (!match) {
    state.error(`invalid macro parameter: \`${token.text}'`, token);
    return [];
  }
  const number = Number(match[2]);
  if (match[1]) return conditionCode(state, token, call, number, match[1] === '-');
  return number <= call.count ? (call.parameters[rotated(call, number)] ?? []) : [];
}

/** Index of parameter `number` after %rotate; 0 (the captured label) stays. */
function rotated(call: Invocation, number: number): number {
  return number >= 1 && number <= call.count ? ((number - 1 + call.rotation) % call.count) + 1 : number;
}

function conditionCode(
  state: PreprocessorState,
  token: Token,
  call: Invocation,
  number: number,
  invert: boolean,
): readonly Token[] {
  const tokens = number >= 1 && number <= call.count ? (call.parameters[rotated(call, number)] ?? []) : [];
  const first = tokens[skipSpace(tokens, 0)];
  const alone = skipSpace(tokens, tokens.indexOf(first!) + 1) >= tokens.length;
  if (first?.kind !== 'id' || !alone || !isConditionCode(first.text)) {
    state.error(`macro parameter \`${token.text}' is not a condition code`, token);
    return [];
  }
  if (!invert) return [madeToken('id', first.text.toLowerCase(), first)];
  const inverse = inverseCondition(first.text);
  if (inverse !== undefined) return [madeToken('id', inverse, first)];
  state.error(`condition code \`${first.text}' is not invertible`, token);
  return [];
}

/** `%{first:last}`, either way round; negative numbers count from the end. */
function range(state: PreprocessorState, token: Token, call: Invocation): readonly Token[] {
  const match = /^(-?\d+):(-?\d+)$/.exec(token.text.slice(1));
  const bound = (text: string | undefined): number => {
    const value = Number(text);
    return value < 0 ? value + call.count + 1 : value;
  };
  const first = bound(match?.[1]);
  const last = bound(match?.[2]);
  const valid = (value: number): boolean => value >= 1 && value <= call.count;
  if (!match || !valid(first) || !valid(last)) {
    state.error(`\`%{${token.text.slice(1)}}': macro parameters out of range`, token);
    return [];
  }
  const out: Token[] = [];
  const step = first < last ? 1 : -1;
  for (let n = first; ; n += step) {
    out.push(...(call.parameters[rotated(call, n)] ?? []));
    if (n === last) return out;
    out.push(opToken(',', token));
  }
}
