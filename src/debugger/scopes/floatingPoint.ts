// The x87 unit: control, status and tag words, and the register stack as numbers (Intel SDM vol. 1, "x87 FPU Execution
// Environment"). A machine without x87 state says so.

import type { EvaluationContext } from '../expression/value';
import { plainNode, type VariableNode } from './node';

export function floatingPointScope({ target }: EvaluationContext): VariableNode[] {
  const words = ['fcw', 'fsw', 'ftw'].map((name) => [name, target.getRegister(name)] as const);
  if (words.some(([, value]) => value === undefined))
    return [
      plainNode(
        'x87',
        'absent',
        'this machine has no floating-point unit yet: CR0.EM decides what its instructions do',
      ),
    ];
  const nodes = words.map(([name, value]) =>
    plainNode(name.toUpperCase(), `0x${value!.toString(16).padStart(4, '0')}`),
  );
  const stack = Array.from({ length: 8 }, (_, i) => {
    const raw = target.getRegister(`st${i}`) ?? 0n;
    return plainNode(`ST${i}`, extendedText(raw), `0x${raw.toString(16).padStart(20, '0')}`);
  });
  return [...nodes, ...stack];
}

/** An 80-bit extended number as text; exact to the precision of a double. */
function extendedText(raw: bigint): string {
  const sign = raw >> 79n ? '-' : '';
  const exponent = Number((raw >> 64n) & 0x7fffn);
  const mantissa = raw & 0xffffffffffffffffn;
  if (exponent === 0x7fff) return (mantissa << 1n) & 0xffffffffffffffffn ? 'NaN' : `${sign}infinity`;
  if (mantissa === 0n) return `${sign}0`;
  return sign + (Number(mantissa) * 2 ** (exponent - 16383 - 63)).toString();
}
