// Berkeley TestFloat's vectors for the 80-bit format, where they lie beside the checkout (../shared/testfloat): arithmetic,
// conversions, remainder, comparisons, in all rounding modes and precisions. Flags: 1 inexact, 2 underflow, 4 overflow,
// 8 division by zero, 10 invalid. The x87's denormal exception is not part of them.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { add, divide, multiply, roundInteger, squareRoot } from '../../src/cpu/fpu/arithmetic';
import { compare } from '../../src/cpu/fpu/compare';
import { fromInteger, fromReal, load, toInteger, toReal } from '../../src/cpu/fpu/convert';
import { unpack, type Float, type Raw80 } from '../../src/cpu/fpu/float80';
import { remainder } from '../../src/cpu/fpu/remainder';
import type { Context } from '../../src/cpu/fpu/round';

const FOLDER = join(process.cwd(), '..', 'shared', 'testfloat');
const ROUNDING: Readonly<Record<string, number>> = { rnear_even: 0, rmin: 1, rmax: 2, rminMag: 3 };
const NAME = /^(extF80(?:p32|p64)?|f32|f64|i32|i64)_(\w+)\.(\w+)\.txt\.gz$/;

const extended = (hex: string): Float => unpack(rawOf(hex));
const rawOf = (hex: string): Raw80 => ({ se: parseInt(hex.slice(0, 4), 16), sig: BigInt(`0x${hex.slice(4)}`) });
const hexOf = ({ se, sig }: Raw80): string =>
  (se.toString(16).padStart(4, '0') + sig.toString(16).padStart(16, '0')).toUpperCase();
const bitsOf = (value: bigint, digits: number): string => value.toString(16).padStart(digits, '0').toUpperCase();

type Operation = (ctx: Context, operands: string[]) => string;

/** Answers the function of a file, undefined when the x87 has none such. */
function operation(type: string, name: string): Operation | undefined {
  const binary =
    (f: (ctx: Context, a: Float, b: Float) => Raw80): Operation =>
    (ctx, [a, b]) =>
      hexOf(f(ctx, extended(a), extended(b)));
  const relation =
    (quietly: boolean, ...orders: string[]): Operation =>
    (ctx, [a, b]) =>
      orders.includes(compare(ctx, extended(a), extended(b), quietly)) ? '1' : '0';
  if (type.startsWith('extF80')) {
    switch (name) {
      case 'add':
        return binary((ctx, a, b) => add(ctx, a, b, false));
      case 'sub':
        return binary((ctx, a, b) => add(ctx, a, b, true));
      case 'mul':
        return binary(multiply);
      case 'div':
        return binary(divide);
      case 'rem':
        return binary(wholeRemainder);
      case 'sqrt':
        return (ctx, [a]) => hexOf(squareRoot(ctx, extended(a)));
      case 'roundToInt':
        return (ctx, [a]) => hexOf(roundInteger(ctx, extended(a)));
      case 'to_f32':
        return (ctx, [a]) => bitsOf(toReal(ctx, extended(a), 4), 8);
      case 'to_f64':
        return (ctx, [a]) => bitsOf(toReal(ctx, extended(a), 8), 16);
      case 'to_i32':
        return (ctx, [a]) => bitsOf(toInteger(ctx, extended(a), 4, false), 8);
      case 'to_i64':
        return (ctx, [a]) => bitsOf(toInteger(ctx, extended(a), 8, false), 16);
      case 'eq':
        return relation(true, 'equal');
      case 'eq_signaling':
        return relation(false, 'equal');
      case 'le':
        return relation(false, 'less', 'equal');
      case 'le_quiet':
        return relation(true, 'less', 'equal');
      case 'lt':
        return relation(false, 'less');
      case 'lt_quiet':
        return relation(true, 'less');
    }
  }
  if (name !== 'to_extF80') return undefined;
  if (type === 'f32' || type === 'f64')
    return (ctx, [a]) => hexOf(load(ctx, fromReal(BigInt(`0x${a}`), type === 'f32' ? 4 : 8)));
  return (_, [a]) => hexOf(fromInteger(BigInt.asIntN(type === 'i32' ? 32 : 64, BigInt(`0x${a}`))));
}

/** FPREM1 until it is complete. */
function wholeRemainder(ctx: Context, a: Float, b: Float): Raw80 {
  for (;;) {
    const { value, incomplete } = remainder(ctx, a, b, true);
    if (!incomplete) return value;
    a = unpack(value);
  }
}

/** The status word's exception bits as TestFloat has them. */
const flagsOf = (flags: number): number =>
  ((flags & 0x20) >> 5) | ((flags & 0x10) >> 3) | ((flags & 8) >> 1) | ((flags & 4) << 1) | ((flags & 1) << 4);

const NAN = /^[7F]FFF(?!8000000000000000)[89A-F].{15}$/;
const precisionOf = (type: string): number => (type === 'extF80p32' ? 24 : type === 'extF80p64' ? 53 : 64);

function check(file: string): { lines: number; wrong: string[] } {
  const [, type, name, rounding] = NAME.exec(file)!;
  const run = operation(type, name)!;
  const wrong: string[] = [];
  const lines = gunzipSync(readFileSync(join(FOLDER, file)))
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  for (const line of lines) {
    const words = line.trim().split(' ');
    const flags = words.pop()!;
    const expected = words.pop()!;
    const ctx: Context = { rc: ROUNDING[rounding], precision: precisionOf(type), masked: 0x3f, flags: 0, up: false };
    const got = run(ctx, words);
    const same = got === expected || (NAN.test(got) && NAN.test(expected));
    if (!same || flagsOf(ctx.flags) !== parseInt(flags, 16)) wrong.push(`${line}: ${got} ${ctx.flags.toString(16)}`);
  }
  return { lines: lines.length, wrong };
}

describe('Berkeley TestFloat, 80-bit format', () => {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => NAME.test(name)) : [];
  const ours = files.filter((file) => operation(...(NAME.exec(file)!.slice(1, 3) as [string, string])) !== undefined);
  if (ours.length === 0) it(`the vectors are not at ${FOLDER}`, function () { this.skip(); }); // prettier-ignore
  for (const file of ours) {
    it(file, () => {
      const { lines, wrong } = check(file);
      assert.ok(lines > 20, `${lines} lines`);
      assert.deepEqual(wrong.slice(0, 10), [], `${wrong.length} of ${lines}`);
    });
  }
});
