// %use smartalign: `align` pads with long no-operations, or jumps over long paddings (NASM manual, "Smart ALIGN Macro").
// Each mode is a list of padding sequences by length, as the makers' optimisation guides of those processors give them.
import { madeToken, numberToken, opToken, skipSpace, textOf, withoutSpace, type Token } from '../token/token';
import { addNative, parameter } from './standard';
import { template } from './template';
import type { Invocation, PreprocessorState } from './state';

type Sequences = readonly (readonly number[])[];
type Patterns = Record<16 | 32 | 64, Sequences>;
interface Mode extends Patterns {
  /** Paddings longer than this are jumped over; -1 never. */
  threshold: number;
}

const NOP = 0x90;
/** Operand-size prefixes before one NOP. */
const PREFIXED: Sequences = [[NOP], [0x66, NOP], [0x66, 0x66, NOP], [0x66, 0x66, 0x66, NOP]];
/** 0F 1F /0 with longer and longer addresses. */
const LONG_NOPS: Sequences = [
  [NOP],
  [0x66, NOP],
  [0x0f, 0x1f, 0x00],
  [0x0f, 0x1f, 0x40, 0x00],
  [0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00],
  [0x0f, 0x1f, 0x80, 0, 0, 0, 0],
  [0x0f, 0x1f, 0x84, 0x00, 0, 0, 0, 0],
];
/** mov si,si and lea si,[si+0], lea di,[di+0] with byte and word displacements. */
const MOV_SI = [0x89, 0xf6];
const LEA_SI_WORD = [0x8d, 0xb4, 0x00, 0x00];
const GENERIC_16: Sequences = [
  [NOP],
  MOV_SI,
  [0x8d, 0x74, 0x00],
  LEA_SI_WORD,
  [...LEA_SI_WORD, NOP],
  [...LEA_SI_WORD, 0x89, 0xff],
  [...LEA_SI_WORD, 0x8d, 0x7d, 0x00],
  [...LEA_SI_WORD, 0x8d, 0xbd, 0x00, 0x00],
];
/** mov esi,esi and lea esi,[esi+0] with and without SIB byte. */
const LEA_ESI_SIB = [0x8d, 0x74, 0x26, 0x00];
const GENERIC_32: Sequences = [
  [NOP],
  MOV_SI,
  [0x8d, 0x76, 0x00],
  LEA_ESI_SIB,
  [NOP, ...LEA_ESI_SIB],
  [0x8d, 0xb6, 0, 0, 0, 0],
  [0x8d, 0xb4, 0x26, 0, 0, 0, 0],
];
/** mov eax,eax and lea eax,[eax+0]. */
const K7_32: Sequences = [
  [NOP],
  [0x8b, 0xc0],
  [0x8d, 0x04, 0x20],
  [0x8d, 0x44, 0x20, 0x00],
  [0x8d, 0x44, 0x20, 0x00, NOP],
  [0x8d, 0x80, 0, 0, 0, 0],
  [0x8d, 0x04, 0x05, 0, 0, 0, 0],
];

const MODES: Readonly<Record<string, Mode>> = {
  nop: { threshold: 16, 16: [[NOP]], 32: [[NOP]], 64: [[NOP]] },
  generic: { threshold: 8, 16: GENERIC_16, 32: GENERIC_32, 64: PREFIXED },
  k7: { threshold: 16, 16: PREFIXED, 32: K7_32, 64: PREFIXED },
  k8: { threshold: 16, 16: PREFIXED, 32: PREFIXED, 64: PREFIXED },
  p6: { threshold: 16, 16: LONG_NOPS.slice(0, 4), 32: LONG_NOPS, 64: LONG_NOPS },
};

export function addSmartAlign(state: PreprocessorState): void {
  let patterns: Patterns = MODES.generic!;
  let threshold = MODES.generic!.threshold;
  const remember = (name: string): void => {
    const body = [madeToken('id', name), opToken(','), numberToken(threshold)];
    state.macros.define({ name: '__?ALIGNMODE?__', caseSensitive: true, body }, () => undefined);
  };
  const alias = { name: '__ALIGNMODE__', caseSensitive: true, body: [madeToken('id', '__?ALIGNMODE?__')], alias: true };
  state.macros.define(alias, () => undefined);
  remember('generic');
  // Loading the package calls alignmode once: %%labels and contexts are numbered on from there.
  state.unique++;
  addNative(state, {
    name: 'alignmode',
    least: 1,
    most: 2,
    run: (_, call) => {
      const name = textOf(parameter(call, 1)).trim().toLowerCase();
      const found = MODES[name];
      if (!found) {
        state.error(`unknown alignment mode: ${name}: use ${Object.keys(MODES).join(', ')}`, call.name);
        return [];
      }
      // Quirk of nasm 2.16: k7 leaves the longer 16-bit sequences of the mode before it in use.
      const older = patterns[16];
      patterns =
        name === 'k7'
          ? { ...found, 16: [...found[16].slice(0, older.length), ...older.slice(found[16].length)] }
          : found;
      const limit = parameter(call, 2);
      const word = textOf(limit).trim().toLowerCase();
      if (word === '') threshold = found.threshold;
      else if (word === 'nojmp') threshold = -1;
      else
        threshold = Number(
          state.evaluateNumber(limit, 'the threshold of alignmode must be a number') ?? found.threshold,
        );
      remember(name);
      return [];
    },
  });
  // The plain align goes: both take one or two parameters.
  state.multi.delete('align');
  addNative(state, {
    name: 'align',
    least: 1,
    most: 2,
    greedy: true,
    run: (_, call) => padding(state, call, patterns, threshold),
  });
}

function padding(
  state: PreprocessorState,
  call: Invocation,
  patterns: Patterns,
  threshold: number,
): readonly (readonly Token[])[] {
  const section = template('sectalign %1');
  const fill = '(((%1) - (($-$$) % (%1))) % (%1))';
  const given = parameter(call, 2);
  if (skipSpace(given, 0) < given.length) return [section, template(`times ${fill} %2`)];
  const size = state.evaluateNumber(paddingExpression(call), 'the alignment must be a number');
  if (size === undefined) return [section];
  const bytes = Number(size);
  const lines = [section, template('%push')];
  if (threshold !== -1 && bytes > threshold) {
    lines.push(template('jmp %$end'), template(`times ${fill} nop`));
  } else {
    const sequences = patterns[state.host.bits];
    const longest = sequences.at(-1)!;
    const rest = bytes % longest.length;
    lines.push(template(`times ${Math.floor(bytes / longest.length)} db ${longest.join(',')}`));
    if (rest > 0) lines.push(template(`db ${sequences[rest - 1]!.join(',')}`));
  }
  return [...lines, template('%$end:'), template('%pop')];
}

function paddingExpression(call: Invocation): Token[] {
  const unit = [opToken('('), ...withoutSpace(parameter(call, 1)), opToken(')')];
  const [open, here, rest, modulo] = ['(', '- (($-$$)', '))', '% '].map(template) as [
    readonly Token[],
    readonly Token[],
    readonly Token[],
    readonly Token[],
  ];
  return [...open, ...unit, ...here, ...modulo, ...unit, ...rest, ...modulo, ...unit];
}
