// Vector operands of the interpreter tier: MMX and XMM registers at the offsets of the record, 16-byte memory operands through
// the TLB, what has to be checked before any MMX or SSE instruction, and calls of operations that are done in TypeScript
// (cpu/simd). Whether it is an MMX instruction follows from the operands.
import * as L from '../../cpu/layout';
import { VECTOR_MISALIGNED, VECTOR_UNAVAILABLE } from '../../cpu/simd/functions';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import * as V from '../../wasm/simd';
import * as R from '../record';
import type { Access } from './memoryEmit';
import { RecordEmit } from './recordEmit';

const P = W.local('i32', 0);
const B = W.local('i32', 1);
const ZERO = W.i32(0);
const OPERANDS = [L.V_A, L.V_B, L.V_C];
const STATUS_ES = 0x80;
const misaligned = ({ linear }: { linear: Expr }): Expr =>
  W.ne(W.and(linear, W.constant(linear.type, 15)), W.constant(linear.type, 0));

export abstract class VectorEmit extends RecordEmit {
  vector(i: number, aligned = true): Expr {
    const bytes = this.sizeOf(i);
    switch (this.form.shapes[i][0]) {
      case 'v':
        return W.load(bytes === 8 ? 'v128.load64_zero' : 'v128.load', this.registerOffset(i));
      case 'r':
        return W.load(bytes === 8 ? 'v128.load64_zero' : 'v128.load32_zero', this.registerOffset(i));
      default:
        if (bytes === 16) return this.loadVector(aligned);
        return V.replace(bytes === 8 ? 'i64x2' : 'i32x4', 0, V.vZero, this.load('operand', bytes, this.address(i)));
    }
  }

  setVector(i: number, value: Expr, aligned = true): void {
    const bytes = this.sizeOf(i);
    const shape = this.form.shapes[i][0];
    if (shape === 'v' && bytes === 16) {
      this.emit({ kind: 'store', op: 'v128.store', address: this.registerOffset(i), offset: 0, value });
    } else if (shape === 'v') {
      const address = this.let(this.registerOffset(i));
      this.emit({ kind: 'store', op: 'i64.store', address, offset: 0, value: V.extract('i64x2', 0, value) });
      this.emit({ kind: 'store', op: 'i32.store16', address, offset: 8, value: W.i32(0xffff) });
    } else if (shape === 'm' && bytes === 16) {
      this.storeVector(value, aligned);
    } else {
      const low = bytes === 8 ? V.extract('i64x2', 0, value) : V.extract('i32x4', 0, value);
      if (shape === 'r') this.write(i, low);
      else this.store('operand', bytes, this.address(i), low);
    }
  }

  private loadVector(aligned: boolean): Expr {
    const a = this.access('operand', 16, this.address(0), L.S_TLBR, L.SEG_FAST_READ);
    if (this.labels) {
      this.hitOrMiss(a, aligned ? misaligned(a) : undefined);
      return this.let(W.load('v128.load', this.hostOf(a)));
    }
    const value = this.variable('v128');
    this.if(
      this.alignedHit(a, aligned),
      () => this.set(value, W.load('v128.load', this.hostOf(a))),
      () => {
        this.raiseUnlessAligned(a, aligned);
        this.callLoad(16, a);
        this.set(value, W.load('v128.load', ZERO, L.S_SCRATCH));
      },
    );
    return value;
  }

  private storeVector(value: Expr, aligned: boolean): void {
    const v = this.let(value);
    const a = this.access('operand', 16, this.address(0), L.S_TLBW, L.SEG_FAST_WRITE);
    if (this.labels) {
      const address = this.writableOrMiss(16, a, aligned ? misaligned(a) : undefined);
      this.emit({ kind: 'store', op: 'v128.store', address, offset: 0, value: v });
      return;
    }
    this.if(
      this.alignedHit(a, aligned),
      () => this.emit({ kind: 'store', op: 'v128.store', address: this.hostOf(a), offset: 0, value: v }),
      () => {
        this.raiseUnlessAligned(a, aligned);
        this.put('v128.store', L.S_SCRATCH, v);
        this.callStore(16, a);
      },
    );
  }

  /** The slow way of an access of more than 8 bytes: through S_SCRATCH. */
  protected callLoad(size: number, a: Access): void {
    const slow = this.loadFunction(a.linear.type);
    this.emit({ kind: 'drop', value: W.call('i32', slow, this.slowArgs(size, a)) });
    this.leaveIfFaulted();
  }
  protected callStore(size: number, a: Access): void {
    const slow = this.storeFunction(a.linear.type);
    this.emit({ kind: 'drop', value: W.call('i32', slow, [...this.slowArgs(size, a), ZERO]) });
    this.leaveIfFaulted();
  }
  private loadFunction(linear: W.ValueType): number {
    return linear === 'i64' ? this.runtime.loadLong : this.runtime.loadSlow;
  }
  private storeFunction(linear: W.ValueType): number {
    return linear === 'i64' ? this.runtime.storeLong : this.runtime.storeSlow;
  }

  private alignedHit(a: { linear: Expr; hit: Expr }, aligned: boolean): Expr {
    if (!aligned) return a.hit;
    return W.and(a.hit, W.eqz(misaligned(a)));
  }
  protected raiseUnlessAligned({ linear }: { linear: Expr }, aligned: boolean, size = 16): void {
    if (!aligned) return;
    this.if(W.and(W.wrap(linear), W.i32(size - 1)), () => {
      this.put('i64.store', L.S_SCRATCH, W.zeroExtend(linear));
      this.callVector(VECTOR_MISALIGNED, W.i32(size));
    });
  }

  vectorUsable(): void {
    const mmx = this.form.shapes.includes('v8') || this.form.sem === 'emms';
    const xmm = this.form.shapes.includes('v16') || !mmx;
    let trouble = W.and(this.state(L.S_CR0), W.i32(L.CR0_EM | L.CR0_TS));
    if (mmx) trouble = W.or(trouble, W.and(this.state(L.S_FSW), W.i32(STATUS_ES)));
    if (xmm) trouble = W.or(trouble, W.xor(W.and(this.state(L.S_CR4), W.i32(L.CR4_OSFXSR)), W.i32(L.CR4_OSFXSR)));
    if (this.labels) this.goCold(trouble);
    else this.if(trouble, () => this.callVector(VECTOR_UNAVAILABLE, W.i32((mmx ? 1 : 0) | (xmm ? 2 : 0))));
  }

  enterMmx(): void {
    this.put('i32.store', L.S_FTOP, ZERO);
    this.put('i32.store', L.S_FTAG, W.i32(0xff));
  }

  vectorCall(fn: number, argument: Expr, operands: readonly Expr[]): Expr {
    if (this.labels) {
      this.emit({ kind: 'br', label: this.labels.cold });
      return V.vZero;
    }
    operands.forEach((operand, i) => this.put('v128.store', OPERANDS[i], operand));
    this.callVector(fn, argument);
    return W.load('v128.load', ZERO, L.V_R);
  }
  protected callVector(fn: number, argument: Expr): void {
    const faulted = W.call('i32', this.runtime.vector, [P, B, W.i32(fn), argument]);
    this.if(faulted, () => this.leave(P, R.X_FAULT));
  }
}
