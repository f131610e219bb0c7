// Operators of debugger expressions on unbounded integers.

import type { BinaryOperator } from './ast';
import type { Value } from './value';

/** Bits beyond this make no sense for a 64-bit processor and could exhaust memory. */
const MAX_SHIFT = 128n;

/** The result, or a sentence saying why there is none. */
export function compute(op: BinaryOperator, left: Value, right: Value): bigint | string {
  const a = left.value;
  const b = right.value;
  const truth = (t: boolean): bigint => (t ? 1n : 0n);
  switch (op) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? 'division by zero' : a / b;
    case '%':
      return b === 0n ? 'division by zero' : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '<<':
    case '>>':
      if (b < 0n || b > MAX_SHIFT) return 'a shift count must be between 0 and 128';
      return op === '<<' ? a << b : a >> b;
    case '&&':
    case '||':
      return truth(b !== 0n);
    default: {
      const [x, y] = comparable(left, right);
      if (op === '==') return truth(x === y);
      if (op === '!=') return truth(x !== y);
      if (op === '<') return truth(x < y);
      if (op === '<=') return truth(x <= y);
      return truth(op === '>' ? x > y : x >= y);
    }
  }
}

function comparable(left: Value, right: Value): [bigint, bigint] {
  const signed = (v: Value): bigint => (v.bits ? BigInt.asIntN(v.bits, v.value) : v.value);
  return left.value < 0n || right.value < 0n ? [signed(left), signed(right)] : [left.value, right.value];
}
