// Invalid operands: NaN propagation, unsupported encodings, and the denormal exception (Intel SDM vol. 1, "Operating on SNaNs
// and QNaNs", "Invalid Arithmetic Operand Exception"). Priority: SNaN and unsupported, quiet NaN, other invalid operations and
// division by zero, denormal operand.
import { DEFAULT_NAN, isNan, isSignaling, quiet, type Float, type Raw80 } from './float80';
import type { Context } from './round';
import { SW_DE, SW_IE } from './state';

export function invalid(ctx: Context): Raw80 {
  ctx.flags |= SW_IE;
  return DEFAULT_NAN;
}

/** The result when an operand is no number; undefined when both are. */
export function notNumbers(ctx: Context, a: Float, b: Float = a): Raw80 | undefined {
  if (a.cls === 'unsupported' || b.cls === 'unsupported') return invalid(ctx);
  if (!isNan(a) && !isNan(b)) return undefined;
  const signalingA = isSignaling(a);
  const signalingB = isSignaling(b);
  if (signalingA || signalingB) ctx.flags |= SW_IE;
  if (!isNan(a)) return quiet(b);
  if (!isNan(b) || a === b) return quiet(a);
  if (signalingA !== signalingB) return quiet(signalingA ? b : a);
  if (a.sig !== b.sig) return quiet(a.sig > b.sig ? a : b);
  return quiet(a.sign === 0 ? a : b);
}

/** Notes a denormal operand. */
export function noteDenormal(ctx: Context, a: Float, b: Float = a): void {
  if (a.denormal || b.denormal) ctx.flags |= SW_DE;
}
