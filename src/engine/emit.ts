// The emit context: what a semantic function may say. It decides what registers, operands, memory, flags and jumps are;
// the interpreter tier (interp/recordEmit.ts) reads them from the decoded record, a later tier from constants and locals.
// Order inside every semantic function: probe, load, compute, store, commit registers, flags. Raise only before the commit.
import type { FunctionBuilder } from '../wasm/module';
import * as W from '../wasm/ir';
import type { Expr, Stmt, ValueType } from '../wasm/ir';
import { FlagEmitter } from './flagEmit';
import type { Form } from './form';

/** Where an implicit memory access goes. */
export type Place = 'operand' | 'stack' | 'source' | 'es';

/** State offsets of a gather's registers, and the shift count of its indices. */
export interface GatherOperands {
  destination: Expr;
  mask: Expr;
  indices: Expr;
  scale: Expr;
}

export abstract class Emit extends FlagEmitter {
  form!: Form;
  body: Stmt[] = [];

  constructor(readonly fn: FunctionBuilder) {
    super();
  }

  get size(): number {
    return this.form.size;
  }
  get type(): ValueType {
    return this.form.size === 8 ? 'i64' : 'i32';
  }
  get bits(): number {
    return this.form.size * 8;
  }
  /** True when a later instruction, or anything that can look, may read the flags this instruction writes. */
  get flagsLive(): boolean {
    return !this.form.marks.includes('nf');
  }
  has(mark: string): boolean {
    return this.form.marks.includes(mark);
  }

  emit(s: Stmt): void {
    this.body.push(s);
  }
  /** Evaluates once, into a temporary. */
  let(e: Expr): Expr {
    if (e.kind === 'const' || (e.kind === 'local' && e.temporary)) return e;
    const index = this.fn.temporary(e.type);
    this.emit({ kind: 'set', index, value: e });
    return W.local(e.type, index, true);
  }
  /** A fresh variable that `set` may assign repeatedly. */
  variable(type: ValueType): Expr {
    return W.local(type, this.fn.temporary(type), true);
  }
  set(variable: Expr, value: Expr): void {
    if (variable.kind !== 'local') throw new Error('set needs a variable');
    this.emit({ kind: 'set', index: variable.index, value });
  }
  if(condition: Expr, then: () => void, otherwise?: () => void): void {
    if (condition.kind === 'const') {
      if (condition.value) then();
      else otherwise?.();
      return;
    }
    const outer = this.body;
    const a: Stmt[] = (this.body = []);
    then();
    const b: Stmt[] = (this.body = []);
    otherwise?.();
    this.body = outer;
    this.emit({ kind: 'if', condition, then: a, else: b });
  }
  /** Repeats the body; `leave()` inside goes behind the loop, falling out of the body repeats. */
  loop(body: (leave: () => void) => void): void {
    const outer = this.body;
    const again = new W.Label('again');
    const done = new W.Label('done');
    const inner: Stmt[] = (this.body = []);
    body(() => this.emit({ kind: 'br', label: done }));
    this.emit({ kind: 'br', label: again });
    this.body = outer;
    this.emit({ kind: 'block', label: done, body: [{ kind: 'loop', label: again, body: inner }] });
  }

  constant(value: number | bigint): Expr {
    return W.constant(this.type, value);
  }
  /** Cuts to `size` bytes (values of 1 and 2 bytes live zero-extended in an i32). */
  mask(e: Expr, size = this.size): Expr {
    return size === 1 ? W.and(e, W.i32(0xff)) : size === 2 ? W.and(e, W.i32(0xffff)) : e;
  }
  /** Sign-extends a value of `size` bytes within its WebAssembly type. */
  signExtend(e: Expr, size = this.size): Expr {
    if (size > 2) return e;
    if (e.kind === 'const')
      return W.i32(size === 1 ? ((e.value as number) << 24) >> 24 : ((e.value as number) << 16) >> 16);
    return W.unary(size === 1 ? 'i32.extend8_s' : 'i32.extend16_s', 'i32', e);
  }
  topBit(e: Expr): Expr {
    return W.wrap(W.shrU(e, this.constant(this.bits - 1)));
  }

  /** General register by hardware number; `high` = AH CH DH BH. */
  abstract reg(n: number, size: number, high?: boolean): Expr;
  abstract setReg(n: number, size: number, value: Expr, high?: boolean): void;
  /** Reads operand `i` (register, memory or immediate) in its own size, or `size`. */
  abstract read(i: number, size?: number): Expr;
  abstract write(i: number, value: Expr, size?: number): void;
  /** Reads an operand that `write` will follow: memory is probed for writing first. */
  abstract modify(i: number): Expr;
  /** 128-bit value of a vector register, general register or memory operand; shorter ones are zero-extended. */
  abstract vector(i: number, aligned?: boolean): Expr;
  /** Writes the low 128 bits of a register, or as many bytes as the operand has. */
  abstract setVector(i: number, value: Expr, aligned?: boolean): void;
  /** #UD, #NM or #MF when MMX or SSE cannot be used now. */
  abstract vectorUsable(): void;
  /** What every MMX instruction does to the x87's state, at its end. */
  abstract enterMmx(): void;
  /** #UD or #NM when AVX cannot be used now; when VEX prefixes do not exist in this mode. */
  abstract vexUsable(): void;
  abstract vexAllowed(): void;
  /** Floating-point flags of all lanes count at once, before the result is written (256-bit forms). */
  abstract deferFloatFlags(): void;
  abstract gatherOperands(): GatherOperands;
  /** The 128-bit lanes of a vector operand: two when it has 256 bits, else one, zero-extended. */
  abstract lanes(i: number, aligned?: boolean): Expr[];
  /** Writes an operand; registers get zeros above the lanes given. */
  abstract setLanes(i: number, values: readonly Expr[], aligned?: boolean): void;
  /** An operation of cpu/simd by number; may raise. The result; integer results are in V_OUT. */
  abstract vectorCall(fn: number, argument: Expr, operands: readonly Expr[]): Expr;
  /** Moves memory operand 0 by a byte offset before it is accessed (bit strings). */
  abstract displace(bytes: Expr): void;
  /** Effective address (offset) of memory operand `i`. */
  abstract address(i: number): Expr;
  abstract load(place: Place, size: number, offset: Expr): Expr;
  /** Calls `then` with memory operand 0 when reading it, perhaps a second time, is nobody's business but the program's. */
  abstract readPlain(size: number, then: (value: Expr) => void): void;
  abstract store(place: Place, size: number, offset: Expr, value: Expr): void;
  /** Raises what a store there would raise. */
  abstract probe(place: Place, size: number, offset: Expr): void;
  abstract immediate(): Expr;
  abstract systemFlags(): Expr;
  abstract setSystemFlags(e: Expr): void;
  /** Raises an exception without error code (or with code 0 for #GP); nothing of this instruction was committed. */
  abstract raise(vector: number): void;
  /** Go to the branch target / to the next instruction. */
  abstract jump(): void;
  abstract jumpIf(condition: Expr): void;
  /** Near jump to an offset in CS; `checkTarget` came first. */
  abstract jumpTo(offset: Expr): void;
  abstract checkTarget(offset: Expr): void;
  /** For `bt` forms: #GP when the branch would be taken out of the CS limit. */
  abstract checkBranch(condition: Expr): void;
  /** Offset of the next instruction, in operand size. */
  abstract nextIp(): Expr;
  /** Iterations that a repeated string instruction with so many to do may do in one go. */
  abstract chunk(count: Expr): Expr;
  /** A word of the processor's state or of the engine's (layout.ts). */
  state(offset: number): Expr {
    return W.load('i32.load', W.i32(0), offset);
  }
  setState(offset: number, value: Expr): void {
    this.emit({ kind: 'store', op: 'i32.store', address: W.i32(0), offset, value });
  }
  /** Offset in CS of this instruction and of the one after it. */
  abstract ownIp(): Expr;
  abstract followingIp(): Expr;
  /** Instructions left in the slice, this one included. */
  abstract instructionsLeft(): Expr;
  /** State offset of the segment cache or of the control register that the instruction names. */
  abstract stateOperand(): Expr;
  /** State offset of the segment cache of the memory operand. */
  abstract operandSegment(): Expr;
  /** The parts of a far pointer operand. */
  abstract farOffset(): Expr;
  abstract farSelector(): Expr;
  /** Goes on with the next instruction. */
  abstract next(): void;
  /** Leaves it to the plain TypeScript routine of this instruction (cpu/routines.ts): nothing was committed. */
  abstract routine(): void;
  /** Port accesses of 1, 2 or 4 bytes, zero-extended; `leaveIfDue` has to follow. */
  abstract portIn(port: Expr, size: number): Expr;
  abstract portOut(port: Expr, size: number, value: Expr): void;
  abstract leaveIfDue(): void;
  /** `chunk` iterations are done and `count` are left: starts again, charged when a whole chunk has ended. */
  abstract repeatLater(count: Expr): void;
}
