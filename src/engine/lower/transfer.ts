// Interrupts, their returns and far transfers in the cases worth doing inline: real mode within one code segment, and flat
// 32-bit protected mode through gates and to rings that the routines went to before (engine/transferMemo.ts remembers what
// they found). Everything else, and everything that could fault, is for the routines in cpu/, which check it all.
import * as L from '../../cpu/layout';
import { T_EXCEPTION, T_IRET, T_SOFTWARE_INT } from '../../cpu/transitions';
import * as W from '../../wasm/ir';
import type { Expr } from '../../wasm/ir';
import type { Emit } from '../emit';
import { arithmeticFrom, changeable, flagImage, flagsClear, quietEvents } from './flagAccess';
import { readable, writable } from './hostAddress';
import type { Lowering } from './lowering';
import { copyCache } from './segment';
import { beginRecord, mayRecord } from './transitionRecord';

const { AC, DF, EVENT_INTR, EVENT_NMI, EVENT_NMI_BLOCKED, ID, IF, IOPL, NT, RF, TF, VIF, VIP, VM } = L;
const CS = L.S_SEG + L.SEG_SIZE;
const SS = L.S_SEG + 2 * L.SEG_SIZE;
const REAL = 0;
const PROTECTED32 = 3;
const ATTR_UNUSABLE = 0x10000;
const EVENTS = EVENT_INTR | EVENT_NMI | EVENT_NMI_BLOCKED;
const DR7 = L.S_DR + 7 * 8;
const MEMO_BYTES = L.GATE_MEMO_BYTES;
const MEMO_CS = 32;
const MEMO_SS = 64;
const IRET_FRAME = 12;
const OUTER_FRAME = 20;

const both = (a: Expr, ...more: Expr[]): Expr => more.reduce((all, e) => W.and(all, e), a);
const isSet = (e: Expr): Expr => W.ne(e, W.i32(0));
const word = (address: Expr, offset: number): Expr => W.load('i32.load', address, offset);
const half = (address: Expr, offset: number): Expr => W.load('i32.load16_u', address, offset);
const put = (c: Emit, address: Expr, offset: number, size: 2 | 4, value: Expr): void =>
  c.emit({ kind: 'store', op: W.STORE[size], address, offset, value });

// --- real mode

/** A load of CS with this paragraph leaves its cache as it is. */
const sameParagraph = (c: Emit, selector: Expr): Expr =>
  both(isSet(c.state(L.F_REAL)), W.eq(W.shl(selector, W.i32(4)), c.state(CS + L.SEG_BASE)));

/** Host address of the `bytes` below SP for pushes, or 0. */
function pushRoom(c: Emit, sp: Expr, bytes: number): Expr {
  const host = c.variable('i32');
  c.set(host, W.i32(0));
  c.if(W.and(W.geU(sp, W.i32(bytes)), W.leU(sp, c.state(SS + L.SEG_FAST_WRITE))), () => {
    const linear = c.let(W.add(c.state(SS + L.SEG_BASE), W.sub(sp, W.i32(bytes))));
    c.set(host, writable(c, linear, bytes, c.state(L.S_TLBW)));
  });
  return host;
}
/** Host address of the `bytes` from SP on for pops, or 0. */
function popRoom(c: Emit, sp: Expr, bytes: number): Expr {
  const host = c.variable('i32');
  c.set(host, W.i32(0));
  c.if(W.leU(W.add(sp, W.i32(bytes)), c.state(SS + L.SEG_FAST_READ)), () => {
    const linear = c.let(W.add(c.state(SS + L.SEG_BASE), sp));
    c.set(host, readable(c, linear, bytes, c.state(L.S_TLBR)));
  });
  return host;
}
const setParagraph = (c: Emit, selector: Expr): void => c.setState(CS + L.SEG_SELECTOR, selector);

function realInterrupt(c: Emit, vector: Expr): void {
  const at = c.let(W.shl(vector, W.i32(2)));
  const flags = c.let(c.systemFlags());
  const inTable = W.leU(W.add(at, W.i32(3)), c.state(L.S_IDTR_LIMIT));
  c.if(both(isSet(c.state(L.F_REAL)), inTable, flagsClear(flags, TF | RF | AC), mayRecord(c)), () => {
    const table = readable(c, c.let(W.add(c.state(L.S_IDTR_BASE), at)), 4, W.i32(L.TLB_SUPER_READ));
    c.if(table, () => {
      const target = c.let(half(table, 0));
      const selector = c.let(half(table, 2));
      const sp = c.let(c.reg(4, 2));
      const frame = pushRoom(c, sp, 6);
      c.if(W.and(isSet(frame), sameParagraph(c, selector)), () => {
        const finish = beginRecord(c, { kind: T_SOFTWARE_INT, mode: REAL, vector });
        put(c, frame, 4, 2, flagImage(c));
        put(c, frame, 2, 2, c.state(CS + L.SEG_SELECTOR));
        put(c, frame, 0, 2, c.followingIp());
        c.setReg(4, 2, W.sub(sp, W.i32(6)));
        setParagraph(c, selector);
        c.setSystemFlags(W.and(flags, W.i32(~IF)));
        finish(target);
        c.jumpTo(target);
      });
    });
  });
}

function realReturn(c: Emit): void {
  const flags = c.let(c.systemFlags());
  c.if(both(isSet(c.state(L.F_REAL)), flagsClear(flags, TF | RF), quietEvents(c, EVENTS), mayRecord(c)), () => {
    const sp = c.let(c.reg(4, 2));
    const frame = popRoom(c, sp, 6);
    c.if(frame, () => {
      const target = c.let(half(frame, 0));
      const selector = c.let(half(frame, 2));
      const image = c.let(half(frame, 4));
      const inside = W.leU(target, c.state(CS + L.SEG_LIMIT));
      c.if(both(sameParagraph(c, selector), inside, flagsClear(image, TF)), () => {
        const finish = beginRecord(c, { kind: T_IRET, mode: REAL });
        const mask = IF | DF | IOPL | NT;
        c.setReg(4, 2, W.add(sp, W.i32(6)));
        setParagraph(c, selector);
        c.setSystemFlags(W.or(W.and(flags, W.i32(~mask)), W.and(image, W.i32(mask))));
        arithmeticFrom(c, image);
        finish(target);
        c.jumpTo(target);
      });
    });
  });
}

// --- flat 32-bit protected mode

const memoAt = (c: Emit, base: number, index: Expr): Expr => c.let(W.add(W.mul(index, W.i32(MEMO_BYTES)), W.i32(base)));

/** Loads CS, SS and CPL from a memo and turns the engine to the new level's tables. */
function enterRing(c: Emit, memo: Expr, stack: boolean): void {
  const ring = c.let(word(memo, 4));
  const user = c.let(W.eq(ring, W.i32(3)));
  c.setState(CS + L.SEG_SELECTOR, word(memo, MEMO_CS));
  copyCache(c, W.i32(CS), memo, MEMO_CS);
  if (!stack) return;
  c.setState(SS + L.SEG_SELECTOR, word(memo, MEMO_SS));
  copyCache(c, W.i32(SS), memo, MEMO_SS);
  c.setState(L.S_CPL, ring);
  c.setState(L.F_KEY, W.or(W.i32(0x80000000 | 0), W.shl(ring, W.i32(16))));
  c.setState(L.S_TLBR, W.select(user, W.i32(L.TLB_USER_READ), W.i32(L.TLB_SUPER_READ)));
  c.setState(L.S_TLBW, W.select(user, W.i32(L.TLB_USER_WRITE), W.i32(L.TLB_SUPER_WRITE)));
  c.setState(L.S_JC, W.select(user, c.state(L.F_JC_USER), c.state(L.F_JC_SUPER)));
  c.setState(L.F_CONTEXT, W.i32(1));
}

function flatInterrupt(c: Emit, vector: Expr): void {
  const flags = c.let(c.systemFlags());
  const memo = memoAt(c, L.GATE_MEMO, vector);
  const known = W.eq(word(memo, 0), c.state(L.F_KEY));
  c.if(both(isSet(c.state(L.F_FLAT)), known, flagsClear(flags, TF | VM | RF | AC), mayRecord(c)), () => {
    const target = c.let(word(memo, 28));
    const deliver = (frame: Expr, inner: boolean, sp: Expr): void => {
      const finish = beginRecord(c, {
        kind: T_SOFTWARE_INT,
        mode: PROTECTED32,
        vector,
        gate: W.shl(vector, W.i32(3)),
        tss: word(memo, 20),
      });
      if (inner) {
        put(c, frame, 16, 4, c.state(SS + L.SEG_SELECTOR));
        put(c, frame, 12, 4, c.reg(4, 4));
      }
      put(c, frame, 8, 4, flagImage(c));
      put(c, frame, 4, 4, c.state(CS + L.SEG_SELECTOR));
      put(c, frame, 0, 4, c.followingIp());
      c.setSystemFlags(W.and(flags, W.not(word(memo, 24))));
      enterRing(c, memo, inner);
      c.setReg(4, 4, sp);
      finish(target);
      c.jumpTo(target);
    };
    c.if(
      word(memo, 8),
      () => {
        const tss = readable(c, c.let(word(memo, 12)), 8, W.i32(L.TLB_SUPER_READ));
        c.if(W.and(isSet(tss), isSet(c.state(L.F_JC_SUPER))), () => {
          const top = c.let(word(tss, 0));
          const sp = c.let(W.sub(top, W.i32(OUTER_FRAME)));
          c.if(W.and(W.geU(top, W.i32(OUTER_FRAME)), W.eq(half(tss, 4), word(memo, 16))), () => {
            const frame = writable(c, sp, OUTER_FRAME, W.i32(L.TLB_SUPER_WRITE));
            c.if(frame, () => deliver(frame, true, sp));
          });
        });
      },
      () => {
        const top = c.let(c.reg(4, 4));
        const sp = c.let(W.sub(top, W.i32(IRET_FRAME)));
        c.if(W.geU(top, W.i32(IRET_FRAME)), () => {
          const frame = writable(c, sp, IRET_FRAME, c.state(L.S_TLBW));
          c.if(frame, () => deliver(frame, false, sp));
        });
      },
    );
  });
}

/**
 * The page fault in the words from F_PF on, at an instruction of which nothing was committed. `arrive` goes to the handler;
 * comes back when the routines have to do it.
 */
export function flatPageFault(c: Emit, arrive: (target: Expr) => void): void {
  const flags = c.let(c.systemFlags());
  const memo = W.i32(L.GATE_MEMO + L.PFV * MEMO_BYTES);
  const known = W.eq(word(memo, L.GATE_MEMO_ANY), c.state(L.F_KEY));
  c.if(both(isSet(c.state(L.F_FLAT)), known, flagsClear(flags, TF | VM | RF | AC), mayRecord(c)), () => {
    const target = c.let(word(memo, 28));
    const errorCode = c.let(c.state(L.PF_CODE));
    const deliver = (frame: Expr, inner: boolean, sp: Expr): void => {
      c.setState(L.PF_INDEX, c.state(L.F_LOG_COUNT));
      const finish = beginRecord(c, {
        kind: T_EXCEPTION,
        mode: PROTECTED32,
        vector: W.i32(L.PFV),
        gate: W.i32(L.PFV * 8),
        tss: word(memo, 20),
        errorCode,
      });
      if (inner) {
        put(c, frame, 20, 4, c.state(SS + L.SEG_SELECTOR));
        put(c, frame, 16, 4, c.reg(4, 4));
      }
      put(c, frame, 12, 4, W.or(flagImage(c), W.i32(RF)));
      put(c, frame, 8, 4, c.state(CS + L.SEG_SELECTOR));
      put(c, frame, 4, 4, c.ownIp());
      put(c, frame, 0, 4, errorCode);
      c.setState(L.S_CR2, c.state(L.PF_LINEAR));
      c.setSystemFlags(W.and(flags, W.not(word(memo, 24))));
      enterRing(c, memo, inner);
      c.setReg(4, 4, sp);
      finish(target);
      arrive(target);
    };
    c.if(
      word(memo, 8),
      () => {
        const tss = readable(c, c.let(word(memo, 12)), 8, W.i32(L.TLB_SUPER_READ));
        c.if(W.and(isSet(tss), isSet(c.state(L.F_JC_SUPER))), () => {
          const top = c.let(word(tss, 0));
          const sp = c.let(W.sub(top, W.i32(OUTER_FRAME + 4)));
          c.if(W.and(W.geU(top, W.i32(OUTER_FRAME + 4)), W.eq(half(tss, 4), word(memo, 16))), () => {
            const frame = writable(c, sp, OUTER_FRAME + 4, W.i32(L.TLB_SUPER_WRITE));
            c.if(frame, () => deliver(frame, true, sp));
          });
        });
      },
      () => {
        const top = c.let(c.reg(4, 4));
        const sp = c.let(W.sub(top, W.i32(IRET_FRAME + 4)));
        c.if(W.geU(top, W.i32(IRET_FRAME + 4)), () => {
          const frame = writable(c, sp, IRET_FRAME + 4, c.state(L.S_TLBW));
          c.if(frame, () => deliver(frame, false, sp));
        });
      },
    );
  });
}

/** No data segment becomes null on the way to ring `cpl` (cpu/loadSegment.ts, dropInnerSegments). */
function segmentsStay(c: Emit, cpl: Expr): Expr {
  const stays = (n: number): Expr => {
    const cache = L.S_SEG + n * L.SEG_SIZE;
    const attr = c.let(c.state(cache + L.SEG_ATTR));
    const unusable = c.let(W.and(attr, W.i32(ATTR_UNUSABLE)));
    const conforming = W.eq(W.and(attr, W.i32(12)), W.i32(12));
    const level = W.geU(W.and(W.shrU(attr, W.i32(5)), W.i32(3)), cpl);
    return W.select(unusable, W.eqz(c.state(cache + L.SEG_SELECTOR)), W.or(conforming, level));
  };
  return both(stays(0), stays(3), stays(4), stays(5));
}

function flatReturn(c: Emit): void {
  const flags = c.let(c.systemFlags());
  const plain = both(flagsClear(flags, NT | VM | TF | RF | AC), quietEvents(c, EVENTS), mayRecord(c));
  c.if(W.and(isSet(c.state(L.F_FLAT)), plain), () => {
    const sp = c.let(c.reg(4, 4));
    const frame = readable(c, sp, IRET_FRAME, c.state(L.S_TLBR));
    c.if(frame, () => {
      const target = c.let(word(frame, 0));
      const selector = c.let(half(frame, 4));
      const image = c.let(word(frame, 8));
      const memo = memoAt(c, L.RETURN_MEMO, W.and(W.shrU(selector, W.i32(3)), W.i32(15)));
      const same = W.eqz(W.and(W.xor(image, flags), W.i32(ID | VIF | VIP)));
      const known = W.eq(word(memo, 0), W.or(selector, c.state(L.F_KEY)));
      // RF, which faults leave in their images, means something with code breakpoints in DR0-DR3 only
      const resumes = both(isSet(W.and(image, W.i32(RF))), isSet(W.and(c.state(DR7), W.i32(0xff))));
      c.if(both(known, same, flagsClear(image, NT | VM | TF | AC), W.eqz(resumes)), () => {
        const arrive = (outer: boolean, newSp: Expr): void => {
          const finish = beginRecord(c, { kind: T_IRET, mode: PROTECTED32 });
          const mask = c.let(changeable(c));
          c.setSystemFlags(W.or(W.and(flags, W.not(mask)), W.and(image, mask)));
          arithmeticFrom(c, image);
          enterRing(c, memo, outer);
          c.setReg(4, 4, newSp);
          finish(target);
          c.jumpTo(target);
        };
        c.if(
          word(memo, 8),
          () => {
            const whole = readable(c, sp, OUTER_FRAME, c.state(L.S_TLBR));
            c.if(W.and(isSet(whole), segmentsStay(c, word(memo, 4))), () => {
              const stack = half(whole, 16);
              const tables = W.select(W.eq(word(memo, 4), W.i32(3)), c.state(L.F_JC_USER), c.state(L.F_JC_SUPER));
              c.if(W.and(W.eq(stack, word(memo, 12)), isSet(tables)), () => arrive(true, c.let(word(whole, 12))));
            });
          },
          () => arrive(false, W.add(sp, W.i32(IRET_FRAME))),
        );
      });
    });
  });
}

// --- far transfers in real mode

function farJump(c: Emit, push: boolean): void {
  const target = c.let(c.mask(c.farOffset()));
  const selector = c.let(c.farSelector());
  const inside = W.leU(target, c.state(CS + L.SEG_LIMIT));
  c.if(W.and(sameParagraph(c, selector), inside), () => {
    const arrive = (): void => {
      setParagraph(c, selector);
      c.jumpTo(target);
    };
    if (!push) return arrive();
    const sp = c.let(c.reg(4, 2));
    const frame = pushRoom(c, sp, 4);
    c.if(frame, () => {
      put(c, frame, 2, 2, c.state(CS + L.SEG_SELECTOR));
      put(c, frame, 0, 2, c.followingIp());
      c.setReg(4, 2, W.sub(sp, W.i32(4)));
      arrive();
    });
  });
}

function farReturn(c: Emit): void {
  const sp = c.let(c.reg(4, 2));
  const frame = popRoom(c, sp, 4);
  c.if(W.and(isSet(c.state(L.F_REAL)), isSet(frame)), () => {
    const target = c.let(half(frame, 0));
    const selector = c.let(half(frame, 2));
    c.if(W.and(sameParagraph(c, selector), W.leU(target, c.state(CS + L.SEG_LIMIT))), () => {
      const released = c.form.shapes.length > 0 ? W.and(c.immediate(), W.i32(0xffff)) : W.i32(0);
      c.setReg(4, 2, W.add(W.add(sp, W.i32(4)), released));
      setParagraph(c, selector);
      c.jumpTo(target);
    });
  });
}

export const TRANSFER: Record<string, Lowering> = {
  int: (c) => {
    const vector = c.let(W.and(c.immediate(), W.i32(0xff)));
    realInterrupt(c, vector);
    flatInterrupt(c, vector);
    c.routine();
  },
  iret: (c) => {
    if (c.size === 2) realReturn(c);
    else if (c.size === 4) flatReturn(c);
    c.routine();
  },
  call_far: (c) => {
    if (c.size === 2) farJump(c, true);
    c.routine();
  },
  jmp_far: (c) => {
    if (c.size === 2) farJump(c, false);
    c.routine();
  },
  retf: (c) => {
    if (c.size === 2) farReturn(c);
    c.routine();
  },
};
