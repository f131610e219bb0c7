// Comparisons and classification (Intel SDM vol. 2, FCOM, FUCOM, FCOMI, FTST, FXAM).
import { bitLength, isNan, isSignaling, type Float } from './float80';
import { noteDenormal } from './nan';
import type { Context } from './round';
import { SW_C0, SW_C2, SW_C3, SW_IE } from './state';

export type Order = 'less' | 'equal' | 'greater' | 'unordered';

/** `quietly`: a quiet NaN is no invalid operation. */
export function compare(ctx: Context, a: Float, b: Float, quietly: boolean): Order {
  if (a.cls === 'unsupported' || b.cls === 'unsupported') {
    ctx.flags |= SW_IE;
    return 'unordered';
  }
  if (isNan(a) || isNan(b)) {
    if (!quietly || isSignaling(a) || isSignaling(b)) ctx.flags |= SW_IE;
    return 'unordered';
  }
  noteDenormal(ctx, a, b);
  if (a.cls === 'zero' && b.cls === 'zero') return 'equal';
  const signed = (x: Float): number => (x.cls === 'zero' ? 0 : x.sign === 1 ? -1 : 1);
  if (signed(a) !== signed(b)) return signed(a) < signed(b) ? 'less' : 'greater';
  const way = magnitude(a, b) * signed(a);
  return way < 0 ? 'less' : way > 0 ? 'greater' : 'equal';
}

/** Sign of |a| - |b|; neither is zero. */
function magnitude(a: Float, b: Float): number {
  if (a.cls === 'infinity' || b.cls === 'infinity') return Number(a.cls === 'infinity') - Number(b.cls === 'infinity');
  const topA = a.exp + bitLength(a.sig);
  const topB = b.exp + bitLength(b.sig);
  if (topA !== topB) return topA - topB;
  const x = a.sig << BigInt(Math.max(0, a.exp - b.exp));
  const y = b.sig << BigInt(Math.max(0, b.exp - a.exp));
  return x < y ? -1 : x > y ? 1 : 0;
}

export const CONDITION_OF: Readonly<Record<Order, number>> = {
  greater: 0,
  less: SW_C0,
  equal: SW_C3,
  unordered: SW_C3 | SW_C2 | SW_C0,
};

/** C3, C2, C0 of FXAM for a register that is not empty. */
export function examined(a: Float): number {
  switch (a.cls) {
    case 'unsupported':
      return 0;
    case 'nan':
      return SW_C0;
    case 'infinity':
      return SW_C2 | SW_C0;
    case 'zero':
      return SW_C3;
    default:
      return a.denormal ? SW_C3 | SW_C2 : SW_C2;
  }
}
export const EXAMINED_EMPTY = SW_C3 | SW_C0;
