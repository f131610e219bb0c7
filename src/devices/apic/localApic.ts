// The local APIC of one processor, in xAPIC and in x2APIC mode (x2apic.ts) (Intel SDM vol. 3, "Advanced Programmable Interrupt Controller (APIC)"):
// priorities, local vector table, timer, interprocessor interrupts, error status.
// Absent: TSC-deadline mode (CPUID does not announce it), focus processor checking; the thermal and performance entries
// can be programmed but nothing fires them.

import type { Scheduler } from '../contract';
import {
  ID,
  VERSION,
  TPR,
  APR,
  PPR,
  EOI,
  LDR,
  DFR,
  SVR,
  ISR,
  TMR,
  IRR,
  ESR,
  ICR_LOW,
  ICR_HIGH,
  LVT_FIRST,
  LVT_LAST,
  INITIAL_COUNT,
  CURRENT_COUNT,
  DIVIDE,
  LVT_WRITABLE,
  COMMAND_WRITABLE,
} from './apicRegisters';
import { ApicTimer } from './apicTimer';
import {
  BROADCAST,
  destinationOf,
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
import type { LocalApicState } from './localApicState';
import { logicalId, readX2apic, writeX2apic, type Refusal } from './x2apic';
import { emptySet, has, highest, put } from './vectorSet';

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
  /** Its register page is elsewhere now, perhaps. */
  moved(apic: LocalApic): void;
  /** A level-triggered interrupt was handled. */
  endOfInterrupt(vector: number): void;
}

const LVT_TIMER = 0, LVT_LINT0 = 3, LVT_LINT1 = 4, LVT_ERROR = 5; // prettier-ignore

export const LOCAL_APIC_BASE = 0xfee00000;
/** Integrated APIC, six entries in the local vector table. */
const VERSION_VALUE = 0x00050014;
const MASKED = 0x10000;
const PERIODIC = 0x20000;
const LEVEL = 0x8000;
const SOFTWARE_ENABLED = 0x100;
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
      base: LOCAL_APIC_BASE,
      enabled: true,
      extended: false,
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
  get base(): number {
    return this.s.base;
  }
  /** Without it INTR reaches the processor directly. */
  get enabled(): boolean {
    return this.s.enabled;
  }
  /** x2APIC mode: the registers are model-specific ones. */
  get extended(): boolean {
    return this.s.extended;
  }
  /** Address of the register page, -1 when there is none. */
  get page(): number {
    return this.s.enabled && !this.s.extended ? this.s.base : -1;
  }
  /** IA32_APIC_BASE; false for a change of mode that does not exist. */
  configure(base: number, enabled: boolean, extended: boolean): boolean {
    const { s } = this;
    if (extended && !enabled) return false;
    if (s.extended ? enabled && !extended : extended && !s.enabled) return false;
    if (enabled !== s.enabled) {
      const { lint0 } = s;
      this.reset();
      this.s.enabled = enabled;
      this.setLint0(lint0);
    }
    if (extended && !s.extended) {
      s.id = this.index;
      s.logicalDestination = logicalId(this.index);
      s.command[1] = 0;
    }
    this.s.base = base;
    this.s.extended = extended;
    this.port.moved(this);
    return true;
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
    this.port.moved(this);
    this.update();
  }
  /** INIT keeps the APIC ID and the mode. */
  initialize(): void {
    const { id, base, enabled, extended, logicalDestination } = this.s;
    this.reset();
    Object.assign(this.s, { id, base, enabled, extended });
    if (extended) this.s.logicalDestination = logicalDestination;
    this.port.moved(this);
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
    if (this.s.extended) {
      const cluster = this.s.logicalDestination;
      return cluster >>> 16 === destination >>> 16 && (cluster & destination & 0xffff) !== 0;
    }
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
        return s.extended ? s.id : (s.id << 24) >>> 0;
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
        s.command[1] = s.extended ? value : (value & 0xff000000) >>> 0;
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
  readMsr(number: number): bigint | undefined {
    return readX2apic(this, number);
  }
  writeMsr(number: number, value: bigint): Refusal | undefined {
    return writeX2apic(this, number, value);
  }
  /** The SELF IPI register of x2APIC mode. */
  interruptSelf(vector: number): void {
    if (vector < 16) this.error(SEND_ILLEGAL_VECTOR);
    else this.request(vector, false);
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
      destination: this.s.extended ? high : destinationOf(high >>> 24),
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
