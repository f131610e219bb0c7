// Interpreter tier's emit context: everything that varies per instruction is read from the decoded record at local 0 (P);
// local 1 (B) is what is left of the slice. A handler is either a case of the main loop or a function of its own ("cold"),
// which returns the next record, with bit 0 set to leave the loop. Memory goes through the software TLB of layout.ts.
import * as L from '../../cpu/layout';
import type { FunctionBuilder } from '../../wasm/module';
import * as W from '../../wasm/ir';
import type { Expr, Label } from '../../wasm/ir';
import { Emit, type Place } from '../emit';
import { isLong, isRegister, type Addressing, type Form } from '../form';
import * as R from '../record';
import type { RuntimeFunctions } from './runtimeFunctions';

const SS_CACHE = L.S_SEG + 2 * L.SEG_SIZE;
const ES_CACHE = L.S_SEG;
const CS_LIMIT = L.S_SEG + L.SEG_SIZE + L.SEG_LIMIT;
const P = W.local('i32', 0);
const B = W.local('i32', 1);
const ZERO = W.i32(0);

export interface Access {
  offset: Expr;
  linear: Expr;
  segment: Expr;
  /** Limit test on the last byte, undefined in flat segments. */
  fits: Expr | undefined;
  entry: Expr;
  /** The entry's tag has to be this page. */
  page: Expr;
  hit: Expr;
}

export abstract class RecordEmit extends Emit {
  /** Set when the handler transferred control itself. */
  terminated = false;
  private offsetOfOperand: Expr | undefined;
  private host: Expr | undefined;
  private modified: Expr | undefined;

  constructor(
    fn: FunctionBuilder,
    protected readonly runtime: RuntimeFunctions,
    /** The main loop's label, or undefined in a cold function. */
    private readonly loopLabel: Label | undefined,
  ) {
    super(fn);
  }

  begin(form: Form): void {
    this.form = form;
    this.terminated = false;
    this.offsetOfOperand = this.host = this.modified = undefined;
  }
  end(): void {
    if (!this.terminated) this.next();
  }
  next(): void {
    this.commitFlags();
    this.goto(W.add(P, W.i32(R.RECORD_BYTES)));
  }

  protected field(op: string, offset: number): Expr {
    return W.load(op, P, offset);
  }
  protected put(op: string, stateOffset: number, value: Expr): void {
    this.emit({ kind: 'store', op, address: ZERO, offset: stateOffset, value });
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
  protected sizeOf(i: number): number {
    const digits = Number(this.form.shapes[i].slice(1));
    return digits > 0 ? digits : this.size;
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

  // --- memory
  address(_i: number): Expr {
    if (this.offsetOfOperand) return this.offsetOfOperand;
    const { memory } = this.form;
    if (isLong(memory)) return (this.offsetOfOperand = this.let(this.longAddress(memory)));
    let e = W.load('i32.load', this.field('i32.load16_u', R.R_BASE));
    if (memory.endsWith('X')) {
      const index = W.load('i32.load', this.field('i32.load16_u', R.R_INDEX));
      e = W.add(e, memory === 'SX' ? index : W.shl(index, this.field('i32.load8_u', R.R_SCALE)));
    }
    e = W.add(e, this.field('i32.load', R.R_DISP));
    if (memory[0] === 'S') e = W.and(e, W.i32(0xffff));
    return (this.offsetOfOperand = this.let(e));
  }
  /** Offset of a memory operand in 64-bit code, as an i64; with a 32-bit address size it is cut and zero-extended. */
  private longAddress(memory: Addressing): Expr {
    if (memory === 'A' || memory === 'B') return this.field('i64.load', R.R_DISP);
    const wide = memory[0] === 'Q' || memory[0] === 'H';
    const op = wide ? 'i64.load' : 'i32.load';
    let e = W.load(op, this.field('i32.load16_u', R.R_BASE));
    if (memory.endsWith('X')) {
      const index = W.load(op, this.field('i32.load16_u', R.R_INDEX));
      e = W.add(e, W.shl(index, this.field(wide ? 'i64.load8_u' : 'i32.load8_u', R.R_SCALE)));
    }
    const displacement = this.field('i32.load', R.R_DISP);
    return wide ? W.add(e, W.signExtend64(displacement)) : W.zeroExtend(W.add(e, displacement));
  }
  displace(bytes: Expr): void {
    if (isLong(this.form.memory)) {
      const wide = 'QH'.includes(this.form.memory[0]);
      const sum = W.add(this.address(0), W.signExtend64(bytes));
      this.offsetOfOperand = this.let(wide ? sum : W.zeroExtend(W.wrap(sum)));
      return;
    }
    const moved = W.add(this.address(0), W.wrap(bytes));
    this.offsetOfOperand = this.let(this.form.memory[0] === 'S' ? W.and(moved, W.i32(0xffff)) : moved);
  }

  private segmentOf(place: Place): { cache: Expr; flat: boolean } {
    const { memory, stack } = this.form;
    if (place === 'stack') return { cache: W.i32(SS_CACHE), flat: stack === 'F' || stack === 'Q' };
    const flat = memory !== '' && 'FQLA'.includes(memory[0]);
    if (place === 'es') return { cache: W.i32(ES_CACHE), flat: flat || isLong(memory) };
    return { cache: this.field('i32.load16_u', R.R_SEG), flat };
  }
  protected access(place: Place, size: number, offset: Expr, table: number, fastLimit: number): Access {
    const { cache, flat } = this.segmentOf(place);
    if (offset.type === 'i64') return this.longAccess(cache, flat, size, offset, table);
    const at = this.let(offset);
    const segment = flat ? cache : this.let(cache);
    const linear = flat ? at : this.let(W.add(at, W.load('i32.load', segment, L.SEG_BASE)));
    const entry = this.let(
      W.add(W.and(W.shrU(linear, W.i32(8)), W.i32((L.TLB_ENTRIES - 1) << 4)), W.load('i32.load', ZERO, table)),
    );
    const lastByte = size > 1 ? W.add(linear, W.i32(size - 1)) : linear;
    const page = W.and(lastByte, W.i32(~0xfff));
    const tagged = W.eq(W.load('i32.load', entry), page);
    const fits = flat ? undefined : W.ltU(W.add(at, W.i32(size - 1)), W.load('i32.load', segment, fastLimit));
    return { offset: at, linear, segment, fits, entry, page, hit: fits ? W.and(fits, tagged) : tagged };
  }
  /** 64-bit code: whether the address is canonical is asked after a miss. */
  private longAccess(cache: Expr, flat: boolean, size: number, offset: Expr, table: number): Access {
    const at = this.let(offset);
    const segment = flat ? cache : this.let(cache);
    const linear = flat ? at : this.let(W.add(at, W.load('i64.load', segment, L.SEG_BASE)));
    const index = W.and(W.wrap(W.shrU(linear, W.i64(8))), W.i32((L.TLB_ENTRIES - 1) << 4));
    const entry = this.let(W.add(index, W.load('i32.load', ZERO, table)));
    const lastByte = size > 1 ? W.add(linear, W.i64(size - 1)) : linear;
    const page = W.and(lastByte, W.i64(~0xfff));
    const hit = W.eq(W.load('i64.load', entry), page);
    return { offset: at, linear, segment, fits: undefined, entry, page, hit };
  }
  protected hostOf(a: Access): Expr {
    return W.add(W.wrap(a.linear), W.load('i32.load', a.entry, 8));
  }
  /** For stores that missed: 0, or the host address in a page with decoded code, none of which they touch. */
  private besideCode(size: number, a: Access): Expr {
    if (a.linear.type === 'i64') return ZERO;
    const host = this.variable('i32');
    this.set(host, ZERO);
    const marked = W.eq(W.sub(W.load('i32.load', a.entry), a.page), W.i32(1));
    this.if(a.fits ? W.and(a.fits, marked) : marked, () =>
      this.set(host, W.call('i32', this.runtime.besideCode, [a.linear, a.entry, W.i32(size)])),
    );
    return host;
  }
  protected slowArgs(size: number, a: Access): Expr[] {
    return [P, B, W.or(W.shl(a.segment, W.i32(8)), W.i32(size)), a.offset];
  }
  protected leaveIfFaulted(): void {
    this.if(W.load('i32.load', ZERO, L.S_FAULTED), () => this.leave(P, R.X_FAULT));
  }

  load(place: Place, size: number, offset: Expr): Expr {
    const a = this.access(place, size, offset, L.S_TLBR, L.SEG_FAST_READ);
    const value = this.variable(size === 8 ? 'i64' : 'i32');
    this.if(
      a.hit,
      () => this.set(value, W.load(W.LOAD[size], this.hostOf(a))),
      () => {
        const slow = a.linear.type === 'i64' ? this.runtime.loadLong : this.runtime.loadSlow;
        const result = W.call('i32', slow, this.slowArgs(size, a));
        if (size === 8) {
          this.emit({ kind: 'drop', value: result });
          this.set(value, W.load('i64.load', ZERO, L.S_SCRATCH));
        } else this.set(value, result);
        this.leaveIfFaulted();
      },
    );
    return value;
  }
  store(place: Place, size: number, offset: Expr, value: Expr): void {
    const v = this.let(value);
    const a = this.access(place, size, offset, L.S_TLBW, L.SEG_FAST_WRITE);
    this.if(
      a.hit,
      () => this.emit({ kind: 'store', op: W.STORE[size], address: this.hostOf(a), offset: 0, value: v }),
      () => {
        const host = this.besideCode(size, a);
        this.if(
          host,
          () => this.emit({ kind: 'store', op: W.STORE[size], address: host, offset: 0, value: v }),
          () => this.storeSlow(size, a, v),
        );
      },
    );
  }
  private storeSlow(size: number, a: Access, v: Expr): void {
    if (size === 8) this.put('i64.store', L.S_SCRATCH, v);
    const args = [...this.slowArgs(size, a), size === 8 ? ZERO : v];
    const slow = a.linear.type === 'i64' ? this.runtime.storeLong : this.runtime.storeSlow;
    this.emit({ kind: 'drop', value: W.call('i32', slow, args) });
    this.leaveIfFaulted();
  }

  private access0: Access | undefined;
  modify(i: number): Expr {
    if (this.form.shapes[i][0] === 'r') return this.read(i);
    const size = this.sizeOf(i);
    const a = (this.access0 = this.access('operand', size, this.address(i), L.S_TLBW, L.SEG_FAST_WRITE));
    const host = this.variable('i32');
    const value = this.variable(size === 8 ? 'i64' : 'i32');
    this.if(
      a.hit,
      () => {
        this.set(host, this.hostOf(a));
        this.set(value, W.load(W.LOAD[size], host));
      },
      () => {
        const slow = a.linear.type === 'i64' ? this.runtime.modifyLong : this.runtime.modifySlow;
        this.set(host, this.besideCode(size, a));
        this.if(W.eqz(host), () => {
          this.set(host, W.call('i32', slow, this.slowArgs(size, a)));
          this.leaveIfFaulted();
        });
        this.set(value, W.load(W.LOAD[size], W.select(host, host, W.i32(L.S_SCRATCH))));
      },
    );
    this.host = host;
    return value;
  }
  private storeModified(size: number, value: Expr): void {
    const v = this.let(value);
    const host = this.host!;
    this.if(
      host,
      () => this.emit({ kind: 'store', op: W.STORE[size], address: host, offset: 0, value: v }),
      () => this.storeSlow(size, this.access0!, v),
    );
    this.host = undefined;
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
    this.emit({ kind: 'return', value: this.loopLabel ? p : W.or(p, W.i32(1)) });
  }
  goto(p: Expr): void {
    if (this.loopLabel) {
      this.emit({ kind: 'set', index: 0, value: p });
      this.emit({ kind: 'br', label: this.loopLabel });
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
  repeatLater(): void {
    this.commitFlags();
    this.emit({ kind: 'set', index: 1, value: W.sub(B, W.i32(1)) });
    this.if(W.or(W.ltS(B, ZERO), W.load('i32.load', ZERO, L.S_ATTN)), () => this.leave(P, R.X_REPEAT));
    this.goto(P);
  }
  chunk(): Expr {
    return W.load('i32.load', ZERO, L.S_CHUNK);
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
    this.put('i64.store', L.S_RIP, W.zeroExtend(this.ownIp()));
    return this.let(W.call('i32', this.runtime.portIn, [P, B, W.or(port, W.i32(size << 16))]));
  }
  portOut(port: Expr, size: number, value: Expr): void {
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
    const { terminated } = this;
    this.system();
    this.terminated = terminated;
  }
  /** Calls the plain TypeScript routine of this instruction. */
  system(): void {
    const next = this.let(W.call('i32', this.runtime.system, [P, B]));
    this.if(W.and(next, W.i32(1)), () => {
      this.emit({ kind: 'return', value: this.loopLabel ? W.and(next, W.i32(~1)) : next });
    });
    this.if(next, () => this.goto(next));
    this.jumpTo(W.load('i64.load', ZERO, L.S_RIP));
  }
}
