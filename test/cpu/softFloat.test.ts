// Exact binary32 and binary64 arithmetic against Berkeley TestFloat's vectors, where they lie beside the checkout
// (../shared/testfloat). NaN results are compared by class: TestFloat's payloads follow other rules.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as S from '../../src/base/softFloat';
import type { FloatStatus, Format } from '../../src/base/softFloat';

const FOLDER = join(process.cwd(), '..', 'shared', 'testfloat');
const ROUNDINGS: Readonly<Record<string, number>> = { rnear_even: 0, rmin: 1, rmax: 2, rminMag: 3 };
const FORMATS: Readonly<Record<string, Format>> = { f32: S.BINARY32, f64: S.BINARY64 };
/** Inexact, underflow, overflow, infinite, invalid, in TestFloat's order. */
const FLAGS = [S.INEXACT, S.UNDERFLOW, S.OVERFLOW, S.DIVIDE, S.INVALID];
const flagsOf = (bits: number): number => FLAGS.reduce((sum, flag, i) => sum | ((bits >> i) & 1 ? flag : 0), 0);

type Operation = (s: FloatStatus, operands: readonly bigint[]) => bigint;
interface Suite {
  operation: Operation;
  result: Format | 'integer' | 'truth';
}

function suites(): Map<string, Suite> {
  const list = new Map<string, Suite>();
  for (const [name, f] of Object.entries(FORMATS)) {
    const put = (what: string, operation: Operation, result: Suite['result'] = f): void =>
      void list.set(`${name}_${what}`, { operation, result });
    put('add', (s, [a, b]) => S.add(s, f, a!, b!));
    put('sub', (s, [a, b]) => S.subtract(s, f, a!, b!));
    put('mul', (s, [a, b]) => S.multiply(s, f, a!, b!));
    put('div', (s, [a, b]) => S.divide(s, f, a!, b!));
    put('sqrt', (s, [a]) => S.squareRoot(s, f, a!));
    put('roundToInt', (s, [a]) => S.roundToIntegral(s, f, a!, s.rounding, false));
    for (const bits of [32, 64])
      put(`to_i${bits}`, (s, [a]) => BigInt.asUintN(bits, S.toInteger(s, f, a!, bits)), 'integer');
    for (const [what, quiet, holds] of [
      ['eq', true, 'equal'],
      ['lt', false, 'less'],
      ['lt_quiet', true, 'less'],
      ['eq_signaling', false, 'equal'],
      ['le', false, 'less equal'],
      ['le_quiet', true, 'less equal'],
    ] as const)
      // prettier-ignore
      put(what, (s, [a, b]) => (holds.split(' ').includes(S.compare(s, f, a!, b!, !quiet)) ? 1n : 0n), 'truth');
    for (const bits of [32, 64])
      list.set(`i${bits}_to_${name}`, {
        operation: (s, [a]) => S.fromInteger(s, f, BigInt.asIntN(bits, a!)),
        result: f,
      });
  }
  list.set('f32_to_f64', { operation: (s, [a]) => S.convert(s, S.BINARY32, S.BINARY64, a!), result: S.BINARY64 });
  list.set('f64_to_f32', { operation: (s, [a]) => S.convert(s, S.BINARY64, S.BINARY32, a!), result: S.BINARY32 });
  return list;
}

describe('exact arithmetic against TestFloat', () => {
  before(function () {
    if (!existsSync(FOLDER)) this.skip();
  });
  for (const [name, { operation, result }] of suites()) {
    it(name, () => {
      let compared = 0;
      for (const [mode, rounding] of Object.entries(ROUNDINGS)) {
        const file = join(FOLDER, `${name}.${mode}.txt.gz`);
        if (!existsSync(file)) continue;
        for (const line of gunzipSync(readFileSync(file)).toString().trim().split('\n')) {
          const fields = line.split(' ');
          const numbers = fields.map((field) => BigInt(`0x${field}`));
          const wanted = numbers.at(-2)!;
          const status: FloatStatus = {
            rounding,
            daz: false,
            ftz: false,
            underflowMasked: true,
            overflowMasked: true,
            flags: 0,
          };
          const got = operation(status, numbers.slice(0, -2));
          const flags = flagsOf(Number(numbers.at(-1)));
          assert.equal(status.flags & ~S.DENORMAL, flags, `${mode}: ${line}: flags`);
          compared++;
          if (result === 'integer' && (flags & S.INVALID) !== 0) continue; // no agreed value
          if (typeof result === 'object' && S.isNaN64(result, wanted) && S.isNaN64(result, got)) continue;
          assert.equal(got, wanted, `${mode}: ${line}: got ${got.toString(16)}`);
        }
      }
      assert.ok(compared > 500, `${compared} compared`);
    });
  }
});
