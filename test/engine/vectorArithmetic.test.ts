// SSE arithmetic: WebAssembly's fast path gives what the exact one gives, result and flags, for operands of all kinds; modes
// and unmasked exceptions; the checks before SSE can be used.
import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { VectorBoard } from '../../src/machine/vectors/board';
import type { VectorHeader } from '../../src/machine/vectors/format';

const HEADER: VectorHeader = { format: 'x86vec-1', mode: 32, file: '', cpu: '', ldt: [] };
const SELECTORS = [0x2b, 0x23, 0x2b, 0x2b, 0x2b, 0x2b];
const CODE = 0x14000;
const board = new VectorBoard();
const { cpu } = board.engine;
board.prepare(HEADER);

/** Runs one instruction on XMM0 and XMM1; answers XMM0, MXCSR and the exception's vector. */
function run(code: number[], a: bigint, b: bigint, mxcsr: number, cr0 = 0, cr4Off = 0) {
  board.enterProtected(SELECTORS, HEADER, 0x202);
  cpu.u32[L.S_CR0 >> 2] |= cr0;
  cpu.u32[L.S_CR4 >> 2] &= ~cr4Off;
  cpu.setReg32(4, 0x48000);
  cpu.eip = CODE;
  board.ram.set(code, CODE);
  board.engine.dropCode(CODE, code.length);
  const put = (n: number, value: bigint): void => {
    cpu.u64[(L.S_XMM + n * L.XMM_SIZE) >> 3] = BigInt.asUintN(64, value);
    cpu.u64[((L.S_XMM + n * L.XMM_SIZE) >> 3) + 1] = value >> 64n;
  };
  put(0, a);
  put(1, b);
  cpu.u32[L.S_MXCSR >> 2] = mxcsr;
  board.engine.run(1);
  if (cpu.eip === CODE || cpu.cpl === 0) board.engine.run(1);
  const result = cpu.u64[L.S_XMM >> 3] | (cpu.u64[(L.S_XMM >> 3) + 1] << 64n);
  return { result, mxcsr: cpu.u32[L.S_MXCSR >> 2], vector: board.protectedException()?.vector };
}

let seed = 12345;
const random = (): number => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed;
};
/** Numbers of all kinds, many of them with close exponents. */
function single(): bigint {
  const kinds = [
    0, 0x80000000, 1, 0x7fffff, 0x800000, 0x800001, 0x7f7fffff, 0x7f800000, 0xff800000, 0x7fc00001, 0x7f800001,
  ];
  const kind = random() >>> 27;
  if (kind < 4) return BigInt(kinds[(random() >>> 8) % kinds.length]!);
  if (kind < 8) return BigInt(random());
  if (kind < 12) return BigInt(new Uint32Array(Float32Array.of((random() >>> 20) - 2048).buffer)[0]!);
  return BigInt(((random() & 0x80ffffff) | (0x3e000000 + (random() & 0x3000000))) >>> 0);
}
function double(): bigint {
  const kind = random() >>> 27;
  if (kind < 4) {
    const specials = [
      0n,
      1n << 63n,
      1n,
      0x10000000000000n,
      0x10000000000001n,
      0x7ff0000000000000n,
      0x7ff8000000000001n,
    ];
    return specials[(random() >>> 8) % specials.length]!;
  }
  if (kind < 8) return (BigInt(random()) << 32n) | BigInt(random());
  if (kind < 14) return new BigUint64Array(Float64Array.of((random() >>> 12) - 500000).buffer)[0]!;
  return (
    ((BigInt((random() & 0x800fffff) | (0x3fe00000 + (random() & 0x300000))) << 32n) & 0xffffffff00000000n) |
    BigInt(random())
  );
}
const vectorOf = (wide: boolean): bigint =>
  wide ? double() | (double() << 64n) : single() | (single() << 32n) | (single() << 64n) | (single() << 96n);

const PREFIXES: Readonly<Record<string, number[]>> = { ps: [], pd: [0x66], ss: [0xf3], sd: [0xf2] };
const forms: [string, number[], boolean][] = [];
for (const [name, opcode] of [
  ['sqrt', 0x51],
  ['add', 0x58],
  ['mul', 0x59],
  ['sub', 0x5c],
  ['min', 0x5d],
  ['div', 0x5e],
  ['max', 0x5f],
] as const)
  // prettier-ignore
  for (const kind of ['ps', 'pd', 'ss', 'sd'])
    forms.push([name + kind, [...PREFIXES[kind]!, 0x0f, opcode, 0xc1], kind.endsWith('d')]);
forms.push(
  ['cvtps2pd', [0x0f, 0x5a, 0xc1], false],
  ['cvtpd2ps', [0x66, 0x0f, 0x5a, 0xc1], true],
  ['cvtss2sd', [0xf3, 0x0f, 0x5a, 0xc1], false],
  ['cvtsd2ss', [0xf2, 0x0f, 0x5a, 0xc1], true],
  ['cvtdq2ps', [0x0f, 0x5b, 0xc1], false],
  ['cvtps2dq', [0x66, 0x0f, 0x5b, 0xc1], false],
  ['cvttps2dq', [0xf3, 0x0f, 0x5b, 0xc1], false],
  ['cvttpd2dq', [0x66, 0x0f, 0xe6, 0xc1], true],
  ['cvtpd2dq', [0xf2, 0x0f, 0xe6, 0xc1], true],
  ['haddps', [0xf2, 0x0f, 0x7c, 0xc1], false],
  ['addsubpd', [0x66, 0x0f, 0xd0, 0xc1], true],
  ['cmpltps', [0x0f, 0xc2, 0xc1, 1], false],
  ['cmpnlepd', [0x66, 0x0f, 0xc2, 0xc1, 6], true],
  ['roundps', [0x66, 0x0f, 0x3a, 0x08, 0xc1, 4], false],
  ['roundpd', [0x66, 0x0f, 0x3a, 0x09, 0xc1, 1], true],
);

describe('SSE arithmetic', () => {
  for (const [name, code, wide] of forms) {
    it(`${name}: the fast path agrees with the exact one`, () => {
      for (let i = 0; i < 150; i++) {
        const [a, b] = [vectorOf(wide), vectorOf(wide)];
        const exact = run(code, a, b, 0x1f80);
        const fast = run(code, a, b, 0x1fa0);
        const what = `${a.toString(16)}, ${b.toString(16)}`;
        assert.equal(fast.result.toString(16), exact.result.toString(16), what);
        assert.equal(fast.mxcsr, exact.mxcsr | 0x20, what);
        assert.equal(fast.vector, undefined, what);
      }
    });
  }

  const ONE = 0x3f800000n;
  const THREE = 0x40400000n;
  const divss = [0xf3, 0x0f, 0x5e, 0xc1];
  const addss = [0xf3, 0x0f, 0x58, 0xc1];

  it('rounds as MXCSR says', () => {
    const third = (rounding: number): string => run(divss, ONE, THREE, 0x1f80 | (rounding << 13)).result.toString(16);
    assert.deepEqual([0, 1, 2, 3].map(third), ['3eaaaaab', '3eaaaaaa', '3eaaaaab', '3eaaaaaa']);
  });

  it('flushes tiny results and denormal operands when asked to', () => {
    const mulss = [0xf3, 0x0f, 0x59, 0xc1];
    const tiny = run(mulss, 0x00800000n, 0x3f000000n, 0x1f80);
    assert.deepEqual(tiny, { result: 0x400000n, mxcsr: 0x1f80, vector: undefined });
    const flushed = run(mulss, 0x80800000n, 0x3f000000n, 0x9f80);
    assert.deepEqual(flushed, { result: 0x80000000n, mxcsr: 0x9fb0, vector: undefined });
    const ignored = run(addss, 0x00400000n, ONE, 0x1fc0);
    assert.deepEqual(ignored, { result: ONE, mxcsr: 0x1fc0, vector: undefined });
    const seen = run(addss, 0x00400000n, ONE, 0x1f80);
    assert.deepEqual(seen, { result: ONE, mxcsr: 0x1fa2, vector: undefined });
  });

  it('raises #XM for unmasked exceptions and keeps the destination', () => {
    assert.deepEqual(run(divss, ONE, 0n, 0x1d80), { result: ONE, mxcsr: 0x1d84, vector: 19 });
    assert.deepEqual(run(divss, ONE, THREE, 0x0f80), { result: ONE, mxcsr: 0x0fa0, vector: 19 });
    // the operand's exception hides the result's
    assert.deepEqual(run(addss, 0x00400000n, ONE, 0x0e80), { result: 0x00400000n, mxcsr: 0x0e82, vector: 19 });
    assert.equal(run(divss, ONE, 0n, 0x1d80, 0, L.CR4_OSXMMEXCPT).vector, 6);
  });

  it('keeps the first NaN and quiets it', () => {
    assert.equal(run(addss, 0x7fc00001n, 0x7f800002n, 0x1f80).result, 0x7fc00001n);
    assert.equal(run(addss, ONE, 0x7f800002n, 0x1f80).result, 0x7fc00002n);
    assert.equal(run(addss, 0x7f800000n, 0xff800000n, 0x1f80).result, 0xffc00000n);
  });

  it('needs CR0.EM and CR0.TS clear and CR4.OSFXSR set', () => {
    assert.equal(run(addss, ONE, ONE, 0x1f80, L.CR0_EM).vector, 6);
    assert.equal(run(addss, ONE, ONE, 0x1f80, L.CR0_TS).vector, 7);
    assert.equal(run(addss, ONE, ONE, 0x1f80, 0, L.CR4_OSFXSR).vector, 6);
    assert.equal(run(addss, ONE, ONE, 0x1f80).vector, undefined);
  });

  it('raises #GP for operands that are not aligned, but not for those of MOVUPS', () => {
    const at = (opcode: number[]): number[] => [...opcode, 0x05, 0x08, 0x00, 0x02, 0x00]; // [0x20008]
    assert.equal(run(at([0x0f, 0x28]), ONE, ONE, 0x1f80).vector, 13);
    assert.equal(run(at([0x0f, 0x58]), ONE, ONE, 0x1f80).vector, 13);
    assert.equal(run(at([0x0f, 0x10]), ONE, ONE, 0x1f80).vector, undefined);
  });
});
