// %stacksize, %arg, %local: names for values on the stack (NASM manual, "Stack Relative Preprocessor Directives").
import { SIZES, type SizeWord } from '../../token/keywords';
import { madeToken, numberToken, opToken, withoutSpace, type Token } from '../../token/token';
import type { PreprocessorState } from '../state';
import { assignExpression, defineMacro } from './define';

const MODELS: Readonly<Record<string, { size: number; pointer: string; argument: number }>> = {
  flat: { size: 4, pointer: 'ebp', argument: 8 },
  flat64: { size: 8, pointer: 'rbp', argument: 16 },
  large: { size: 2, pointer: 'bp', argument: 4 },
  small: { size: 2, pointer: 'bp', argument: 6 },
};

export function stackSize(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  const [model] = withoutSpace(tokens);
  if (model?.kind !== 'id') state.error(`\`${word.text}' missing size parameter`, model ?? word);
  else {
    const found = MODELS[model.text.toLowerCase()];
    if (found) state.stack = { ...found, local: 0 };
    else state.error(`\`${word.text}' invalid size type: use flat, flat64, large or small`, model);
  }
}

/** `name:size, name:size`; gives each name with its size in bytes, rounded up to stack slots. */
function declarations(
  state: PreprocessorState,
  word: Token,
  tokens: readonly Token[],
): { name: Token; size: number }[] | undefined {
  const words = withoutSpace(tokens);
  const out: { name: Token; size: number }[] = [];
  for (let i = 0; ; i += 4) {
    const [name, colon, type, comma] = words.slice(i, i + 4);
    if (name?.kind !== 'id') {
      state.error(`\`${word.text}' missing argument parameter`, name ?? word);
      return undefined;
    }
    if (!colon?.is(':')) {
      state.error(`syntax error processing \`${word.text}' directive: write name:size`, colon ?? name);
      return undefined;
    }
    if (type?.kind !== 'id') {
      state.error(`\`${word.text}' missing size type parameter`, type ?? colon);
      return undefined;
    }
    const text = state.expand([type])[0]?.text.toLowerCase() ?? '';
    const bytes = text in SIZES ? SIZES[text as SizeWord] : 0;
    if (bytes === 0 || bytes === 64) {
      state.error(`invalid size type for \`${word.text}'`, type);
      return undefined;
    }
    const slot = state.stack.size;
    out.push({ name, size: Math.ceil(bytes / slot) * slot });
    if (!comma?.is(',')) return out;
  }
}

function defineOffset(state: PreprocessorState, name: Token, offset: number): void {
  const sign = offset < 0 ? [] : [opToken('+', name)];
  const pointer = madeToken('id', state.stack.pointer, name);
  const body = [opToken('(', name), pointer, ...sign, ...signedNumber(offset, name), opToken(')', name)];
  defineMacro(state, name, true, body);
}

const signedNumber = (value: number, place: Token): Token[] =>
  value < 0 ? [opToken('-', place), numberToken(-value, place)] : [numberToken(value, place)];

export function argumentDirective(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  for (const { name, size } of declarations(state, word, tokens) ?? []) {
    defineOffset(state, name, state.stack.argument);
    state.stack.argument += size;
  }
}

export function localDirective(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  const list = declarations(state, word, tokens);
  if (!list) return;
  let total = 0;
  for (const { name, size } of list) {
    state.stack.local += size;
    total += size;
    defineOffset(state, name, -state.stack.local);
  }
  const size = madeToken('ctx', '%$localsize', word);
  assignExpression(state, size, true, [size, opToken('+', word), numberToken(total, word)], word);
}
