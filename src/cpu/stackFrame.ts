// A stack frame in the making: values are staged, then all of them are checked, and only then written, so that a push of
// several values (interrupt delivery, far calls, PUSHA) happens as a whole or not at all.
import type { Cpu } from './cpu';
import { probeWrite, writeLinear } from './memory';
import { raise } from './raise';
import { alignmentChecked, checkAlignment } from './virtual';

const CAPACITY = 64;

class StackFrame {
  private readonly values = new Int32Array(CAPACITY);
  private readonly sizes = new Uint8Array(CAPACITY);
  private count = 0;
  private base = 0;
  private limit = 0;
  private attr = 0;
  private mask = 0;
  private start = 0;
  private user = false;
  /** The stack pointer below the staged values. */
  sp = 0;

  /** Starts a frame on the stack segment with this cache; `sp` is the stack pointer before the pushes. */
  begin(base: number, limit: number, attr: number, sp: number, user: boolean): void {
    this.base = base;
    this.limit = limit;
    this.attr = attr;
    this.mask = (attr & 0x4000) !== 0 ? 0xffffffff : 0xffff;
    this.start = this.sp = (sp & this.mask) >>> 0;
    this.user = user;
    this.count = 0;
  }

  beginCurrent(cpu: Cpu): void {
    this.begin(cpu.base(2), cpu.limit(2), cpu.attr(2), cpu.u32[8]!, cpu.cpl === 3);
  }

  push(value: number, size: number): void {
    this.values[this.count] = value;
    this.sizes[this.count++] = size;
    this.sp = ((this.sp - size) & this.mask) >>> 0;
  }

  /**
   * Checks limits and pages, then writes. False with `vector`(`errorCode`) or #PF in cpu.fault; nothing was written then.
   */
  write(cpu: Cpu, vector: number, errorCode: number, check: string): boolean {
    if (!this.fits()) {
      raise(cpu, vector, errorCode, check, {
        sp: this.start,
        bytes: this.start - this.sp,
        base: this.base,
        limit: this.limit,
        attributes: this.attr,
        cpl: cpu.cpl,
      });
      return false;
    }
    if (this.user && alignmentChecked(cpu) && !this.aligned(cpu)) return false;
    const total = this.start - this.sp;
    const whole = total > 0 && total <= 0x1000 && probeWrite(cpu, (this.base + this.sp) >>> 0, total, this.user);
    if (!whole && !this.probeEach(cpu)) return false;
    let sp = this.start;
    for (let i = 0; i < this.count; i++) {
      const size = this.sizes[i]!;
      sp = ((sp - size) & this.mask) >>> 0;
      if (!writeLinear(cpu, (this.base + sp) >>> 0, size, this.values[i]!, this.user)) return false;
    }
    return true;
  }

  private aligned(cpu: Cpu): boolean {
    let sp = this.start;
    for (let i = 0; i < this.count; i++) {
      sp = ((sp - this.sizes[i]!) & this.mask) >>> 0;
      if (!checkAlignment(cpu, (this.base + sp) >>> 0, this.sizes[i]!)) return false;
    }
    return true;
  }

  /** In the order of the pushes, so that CR2 is the one of the first push that faults. */
  private probeEach(cpu: Cpu): boolean {
    let sp = this.start;
    for (let i = 0; i < this.count; i++) {
      sp = ((sp - this.sizes[i]!) & this.mask) >>> 0;
      if (!probeWrite(cpu, (this.base + sp) >>> 0, this.sizes[i]!, this.user)) return false;
    }
    return true;
  }

  private fits(): boolean {
    const down = (this.attr & 12) === 4;
    const top = this.mask;
    const limit = this.limit;
    if (this.sp < this.start && limit !== 0xffffffff) {
      // No wrap: the lowest and the highest byte decide.
      return down ? this.sp > limit && this.start - 1 <= top : this.start - 1 <= limit;
    }
    if (limit === 0xffffffff) return !down;
    let sp = this.start;
    for (let i = 0; i < this.count; i++) {
      const size = this.sizes[i]!;
      sp = ((sp - size) & this.mask) >>> 0;
      if (down ? sp <= limit || sp + size - 1 > top : sp + size - 1 > limit) return false;
    }
    return true;
  }
}

/** The work space of all deliveries and far transfers: only one is in the making at any time. */
export const stackFrame = new StackFrame();
