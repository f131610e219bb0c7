// AES-NI (FIPS 197), PCLMULQDQ and the SHA extensions (FIPS 180-4) as the Intel SDM vol. 2 describes each instruction.
import type { Cpu } from '../cpu';
import { V_A, V_B, V_C, V_R } from '../layout';
import type { VectorFunction } from './vectorFunction';

/** Multiplication in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = b; bit !== 0; bit >>= 1) {
    if ((bit & 1) !== 0) product ^= a;
    a = (a << 1) ^ ((a & 0x80) !== 0 ? 0x11b : 0);
  }
  return product;
}

const rotl8 = (a: number, by: number): number => ((a << by) | (a >> (8 - by))) & 0xff;

/** The S-box: inverse in the field, then an affine map. */
const SBOX = Uint8Array.from({ length: 256 }, (_, a) => {
  let inverse = 0;
  for (let b = 1; b < 256 && inverse === 0; b++) if (times(a, b) === 1) inverse = b;
  return inverse ^ rotl8(inverse, 1) ^ rotl8(inverse, 2) ^ rotl8(inverse, 3) ^ rotl8(inverse, 4) ^ 0x63;
});
const INVERSE_SBOX = new Uint8Array(256);
SBOX.forEach((value, a) => {
  INVERSE_SBOX[value] = a;
});

/** State byte of row r and column c is byte 4c + r. */
const shiftRows = (state: Uint8Array, direction: 1 | -1): Uint8Array =>
  Uint8Array.from({ length: 16 }, (_, i) => state[((((i >> 2) + direction * (i & 3)) & 3) << 2) | (i & 3)]);

function mixColumns(state: Uint8Array, factors: readonly number[]): Uint8Array {
  return Uint8Array.from(
    { length: 16 },
    (_, i) =>
      times(state[i & 12], factors[(4 - (i & 3)) & 3]) ^
      times(state[(i & 12) + 1], factors[(5 - (i & 3)) & 3]) ^
      times(state[(i & 12) + 2], factors[(6 - (i & 3)) & 3]) ^
      times(state[(i & 12) + 3], factors[(7 - (i & 3)) & 3]),
  );
}
const MIX = [2, 3, 1, 1];
const UNMIX = [14, 11, 13, 9];

const bytesAt = (cpu: Cpu, at: number): Uint8Array => cpu.u8.slice(at, at + 16);
function finish(cpu: Cpu, state: Uint8Array, key?: Uint8Array): boolean {
  for (let i = 0; i < 16; i++) cpu.u8[V_R + i] = state[i] ^ (key?.[i] ?? 0);
  return true;
}

function encrypt(cpu: Cpu, last: boolean): boolean {
  const shifted = shiftRows(bytesAt(cpu, V_A), 1).map((byte) => SBOX[byte]);
  return finish(cpu, last ? shifted : mixColumns(shifted, MIX), bytesAt(cpu, V_B));
}
function decrypt(cpu: Cpu, last: boolean): boolean {
  const shifted = shiftRows(bytesAt(cpu, V_A), -1).map((byte) => INVERSE_SBOX[byte]);
  return finish(cpu, last ? shifted : mixColumns(shifted, UNMIX), bytesAt(cpu, V_B));
}

const substituteWord = (word: number): number =>
  SBOX[word & 0xff] | (SBOX[(word >>> 8) & 0xff] << 8) | (SBOX[(word >>> 16) & 0xff] << 16) | (SBOX[word >>> 24] << 24);
const rotr = (a: number, by: number): number => (a >>> by) | (a << (32 - by));
const rotl = (a: number, by: number): number => (a << by) | (a >>> (32 - by));

const wordsAt = (cpu: Cpu, at: number): Int32Array => cpu.i32.slice(at >> 2, (at >> 2) + 4);
function answer(cpu: Cpu, words: readonly number[]): boolean {
  cpu.i32.set(words, V_R >> 2);
  return true;
}

function keyGenAssist(cpu: Cpu, argument: number): boolean {
  const w = wordsAt(cpu, V_B);
  const x1 = substituteWord(w[1]);
  const x3 = substituteWord(w[3]);
  const constant = argument & 0xff;
  return answer(cpu, [x1, rotr(x1, 8) ^ constant, x3, rotr(x3, 8) ^ constant]);
}

/** The quadwords that bits 0 and 4 of the argument select. */
function carryLessMultiply(cpu: Cpu, argument: number): boolean {
  let a = cpu.u64[(V_A >> 3) + (argument & 1)];
  const b = cpu.u64[(V_B >> 3) + ((argument >> 4) & 1)];
  let product = 0n;
  for (let shift = 0n; a !== 0n; shift++, a >>= 1n) if ((a & 1n) !== 0n) product ^= b << shift;
  cpu.u64[V_R >> 3] = BigInt.asUintN(64, product);
  cpu.u64[(V_R >> 3) + 1] = product >> 64n;
  return true;
}

// SHA: word 3 of a register is the first in the order of the standard.
const choose = (b: number, c: number, d: number): number => (b & c) ^ (~b & d);
const parity = (b: number, c: number, d: number): number => b ^ c ^ d;
const majority = (b: number, c: number, d: number): number => (b & c) ^ (b & d) ^ (c & d);
const ROUNDS1 = [choose, parity, majority, parity];
const CONSTANTS1 = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6];

function sha1Rounds(cpu: Cpu, argument: number): boolean {
  const [d0, c0, b0, a0] = wordsAt(cpu, V_A);
  const w = wordsAt(cpu, V_B); // word 3 has E added already
  const f = ROUNDS1[argument & 3];
  const k = CONSTANTS1[argument & 3];
  let [a, b, c, d, e] = [a0, b0, c0, d0, 0];
  for (let i = 3; i >= 0; i--) {
    const next = (f(b, c, d) + rotl(a, 5) + w[i] + e + k) | 0;
    [a, b, c, d, e] = [next, a, rotl(b, 30), c, d];
  }
  return answer(cpu, [d, c, b, a]);
}
function sha1NextE(cpu: Cpu): boolean {
  const a = wordsAt(cpu, V_A);
  const [w0, w1, w2, w3] = wordsAt(cpu, V_B);
  return answer(cpu, [w0, w1, w2, (w3 + rotl(a[3], 30)) | 0]);
}
function sha1Message1(cpu: Cpu): boolean {
  const [a0, a1, a2, a3] = wordsAt(cpu, V_A);
  const b = wordsAt(cpu, V_B);
  return answer(cpu, [a0 ^ b[2], a1 ^ b[3], a2 ^ a0, a3 ^ a1]);
}
function sha1Message2(cpu: Cpu): boolean {
  const [a0, a1, a2, a3] = wordsAt(cpu, V_A);
  const b = wordsAt(cpu, V_B);
  const w16 = rotl(a3 ^ b[2], 1);
  return answer(cpu, [rotl(a0 ^ w16, 1), rotl(a1 ^ b[0], 1), rotl(a2 ^ b[1], 1), w16]);
}

const bigSigma0 = (a: number): number => rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22);
const bigSigma1 = (e: number): number => rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25);
const smallSigma0 = (x: number): number => rotr(x, 7) ^ rotr(x, 18) ^ (x >>> 3);
const smallSigma1 = (x: number): number => rotr(x, 17) ^ rotr(x, 19) ^ (x >>> 10);

/** V_C holds XMM0: two message words with their constants added. */
function sha256Rounds(cpu: Cpu): boolean {
  const [h0, g0, d0, c0] = wordsAt(cpu, V_A);
  const [f0, e0, b0, a0] = wordsAt(cpu, V_B);
  const w = wordsAt(cpu, V_C);
  let [a, b, c, d, e, f, g, h] = [a0, b0, c0, d0, e0, f0, g0, h0];
  for (let i = 0; i < 2; i++) {
    const t = (choose(e, f, g) + bigSigma1(e) + w[i] + h) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (t + d) | 0, c, b, a, (t + majority(a, b, c) + bigSigma0(a)) | 0];
  }
  return answer(cpu, [f, e, b, a]);
}
function sha256Message1(cpu: Cpu): boolean {
  const a = wordsAt(cpu, V_A);
  const next = [a[1], a[2], a[3], wordsAt(cpu, V_B)[0]];
  return answer(
    cpu,
    next.map((word, i) => (a[i] + smallSigma0(word)) | 0),
  );
}
function sha256Message2(cpu: Cpu): boolean {
  const [a0, a1, a2, a3] = wordsAt(cpu, V_A);
  const b = wordsAt(cpu, V_B);
  const w16 = (a0 + smallSigma1(b[2])) | 0;
  const w17 = (a1 + smallSigma1(b[3])) | 0;
  return answer(cpu, [w16, w17, (a2 + smallSigma1(w16)) | 0, (a3 + smallSigma1(w17)) | 0]);
}

export const CRYPTO_FUNCTIONS: Record<string, VectorFunction> = {
  aesenc: (cpu) => encrypt(cpu, false),
  aesenclast: (cpu) => encrypt(cpu, true),
  aesdec: (cpu) => decrypt(cpu, false),
  aesdeclast: (cpu) => decrypt(cpu, true),
  aesimc: (cpu) => finish(cpu, mixColumns(bytesAt(cpu, V_B), UNMIX)),
  aeskeygenassist: keyGenAssist,
  pclmulqdq: carryLessMultiply,
  sha1rnds4: sha1Rounds,
  sha1nexte: sha1NextE,
  sha1msg1: sha1Message1,
  sha1msg2: sha1Message2,
  sha256rnds2: sha256Rounds,
  sha256msg1: sha256Message1,
  sha256msg2: sha256Message2,
};
