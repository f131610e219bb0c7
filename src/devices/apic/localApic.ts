// The local APIC of one processor in xAPIC mode (Intel SDM vol. 3, "Advanced Programmable Interrupt Controller (APIC)"):
// priorities, local vector table, timer, interprocessor interrupts, error status.
// Absent: x2APIC and TSC-deadline modes (CPUID announces neither), relocation of the register page, focus processor checking;
// the thermal and performance entries can be programmed but nothing fires them.

import type { Scheduler } from '../contract';
import { ApicTimer, type ApicTimerState } from './apicTimer';
import {
  BROADCAST,
  EXTINT,
  FIXED,
  INIT,
  LOWEST_PRIORITY,
  NMI,
  SMI,
  STARTUP,
  isUnmaskable,
  type ApicMessage,
} from './message';
import { emptySet, has, highest, put, type VectorSet } from './vectorSet';

/** What a local APIC does to its processor. */
export interface ApicProcessor {
  /** Level of the maskable interrupt input. */
  intr(level: boolean): void;
  nmi(): void;
  smi(): void;
  init(): void;
  /** Start-up message: execution begins at physical page `page`. */
  startUp(page: number): void;
}

/** Shorthand of the interrupt command register. */
export const enum Shorthand {
  None,
  Self,
  All,
  Others,
}

/** Where messages go that a local APIC sends. */
export interface ApicPort {
  send(from: LocalApic, message: ApicMessage, shorthand: Shorthand): void;
  /** A level-triggered interrupt was handled. */
  endOfInterrupt(vector: number): void;
}

export interface LocalApicState {
  /** IA32_APIC_BASE bit 11. */
  enabled: boolean;
  id: number;
  taskPriority: number;
  logicalDestination: number;
  destinationFormat: number;
  spurious: number;
  inService: VectorSet;
  triggerMode: VectorSet;
  requests: VectorSet;
  errors: number;
  pendingErrors: number;
  command: [low: number, high: number];
  /** Timer, thermal, performance, LINT0, LINT1, error. */
  lvt: number[];
  lint0: boolean;
  timer: ApicTimerState;
}

const ID = 0x20, VERSION = 0x30, TPR = 0x80, APR = 0x90, PPR = 0xa0, EOI = 0xb0, LDR = 0xd0, DFR = 0xe0, SVR = 0xf0; // prettier-ignore
const ISR = 0x100, TMR = 0x180, IRR = 0x200, ESR = 0x280, ICR_LOW = 0x300, ICR_HIGH = 0x310; // prettier-ignore
const LVT_FIRST = 0x320, LVT_LAST = 0x370, INITIAL_COUNT = 0x380, CURRENT_COUNT = 0x390, DIVIDE = 0x3e0; // prettier-ignore
const LVT_TIMER = 0, LVT_LINT0 = 3, LVT_LINT1 = 4, LVT_ERROR = 5; // prettier-ignore

/** Integrated APIC, six entries in the local vector table. */
const VERSION_VALUE = 0x00050014;
const MASKED = 0x10000;
const PERIODIC = 0x20000;
const LEVEL = 0x8000;
const SOFTWARE_ENABLED = 0x100;
/** Bits of the entries that can be written: vector, delivery mode, polarity and trigger mode of the pins, mask, timer mode. */
const LVT_WRITABLE = [0x300ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff];
const COMMAND_WRITABLE = 0xccfff;
const SEND_ILLEGAL_VECTOR = 0x20, RECEIVE_ILLEGAL_VECTOR = 0x40, ILLEGAL_REGISTER = 0x80; // prettier-ignore

export class LocalApic {
  private s: LocalApicState;
  private readonly timer: ApicTimer;
  private output = false;

  constructor(
    scheduler: Scheduler,
    readonly index: number,
    private readonly port: ApicPort,
    private readonly processor: ApicProcessor,
  ) {
    this.timer = new ApicTimer(scheduler, `apic${index}-timer`, () => this.local(LVT_TIMER));
    this.s = this.initial();
  }

  private initial(): LocalApicState {
    return {
      enabled: true,
      id: this.index,
      taskPriority: 0,
      logicalDestination: 0,
      destinationFormat: 0xffffffff,
      spurious: 0xff,
      inService: emptySet(),
      triggerMode: emptySet(),
      requests: emptySet(),
      errors: 0,
      pendingErrors: 0,
      command: [0, 0],
      lvt: LVT_WRITABLE.map(() => MASKED),
      lint0: false,
      timer: this.timer.getState(),
    };
  }

  get id(): number {
    return this.s.id;
  }
  /** IA32_APIC_BASE bit 11: without it INTR reaches the processor directly. */
  get enabled(): boolean {
    return this.s.enabled;
  }
  set enabled(on: boolean) {
    if (on === this.s.enabled) return;
    const { lint0 } = this.s;
    this.reset();
    this.s.enabled = on;
    this.setLint0(lint0);
  }
  private get active(): boolean {
    return this.s.enabled && (this.s.spurious & SOFTWARE_ENABLED) !== 0;
  }
  /** TPR bits 7 to 4, as CR8 shows them. */
  get taskPriorityClass(): number {
    return this.s.taskPriority >> 4;
  }
  set taskPriorityClass(value: number) {
    this.s.taskPriority = (value & 15) << 4;
    this.update();
  }
  get processorPriority(): number {
    const served = Math.max(0, highest(this.s.inService));
    const { taskPriority } = this.s;
    return taskPriority >> 4 >= served >> 4 ? taskPriority : served & 0xf0;
  }

  /** After RESET, and after INIT except for the identity. */
  reset(): void {
    const { lint0 } = this.s;
    this.timer.stop();
    this.s = { ...this.initial(), lint0 };
    this.update();
  }
  /** INIT keeps the APIC ID. */
  initialize(): void {
    const { id, enabled } = this.s;
    this.reset();
    this.s.id = id;
    this.s.enabled = enabled;
    this.update();
  }

  /** The 8259 pair's INTR. */
  setLint0(level: boolean): void {
    const rising = level && !this.s.lint0;
    this.s.lint0 = level;
    const mode = (this.s.lvt[LVT_LINT0] >> 8) & 7;
    if (rising && mode !== EXTINT && this.s.enabled) this.local(LVT_LINT0);
    this.update();
  }
  /** The NMI pin. */
  pulseLint1(): void {
    if (this.s.enabled) this.local(LVT_LINT1);
    else this.processor.nmi();
  }

  /** Whether this APIC is meant. */
  matches(message: ApicMessage): boolean {
    const { destination } = message;
    if (!this.s.enabled) return false;
    if (destination === BROADCAST) return true;
    if (!message.logical) return destination === this.s.id;
    const own = this.s.logicalDestination >>> 24;
    if (this.s.destinationFormat >>> 28 === 15) return (own & destination) !== 0;
    return own >> 4 === destination >> 4 && (own & destination & 15) !== 0;
  }

  /** The 8259 pair's requests come as NMI or SMI. */
  get unmaskable(): boolean {
    return this.s.enabled && isUnmaskable(this.s.lvt[LVT_LINT0]);
  }

  accept(message: ApicMessage): void {
    const { mode, vector } = message;
    switch (mode) {
      case FIXED:
      case LOWEST_PRIORITY:
        return this.request(vector, message.levelTriggered);
      case NMI:
        return this.processor.nmi();
      case SMI:
        return this.processor.smi();
      case INIT:
        if (message.assert) this.processor.init();
        return;
      case STARTUP:
        return this.processor.startUp(vector);
    }
  }

  private request(vector: number, levelTriggered: boolean): void {
    if (!this.active) return;
    if (vector < 16) return this.error(RECEIVE_ILLEGAL_VECTOR);
    put(this.s.requests, vector, true);
    put(this.s.triggerMode, vector, levelTriggered);
    this.update();
  }

  /** Interrupt acknowledge: a vector, or undefined when the 8259 pair has to give it. */
  acknowledge(): number | undefined {
    const vector = this.deliverable();
    if (vector < 0) return this.external ? undefined : this.s.spurious & 0xff;
    put(this.s.requests, vector, false);
    put(this.s.inService, vector, true);
    this.update();
    return vector;
  }

  private deliverable(): number {
    if (!this.active) return -1;
    const vector = highest(this.s.requests);
    return vector >> 4 > this.processorPriority >> 4 ? vector : -1;
  }
  private get external(): boolean {
    const { enabled, lint0, lvt } = this.s;
    if (!enabled) return lint0;
    return lint0 && (lvt[LVT_LINT0] & MASKED) === 0 && ((lvt[LVT_LINT0] >> 8) & 7) === EXTINT;
  }
  private update(): void {
    const level = this.external || this.deliverable() >= 0;
    if (level === this.output) return;
    this.output = level;
    this.processor.intr(level);
  }

  /** An entry of the local vector table fires. */
  private local(entry: number): void {
    const word = this.s.lvt[entry];
    if ((word & MASKED) !== 0) return;
    const pin = entry === LVT_LINT0 || entry === LVT_LINT1;
    const mode = entry === LVT_TIMER || entry === LVT_ERROR ? FIXED : (word >> 8) & 7;
    if (mode === EXTINT) return;
    this.accept({
      mode,
      vector: word & 0xff,
      levelTriggered: pin && (word & LEVEL) !== 0,
      assert: true,
      logical: false,
      destination: this.s.id,
    });
  }
  private error(bit: number): void {
    if ((this.s.pendingErrors & bit) !== 0) return;
    this.s.pendingErrors |= bit;
    this.local(LVT_ERROR);
  }

  read(offset: number): number {
    const s = this.s;
    const word = (offset >> 4) & 7;
    if (offset >= ISR && offset < TMR) return s.inService[word];
    if (offset >= TMR && offset < IRR) return s.triggerMode[word];
    if (offset >= IRR && offset < ESR) return s.requests[word];
    if (offset >= LVT_FIRST && offset <= LVT_LAST) return s.lvt[(offset - LVT_FIRST) >> 4];
    switch (offset) {
      case ID:
        return (s.id << 24) >>> 0;
      case VERSION:
        return VERSION_VALUE;
      case TPR:
        return s.taskPriority;
      case APR:
      case PPR:
        return this.processorPriority;
      case LDR:
        return s.logicalDestination;
      case DFR:
        return s.destinationFormat;
      case SVR:
        return s.spurious;
      case ESR:
        return s.errors;
      case ICR_LOW:
        return s.command[0];
      case ICR_HIGH:
        return s.command[1];
      case INITIAL_COUNT:
        return this.timer.initial;
      case CURRENT_COUNT:
        return this.timer.current();
      case DIVIDE:
        return this.timer.divideWord;
      case EOI:
        return 0;
    }
    this.error(ILLEGAL_REGISTER);
    return 0;
  }

  write(offset: number, value: number): void {
    const s = this.s;
    if (offset >= LVT_FIRST && offset <= LVT_LAST) return this.writeLvt((offset - LVT_FIRST) >> 4, value);
    switch (offset) {
      case ID:
        s.id = value >>> 24;
        return;
      case TPR:
        s.taskPriority = value & 0xff;
        return this.update();
      case EOI:
        return this.endOfInterrupt();
      case LDR:
        s.logicalDestination = (value & 0xff000000) >>> 0;
        return;
      case DFR:
        s.destinationFormat = (value | 0x0fffffff) >>> 0;
        return;
      case SVR:
        return this.writeSpurious(value);
      case ESR:
        s.errors = s.pendingErrors;
        s.pendingErrors = 0;
        return;
      case ICR_LOW:
        s.command[0] = value & COMMAND_WRITABLE;
        return this.command();
      case ICR_HIGH:
        s.command[1] = (value & 0xff000000) >>> 0;
        return;
      case INITIAL_COUNT:
        return this.timer.start(value);
      case DIVIDE:
        return this.timer.setDivide(value);
      case VERSION:
      case APR:
      case PPR:
      case CURRENT_COUNT:
        return;
    }
    if (offset < ISR || offset >= ESR) this.error(ILLEGAL_REGISTER);
  }

  private writeLvt(entry: number, value: number): void {
    const masked = this.active ? 0 : MASKED; // a disabled APIC keeps them masked
    this.s.lvt[entry] = (value & LVT_WRITABLE[entry]) | masked;
    if (entry === LVT_TIMER) this.timer.setPeriodic((value & PERIODIC) !== 0);
    this.update();
  }
  private writeSpurious(value: number): void {
    this.s.spurious = value & 0x13ff;
    if (!this.active) this.s.lvt = this.s.lvt.map((word) => word | MASKED);
    this.update();
  }
  private endOfInterrupt(): void {
    const vector = highest(this.s.inService);
    if (vector < 0) return;
    put(this.s.inService, vector, false);
    if (has(this.s.triggerMode, vector)) this.port.endOfInterrupt(vector);
    this.update();
  }
  private command(): void {
    const [low, high] = this.s.command;
    const mode = (low >> 8) & 7;
    const vector = low & 0xff;
    if ((mode === FIXED || mode === LOWEST_PRIORITY) && vector < 16) return this.error(SEND_ILLEGAL_VECTOR);
    const message: ApicMessage = {
      mode,
      vector,
      levelTriggered: (low & LEVEL) !== 0,
      assert: (low & 0x4000) !== 0 || mode !== INIT,
      logical: (low & 0x800) !== 0,
      destination: high >>> 24,
    };
    this.port.send(this, message, (low >> 18) & 3);
  }

  getState(): LocalApicState {
    return structuredClone({ ...this.s, timer: this.timer.getState() });
  }
  setState(state: LocalApicState): void {
    this.s = structuredClone(state);
    this.timer.setState(this.s.timer);
    this.output = this.external || this.deliverable() >= 0;
  }
  /** Level of the interrupt output. */
  get intr(): boolean {
    return this.output;
  }
}
