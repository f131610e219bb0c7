// The operation of an instruction in pseudo-code, for people. What it says in words is `Row.doc`.
import { conditionText } from '../conditions';
import { ABSENT } from './absent';
import { CONTROL } from './control';
import { INTEGER } from './integer';
import type { Pseudocode } from './types';
import { vectorPseudocode } from './vector';
import { X87 } from './x87';
import type { Row } from '../types';

const ALL: Pseudocode = { ...INTEGER, ...CONTROL, ...X87, ...ABSENT };

/** `CF=1 or ZF=1`, of the words that explain a condition. */
const formula = (cc: number): string =>
  /\((.*)\)/.exec(conditionText(cc))![1]!.replaceAll('=', ' = ').replaceAll('≠', ' <> ');

export function pseudocodeOf({ mn, cc, ops }: Row): string | undefined {
  if (cc !== undefined) {
    const stem = /^(cmov|set|j)/.exec(mn)?.[1];
    return stem && ALL[stem]?.replace('condition', formula(cc));
  }
  // MOVSD and CMPSD are string instructions without operands, and vector ones with.
  return ops.length === 0 ? (ALL[mn] ?? vectorPseudocode(mn)) : (vectorPseudocode(mn) ?? ALL[mn]);
}
