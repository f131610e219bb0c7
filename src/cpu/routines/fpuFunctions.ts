// The transcendental instructions (Intel SDM vol. 2). An angle of 2^63 or more is out of range: C2 tells, nothing else changes.
import type { Cpu } from '../cpu';
import { DEFAULT_NAN, ONE, type Float, type Raw80 } from '../fpu/float80';
import type { Context } from '../fpu/round';
import { setStatus, statusWord, SW_C1, SW_C2 } from '../fpu/state';
import { cosineOf, f2xm1, fpatan, fyl2x, fyl2xp1, sineOf, tangentOf } from '../fpu/transcendental';
import { conclude, context, empty, setSt, st, stackFault } from '../fpu/unit';
import { NEXT, type SysRoutine } from '../sys';
import { pair, splitting, unary } from './fpuArithmetic';
import { waiting } from './fpuFrame';

const outOfRange = (cpu: Cpu): void => setStatus(cpu, (statusWord(cpu) & ~SW_C1) | SW_C2);
const inRange = (cpu: Cpu): void => setStatus(cpu, statusWord(cpu) & ~SW_C2);

/** FSIN and FCOS. */
function angular(operation: (ctx: Context, a: Float) => Raw80 | undefined): SysRoutine {
  return waiting((cpu) => {
    if (empty(cpu, 0)) {
      inRange(cpu);
      if (stackFault(cpu, false)) setSt(cpu, 0, DEFAULT_NAN);
      return NEXT;
    }
    const ctx = context(cpu);
    const result = operation(ctx, st(cpu, 0));
    if (result === undefined) {
      outOfRange(cpu);
      return NEXT;
    }
    inRange(cpu);
    if (conclude(cpu, ctx)) setSt(cpu, 0, result);
    return NEXT;
  });
}

/** FSINCOS: both results are rounded; C1 is that of the cosine. */
function sineAndCosine(ctx: Context, a: Float): readonly [Raw80, Raw80] | undefined {
  const sin = sineOf(ctx, a);
  const cos = cosineOf(ctx, a);
  return sin === undefined || cos === undefined ? undefined : [sin, cos];
}

function tangent(ctx: Context, a: Float): readonly [Raw80, Raw80] | undefined {
  const tan = tangentOf(ctx, a);
  if (tan === undefined) return undefined;
  return [tan, a.cls === 'nan' || (tan.se & 0x7fff) === 0x7fff ? tan : ONE];
}

export const FPU_FUNCTION_ROUTINES: Record<string, SysRoutine> = {
  f2xm1: unary(f2xm1),
  fyl2x: pair(fyl2x, true),
  fyl2xp1: pair(fyl2xp1, true),
  fpatan: pair(fpatan, true),
  fsin: angular(sineOf),
  fcos: angular(cosineOf),
  fsincos: splitting(sineAndCosine, outOfRange, inRange),
  fptan: splitting(tangent, outOfRange, inRange),
};
