// The x87's register stack for inline code: registers, tags, status, pointers. Inline code does what happens nearly always:
// no exception pending or unmasked, no stack fault, normal numbers and zeros, round to nearest. Everything else is for the
// routine of the instruction (cpu/routines), which does all of it.
import { CR0_EM, CR0_TS } from '../../cpu/layout';
import * as L from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';

export const SW_PE = 0x20,
  SW_C0 = 0x100,
  SW_C1 = 0x200,
  SW_C3 = 0x4000;
const SW_ES = 0x80;
const CONDITIONS = 0x4700;
export const CW_PM = 0x20;
export const BIAS = 16383;

const ZERO = W.i32(0);
const CS_SELECTOR = L.S_SEG + L.SEG_SIZE + L.SEG_SELECTOR;

/** A number in parts: sign and biased exponent as in a register, 64-bit significand. */
export interface Parts {
  se: Expr;
  sig: Expr;
}

export const sign = (x: Parts): Expr => W.shrU(x.se, W.i32(15));
export const exponent = (x: Parts): Expr => W.and(x.se, W.i32(0x7fff));
export const isZero = (x: Parts): Expr => W.eqz(W.or(W.zeroExtend(exponent(x)), x.sig));
const exponentIsNormal = (x: Parts): Expr => W.ltU(W.sub(exponent(x), W.i32(1)), W.i32(0x7ffe));
/** Neither zero, denormal, infinity, NaN nor an unsupported encoding. */
export const isNormal = (x: Parts): Expr => W.and(exponentIsNormal(x), W.ltS(x.sig, W.i64(0)));

/** Runs `then` when both are normal: branches that are foreseen cost less than the values of the conditions. */
export function ifNormal(c: Emit, a: Parts, b: Parts, then: () => void): void {
  c.if(W.ltS(W.and(a.sig, b.sig), W.i64(0)), () => c.if(exponentIsNormal(a), () => c.if(exponentIsNormal(b), then)));
}

export class Stack {
  private constructor(
    readonly c: Emit,
    /** The status word at the start, without TOP. */
    readonly status: Expr,
    private readonly top: Expr,
    private readonly tags: Expr,
  ) {}

  /** Runs `body` when the x87 may be used and nothing is pending; what does not end with `next` goes to the routine. */
  static enter(c: Emit, body: (s: Stack) => void): void {
    const status = c.let(c.state(L.S_FSW));
    const blocked = W.or(W.and(c.state(L.S_CR0), W.i32(CR0_EM | CR0_TS)), W.and(status, W.i32(SW_ES)));
    c.if(W.eqz(blocked), () => {
      // before any branch: the address is computed once and kept
      if (c.form.shapes[0]?.[0] === 'm') c.address(0);
      const top = c.let(c.state(L.S_FTOP));
      body(new Stack(c, status, top, c.let(c.state(L.S_FTAG))));
    });
    c.routine();
  }

  get control(): Expr {
    return this.c.state(L.S_FCW);
  }
  /** Physical number of ST(i). */
  physical(i: Expr | number): Expr {
    const index = typeof i === 'number' ? W.i32(i) : i;
    return this.c.let(W.and(W.add(this.top, index), W.i32(7)));
  }
  /** Stack registers that the instruction names: first and second operand. */
  operand(i: 0 | 1): Expr {
    return W.and(W.shrU(this.c.stateOperand(), W.i32(i === 0 ? 16 : 20)), W.i32(7));
  }
  isFull(n: Expr): Expr {
    return W.and(W.shrU(this.tags, n), W.i32(1));
  }
  read(n: Expr): Parts {
    const at = this.c.let(W.shl(n, W.i32(4)));
    return {
      se: this.c.let(W.load('i32.load16_u', at, L.S_FPR + 8)),
      sig: this.c.let(W.load('i64.load', at, L.S_FPR)),
    };
  }
  write(n: Expr, x: Parts): void {
    const address = this.c.let(W.shl(n, W.i32(4)));
    this.c.emit({ kind: 'store', op: 'i64.store', address, offset: L.S_FPR, value: x.sig });
    this.c.emit({ kind: 'store', op: 'i32.store16', address, offset: L.S_FPR + 8, value: x.se });
  }

  /** Sets C1 and PE from what rounding found, and moves TOP. */
  private setStatus(by: number, extra: Expr): void {
    this.c.setState(L.S_FSW, W.or(W.and(this.status, W.i32(~SW_C1)), extra));
    if (by !== 0) this.c.setState(L.S_FTOP, W.and(W.add(this.top, W.i32(by)), W.i32(7)));
  }
  /** Ends an instruction that pushes `x`, pops `count` times or does neither. `extra`: status bits to set. */
  push(x: Parts, extra: Expr = ZERO): void {
    const n = this.physical(7);
    this.write(n, x);
    this.c.setState(L.S_FTAG, W.or(this.tags, W.shl(W.i32(1), n)));
    this.setStatus(-1, extra);
    this.done();
  }
  finish(pops: number, extra: Expr = ZERO, filled?: Expr): void {
    let tags = this.tags;
    if (filled) tags = W.or(tags, W.shl(W.i32(1), filled));
    for (let i = 0; i < pops; i++) tags = W.and(tags, W.not(W.shl(W.i32(1), this.physical(i))));
    if (pops > 0 || filled) this.c.setState(L.S_FTAG, tags);
    this.setStatus(pops, extra);
    this.done();
  }
  /** Ends a comparison. */
  finishComparison(pops: number, conditions: Expr): void {
    const cleared = new Stack(this.c, W.and(this.status, W.i32(~CONDITIONS)), this.top, this.tags);
    cleared.finish(pops, conditions);
  }

  /** Room for a push. */
  get hasRoom(): Expr {
    return W.eqz(this.isFull(this.physical(7)));
  }

  /** Instruction and operand pointers, then the next instruction. */
  private done(): void {
    const { c } = this;
    const put = (offset: number, value: Expr): void =>
      c.emit({ kind: 'store', op: value.type === 'i64' ? 'i64.store' : 'i32.store', address: ZERO, offset, value });
    put(L.S_FIP, W.add(W.zeroExtend(c.ownIp()), W.load('i64.load', ZERO, L.S_WINDOW)));
    put(L.S_FCS, W.load('i32.load', ZERO, CS_SELECTOR));
    put(L.S_FOP, W.and(c.stateOperand(), W.i32(0x7ff)));
    if (c.form.shapes[0]?.[0] === 'm') {
      put(L.S_FDP, W.zeroExtend(c.address(0)));
      put(L.S_FDS, W.load('i32.load', c.operandSegment(), L.SEG_SELECTOR));
    }
    c.next();
  }
}
