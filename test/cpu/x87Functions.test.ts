// The transcendental functions against references of their own: other reductions (halving, square roots, repeated squaring),
// no tables, 600 bits. The error is counted in units of the last of 64 bits; rounding alone costs half a unit.
import assert from 'node:assert/strict';
import { bitLength, type Float, type Raw80, unpack } from '../../src/cpu/fpu/float80';
import type { Context } from '../../src/cpu/fpu/round';
import { cosineOf, f2xm1, fpatan, fyl2x, fyl2xp1, sineOf, tangentOf } from '../../src/cpu/fpu/transcendental';
import { randomFrom } from '../devices/testBench';

const BITS = 600n;
const ONE = 1n << BITS;
const mul = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const div = (a: bigint, b: bigint): bigint => (a << BITS) / b;

function squareRoot(value: bigint): bigint {
  const target = value << BITS;
  let r = 1n << BigInt((bitLength(target) + 1) >> 1);
  for (;;) {
    const next = (r + target / r) >> 1n;
    if (next >= r) return r;
    r = next;
  }
}

/** x as fixed point; what lies below the last bit is lost. */
function fixed(x: Float): bigint {
  const shift = BigInt(x.exp) + BITS;
  const magnitude = shift >= 0n ? x.sig << shift : x.sig >> -shift;
  return x.sign === 1 ? -magnitude : magnitude;
}

function exponential(x: bigint): bigint {
  const halvings = 40n;
  const small = x >> halvings;
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term !== 0n && term !== -1n; k++) sum += term = mul(term, small) / k;
  for (let i = 0n; i < halvings; i++) sum = mul(sum, sum);
  return sum;
}

/** By square roots until the argument is near 1. */
function naturalLogarithm(x: bigint): bigint {
  let roots = 0n;
  while (x - ONE > ONE >> 30n || ONE - x > ONE >> 30n) {
    x = squareRoot(x);
    roots++;
  }
  const z = div(x - ONE, x + ONE);
  let power = z;
  let sum = 0n;
  for (let k = 1n; power !== 0n && power !== -1n; k += 2n) {
    sum += power / k;
    power = mul(mul(power, z), z);
  }
  return (2n * sum) << roots;
}
const LN2 = naturalLogarithm(2n * ONE);

function arctangent(x: bigint): bigint {
  let halvings = 0n;
  while (x > ONE >> 20n) {
    x = div(x, ONE + squareRoot(ONE + mul(x, x)));
    halvings++;
  }
  let power = x;
  let sum = 0n;
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += (k & 2n) !== 0n ? -(power / k) : power / k;
    power = mul(mul(power, x), x);
  }
  return sum << halvings;
}
const PI = 4n * arctangent(ONE);

/** Sine and cosine, with multiples of pi/2 of the 66 bits of the manual taken away until a quarter of the circle is left. */
function circular(x: bigint): { sin: bigint; cos: bigint } {
  const right = 0xc90fdaa22168c234cn << (BITS - 67n);
  let rest = x % (4n * right);
  if (rest < 0n) rest += 4n * right;
  let quadrant = 0;
  while (2n * rest > right) {
    rest -= right;
    quadrant++;
  }
  const series = (from: bigint, first: bigint): bigint => {
    let term = first;
    let sum = 0n;
    for (let k = from; term !== 0n && term !== -1n; k += 2n) {
      sum += term;
      term = -mul(mul(term, rest), rest) / ((k + 1n) * (k + 2n));
    }
    return sum;
  };
  const [sin, cos] = [series(1n, rest), series(0n, ONE)];
  return [
    { sin, cos },
    { sin: cos, cos: -sin },
    { sin: -sin, cos: -cos },
    { sin: -cos, cos: sin },
  ][quadrant % 4];
}

const nearest = (): Context => ({ rc: 0, precision: 64, masked: 0x3f, flags: 0, up: false });

/** |result - reference| in units of the result's last place. */
function errorOf(result: Raw80, reference: bigint): number {
  const value = unpack(result);
  const unit = 1n << (BigInt(value.exp) + BITS);
  const difference = fixed(value) - reference;
  return Number(((difference < 0n ? -difference : difference) << 40n) / unit) / 2 ** 40;
}

describe('x87 transcendental functions', () => {
  const random = randomFrom(0x87);
  /** A number with a random significand and an exponent of its highest bit in the range. */
  const number = (lowest: number, highest: number, signed = true): Float => {
    let sig = 1n;
    for (let i = 0; i < 63; i++) sig = (sig << 1n) | BigInt(random(2));
    const biased = 16383 + lowest + random(highest - lowest + 1);
    return unpack({ se: biased | (signed && random(2) === 1 ? 0x8000 : 0), sig });
  };
  const COUNT = 150;

  function prove(name: string, once: () => number): void {
    it(`${name} is off by half a unit of the last place at most`, () => {
      let worst = 0;
      for (let i = 0; i < COUNT; i++) worst = Math.max(worst, once());
      assert.ok(worst > 0.4, `suspiciously exact: ${worst}`);
      assert.ok(worst <= 0.5 + 2 ** -30, `${worst} units`);
    }).timeout(60_000);
  }

  prove('F2XM1', () => {
    const x = number(-100, -1);
    return errorOf(f2xm1(nearest(), x), exponential(mul(fixed(x), LN2)) - ONE);
  });
  prove('FYL2X', () => {
    const [x, y] = [number(-40, 40, false), number(-20, 20)];
    return errorOf(fyl2x(nearest(), x, y), mul(div(naturalLogarithm(fixed(x)), LN2), fixed(y)));
  });
  prove('FYL2X near 1', () => {
    const x = { ...unpack({ se: 16383, sig: (1n << 63n) | BigInt(random(1 << 30) + 1) }) };
    const y = number(-3, 3);
    return errorOf(fyl2x(nearest(), x, y), mul(div(naturalLogarithm(fixed(x)), LN2), fixed(y)));
  });
  prove('FYL2XP1', () => {
    const [x, y] = [number(-110, -3), number(-20, 20)];
    return errorOf(fyl2xp1(nearest(), x, y), mul(div(naturalLogarithm(ONE + fixed(x)), LN2), fixed(y)));
  });
  prove('FPATAN', () => {
    const [x, y] = [number(-30, 30), number(-30, 30)];
    const steep = div(absolute(fixed(y)), absolute(fixed(x)));
    const angle = steep > ONE ? PI / 2n - arctangent(div(ONE, steep)) : arctangent(steep);
    const placed = x.sign === 1 ? PI - angle : angle;
    return errorOf(fpatan(nearest(), x, y), y.sign === 1 ? -placed : placed);
  });
  prove('FSIN', () => {
    const x = number(-80, 62);
    return errorOf(sineOf(nearest(), x)!, circular(fixed(x)).sin);
  });
  prove('FCOS', () => {
    const x = number(-30, 62);
    return errorOf(cosineOf(nearest(), x)!, circular(fixed(x)).cos);
  });
  prove('FPTAN', () => {
    const x = number(-80, 62);
    const { sin, cos } = circular(fixed(x));
    return errorOf(tangentOf(nearest(), x)!, div(sin, cos));
  });

  it('leave an angle of 2^63 alone', () => {
    const x = number(63, 63);
    assert.equal(sineOf(nearest(), x), undefined);
    assert.equal(tangentOf(nearest(), x), undefined);
  });
});

const absolute = (x: bigint): bigint => (x < 0n ? -x : x);
