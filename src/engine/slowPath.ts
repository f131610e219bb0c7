// What the interpreter calls when an access misses inline: full segment check, translation (which fills the TLB), and the
// access itself when it cannot be repeated inline (MMIO, page crossings, watched pages, lines with code). Faults are reported
// in S_FAULTED with the exception in cpu.fault.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import { ACCESS_USER, ACCESS_WRITE } from '../cpu/pageAccess';
import { translate } from '../cpu/paging';
import { slowCheck, slowRead, slowRmwProbe, slowWrite } from '../cpu/slow';
import { hits, tlbSlot, writeTable } from '../cpu/tlb';
import { linearOf } from '../cpu/virtual';
import { isWatched } from '../cpu/watch';

/** A 64-bit offset as a signed number (cpu/linear.ts). */
const whole = (low: number, high: number): number => high * 0x100000000 + (low >>> 0);

export class SlowPath {
  /** The record whose access is in progress, and the budget then: they give the exact time. */
  record = 0;
  budget = 0;
  /** Accesses to watched pages and to registers go through (the engine is single-stepping the instruction). */
  watchedAllowed = false;
  /** Such an access was refused: the instruction has to be single-stepped. */
  refused = false;

  readonly imports = {
    loadChecked: (p: number, b: number, arg: number, offset: number): number => this.load(p, b, arg, offset),
    storeChecked: (p: number, b: number, arg: number, offset: number, value: number): number =>
      this.store(p, b, arg, offset, value),
    modifyChecked: (p: number, b: number, arg: number, offset: number): number => this.modify(p, b, arg, offset),
    loadLongChecked: (p: number, b: number, arg: number, low: number, high: number): number =>
      this.load(p, b, arg, whole(low, high)),
    storeLongChecked: (p: number, b: number, arg: number, low: number, high: number, value: number): number =>
      this.store(p, b, arg, whole(low, high), value),
    modifyLongChecked: (p: number, b: number, arg: number, low: number, high: number): number =>
      this.modify(p, b, arg, whole(low, high)),
  };

  constructor(private readonly cpu: Cpu) {}

  /** Linear address after the segment check, NaN on a fault. */
  private enter(p: number, b: number, arg: number, offset: number, write: number): number {
    this.record = p;
    this.budget = b;
    const { cpu } = this;
    const seg = ((arg >>> 8) - L.S_SEG) / L.SEG_SIZE;
    const size = arg & 0xff;
    const at = cpu.long ? offset : offset >>> 0;
    const linear = linearOf(cpu, seg, at);
    const ok = slowCheck(cpu, seg, at, size, write) === 0;
    cpu.i32[L.S_FAULTED >> 2] = ok ? 0 : 1;
    if (!ok) return NaN;
    if (!this.watchedAllowed && (this.watched(linear, size) || (write !== 0 && this.isRegister(linear, size)))) {
      this.refused = true;
      cpu.i32[L.S_FAULTED >> 2] = 1;
      return NaN;
    }
    return linear;
  }
  private watched(linear: number, size: number): boolean {
    const { cpu } = this;
    if (cpu.watchedPages.size === 0 && cpu.breakpointPages.size === 0) return false;
    return isWatched(cpu, linear) || isWatched(cpu, linear + size - 1);
  }
  /** What a write there does has to be seen at the next boundary. The page walk is the one that the write does anyhow. */
  private isRegister(linear: number, size: number): boolean {
    const { cpu } = this;
    if (!cpu.bus.isRegister || (linear & (size - 1)) !== 0) return false;
    const physical = translate(cpu, linear, cpu.cpl === 3 ? ACCESS_WRITE | ACCESS_USER : ACCESS_WRITE);
    return physical >= 0 && cpu.bus.isRegister(physical);
  }

  private load(p: number, b: number, arg: number, offset: number): number {
    const linear = this.enter(p, b, arg, offset, 0);
    const { i32 } = this.cpu;
    if (Number.isNaN(linear)) return 0;
    i32[L.S_FAULTED >> 2] = slowRead(this.cpu, linear, arg & 0xff);
    return i32[L.S_SCRATCH >> 2];
  }

  private store(p: number, b: number, arg: number, offset: number, value: number): number {
    const { i32 } = this.cpu;
    const linear = this.enter(p, b, arg, offset, 1);
    if (Number.isNaN(linear)) return 0;
    if ((arg & 0xff) < 8) i32[L.S_SCRATCH >> 2] = value;
    i32[L.S_FAULTED >> 2] = slowWrite(this.cpu, linear, arg & 0xff);
    return 0;
  }

  private modify(p: number, b: number, arg: number, offset: number): number {
    const { cpu } = this;
    const linear = this.enter(p, b, arg, offset, 1);
    if (Number.isNaN(linear)) return 0;
    const size = arg & 0xff;
    if (slowRmwProbe(cpu, linear, size) !== 0) {
      cpu.i32[L.S_FAULTED >> 2] = 1;
      return 0;
    }
    const slot = tlbSlot(writeTable(cpu, linear, cpu.cpl === 3), linear);
    if (hits(cpu, slot, linear, linear + size - 1)) return (linear + cpu.i32[slot + 2]) | 0;
    cpu.i32[L.S_FAULTED >> 2] = slowRead(cpu, linear, size);
    return 0;
  }
}
