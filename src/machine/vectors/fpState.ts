// The x87, MMX and SSE part of a vector's state: `cw sw tw mx`, `st0`..`st7` in stack order, `x0`.. and `y0`.. (low and high
// halves of YMM), all in memory order; what may differ from silicon is what the vector says (`fu`, `approx`, `ulp`).
import type { Cpu } from '../../cpu/cpu';
import { statusWord, SW_TOP, top } from '../../cpu/fpu/state';
import * as L from '../../cpu/layout';
import { bytesOf, type Vector, type VectorState } from './format';

const hexNumber = (state: VectorState, key: string, fallback: number): number =>
  state[key] === undefined ? fallback : parseInt(state[key], 16);

const XMM_SIZE = 64;
const ZERO_ST = '00'.repeat(10);
const APPROXIMATION = 1.5 * 2 ** -12;
/** Both silicon and we are within one unit of the exact value. */
const ULPS = 2n;

const hexOf = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
};

const patterns = new Map<string, string>();

/** Byte j of YMM i is ((32 i + j) and 255) xor A5. */
function pattern(register: number, high: boolean): string {
  const key = `${high ? 'y' : 'x'}${register}`;
  let text = patterns.get(key);
  if (text === undefined) {
    const first = register * 32 + (high ? 16 : 0);
    text = hexOf(Uint8Array.from({ length: 16 }, (_, j) => ((first + j) & 0xff) ^ 0xa5));
    patterns.set(key, text);
  }
  return text;
}

const xmmAt = (n: number, high: boolean): number => L.S_XMM + n * XMM_SIZE + (high ? 16 : 0);
const stAt = (first: number, i: number): number => L.S_FPR + ((first + i) & 7) * L.FPR_SIZE;

/** Sets the state that the vector starts from. */
export function loadFloatingPoint(cpu: Cpu, state: VectorState, registers: number): void {
  const status = hexNumber(state, 'sw', 0);
  cpu.i32.fill(0, L.S_FPU >> 2, L.S_FPR >> 2);
  cpu.i32[L.S_FCW >> 2] = hexNumber(state, 'cw', 0x37f);
  cpu.i32[L.S_FSW >> 2] = status & ~SW_TOP;
  cpu.i32[L.S_FTOP >> 2] = (status >> 11) & 7;
  cpu.i32[L.S_FTAG >> 2] = hexNumber(state, 'tw', 0);
  cpu.i32[L.S_MXCSR >> 2] = hexNumber(state, 'mx', 0x1f80);
  for (let i = 0; i < 8; i++) cpu.u8.set(bytesOf(state[`st${i}`] ?? ZERO_ST), stAt(top(cpu), i));
  for (let n = 0; n < registers; n++) {
    cpu.u8.set(bytesOf(state[`x${n}`] ?? pattern(n, false)), xmmAt(n, false));
    cpu.u8.set(bytesOf(state[`y${n}`] ?? pattern(n, true)), xmmAt(n, true));
  }
}

/** Names what differs from the vector's outcome. */
export function compareFloatingPoint(cpu: Cpu, vector: Vector, registers: number, problems: string[]): void {
  const { i: before, o: after } = vector;
  const number = (key: string, fallback: number): number => hexNumber(after, key, hexNumber(before, key, fallback));
  const word = (name: string, got: number, fallback: number, ignored = 0): void => {
    const wanted = number(name, fallback);
    if (((got ^ wanted) & ~ignored) !== 0)
      problems.push(`${name} is ${got.toString(16)}, silicon has ${wanted.toString(16)}`);
  };
  word('cw', cpu.i32[L.S_FCW >> 2], 0x37f);
  // where the last bit may differ, so may the direction it was rounded in
  const roundedUp = vector.ulp ? 0x200 : 0;
  word('sw', statusWord(cpu), 0, hexNumber(vector as unknown as VectorState, 'fu', 0) | roundedUp);
  word('tw', cpu.i32[L.S_FTAG >> 2], 0);
  word('mx', cpu.i32[L.S_MXCSR >> 2], 0x1f80);
  if (vector.ud) return;
  const text = (name: string, at: number, size: number, fallback: string, close: typeof nearlyEqual | undefined) => {
    const got = hexOf(cpu.u8.subarray(at, at + size));
    const wanted = after[name] ?? before[name] ?? fallback;
    if (got !== wanted && !close?.(got, wanted)) problems.push(`${name} is ${got}, silicon has ${wanted}`);
  };
  for (let i = 0; i < 8; i++) text(`st${i}`, stAt(top(cpu), i), 10, ZERO_ST, vector.ulp ? nearlyEqual : undefined);
  for (let n = 0; n < registers; n++) {
    const close = vector.approx ? approximates : undefined;
    text(`x${n}`, xmmAt(n, false), 16, pattern(n, false), close);
    text(`y${n}`, xmmAt(n, true), 16, pattern(n, true), close);
  }
}

/** Extended real numbers of the same sign that differ in the last bits only. */
function nearlyEqual(a: string, b: string): boolean {
  const value = (hex: string): bigint => {
    let result = 0n;
    for (const byte of bytesOf(hex).reverse()) result = (result << 8n) | BigInt(byte);
    return result;
  };
  // without the integer bit, neighbours differ by one across powers of two as well
  const place = (whole: bigint): bigint => ((whole >> 64n) << 63n) | (whole & 0x7fffffffffffffffn);
  const difference = place(value(a)) - place(value(b));
  return (value(a) ^ value(b)) >> 79n === 0n && difference >= -ULPS && difference <= ULPS;
}

/** Four single-precision numbers, each within the error that the manual allows RCP and RSQRT. */
function approximates(a: string, b: string): boolean {
  const floats = (hex: string): Float32Array => new Float32Array(bytesOf(hex).buffer);
  const x = floats(a);
  const y = floats(b);
  return x.every(
    (value, i) => Object.is(value, y[i]) || (value !== 0 && Math.abs(value - y[i]) <= Math.abs(y[i]) * APPROXIMATION),
  );
}
