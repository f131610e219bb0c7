// The vector registers: every MMX, XMM and YMM register as one number and as packed numbers of each width, MXCSR in words (Intel
// SDM vol. 1, "Programming with Intel Streaming SIMD Extensions").

import { hex } from '../../base/bits';
import { evaluate } from '../expression/evaluate';
import type { EvaluationContext } from '../expression/value';
import { isLong } from '../linear';
import { bitNode, childrenOf, registerNode, setPlace, type BitField, type VariableNode } from './node';

const NAMES = ['I', 'D', 'Z', 'O', 'U', 'P'];
const MEANINGS = [
  'invalid operation',
  'denormal operand',
  'division by zero',
  'overflow',
  'underflow',
  'inexact result',
];
const FIELDS: readonly BitField[] = [
  ...NAMES.map((name, bit) => ({ name: `${name}E`, bit, doc: MEANINGS[bit]! })),
  { name: 'DAZ', bit: 6, doc: 'denormal operands count as zeros' },
  ...NAMES.map((name, bit) => ({ name: `${name}M`, bit: bit + 7, doc: `${MEANINGS[bit]!} masked` })),
  { name: 'RC', bit: 13, width: 2, doc: 'rounding: 0 nearest, 1 down, 2 up, 3 toward zero' },
  { name: 'FZ', bit: 15, doc: 'tiny results become zeros' },
];
const ROUNDINGS = ['round to nearest', 'round down', 'round up', 'round toward zero'];

const list = (bits: number): string => MEANINGS.filter((_, bit) => (bits & (1 << bit)) !== 0).join(', ');

export function mxcsrText(value: number): string {
  const unmasked = list((~value >> 7) & 0x3f);
  return [
    list(value & 0x3f) || 'no exceptions',
    unmasked === '' ? 'all exceptions masked' : `unmasked: ${unmasked}`,
    ROUNDINGS[(value >> 13) & 3]!,
    ...((value & 0x40) !== 0 ? ['denormals are zeros'] : []),
    ...((value & 0x8000) !== 0 ? ['flush to zero'] : []),
  ].join('; ');
}

const scratch = new DataView(new ArrayBuffer(8));
const lane = (whole: bigint, bits: number, index: number): bigint =>
  BigInt.asUintN(bits, whole >> BigInt(bits * index));

function realText(pattern: bigint, bits: 32 | 64): string {
  if (bits === 64) {
    scratch.setBigUint64(0, pattern);
    return plain(scratch.getFloat64(0));
  }
  scratch.setUint32(0, Number(pattern));
  const value = scratch.getFloat32(0);
  // the fewest digits that come back as the same number
  for (let digits = 1; digits < 9; digits++) if (Math.fround(Number(value.toPrecision(digits))) === value) return plain(Number(value.toPrecision(digits))); // prettier-ignore
  return plain(value);
}
const plain = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

/** The bit pattern of a decimal number; undefined when the text is none. */
function realPattern(text: string, bits: 32 | 64): bigint | undefined {
  const value = Number(text);
  if (text.trim() === '' || (Number.isNaN(value) && text.trim() !== 'NaN')) return undefined;
  if (bits === 64) scratch.setFloat64(0, value);
  else scratch.setFloat32(0, value);
  return bits === 64 ? scratch.getBigUint64(0) : BigInt(scratch.getUint32(0));
}

function laneNode(
  register: string,
  bits: number,
  index: number,
  real: boolean,
  context: EvaluationContext,
): VariableNode {
  const { target } = context;
  const pattern = lane(target.getRegister(register) ?? 0n, bits, index);
  return {
    name: `[${index}]`,
    value: real ? realText(pattern, bits as 32 | 64) : `0x${hex(pattern, bits / 4)}`,
    evaluateName: `(${register} >> ${bits * index}) & 0x${'f'.repeat(bits / 4)}`,
    set: (text) => {
      let next = real ? realPattern(text, bits as 32 | 64) : undefined;
      if (real && next === undefined) return `'${text}' is not a number`;
      if (next === undefined) {
        const result = evaluate(text, context);
        if (!result.ok) return result.error.message;
        next = result.value.value;
        if (next >= 1n << BigInt(bits) || next < -(1n << BigInt(bits - 1)))
          return `${next} does not fit into ${bits} bits`;
      }
      const shift = BigInt(bits * index);
      const whole = target.getRegister(register) ?? 0n;
      const cleared = whole & ~(((1n << BigInt(bits)) - 1n) << shift);
      return target.setRegister(register, cleared | (BigInt.asUintN(bits, next) << shift));
    },
  };
}

const VIEWS: readonly (readonly [name: string, bits: number, real: boolean])[] = [
  ['float', 32, true],
  ['double', 64, true],
  ['dwords', 32, false],
  ['qwords', 64, false],
  ['words', 16, false],
  ['bytes', 8, false],
];

/** A register of so many bits with all its views. */
export function packedNode(register: string, width: number, context: EvaluationContext): VariableNode {
  const whole = context.target.getRegister(register) ?? 0n;
  const views = (): VariableNode[] =>
    VIEWS.map(([name, bits, real]) => {
      const lanes = Array.from({ length: width / bits }, (_, i) => i);
      const text = lanes.map((i) =>
        real ? realText(lane(whole, bits, i), bits as 32 | 64) : hex(lane(whole, bits, i), bits / 4),
      );
      return {
        name,
        value: text.join(real ? ', ' : ' '),
        type: lanes.length === 1 ? 'one lane' : `${lanes.length} lanes, the lowest first`,
        children: childrenOf(() => lanes.map((i) => laneNode(register, bits, i, real, context))),
      };
    });
  return {
    name: register.toUpperCase(),
    value: `0x${hex(whole, width / 4)}`,
    type: Array.from({ length: width / 32 }, (_, i) => realText(lane(whole, 32, i), 32)).join(', '),
    evaluateName: register,
    set: (text) => setPlace({ kind: 'register', name: register }, text, context),
    children: childrenOf(views),
  };
}

/** Bit of XCR0. */
const AVX = 4n;

export function vectorScope(context: EvaluationContext): VariableNode[] {
  const { target } = context;
  const avx = ((target.getRegister('xcr0') ?? 0n) & AVX) !== 0n;
  const [name, width] = avx ? (['ymm', 256] as const) : (['xmm', 128] as const);
  const mxcsr = {
    ...registerNode('mxcsr', context, 'MXCSR', mxcsrText(Number(target.getRegister('mxcsr') ?? 0n))),
    children: childrenOf(() => FIELDS.map((field) => bitNode('mxcsr', field, context))),
  };
  const count = isLong(target) ? 16 : 8;
  return [...Array.from({ length: count }, (_, n) => packedNode(`${name}${n}`, width, context)), mxcsr];
}
