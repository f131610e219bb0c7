// Operands of instructions with a VEX prefix: registers of 128 and 256 bits as one or two lanes, 32-byte memory operands,
// and what is checked before them (Intel SDM vol. 2, "Instruction Exception Specification").
import * as L from '../../cpu/layout';
import { COMMIT_FLAGS, DEFER, VEX_UNAVAILABLE } from '../../cpu/simd/functions';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import * as V from '../../wasm/simd';
import type { Form } from '../form';
import * as R from '../record';
import type { GatherOperands } from '../emit';
import { VectorEmit } from './vectorEmit';

const ZERO = W.i32(0);
const HALF = 16;

export class VexEmit extends VectorEmit {
  private deferring = false;

  override begin(form: Form): void {
    super.begin(form);
    this.deferring = false;
  }

  deferFloatFlags(): void {
    this.deferring = this.form.shapes.some((shape) => shape === 'v32' || shape === 'm32');
  }
  override vectorCall(fn: number, argument: Expr, operands: readonly Expr[]): Expr {
    return super.vectorCall(fn, this.deferring ? W.or(argument, W.i32(DEFER)) : argument, operands);
  }
  /** MXCSR, and #XM, for all lanes at once. */
  private commitFloatFlags(): void {
    if (!this.deferring) return;
    this.if(this.state(L.V_FLAGS), () => this.callVector(COMMIT_FLAGS, ZERO));
  }

  vexUsable(): void {
    const bit = (word: Expr, n: number): Expr => W.shrU(word, W.i32(n));
    const cr0 = this.let(this.state(L.S_CR0));
    const xcr0 = this.let(this.state(L.S_XCR0));
    const flags = W.not(bit(this.state(L.S_EFLAGS), 17));
    const enabled = W.and(W.and(bit(xcr0, 1), bit(xcr0, 2)), bit(this.state(L.S_CR4), 18));
    const ready = W.and(W.and(cr0, W.not(bit(cr0, 3))), W.and(enabled, flags));
    this.if(W.eqz(W.and(ready, W.i32(1))), () => this.callVector(VEX_UNAVAILABLE, ZERO));
  }
  gatherOperands(): GatherOperands {
    return {
      destination: this.let(this.registerOffset(0)),
      mask: this.let(this.registerOffset(2)),
      indices: this.let(this.field('i32.load16_u', R.R_INDEX)),
      scale: this.let(this.field('i32.load8_u', R.R_SCALE)),
    };
  }
  vexAllowed(): void {
    const inside = W.and(this.state(L.S_CR0), W.not(W.shrU(this.state(L.S_EFLAGS), W.i32(17))));
    this.if(W.eqz(W.and(inside, W.i32(1))), () => this.raise(L.UD));
  }

  lanes(i: number, aligned = false): Expr[] {
    const shape = this.form.shapes[i];
    if (shape === 'v32') {
      const at = this.let(this.registerOffset(i));
      return [0, HALF].map((half) => this.let(W.load('v128.load', at, half)));
    }
    if (shape === 'm32') return this.loadLanes(aligned);
    return [this.let(this.vector(i, aligned))];
  }

  setLanes(i: number, values: readonly Expr[], aligned = false): void {
    this.commitFloatFlags();
    const shape = this.form.shapes[i];
    if (shape === 'm32') return this.storeLanes(values, aligned);
    if (shape[0] !== 'v') return this.setVector(i, values[0], aligned);
    const address = this.let(this.registerOffset(i));
    [values[0], values[1] ?? V.vZero].forEach((value, half) =>
      this.emit({ kind: 'store', op: 'v128.store', address, offset: half * HALF, value }),
    );
  }

  private loadLanes(aligned: boolean): Expr[] {
    const a = this.access('operand', 32, this.address(0), L.S_TLBR, L.SEG_FAST_READ);
    const values = [this.variable('v128'), this.variable('v128')];
    const from = (address: Expr): void =>
      values.forEach((value, half) => this.set(value, W.load('v128.load', address, half * HALF)));
    this.if(
      this.hits(a, aligned),
      () => from(this.let(this.hostOf(a))),
      () => {
        this.raiseUnlessAligned(a, aligned, 32);
        this.callLoad(32, a);
        values.forEach((value, half) => this.set(value, W.load('v128.load', ZERO, L.S_SCRATCH + half * HALF)));
      },
    );
    return values;
  }

  private storeLanes(values: readonly Expr[], aligned: boolean): void {
    const lanes = values.map((value) => this.let(value));
    const a = this.access('operand', 32, this.address(0), L.S_TLBW, L.SEG_FAST_WRITE);
    this.if(
      this.hits(a, aligned),
      () => {
        const address = this.let(this.hostOf(a));
        lanes.forEach((value, half) =>
          this.emit({ kind: 'store', op: 'v128.store', address, offset: half * HALF, value }),
        );
      },
      () => {
        this.raiseUnlessAligned(a, aligned, 32);
        lanes.forEach((value, half) => this.put('v128.store', L.S_SCRATCH + half * HALF, value));
        this.callStore(32, a);
      },
    );
  }

  private hits(a: { linear: Expr; hit: Expr }, aligned: boolean): Expr {
    return aligned ? W.and(a.hit, W.eqz(W.and(a.linear, W.constant(a.linear.type, 31)))) : a.hit;
  }
}
