// Segment registers with their hidden descriptor caches in words: what the processor really uses, whatever the tables say.

import type { EvaluationContext } from '../expression/value';
import { typeWords } from '../descriptors';
import { SEGMENT_NAMES } from '../registers';
import { isParagraphMode, segmentOf } from '../segments';
import type { SegmentCache, SegIndex } from '../target';
import { childrenOf, plainNode, registerNode, type VariableNode } from './node';

const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

/** `base 00000000, limit ffffffff, 32-bit code, readable, DPL 0`. */
export function segmentWords(s: SegmentCache): string {
  if (s.unusable) return 'null: not usable';
  const rest = [typeWords(s), `DPL ${s.dpl}`, ...(s.present ? [] : ['not present'])].join(', ');
  return `base ${h(s.base, 8)}, limit ${h(s.limit, 8)}, ${rest}`;
}

export function segmentNode(name: string, index: SegIndex, context: EvaluationContext): VariableNode {
  const cache = segmentOf(context, index);
  const register = registerNode(name, context);
  return {
    ...register,
    value: `0x${h(cache.selector, 4)}`,
    type: segmentWords(cache),
    memory: cache.base,
    children: childrenOf(() => segmentFields(name, cache, context)),
  };
}

function segmentFields(name: string, s: SegmentCache, context: EvaluationContext): VariableNode[] {
  const { selector } = s;
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
    { ...cacheNode(name, 'base', s.base, 'hidden cache', context), memory: s.base },
    cacheNode(name, 'limit', s.limit, 'last offset', context),
    plainNode('type', typeWords(s), `type ${s.type}`),
    plainNode('DPL', String(s.dpl), 'descriptor privilege level'),
    plainNode('P', s.present ? '1' : '0', 'present'),
    plainNode('S', s.codeOrData ? '1' : '0', s.codeOrData ? 'code or data' : 'system'),
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
  context.frame ? plainNode(part, `0x${h(value, 8)}`, type) : registerNode(`${name}.${part}`, context, part, type);

export const segmentsScope = (context: EvaluationContext): VariableNode[] =>
  SEGMENT_NAMES.map((name, index) => segmentNode(name, index, context));
