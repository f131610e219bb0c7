// Interpreter tier's emit context: everything that varies per instruction is read from the decoded record at local 0 (P);
// local 1 (B) is what is left of the slice. A handler is either a case of the main loop or a function of its own ("cold"),
// which returns the next record, with bit 0 set to leave the loop. Cases of the loop call nothing (loopLabels.ts).
// Memory: memoryEmit.ts.
import * as L from '../../cpu/layout';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import { isRegister, type Form } from '../form';
import * as R from '../record';
import { MemoryEmit } from './memoryEmit';

const CS_LIMIT = L.S_SEG + L.SEG_SIZE + L.SEG_LIMIT;
const P = W.local('i32', 0);
const B = W.local('i32', 1);
const ZERO = W.i32(0);

export abstract class RecordEmit extends MemoryEmit {
  /** Set when the handler transferred control itself. */
  terminated = false;

  begin(form: Form): void {
    this.form = form;
    this.terminated = false;
    this.forgetOperand();
  }
  end(): void {
    if (!this.terminated) this.next();
  }
  next(): void {
    this.commitFlags();
    this.goto(W.add(P, W.i32(R.RECORD_BYTES)));
  }

  // --- registers and operands
  reg(n: number, size: number, high = false): Expr {
    return W.load(W.LOAD[size], ZERO, L.S_GPR + n * 8 + (high ? 1 : 0));
  }
  setReg(n: number, size: number, value: Expr, high = false): void {
    this.putRegister(ZERO, L.S_GPR + n * 8 + (high ? 1 : 0), size, value);
  }
  /** Writing 4 bytes zeroes the upper half: 64-bit code asks for it, elsewhere nobody can see it. */
  private putRegister(address: Expr, offset: number, size: number, value: Expr): void {
    const wide = size === 4 ? W.zeroExtend(value) : value;
    this.emit({ kind: 'store', op: W.STORE[size === 4 ? 8 : size], address, offset, value: wide });
  }
  protected registerOffset(i: number): Expr {
    let before = 0;
    for (let j = 0; j < i; j++) if (isRegister(this.form.shapes[j])) before++;
    const memory = this.form.shapes.some((shape) => shape[0] === 'm');
    return this.field('i32.load16_u', R.registerField(before, memory));
  }
  immediate(): Expr {
    const value = this.field('i32.load', R.R_IMM);
    return this.size === 8 ? W.signExtend64(value) : value;
  }
  read(i: number, size?: number): Expr {
    const shape = this.form.shapes[i];
    const bytes = size ?? (shape[0] === 'i' ? this.size : this.sizeOf(i));
    switch (shape[0]) {
      case 'r':
        return W.load(W.LOAD[bytes], this.registerOffset(i));
      case 'm':
        return this.load('operand', bytes, this.address(i));
      case 'c':
        return this.reg(1, 1);
      case 'I':
        return this.field('i64.load', R.R_DISP);
      default:
        return this.immediate();
    }
  }
  write(i: number, value: Expr, size?: number): void {
    const bytes = size ?? this.sizeOf(i);
    if (this.form.shapes[i][0] === 'r') {
      this.putRegister(this.registerOffset(i), 0, bytes, value);
    } else if (this.host) {
      this.storeModified(bytes, value);
    } else {
      this.store('operand', bytes, this.address(i), value);
    }
  }

  // --- flags in the state
  protected getResult(): Expr {
    return W.load('i64.load', ZERO, L.S_RES);
  }
  protected setResult(e: Expr): void {
    this.put('i64.store', L.S_RES, W.signExtend64(e));
  }
  protected getAux(): Expr {
    return W.load('i32.load', ZERO, L.S_AUX);
  }
  protected setAux(e: Expr): void {
    this.put('i32.store', L.S_AUX, e);
  }
  systemFlags(): Expr {
    return W.load('i32.load', ZERO, L.S_EFLAGS);
  }
  setSystemFlags(e: Expr): void {
    this.put('i32.store', L.S_EFLAGS, e);
  }

  // --- control
  /** Leaves the loop before the record `p`. */
  leave(p: Expr, why: number): void {
    this.put('i32.store', L.S_EXIT, W.i32(why));
    this.put('i32.store', L.S_BUDGET, B);
    this.emit({ kind: 'return', value: this.labels ? p : W.or(p, W.i32(1)) });
  }
  goto(p: Expr): void {
    if (this.labels) {
      this.emit({ kind: 'set', index: 0, value: p });
      this.emit({ kind: 'br', label: this.labels.again });
    } else {
      this.put('i32.store', L.S_BUDGET, B);
      this.emit({ kind: 'return', value: p });
    }
  }
  /** Goes to a block, charging its instructions; leaves when they do not fit into the slice. */
  enterBlock(record: Expr): void {
    const p = this.let(record);
    const left = this.let(W.sub(B, W.load('i32.load8_u', p, R.R_LEFT)));
    this.if(W.ltS(left, ZERO), () => this.leave(p, R.X_BUDGET));
    this.emit({ kind: 'set', index: 1, value: left });
    this.goto(p);
    this.terminated = true;
  }
  jump(): void {
    this.commitFlags();
    this.enterBlock(this.field('i32.load', R.R_LINK0));
  }
  jumpIf(condition: Expr): void {
    const c = this.let(condition);
    this.commitFlags();
    this.enterBlock(W.load('i32.load', W.add(P, W.select(c, W.i32(R.R_LINK0), W.i32(R.R_LINK1)))));
  }
  jumpTo(offset: Expr): void {
    this.commitFlags();
    const whole = this.let(offset);
    const ip = this.let(W.wrap(whole));
    const slot = this.let(
      W.add(
        W.shl(W.and(W.xor(ip, W.shrU(ip, W.i32(9))), W.i32(L.JC_BYTES / 16 - 1)), W.i32(4)),
        W.load('i32.load', ZERO, L.S_JC),
      ),
    );
    this.if(W.ne(W.load('i64.load', slot), W.zeroExtend(whole)), () => {
      this.put('i64.store', L.S_RIP, W.zeroExtend(whole));
      this.leave(P, R.X_JUMP);
    });
    this.enterBlock(W.load('i32.load', slot, 8));
  }
  checkTarget(offset: Expr): void {
    if (this.has('fc')) return;
    if (offset.type === 'i64') {
      const cut = W.shrS(W.shl(offset, W.i64(16)), W.i64(16));
      this.if(W.ne(cut, offset), () => this.raise(L.GP));
      return;
    }
    this.if(W.gtU(offset, W.load('i32.load', ZERO, CS_LIMIT)), () => this.raise(L.GP));
  }
  checkBranch(condition: Expr): void {
    if (this.has('bt')) this.if(condition, () => this.raise(L.GP));
  }
  nextIp(): Expr {
    return this.size === 8 ? this.following() : this.mask(this.field('i32.load', R.R_IMM));
  }
  raise(vector: number): void {
    this.put('i32.store', L.S_RAISE, W.i32(vector));
    this.leave(P, R.X_RAISE);
  }
  repeatLater(count: Expr): void {
    this.commitFlags();
    const midChunk = W.and(W.wrap(count), W.i32(R.CHUNK - 1));
    const stepping = W.and(this.systemFlags(), W.i32(L.TF));
    this.if(W.or(W.eqz(midChunk), stepping), () => this.emit({ kind: 'set', index: 1, value: W.sub(B, W.i32(1)) }));
    const single = W.eqz(this.state(L.S_CHUNK));
    this.if(W.or(W.or(W.ltS(B, ZERO), single), this.state(L.S_ATTN)), () => this.leave(P, R.X_REPEAT));
    this.goto(this.field('i32.load', R.R_LINK0));
  }
  chunk(count: Expr): Expr {
    return W.add(W.and(W.sub(W.wrap(count), W.i32(1)), this.state(L.S_CHUNK)), W.i32(1));
  }
  ownIp(): Expr {
    return this.field('i32.load', R.R_IP);
  }
  followingIp(): Expr {
    return W.add(this.ownIp(), this.field('i32.load8_u', R.R_LENGTH));
  }
  /** The whole instruction pointer after this instruction. */
  private following(): Expr {
    const own = W.zeroExtend(this.ownIp());
    return W.add(W.add(own, this.field('i64.load8_u', R.R_LENGTH)), W.load('i64.load', ZERO, L.S_WINDOW));
  }
  instructionsLeft(): Expr {
    return W.add(B, this.field('i32.load8_u', R.R_LEFT));
  }
  stateOperand(): Expr {
    return this.field('i32.load', R.R_IMM);
  }
  operandSegment(): Expr {
    return this.field('i32.load16_u', R.R_SEG);
  }
  farOffset(): Expr {
    return this.field('i32.load', R.R_DISP);
  }
  farSelector(): Expr {
    return this.field('i32.load', R.R_IMM);
  }
  portIn(port: Expr, size: number): Expr {
    if (this.labels) {
      this.goCold(W.i32(1));
      return W.i32(0);
    }
    this.put('i64.store', L.S_RIP, W.zeroExtend(this.ownIp()));
    return this.let(W.call('i32', this.runtime.portIn, [P, B, W.or(port, W.i32(size << 16))]));
  }
  portOut(port: Expr, size: number, value: Expr): void {
    if (this.labels) {
      this.goCold(W.i32(1));
      return;
    }
    this.put('i64.store', L.S_RIP, W.zeroExtend(this.ownIp()));
    const args = [P, B, W.or(port, W.i32(size << 16)), value];
    this.emit({ kind: 'drop', value: W.call('i32', this.runtime.portOut, args) });
  }
  leaveIfDue(): void {
    const events = this.let(this.state(L.F_EVENTS));
    const interrupt = W.and(W.and(W.mul(events, W.i32(L.IF / L.EVENT_INTR)), this.systemFlags()), W.i32(L.IF));
    const nmi = W.eq(W.and(events, W.i32(L.EVENT_NMI | L.EVENT_NMI_BLOCKED)), W.i32(L.EVENT_NMI));
    const due = W.or(W.or(interrupt, nmi), W.or(this.state(L.F_LEAVE), this.state(L.S_ATTN)));
    this.if(due, () => {
      this.put('i64.store', L.S_RIP, this.following());
      this.leave(P, R.X_ATTENTION);
    });
  }
  routine(): void {
    if (this.labels) {
      this.emit({ kind: 'br', label: this.labels.system });
      return;
    }
    const { terminated } = this;
    this.system();
    this.terminated = terminated;
  }
  /** Calls the plain TypeScript routine of this instruction. */
  system(): void {
    const next = this.let(W.call('i32', this.runtime.system, [P, B]));
    this.if(W.and(next, W.i32(1)), () => {
      this.emit({ kind: 'return', value: this.labels ? W.and(next, W.i32(~1)) : next });
    });
    this.if(next, () => this.goto(next));
    this.jumpTo(W.load('i64.load', ZERO, L.S_RIP));
  }
}
