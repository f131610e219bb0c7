// AVX and AVX2 instructions that access memory element by element under a mask (Intel SDM vol. 2): elements that are not
// selected are not accessed. A gather keeps what it has loaded when it faults and goes on from there when it is restarted.
import * as W from '../../../wasm/ir';
import type { Expr } from '../../../wasm/ir';
import * as V from '../../../wasm/simd';
import type { Lowering } from '../lowering';

type Bytes = 4 | 8;
const shapeOf = (size: Bytes): 'i32x4' | 'i64x2' => (size === 4 ? 'i32x4' : 'i64x2');
const negative = (value: Expr): Expr => W.ltS(value, W.constant(value.type, 0));
const REGISTER_BYTES = 32;

/** Element `i` of a vector operand. */
const element = (lanes: readonly Expr[], size: Bytes, i: number): Expr =>
  V.extract(shapeOf(size), i % (16 / size), lanes[Math.floor(i / (16 / size))]);

const maskedLoad =
  (size: Bytes): Lowering =>
  (c) => {
    const masks = c.lanes(1);
    const start = c.address(2);
    const results = masks.map((_, lane) => {
      let result = V.vZero;
      for (let i = 0; i < 16 / size; i++) {
        const value = c.variable(size === 4 ? 'i32' : 'i64');
        const at = lane * 16 + i * size;
        c.set(value, W.constant(value.type, 0));
        c.if(negative(element(masks, size, at / size)), () =>
          c.set(value, c.load('operand', size, W.add(start, W.constant(start.type, at)))),
        );
        result = V.replace(shapeOf(size), i, result, value);
      }
      return c.let(result);
    });
    c.setLanes(0, results);
  };

/** All or nothing: the first selected element that cannot be stored raises its fault, and none is stored. */
const maskedStore =
  (size: Bytes): Lowering =>
  (c) => {
    const masks = c.lanes(1).map((lane) => c.let(lane));
    const values = c.lanes(2).map((lane) => c.let(lane));
    const start = c.address(0);
    const each = (then: (at: Expr, i: number) => void): void => {
      for (let i = 0; i < (masks.length * 16) / size; i++) {
        const at = W.add(start, W.constant(start.type, i * size));
        c.if(negative(element(masks, size, i)), () => then(at, i));
      }
    };
    each((at) => c.probe('operand', size, at));
    each((at, i) => c.store('operand', size, at, element(values, size, i)));
  };

const gather =
  (indexSize: Bytes, size: Bytes, count: number): Lowering =>
  (c) => {
    const { destination, mask, indices, scale } = c.gatherOperands();
    const start = c.address(1);
    const type = size === 4 ? 'i32' : 'i64';
    const put = (op: string, address: Expr, offset: number, value: Expr): void =>
      c.emit({ kind: 'store', op, address, offset, value });
    // the signs decide; what is left of the mask after a fault is all ones
    for (const half of [0, 16]) {
      put(
        'v128.store',
        mask,
        half,
        V.v2(`${shapeOf(size)}.shr_s`, W.load('v128.load', mask, half), W.i32(size * 8 - 1)),
      );
    }
    // also when the first element faults (SDM vol. 2, the pseudocode of VGATHERDPS)
    for (let at = count * size; at < REGISTER_BYTES; at += 8) put('i64.store', mask, at, W.i64(0));
    for (let i = 0; i < count; i++) {
      c.if(negative(W.load(W.LOAD[size], mask, i * size)), () => {
        const raw = W.load(W.LOAD[indexSize], indices, i * indexSize);
        const index = start.type === 'i32' ? W.wrap(raw) : W.signExtend64(raw);
        const offset = W.add(start, W.shl(index, W.convert(index.type, scale)));
        const cut = 'LM'.includes(c.form.memory[0]) ? W.zeroExtend(W.wrap(offset)) : offset;
        const value = c.let(c.load('operand', size, c.let(cut)));
        put(W.STORE[size], destination, i * size, value);
        put(W.STORE[size], mask, i * size, W.constant(type, 0));
      });
    }
    for (let at = count * size; at < REGISTER_BYTES; at += 8) put('i64.store', destination, at, W.i64(0));
    for (let at = 0; at < REGISTER_BYTES; at += 8) put('i64.store', mask, at, W.i64(0));
  };

export const MASKED: Readonly<Record<string, Lowering>> = {
  vmaskload4: maskedLoad(4),
  vmaskload8: maskedLoad(8),
  vmaskstore4: maskedStore(4),
  vmaskstore8: maskedStore(8),
  vgatherd4_4: gather(4, 4, 4),
  vgatherd4_8: gather(4, 4, 8),
  vgatherd8_2: gather(4, 8, 2),
  vgatherd8_4: gather(4, 8, 4),
  vgatherq4_2: gather(8, 4, 2),
  vgatherq4_4: gather(8, 4, 4),
  vgatherq8_2: gather(8, 8, 2),
  vgatherq8_4: gather(8, 8, 4),
};
