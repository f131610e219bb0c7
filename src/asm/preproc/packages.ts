// The macro packages of %use: altreg, fp, ifunc, smartalign, masm (NASM manual, "Standard Macro Packages").
import { Token, madeToken, opToken, textOf } from '../token/token';
import { plainParameter } from './singleMacros';
import { addSmartAlign } from './smartAlign';
import { addNative } from './standard';
import { template } from './template';
import type { PreprocessorState } from './state';

type Lines = readonly (readonly Token[])[];

const PACKAGES: Readonly<Record<string, (state: PreprocessorState) => Lines | void>> = {
  altreg,
  fp,
  ifunc,
  masm,
  smartalign: addSmartAlign,
};

export const isPackage = (name: string): boolean => Object.hasOwn(PACKAGES, name);

/** Loads a package once; gives the lines it assembles, undefined when there is no such package. */
export function usePackage(state: PreprocessorState, name: string): Lines | undefined {
  if (!isPackage(name)) return undefined;
  if (state.used.has(name)) return [];
  state.used.add(name);
  const lines = PACKAGES[name]!(state) ?? [];
  const flag = `__?USE_${name.toUpperCase()}?__`;
  state.macros.define({ name: flag, caseSensitive: true, body: [] }, () => undefined);
  return lines;
}

function set(state: PreprocessorState, name: string, body: readonly Token[], caseSensitive = false): void {
  state.macros.define({ name, caseSensitive, body }, () => undefined);
}

/** r0..r7 with d, w, b, l and h suffixes for the registers that have older names; r8l..r15l. */
function altreg(state: PreprocessorState): void {
  const alias = (name: string, register: string): void => set(state, name, [madeToken('id', register)]);
  const letters = ['a', 'c', 'd', 'b'];
  const pointers = ['sp', 'bp', 'si', 'di'];
  for (let n = 0; n < 8; n++) {
    const word = n < 4 ? `${letters[n]}x` : pointers[n - 4]!;
    const low = n < 4 ? `${letters[n]}l` : `${pointers[n - 4]}l`;
    alias(`r${n}`, `r${word}`);
    alias(`r${n}d`, `e${word}`);
    alias(`r${n}w`, word);
    alias(`r${n}b`, low);
    alias(`r${n}l`, low);
    if (n < 4) alias(`r${n}h`, `${letters[n]}h`);
  }
  for (let n = 8; n < 16; n++) alias(`r${n}l`, `r${n}b`);
}

function unaryFunction(
  state: PreprocessorState,
  name: string,
  before: string,
  after: string,
  caseSensitive: boolean,
): void {
  const argument = new Token('arg', 'x', undefined, 0, 0, 0);
  const body = [...template(before), argument, ...template(after)];
  const parameters = [{ ...plainParameter, name: 'x' }];
  state.macros.define({ name, caseSensitive, body, parameters }, () => undefined);
}

function fp(state: PreprocessorState): void {
  set(state, 'Inf', template('__?Infinity?__'), true);
  set(state, 'NaN', template('__?QNaN?__'), true);
  set(state, 'QNaN', template('__?QNaN?__'), true);
  set(state, 'SNaN', template('__?SNaN?__'), true);
  for (const kind of [
    'float8',
    'float16',
    'bfloat16',
    'float32',
    'float64',
    'float80m',
    'float80e',
    'float128l',
    'float128h',
  ]) {
    unaryFunction(state, kind, `__?${kind}?__(`, ')', true);
  }
  addNative(state, {
    name: 'bf16',
    least: 1,
    most: Infinity,
    run: (_, call) =>
      call.parameters.slice(1).map((tokens) => [...template('dw __?bfloat16?__('), ...tokens, opToken(')', call.name)]),
  });
}

function ifunc(state: PreprocessorState): void {
  const forms: readonly [string, string][] = [
    ['ilog2', 'e'],
    ['ilog2e', 'e'],
    ['ilog2w', 'w'],
    ['ilog2fw', 'w'],
    ['ilog2f', 'f'],
    ['ilog2c', 'c'],
  ];
  for (const [name, letter] of forms) unaryFunction(state, name, `(__?ilog2${letter}?__(`, '))', false);
  // Warns like ilog2w, rounds up like ilog2c.
  const argument = new Token('arg', 'x', undefined, 0, 0, 0);
  const body = [
    ...template('(__?ilog2w?__('),
    argument,
    ...template(') * 0 + __?ilog2c?__('),
    argument,
    ...template('))'),
  ];
  state.macros.define(
    { name: 'ilog2cw', caseSensitive: false, body, parameters: [{ ...plainParameter, name: 'x' }] },
    () => undefined,
  );
}

function masm(state: PreprocessorState): Lines {
  set(state, 'ptr', template('__?masm_ptr?__'));
  set(state, 'flat', template('__?masm_flat?__'));
  set(state, 'offset', []);
  set(state, 'tbyte', template('tword'));
  state.multi.delete('segment');
  addNative(state, {
    name: 'segment',
    least: 0,
    most: 1,
    greedy: true,
    run: (_, call) => {
      const label = call.parameters[0] ?? [];
      const line = [
        ...template('[segment '),
        ...label,
        ...template(' '),
        ...(call.parameters[1] ?? []),
        opToken(']', call.name),
      ];
      set(state, '__?SECT?__', line, true);
      return [line];
    },
  });
  state.multi.get('segment')![0]!.capturesLabel = true;
  addNative(state, { name: 'ends', least: 0, most: 0, greedy: true, run: () => [] });
  addNative(state, {
    name: 'endp',
    least: 0,
    most: 0,
    run: () => {
      state.macros.undefine('ret', false);
      return [];
    },
  });
  for (const name of ['ends', 'endp']) state.multi.get(name)![0]!.capturesLabel = true;
  addNative(state, {
    name: 'proc',
    least: 0,
    most: Infinity,
    run: (_, call) => {
      for (const tokens of call.parameters.slice(1)) {
        const far = textOf(tokens).trim().toLowerCase() === 'far';
        set(state, 'ret', [madeToken('id', far ? 'retf' : 'retn')]);
      }
      return [];
    },
  });
  addNative(state, { name: 'end', least: 0, most: 0, greedy: true, run: () => [] });
  return [template('[default rel]')];
}
