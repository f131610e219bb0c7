// Segment registers with their hidden descriptor caches in words: what the processor really uses, whatever the tables say.

import type { EvaluationContext } from '../expression/value';
import { typeWords } from '../descriptors';
import { hexLinear, isLong, isWideCode } from '../linear';
import { SEGMENT_NAMES } from '../registers';
import { isParagraphMode, segmentOf } from '../segments';
import { SegIndex, type SegmentCache } from '../target';
import { childrenOf, plainNode, registerNode, type VariableNode } from './node';

const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

/** What base and limit of a segment mean in the present code. */
type Use = 'checked' | 'flat' | 'base only';

function useOf(index: SegIndex, { target }: EvaluationContext): Use {
  if (!isWideCode(target) || index > SegIndex.GS) return 'checked';
  return index >= SegIndex.FS ? 'base only' : 'flat';
}

/** `base 00000000, limit ffffffff, 32-bit code, readable, DPL 0`; in 64-bit code `flat, 64-bit code, readable, DPL 0`. */
export function segmentWords(s: SegmentCache, use: Use = 'checked', wide = false): string {
  const place = {
    checked: `base ${hexLinear(s.base)}, limit ${h(s.limit, 8)}`,
    flat: 'flat',
    'base only': `base ${hexLinear(s.base)}, no limit`,
  }[use];
  if (s.unusable) return use === 'checked' ? 'null: not usable' : `${place}, null`;
  const type = typeWords({ ...s, wide: wide && !s.codeOrData });
  return [place, type, `DPL ${s.dpl}`, ...(s.present ? [] : ['not present'])].join(', ');
}

export function segmentNode(name: string, index: SegIndex, context: EvaluationContext): VariableNode {
  const cache = segmentOf(context, index);
  const register = registerNode(name, context);
  return {
    ...register,
    value: `0x${h(cache.selector, 4)}`,
    type: segmentWords(cache, useOf(index, context), isLong(context.target)),
    memory: cache.base,
    children: childrenOf(() => segmentFields(name, index, cache, context)),
  };
}

function segmentFields(name: string, index: SegIndex, s: SegmentCache, context: EvaluationContext): VariableNode[] {
  const { selector } = s;
  const use = useOf(index, context);
  const parts = isParagraphMode(context.target)
    ? []
    : [
        plainNode('index', String(selector >> 3), `entry of the ${selector & 4 ? 'LDT' : 'GDT'}`),
        plainNode('TI', String((selector >> 2) & 1), selector & 4 ? 'local table' : 'global table'),
        plainNode('RPL', String(selector & 3), 'requested privilege level'),
      ];
  return [
    registerNode(name, context, 'selector'),
    ...parts,
    {
      ...cacheNode(name, 'base', s.base, use === 'flat' ? 'of no effect in 64-bit code' : 'hidden cache', context),
      memory: s.base,
    },
    cacheNode(name, 'limit', s.limit, use === 'checked' ? 'last offset' : 'of no effect in 64-bit code', context),
    plainNode('type', typeWords(s), `type ${s.type}`),
    plainNode('DPL', String(s.dpl), 'descriptor privilege level'),
    plainNode('P', s.present ? '1' : '0', 'present'),
    plainNode('S', s.codeOrData ? '1' : '0', s.codeOrData ? 'code or data' : 'system'),
    ...(s.codeOrData && (s.type & 8) !== 0 && isLong(context.target)
      ? [plainNode('L', s.long ? '1' : '0', s.long ? '64-bit code' : 'compatibility mode')]
      : []),
    plainNode('D/B', s.big ? '1' : '0', s.big ? '32-bit' : '16-bit'),
    plainNode('G', s.granular ? '1' : '0', s.granular ? 'limit in 4 KB pages' : 'limit in bytes'),
    plainNode('usable', s.unusable ? 'no' : 'yes'),
  ];
}

/** Base or limit of a cache; those of an outer frame are not in the processor. */
const cacheNode = (
  name: string,
  part: 'base' | 'limit',
  value: number,
  type: string,
  context: EvaluationContext,
): VariableNode =>
  context.frame ? plainNode(part, `0x${hexLinear(value)}`, type) : registerNode(`${name}.${part}`, context, part, type);

export const segmentsScope = (context: EvaluationContext): VariableNode[] => [
  ...SEGMENT_NAMES.map((name, index) => segmentNode(name, index, context)),
  ...(isLong(context.target)
    ? [
        registerNode('fsbase', context, 'FSBASE', 'base of FS'),
        registerNode('gsbase', context, 'GSBASE', 'base of GS'),
        registerNode('kernelgsbase', context, 'KERNELGSBASE', 'SWAPGS exchanges it with GSBASE'),
      ]
    : []),
];
