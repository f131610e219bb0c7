// Preprocessor functions: %abs(), %cond(), %count(), %eval(), %is...(), %num(), %sel(), %str(), %strcat(), %strlen(),
// %substr(), %tok() (NASM manual, "Preprocessor Functions").
import { parseNumber } from '../text/numbers';
import { quote, unquote, unquoteText } from '../text/quote';
import { madeToken, numberToken, opToken, type Token } from '../token/token';
import { testCondition } from './directives/conditions';
import { sliceString } from './directives/define';
import { CONDITIONS } from './directives/names';
import { plainParameter, type MacroCall, type MacroParameter } from './singleMacros';
import type { PreprocessorState } from './state';

const evaluated: MacroParameter = { ...plainParameter, evaluate: true };
const text: MacroParameter = { ...plainParameter, quote: 'unlessString' };
const optional = (fallback: bigint): MacroParameter => ({
  ...evaluated,
  optional: true,
  fallback: [numberToken(fallback)],
});

const number = (tokens: readonly Token[] | undefined): bigint => {
  const negative = tokens?.[0]?.is('-') === true;
  const value = parseNumber(tokens?.[negative ? 1 : 0]?.text ?? '')?.value ?? 0n;
  return negative ? -value : value;
};
const string = (tokens: readonly Token[] | undefined): string => unquote(tokens?.[0]?.text ?? '');

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';

export function addFunctions(state: PreprocessorState): void {
  const add = (
    name: string,
    parameters: readonly MacroParameter[],
    native: (call: MacroCall) => readonly Token[],
  ): void => {
    state.macros.define(
      { name: `%${name}`, caseSensitive: false, body: [], parameters, native, recursive: true },
      () => undefined,
    );
  };
  const result = (value: bigint | number, call: MacroCall): Token[] => [numberToken(value, call.name)];
  const join = (call: MacroCall): readonly Token[] =>
    call.arguments.flatMap((tokens, index) => (index > 0 ? [opToken(',', call.name), ...tokens] : tokens));
  const quoted = (bytes: string, call: MacroCall): Token[] => [madeToken('str', quote(bytes), call.name)];

  add('abs', [evaluated], (call) => {
    const value = number(call.arguments[0]);
    return result(value < 0n ? -value : value, call);
  });
  add('count', [{ ...plainParameter, variadic: true }], (call) => result(call.arguments.length, call));
  add('eval', [{ ...evaluated, variadic: true }], join);
  add('str', [{ ...plainParameter, quote: 'always', greedy: true }], join);
  add('strcat', [{ ...text, variadic: true }], (call) => quoted(call.arguments.map(string).join(''), call));
  add('strlen', [text], (call) => result(string(call.arguments[0]).length, call));
  add('tok', [text], (call) => state.tokenize(unquoteText(call.arguments[0]?.[0]?.text ?? ''), call.name));
  add('substr', [text, evaluated, optional(-1n)], (call) =>
    quoted(sliceString(string(call.arguments[0]), number(call.arguments[1]), number(call.arguments[2])), call),
  );
  add('num', [evaluated, optional(-1n), optional(10n)], (call) => formatNumber(state, call));
  add('sel', [evaluated, { ...plainParameter, variadic: true }], (call) => {
    const which = number(call.arguments[0]);
    if (which >= 1n && which < BigInt(call.arguments.length)) return call.arguments[Number(which)]!;
    const problem = which < 1n ? 'is not a valid selector' : 'exceeds the number of arguments';
    state.warn('pp-sel-range', `%sel(${which}) ${problem}`, call.name);
    return [];
  });
  add('cond', [evaluated, plainParameter, { ...plainParameter, optional: true }], (call) =>
    number(call.arguments[0]) !== 0n ? (call.arguments[1] ?? []) : (call.arguments[2] ?? []),
  );
  for (const condition of CONDITIONS) {
    for (const negated of [false, true]) {
      const name = `is${negated ? 'n' : ''}${condition}`;
      add(name, [{ ...plainParameter, greedy: true, optional: true }], (call) => {
        const holds = testCondition(state, condition, call.arguments[0] ?? [], call.name);
        return result(holds !== undefined && holds !== negated ? 1 : 0, call);
      });
    }
  }
}

/** %num(value, digits, base): a string; negative digits mean "at least". */
function formatNumber(state: PreprocessorState, call: MacroCall): readonly Token[] {
  let value = BigInt.asUintN(64, number(call.arguments[0]));
  const digits = number(call.arguments[1]);
  const base = number(call.arguments[2]);
  if (base < 2n || base > 64n) {
    state.error(`invalid base ${base} given to %num()`, call.name);
    return [];
  }
  if (digits > 253n || digits < -253n) {
    state.error(`digit count ${digits} specified to %num() too large`, call.name);
    return [];
  }
  let out = '';
  const least = Number(digits < 0n ? -digits : digits);
  const most = digits > 0n ? least : 64;
  while (out.length < most && (out.length < least || value > 0n)) {
    out = DIGITS[Number(value % base)]! + out;
    value /= base;
  }
  return [madeToken('str', `'${out}'`, call.name)];
}
