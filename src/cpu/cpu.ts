// One processor: typed views of its state in linear memory, the pending fault, and hooks that the engine and the debugger set.
// The routines themselves live beside this file, one concern each; they take a Cpu.
import type { Bus } from './bus';
import type { Fault } from './fault';
import * as L from './layout';

export interface CpuHooks {
  /** Exact count of retired instructions before the present one. */
  now(): number;
  /** Translation or privilege changed: TLBs and jump caches of all contexts are stale. `linear` when only one page is. */
  flushTlb(linear?: number): void;
  /** CS, SS, a flat segment, CPL, CR0/CR4 or EFLAGS.AC/VM changed: the engine picks the context again before the next instruction. */
  contextChanged(): void;
  /** A write reached a page that holds decoded code (physical address); the engine drops what it decoded there. */
  codeWritten(physical: number, size: number): void;
}

export class Cpu {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  /** The exception raised by the routine that returned FAULT. */
  fault: Fault | undefined;
  halted = false;
  /** Triple fault or shutdown: the processor stops until reset. */
  shutdown = false;
  /** Interrupts are held off until this icount has retired (STI, MOV SS, POP SS). */
  inhibitUntil = -1;
  /** The interrupt controller's output. */
  intr = false;
  nmi = false;

  constructor(
    readonly memory: WebAssembly.Memory,
    readonly bus: Bus,
    readonly hooks: CpuHooks,
    readonly ramBytes: number,
  ) {
    this.u8 = new Uint8Array(memory.buffer);
    this.u16 = new Uint16Array(memory.buffer);
    this.i32 = new Int32Array(memory.buffer);
    this.u32 = new Uint32Array(memory.buffer);
    this.u64 = new BigUint64Array(memory.buffer);
  }

  // Low 32 bits of a register or state word, unsigned.
  reg32(n: number): number {
    return this.u32[n << 1];
  }
  setReg32(n: number, v: number): void {
    this.u32[n << 1] = v;
    this.u32[(n << 1) + 1] = 0;
  }
  reg16(n: number): number {
    return this.u16[n << 2];
  }
  setReg16(n: number, v: number): void {
    this.u16[n << 2] = v;
  }
  /** RIP truncated to 32 bits. */
  get eip(): number {
    return this.u32[L.S_RIP >> 2];
  }
  set eip(v: number) {
    this.u32[L.S_RIP >> 2] = v;
    this.u32[(L.S_RIP >> 2) + 1] = 0;
  }
  get cpl(): number {
    return this.i32[L.S_CPL >> 2];
  }
  get cr0(): number {
    return this.u32[L.S_CR0 >> 2];
  }
  get cr3(): number {
    return this.u32[L.S_CR3 >> 2];
  }
  get cr4(): number {
    return this.u32[L.S_CR4 >> 2];
  }
  /** EFLAGS without the lazy arithmetic bits; use flags.ts for the whole register. */
  get sysFlags(): number {
    return this.u32[L.S_EFLAGS >> 2];
  }
  selector(seg: number): number {
    return this.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_SELECTOR) >> 2];
  }
  attr(seg: number): number {
    return this.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_ATTR) >> 2];
  }
  base(seg: number): number {
    return this.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_BASE) >> 2];
  }
  limit(seg: number): number {
    return this.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_LIMIT) >> 2];
  }
}
