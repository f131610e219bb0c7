// Lazy arithmetic flags. Inside one instruction they are (kind, a, b, result); in the processor state the canonical pair
// S_RES, S_AUX (layout.ts). aux: bit 31 = CF, bit 30 = CF^OF, bit 3 = AF; bits 0 and 8-15 flip SF and PF after POPF, SAHF.
// Carries come from the full-adder identities: add (a&b)|((a|b)&~r), subtract (~a&b)|(~(a^b)&r).
import * as W from '../wasm/ir';
import type { Expr, ValueType } from '../wasm/ir';

export type FlagKind = 'add' | 'sub' | 'logic' | 'aux';

interface Pending {
  kind: FlagKind;
  a?: Expr;
  b?: Expr;
  result: Expr;
  aux?: Expr;
}

export abstract class FlagEmitter {
  private pending: Pending | undefined;

  abstract get size(): number;
  abstract get flagsLive(): boolean;
  abstract let(e: Expr): Expr;
  abstract signExtend(e: Expr, size?: number): Expr;
  protected abstract getResult(): Expr;
  protected abstract setResult(e: Expr): void;
  protected abstract getAux(): Expr;
  protected abstract setAux(e: Expr): void;

  /** add: r = a + b (+ carry); sub: r = a - b (- borrow); logic: CF = OF = AF = 0. */
  flags(kind: 'add' | 'sub', a: Expr, b: Expr, result: Expr): void;
  flags(kind: 'logic', result: Expr): void;
  flags(kind: FlagKind, ...e: Expr[]): void {
    this.pending = kind === 'logic' ? { kind, result: e[0] } : { kind, a: e[0], b: e[1], result: e[2] };
  }
  /** SF, ZF, PF from `result`; CF, OF, AF from an aux word. */
  flagsWithAux(result: Expr, aux: Expr): void {
    this.pending = { kind: 'aux', result, aux };
  }
  /** Aux word of CF, OF (0/1) and AF (0/1). */
  auxWord(cf: Expr, of: Expr, af: Expr = W.i32(0)): Expr {
    const carry = this.let(cf);
    return W.or(W.or(W.shl(carry, W.i32(31)), W.shl(W.xor(carry, of), W.i32(30))), W.shl(af, W.i32(3)));
  }
  /** Replaces CF and OF, keeps the rest. */
  setCarryOverflow(cf: Expr, of: Expr): void {
    if (!this.flagsLive) return;
    this.commitFlags();
    this.setAux(W.or(W.and(this.getAux(), W.i32(0x3fffffff)), this.auxWord(cf, of)));
  }
  /** After a multiplication: CF and OF together, the rest stays. */
  setOverflowed(both: Expr): void {
    if (!this.flagsLive) return;
    this.commitFlags();
    this.setAux(W.or(W.and(this.getAux(), W.i32(0x3fffffff)), W.shl(both, W.i32(31))));
  }
  /** After a division, as AMD's processors leave them: AF set, ZF, SF and PF clear, CF and OF as before. */
  setAfterDivision(): void {
    if (!this.flagsLive) return;
    this.commitFlags();
    this.setResult(W.i64(1));
    this.setAux(W.or(W.and(this.getAux(), W.i32(0xc0000000 | 0)), W.i32(8)));
  }
  /** Replaces CF alone: CF^OF flips with it. */
  setCarry(cf: Expr): void {
    if (!this.flagsLive) return;
    this.commitFlags();
    const aux = this.let(this.getAux());
    const flip = this.let(W.xor(W.shrU(aux, W.i32(31)), cf));
    this.setAux(W.xor(aux, W.or(W.shl(flip, W.i32(31)), W.shl(flip, W.i32(30)))));
  }
  /** Replaces ZF alone, keeping SF and PF: the result becomes 0 or 0x100 and the flip bits restore the others. */
  setZero(zf: Expr): void {
    if (!this.flagsLive) return;
    this.commitFlags();
    const sf = this.let(this.condition(8));
    const pf = this.let(this.condition(10));
    const aux = this.let(W.and(this.getAux(), W.i32(0xc0000008 | 0)));
    this.setResult(W.signExtend64(W.shl(W.eqz(zf), W.i32(8))));
    this.setAux(W.or(aux, W.or(sf, W.shl(W.eqz(pf), W.i32(8)))));
  }

  /** The canonical aux word of the present flags. */
  private auxOf(p: Pending): Expr {
    if (p.kind === 'logic') return W.i32(0);
    if (p.kind === 'aux') return p.aux!;
    const { result: r } = p;
    const a = p.a!;
    const b = p.b!;
    const carries =
      p.kind === 'add'
        ? W.or(W.and(a, b), W.and(W.or(a, b), W.not(r)))
        : W.or(W.and(W.not(a), b), W.and(W.not(W.xor(a, b)), r));
    const keep = W.i32(0xc0000008 | 0);
    if (this.size === 4) return W.and(carries, keep);
    const c = this.let(carries);
    if (this.size === 8) {
      return W.or(W.and(W.wrap(W.shrU(c, W.i64(32))), W.i32(0xc0000000 | 0)), W.and(W.wrap(c), W.i32(8)));
    }
    return W.or(W.and(W.shl(c, W.i32(32 - this.size * 8)), W.i32(0xc0000000 | 0)), W.and(c, W.i32(8)));
  }

  /** Stores what is pending into the processor state. */
  commitFlags(): void {
    const p = this.pending;
    if (!p) return;
    this.pending = undefined;
    if (!this.flagsLive) return;
    this.setResult(p.kind === 'aux' ? p.result : this.signExtend(p.result));
    this.setAux(this.auxOf(p));
  }

  carry(): Expr {
    this.commitFlags();
    return W.shrU(this.getAux(), W.i32(31));
  }
  adjust(): Expr {
    this.commitFlags();
    return W.and(W.shrU(this.getAux(), W.i32(3)), W.i32(1));
  }

  /** Truth (0/1) of condition code `cc`, as in Jcc. */
  condition(cc: number): Expr {
    this.commitFlags();
    const value = this.base(cc >> 1);
    return cc & 1 ? W.eqz(value) : value;
  }

  private base(k: number): Expr {
    const result = this.getResult();
    const type: ValueType = result.type;
    const zero = (): Expr => W.eqz(result);
    const negative = (aux: Expr): Expr => W.xor(W.ltS(result, W.constant(type, 0)), W.and(aux, W.i32(1)));
    const overflow = (aux: Expr): Expr => W.shrU(W.xor(aux, W.shl(aux, W.i32(1))), W.i32(31));
    switch (k) {
      case 0:
        return overflow(this.let(this.getAux()));
      case 1:
        return W.shrU(this.getAux(), W.i32(31));
      case 2:
        return zero();
      case 3:
        return W.or(W.shrU(this.getAux(), W.i32(31)), zero());
      case 4:
        return negative(this.getAux());
      case 5: {
        const byte = W.and(W.xor(W.wrap(result), W.shrU(this.getAux(), W.i32(8))), W.i32(255));
        const ones = W.unary('i32.popcnt', 'i32', byte);
        return W.eqz(W.and(ones, W.i32(1)));
      }
      case 6: {
        const aux = this.let(this.getAux());
        return W.xor(negative(aux), overflow(aux));
      }
      default: {
        const aux = this.let(this.getAux());
        return W.or(zero(), W.xor(negative(aux), overflow(aux)));
      }
    }
  }
}
