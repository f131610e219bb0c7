// The x87 unit: the register stack as numbers, control, status and tag words in words, where the last instruction and its
// operand were (Intel SDM vol. 1, "x87 FPU Execution Environment").

import { hex } from '../../base/bits';
import type { EvaluationContext } from '../expression/value';
import { extendedText, parseExtended } from '../floatText';
import { hexLinear, registerAddress } from '../linear';
import { registerNumber } from '../registers';
import { bitNode, childrenOf, registerNode, setPlace, type BitField, type VariableNode } from './node';
import { packedNode } from './vector';

const EXCEPTIONS: readonly { name: string; doc: string }[] = [
  { name: 'I', doc: 'invalid operation' },
  { name: 'D', doc: 'denormal operand' },
  { name: 'Z', doc: 'division by zero' },
  { name: 'O', doc: 'overflow' },
  { name: 'U', doc: 'underflow' },
  { name: 'P', doc: 'inexact result' },
];
const CONTROL: readonly BitField[] = [
  ...EXCEPTIONS.map(({ name, doc }, bit) => ({ name: `${name}M`, bit, doc: `${doc} masked` })),
  { name: 'PC', bit: 8, width: 2, doc: 'precision: 0 24 bits, 2 53 bits, 3 64 bits' },
  { name: 'RC', bit: 10, width: 2, doc: 'rounding: 0 nearest, 1 down, 2 up, 3 toward zero' },
];
const STATUS: readonly BitField[] = [
  ...EXCEPTIONS.map(({ name, doc }, bit) => ({ name: `${name}E`, bit, doc })),
  { name: 'SF', bit: 6, doc: 'stack fault: C1 tells overflow from underflow' },
  { name: 'C0', bit: 8, doc: 'condition code' },
  { name: 'C1', bit: 9, doc: 'condition code: rounded up, stack overflow' },
  { name: 'C2', bit: 10, doc: 'condition code: not complete, out of range, unordered' },
  { name: 'TOP', bit: 11, width: 3, doc: 'physical register that is ST0' },
  { name: 'C3', bit: 14, doc: 'condition code' },
];
const PRECISIONS = ['24-bit precision', 'reserved precision', '53-bit precision', '64-bit precision'];
const ROUNDINGS = ['round to nearest', 'round down', 'round up', 'round toward zero'];
const TAGS = ['valid', 'zero', 'special', 'empty'];

const exceptionList = (bits: number): string =>
  EXCEPTIONS.filter((_, bit) => (bits & (1 << bit)) !== 0)
    .map(({ doc }) => doc)
    .join(', ');

export function controlWordText(word: number): string {
  const unmasked = exceptionList(~word & 0x3f);
  const exceptions = unmasked === '' ? 'all exceptions masked' : `unmasked: ${unmasked}`;
  return `${exceptions}; ${PRECISIONS[(word >> 8) & 3]}, ${ROUNDINGS[(word >> 10) & 3]}`;
}

export function statusWordText(word: number): string {
  const conditions = [0, 1, 2, 3].filter((n) => (word & (n === 3 ? 0x4000 : 0x100 << n)) !== 0).map((n) => `C${n}`);
  return [
    `TOP ${(word >> 11) & 7}`,
    ...(conditions.length > 0 ? [conditions.join(' ')] : []),
    exceptionList(word) || 'no exceptions',
    ...((word & 0x40) !== 0 ? ['stack fault'] : []),
    ...((word & 0x80) !== 0 ? ['pending: the next waiting instruction raises #MF'] : []),
  ].join('; ');
}

export function floatingPointScope(context: EvaluationContext): VariableNode[] {
  const { target } = context;
  const status = registerNumber(target, 'fsw');
  const tags = registerNumber(target, 'ftw');
  const word = (name: string, text: string, fields: readonly BitField[]): VariableNode => ({
    ...registerNode(name, context, name.toUpperCase(), text),
    ...(fields.length > 0 ? { children: childrenOf(() => fields.map((field) => bitNode(name, field, context))) } : {}),
  });
  const stack = Array.from({ length: 8 }, (_, i) =>
    stackNode(i, (tags >> (2 * (((status >> 11) + i) & 7))) & 3, context),
  );
  return [
    ...stack,
    word('fcw', controlWordText(registerNumber(target, 'fcw')), CONTROL),
    word('fsw', statusWordText(status), STATUS),
    word('ftw', Array.from({ length: 8 }, (_, n) => `R${n} ${TAGS[(tags >> (2 * n)) & 3]}`).join(', '), []),
    pointer('fcs', 'fip', 'last instruction', context),
    pointer('fds', 'fdp', 'its memory operand', context),
    registerNode('fop', context, 'FOP', 'last opcode: low 3 bits of the first byte, then ModRM'),
    ...(target.getRegister('mm0') === undefined ? [] : [multimedia(context)]),
  ];
}

/** The same registers as MMX instructions use them: by physical number, 64 bits. */
const multimedia = (context: EvaluationContext): VariableNode => ({
  name: 'MMX',
  value: 'MM0 to MM7',
  type: 'the significands of the x87 registers',
  children: childrenOf(() => Array.from({ length: 8 }, (_, n) => packedNode(`mm${n}`, 64, context))),
});

function stackNode(i: number, tag: number, context: EvaluationContext): VariableNode {
  const name = `st${i}`;
  const raw = context.target.getRegister(name) ?? 0n;
  const bytes = `${hex(Number(raw >> 64n), 4)} ${hex(raw & 0xffffffffffffffffn, 16)}`;
  return {
    name: name.toUpperCase(),
    value: tag === 3 ? `empty (${extendedText(raw)})` : extendedText(raw),
    type: `${TAGS[tag]}, ${bytes}`,
    evaluateName: name,
    set: (text) => {
      const value = parseExtended(text);
      if (typeof value === 'string') return value;
      if (value === undefined) return setPlace({ kind: 'register', name }, text, context);
      return context.target.setRegister(name, value);
    },
  };
}

function pointer(selector: string, offset: string, doc: string, context: EvaluationContext): VariableNode {
  const { target } = context;
  const value = `${hex(registerNumber(target, selector), 4)}:${hexLinear(registerAddress(target, offset))}`;
  return { name: `${selector.toUpperCase()}:${offset.toUpperCase()}`, value, type: doc, evaluateName: offset };
}
