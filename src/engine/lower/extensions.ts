// Integer instructions that came after the Pentium: Intel SDM vol. 2, POPCNT, LZCNT, TZCNT, CRC32, ADCX, ADOX, and CLFLUSH
// with its relatives, which only check the address here. MOVBE is in move.ts.
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import type { Lowering } from './lowering';

/** The polynomial 11EDC6F41 with its bits reversed. */
const CRC32C = 0x82f63b78 | 0;

/** SF, AF and PF clear: a zero has even parity, which the aux word turns round; other values become 1, of odd parity. */
const onlyZero = (c: Emit, zero: Expr, carries: Expr): void =>
  c.flagsWithAux(W.zeroExtend(W.eqz(zero)), W.or(carries, W.shl(zero, W.i32(8))));

function countZeros(c: Emit, op: 'ctz' | 'clz'): void {
  const a = c.let(c.read(1));
  const sentinel = c.size === 2 && op === 'ctz' ? W.or(a, W.i32(0x10000)) : a;
  const count = W.unary(`${c.type}.${op}`, c.type, sentinel);
  const result = c.let(c.size === 2 && op === 'clz' ? W.sub(count, W.i32(16)) : count);
  if (!c.flagsLive) return c.write(0, result);
  const overflow = c.let(c.condition(0)); // stays
  c.write(0, result);
  onlyZero(c, c.let(W.eqz(result)), c.auxWord(W.eqz(a), overflow));
}

function population(c: Emit): void {
  const result = c.let(W.unary(`${c.type}.popcnt`, c.type, c.read(1)));
  c.write(0, result);
  onlyZero(c, c.let(W.eqz(result)), W.i32(0));
}

/** Adds with one flag as the carry in and out. */
function addChain(c: Emit, carry: Expr, commit: (carry: Expr) => void): void {
  const a = c.let(c.read(0));
  const b = c.let(c.read(1));
  const r = c.let(W.add(W.add(a, b), W.convert(c.type, carry)));
  c.write(0, r);
  commit(c.topBit(W.or(W.and(a, b), W.and(W.or(a, b), W.not(r)))));
}

function checksum(c: Emit): void {
  const bytes = Number(c.form.shapes[1].slice(1));
  const source = c.let(c.read(1));
  const crc = c.variable('i32');
  c.set(crc, W.wrap(c.read(0)));
  const left = c.variable('i32');
  const round = (part: Expr, bits: number): void => {
    c.set(crc, W.xor(crc, part));
    c.set(left, W.i32(bits));
    c.loop((leave) => {
      const low = W.sub(W.i32(0), W.and(crc, W.i32(1)));
      c.set(crc, W.xor(W.shrU(crc, W.i32(1)), W.and(low, W.i32(CRC32C))));
      c.set(left, W.sub(left, W.i32(1)));
      c.if(W.eqz(left), leave);
    });
  };
  round(W.wrap(source), Math.min(bytes, 4) * 8);
  if (bytes === 8) round(W.wrap(W.shrU(source, W.i64(32))), 32);
  c.write(0, W.convert(c.type, crc));
}

export const EXTENSIONS: Record<string, Lowering> = {
  popcnt: population,
  tzcnt: (c) => countZeros(c, 'ctz'),
  lzcnt: (c) => countZeros(c, 'clz'),
  crc32: checksum,
  adcx: (c) => addChain(c, c.let(c.carry()), (carry) => c.setCarry(carry)),
  adox: (c) => addChain(c, c.let(c.condition(0)), (overflow) => c.setCarryOverflow(c.carry(), overflow)),
  touch: (c) => void c.let(c.load('operand', 1, c.address(0))),
};
