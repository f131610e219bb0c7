// One processor: typed views of its state in linear memory, the pending fault, and hooks that the engine and the debugger set.
// The routines themselves live beside this file, one concern each; they take a Cpu.
import type { Bus } from './bus';
import type { Fault } from './fault';
import * as L from './layout';
import { Descriptor } from './descriptor';
import type { CpuModel } from './models';
import { TransitionLog } from './transitions';

export interface CpuHooks {
  /** Exact count of retired instructions before the present one. */
  now(): number;
  /**
   * Translation changed: jump caches of all contexts are stale (the TLB tables are flushed already, by tlb.ts).
   * `linear` when only one page is.
   */
  flushTlb(linear?: number): void;
  /** A segment, CPL, CR0/CR4, DR7 or EFLAGS.TF/AC/VM changed: the engine picks the context again before the next instruction. */
  contextChanged(): void;
  /** A write reached a page that holds decoded code (physical address); the engine drops what it decoded there. */
  codeWritten(physical: number, size: number): void;
  /** The next store to this line of RAM (monitor.ts) is to be reported. */
  monitorLine(line: number): void;
}

export class Cpu {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly i32: Int32Array;
  readonly u32: Uint32Array;
  readonly u64: BigUint64Array;
  readonly view: DataView;
  model: CpuModel = 'pentium';
  /** Whose state this is at present, 0 the one that starts at power-on, and how many processors take turns. */
  number = 0;
  count = 1;
  /** The exception raised by the routine that returned FAULT. */
  fault: Fault | undefined;
  halted = false;
  /** Triple fault or shutdown: the processor stops until reset. */
  shutdown = false;
  /** Interrupts are held off while hooks.now() is below this (STI, MOV SS, POP SS). */
  inhibitUntil = -1;
  /** Debug traps are held off as well (MOV SS, POP SS). */
  trapsHeldUntil = -1;
  /**
   * The instruction ended in a way that raises no single-step trap although TF was set: an interrupt was entered, a task
   * switched, SS loaded. Set by the routines; whoever single-steps clears it before the instruction.
   */
  noStepTrap = false;
  /** The two or three exceptions that ended in shutdown, oldest first. */
  shutdownCause: Fault[] = [];
  /** The two exceptions that became the last double fault. */
  doubleFaultCause: readonly Fault[] = [];

  /** By physical page number: non-zero when the page holds decoded code. The engine sets it through tlb.ts. */
  readonly codePages = new Uint8Array(1 << 20);
  /** Linear page numbers with debugger watchpoints; change them through watch.ts. Accesses there take the checked path. */
  readonly watchedPages = new Set<number>();
  /** Linear page numbers with enabled data breakpoints of DR0-DR3. */
  readonly breakpointPages = new Set<number>();
  /** Told of every access to a watched page, after it happened. */
  /** Called before a write to a watched page. */
  watchBefore: ((linear: number, size: number) => void) | undefined;
  /** An access that is done in parts is under way: it is reported as a whole. */
  inAccess = false;
  watchAccess: ((linear: number, size: number, write: boolean) => void) | undefined;
  /** DR6 bits of a debug trap that is due at the next instruction boundary. */
  pendingDebug = 0;
  readonly transitions: TransitionLog;
  /** INT1 saves its own address instead of the next one, as the processor of the test vectors does under its hypervisor. */
  int1IsFault = false;
  /** Model-specific registers without an effect of their own, by number. */
  readonly msrs = new Map<number, bigint>();
  /** Time-stamp counter minus icount. */
  tscOffset = 0n;

  /** The last translation of an address was to a page of user mode (matters with SMAP only). */
  userPage = false;
  /** The access is the processor's own, to a descriptor table or a task state segment (matters with SMAP only). */
  implicitAccess = false;

  // Work space of the far transfers, so that the ordinary path allocates nothing.
  readonly code = new Descriptor();
  readonly stack = new Descriptor();
  readonly gate = new Descriptor();
  readonly other = new Descriptor();
  /** Bytes of the instruction whose routine runs: RIP-relative operands count from its end. */
  instructionLength = 0;
  /** TR3-TR7 of the 386 and 486. */
  readonly testRegisters = new Uint32Array(8);
  /** The inner stack that the TSS gave (innerStack.ts). */
  innerSs = 0;
  innerEsp = 0;

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
    this.view = new DataView(memory.buffer);
    this.transitions = new TransitionLog(undefined, memory.buffer);
  }

  private event(bit: number): boolean {
    return (this.i32[L.F_EVENTS >> 2] & bit) !== 0;
  }
  private setEvent(bit: number, on: boolean): void {
    if (on) this.i32[L.F_EVENTS >> 2] |= bit;
    else this.i32[L.F_EVENTS >> 2] &= ~bit;
  }
  /** The interrupt controller's output. */
  get intr(): boolean {
    return this.event(L.EVENT_INTR);
  }
  set intr(on: boolean) {
    this.setEvent(L.EVENT_INTR, on);
  }
  get nmi(): boolean {
    return this.event(L.EVENT_NMI);
  }
  set nmi(on: boolean) {
    this.setEvent(L.EVENT_NMI, on);
  }
  /** A system management interrupt waits for the next boundary outside SMM. */
  get smi(): boolean {
    return this.event(L.EVENT_SMI);
  }
  set smi(on: boolean) {
    this.setEvent(L.EVENT_SMI, on);
  }
  /** NMIs are held off from the delivery of one to the next IRET. */
  get nmiBlocked(): boolean {
    return this.event(L.EVENT_NMI_BLOCKED);
  }
  set nmiBlocked(on: boolean) {
    this.setEvent(L.EVENT_NMI_BLOCKED, on);
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
  /** Low and high half of a general register, as i32. */
  setReg64(n: number, low: number, high: number): void {
    this.i32[n << 1] = low;
    this.i32[(n << 1) + 1] = high;
  }
  /**
   * An i64 slot as a signed number: exact for canonical addresses; other values beyond 53 bits are rounded but keep their
   * magnitude, so that a canonical check still fails on them.
   */
  signed64(offset: number): number {
    return this.i32[(offset >> 2) + 1] * 0x100000000 + this.u32[offset >> 2];
  }
  setSigned64(offset: number, v: number): void {
    this.u32[offset >> 2] = v;
    this.i32[(offset >> 2) + 1] = Math.floor(v / 0x100000000);
  }
  /** 64-bit code is being executed: long mode is active and CS.L is set. */
  get long(): boolean {
    return (
      (this.i32[(L.S_SEG + L.SEG_SIZE + L.SEG_ATTR) >> 2] & 0x2000) !== 0 &&
      (this.i32[L.S_EFER >> 2] & L.EFER_LMA) !== 0
    );
  }
  /** IA-32e mode is active: 64-bit or compatibility mode. */
  get longActive(): boolean {
    return (this.i32[L.S_EFER >> 2] & L.EFER_LMA) !== 0;
  }
  /** Instruction pointer: unsigned 32 bits, in 64-bit code signed 64 bits. */
  get eip(): number {
    return this.i32[(L.S_RIP >> 2) + 1] * 0x100000000 + this.u32[L.S_RIP >> 2];
  }
  /** Outside 64-bit code the upper half is cut off; CS has to be set first. */
  set eip(v: number) {
    this.u32[L.S_RIP >> 2] = v;
    this.i32[(L.S_RIP >> 2) + 1] = this.long ? Math.floor(v / 0x100000000) : 0;
  }
  /** The EFLAGS bits outside the lazy arithmetic ones. */
  set sysFlags(v: number) {
    this.u32[L.S_EFLAGS >> 2] = v;
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
  get dr7(): number {
    return this.u32[(L.S_DR + 56) >> 2];
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
  /** All 64 bits, signed: FS, GS, LDTR and TR have them in long mode. */
  base64(seg: number): number {
    return this.signed64(L.S_SEG + seg * L.SEG_SIZE + L.SEG_BASE);
  }
  limit(seg: number): number {
    return this.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_LIMIT) >> 2];
  }
}
