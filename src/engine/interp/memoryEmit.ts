// Memory in the interpreter tier's emit context: effective addresses from the decoded record, and accesses through the
// software TLB of layout.ts, compared inline. What misses there goes to runtime.ts: from a cold form by a call, from a case of
// the main loop by a jump (loopLabels.ts), before anything was committed.
import * as L from '../../cpu/layout';
import type { FunctionBuilder } from '../../wasm/module';
import * as W from '../../wasm/ir';
import type { Expr, Label } from '../../wasm/ir';
import { Emit, type Place } from '../emit';
import { isLong, type Addressing } from '../form';
import { holdsCode } from '../lower/hostAddress';
import * as R from '../record';
import { MISS_LINEAR, MISS_LINEAR_LONG, MISS_PAGE, MISS_PAGE_LONG, type LoopLabels } from './loopLabels';
import type { RuntimeFunctions } from './runtimeFunctions';

const SS_CACHE = L.S_SEG + 2 * L.SEG_SIZE;
const ES_CACHE = L.S_SEG;
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

export abstract class MemoryEmit extends Emit {
  private offsetOfOperand: Expr | undefined;
  private access0: Access | undefined;
  /** Host address, or 0, of the memory operand that `modify` read. */
  protected host: Expr | undefined;

  /** Where this form's case in the loop accesses memory: at one place for each table, so that no entry evicts another for ever. */
  private loaded: Expr | undefined;
  private stored: Expr | undefined;

  constructor(
    fn: FunctionBuilder,
    protected readonly runtime: RuntimeFunctions,
    /** Where the cases of the main loop go for what they do not do themselves; undefined in a cold form. */
    protected readonly labels: LoopLabels | undefined,
  ) {
    super(fn);
  }

  protected forgetOperand(): void {
    this.offsetOfOperand = this.host = undefined;
    this.loaded = this.stored = undefined;
  }
  /** A field of the record. */
  protected field(op: string, offset: number): Expr {
    return W.load(op, P, offset);
  }
  protected put(op: string, stateOffset: number, value: Expr): void {
    this.emit({ kind: 'store', op, address: ZERO, offset: stateOffset, value });
  }
  /** Size in bytes of operand `i`. */
  protected sizeOf(i: number): number {
    const digits = Number(this.form.shapes[i].slice(1));
    return digits > 0 ? digits : this.size;
  }
  /** Leaves the loop before the record `p`. */
  abstract leave(p: Expr, why: number): void;

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

  /** To the record's cold form: this case of the loop cannot do it. */
  protected goCold(condition: Expr): void {
    this.emit({ kind: 'brIf', label: this.labels!.cold, condition });
  }
  private miss(a: Access, label: Label): void {
    const long = a.linear.type === 'i64';
    this.emit({ kind: 'set', index: long ? MISS_LINEAR_LONG : MISS_LINEAR, value: a.linear });
    this.emit({ kind: 'set', index: long ? MISS_PAGE_LONG : MISS_PAGE, value: a.page });
    this.emit({ kind: 'br', label });
  }
  private onePlace(before: Expr | undefined, offset: Expr): Expr {
    if (before && before !== offset)
      throw new Error(`${this.form.key} accesses two places: it cannot be a case of the loop`);
    return offset;
  }
  /** In the loop: goes on when the access hits. `misfit`: it is for the cold form. */
  protected hitOrMiss(a: Access, misfit?: Expr): void {
    this.loaded = this.onePlace(this.loaded, a.offset);
    if (a.fits) this.goCold(W.eqz(a.fits));
    if (misfit) this.goCold(misfit);
    this.if(W.ne(W.load(`${a.page.type}.load`, a.entry), a.page), () => this.miss(a, this.labels!.missRead));
  }
  /** In the loop: goes on when the bytes may be written, also beside code; answers where they are. */
  protected writableOrMiss(size: number, a: Access, misfit?: Expr): Expr {
    this.stored = this.onePlace(this.stored, a.offset);
    if (a.fits) this.goCold(W.eqz(a.fits));
    if (misfit) this.goCold(misfit);
    const tag = this.let(W.load(`${a.page.type}.load`, a.entry));
    this.if(W.ne(tag, a.page), () => {
      const one = W.constant(a.page.type, 1);
      this.if(W.ne(W.sub(tag, a.page), one), () => this.miss(a, this.labels!.missWrite));
      this.goCold(holdsCode(this, this.let(this.hostOf(a)), size));
    });
    return this.let(this.hostOf(a));
  }

  load(place: Place, size: number, offset: Expr): Expr {
    const a = this.access(place, size, offset, L.S_TLBR, L.SEG_FAST_READ);
    if (this.labels) {
      this.hitOrMiss(a);
      return this.let(W.load(W.LOAD[size], this.hostOf(a)));
    }
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
  readPlain(size: number, then: (value: Expr) => void): void {
    const a = this.access('operand', size, this.address(0), L.S_TLBR, L.SEG_FAST_READ);
    const read = (): void => then(this.let(W.load(W.LOAD[size], this.hostOf(a))));
    if (this.labels) {
      this.hitOrMiss(a);
      read();
    } else this.if(a.hit, read);
  }
  store(place: Place, size: number, offset: Expr, value: Expr): void {
    const v = this.let(value);
    const a = this.access(place, size, offset, L.S_TLBW, L.SEG_FAST_WRITE);
    if (this.labels) {
      const address = this.writableOrMiss(size, a);
      this.emit({ kind: 'store', op: W.STORE[size], address, offset: 0, value: v });
      return;
    }
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

  probe(place: Place, size: number, offset: Expr): void {
    const a = this.access(place, size, offset, L.S_TLBW, L.SEG_FAST_WRITE);
    const slow = a.linear.type === 'i64' ? this.runtime.modifyLong : this.runtime.modifySlow;
    this.if(W.eqz(a.hit), () => {
      this.emit({ kind: 'drop', value: W.call('i32', slow, this.slowArgs(size, a)) });
      this.leaveIfFaulted();
    });
  }

  modify(i: number): Expr {
    if (this.form.shapes[i][0] === 'r') return this.read(i);
    const size = this.sizeOf(i);
    const a = (this.access0 = this.access('operand', size, this.address(i), L.S_TLBW, L.SEG_FAST_WRITE));
    if (this.labels) {
      this.host = this.writableOrMiss(size, a);
      return this.let(W.load(W.LOAD[size], this.host));
    }
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
  protected storeModified(size: number, value: Expr): void {
    const v = this.let(value);
    const host = this.host!;
    const put = (): void => this.emit({ kind: 'store', op: W.STORE[size], address: host, offset: 0, value: v });
    if (this.labels) put();
    else this.if(host, put, () => this.storeSlow(size, this.access0!, v));
    this.host = undefined;
  }
}
