// Several processors in one engine: they take turns of a fixed number of instructions, round robin, so that a run depends on
// nothing but instruction counts and every LOCK holds by itself. A processor that halts or waits for its start-up message gives
// its turn away. INIT and start-up messages take effect at the boundary after the instruction that sent them (Intel SDM
// vol. 3, "Multiple-Processor (MP) Initialization").
import { restEnds } from '../cpu/boundary';
import type { Cpu } from '../cpu/cpu';
import { F_PAUSES, IF, MONITOR_MASKED, S_ATTN, S_MONITOR, S_MONITOR_LINE, S_SMM } from '../cpu/layout';
import {
  park,
  parkedLineWritten,
  parkedListens,
  parkedRestEnds,
  unpark,
  type ParkedProcessor,
} from '../cpu/processorState';
import { resetCpu } from '../cpu/reset';
import { setParagraph } from '../cpu/segments';
import { hasSmm } from '../cpu/smm';
import type { ApicProcessor } from '../devices/apic/localApic';
import type { Engine } from '../engine/engine';
import type { PcBoard } from './boards/pc';

/** Instructions of a turn. */
export const QUANTUM = 20_000;
/** Who spins gives the rest of the turn away after so many PAUSE instructions. */
const PAUSES = 100;
export const MOST_PROCESSORS = 8;
const CS = 1;

/** INIT, or with a page the start-up message, on its way. */
interface Message {
  readonly to: number;
  readonly page?: number;
}

export interface ProcessorsState {
  readonly turn: number;
  readonly turnEnd: number;
  /** PAUSE instructions left in the turn. */
  readonly pauses: number;
  readonly waiting: readonly boolean[];
  /** Those whose turn it is not; the one whose turn it is is undefined. */
  readonly parked: readonly (ParkedProcessor | undefined)[];
  readonly messages: readonly Message[];
}

interface Parts {
  readonly count: number;
  engine(): Engine | undefined;
  board(): PcBoard;
  /** INIT to the only processor. */
  resetAlone(): void;
}

export function checkProcessors(count: number, apic: boolean): void {
  if (!(Number.isInteger(count) && count >= 1 && count <= MOST_PROCESSORS))
    throw new RangeError(`${count} processors cannot be had: choose between 1 and ${MOST_PROCESSORS}`);
  if (count > 1 && !apic) throw new RangeError('several processors need local APICs: choose the processor x86-64');
}

export class Processors {
  readonly count: number;
  /** Whose turn it is. */
  private turn = 0;
  /** Instruction count at which the turn ends. */
  private turnEnd = QUANTUM;
  /** Whose state the engine holds: another one's while a stopped machine is looked at. */
  private loaded = 0;
  private parked: (ParkedProcessor | undefined)[];
  /** By processor: waits for a start-up message. */
  private waiting: boolean[];
  private messages: Message[] = [];

  constructor(private readonly parts: Parts) {
    this.count = parts.count;
    this.parked = new Array<undefined>(parts.count).fill(undefined);
    this.waiting = this.parked.map((_, n) => n > 0);
  }

  private get engine(): Engine {
    return this.parts.engine()!;
  }
  private get cpu(): Cpu {
    return this.engine.cpu;
  }

  /** The processor that registers and memory are of at present. */
  get selected(): number {
    return this.loaded;
  }
  /** Instructions left in the turn. */
  get left(): number {
    return this.count === 1 ? Infinity : this.turnEnd - this.engine.icount;
  }
  /** It has not got a start-up message yet. */
  isWaiting(n: number): boolean {
    return this.waiting[n]!;
  }

  /** Inputs of processor `n`, for its local APIC. */
  inputs(n: number): ApicProcessor {
    return {
      intr: (level) => this.setIntr(n, level),
      nmi: () => this.setNmi(n),
      smi: () => this.setSmi(n),
      init: () => (this.count === 1 ? this.parts.resetAlone() : this.send({ to: n })),
      startUp: (page) => this.send({ to: n, page }),
    };
  }
  private setIntr(n: number, level: boolean): void {
    if (!this.parts.engine()) return;
    const parked = this.parked[n];
    if (parked) {
      parked.intr = level;
      return;
    }
    this.cpu.intr = level;
    // with IF clear, what sets it looks
    if (level && (this.cpu.sysFlags & IF) !== 0) this.attend();
  }
  private setNmi(n: number): void {
    if (!this.parts.engine()) return;
    const parked = this.parked[n];
    if (parked) parked.nmi = true;
    else this.cpu.nmi = true;
    this.attend();
  }
  /** SMI#: the chipset's reaches the first processor, that of a local APIC its own. */
  setSmi(n: number): void {
    if (!this.parts.engine() || !hasSmm(this.cpu)) return;
    const parked = this.parked[n];
    if (parked) parked.smi = true;
    else this.cpu.smi = true;
    this.attend();
  }
  private send(message: Message): void {
    if (this.count === 1) return; // it does not wait for a start-up message
    this.messages.push(message);
    this.attend();
  }
  private attend(): void {
    this.cpu.i32[S_ATTN >> 2] = 1;
  }

  /** After a reset of the engine: the first processor is in it, the others wait for their start-up messages. */
  reset(): void {
    this.turn = 0;
    this.beginTurn();
    this.messages = [];
    if (this.count === 1) return;
    this.setLoaded(0);
    this.parked = this.parked.map((_, n) => (n === 0 ? undefined : { ...park(this.cpu, 0), intr: false }));
    this.waiting = this.parked.map((_, n) => n > 0);
  }

  /** Puts the state of processor `n` into the engine. */
  load(n: number): void {
    if (n === this.loaded) return;
    const { engine, cpu } = this;
    const leaves = park(cpu, engine.icount);
    if (!engine.held) leaves.fault = undefined;
    this.parked[this.loaded] = leaves;
    unpark(cpu, this.parked[n]!, engine.icount);
    engine.held = cpu.fault !== undefined;
    this.parked[n] = undefined;
    this.setLoaded(n);
  }
  private setLoaded(n: number): void {
    const { apic } = this.parts.board();
    this.loaded = n;
    this.cpu.number = n;
    if (apic) apic.current = n;
    this.cpu.transitions.processor = n;
    this.engine.processorChanged(n);
  }
  /** Back to the one whose turn it is. */
  loadTurn(): void {
    this.load(this.turn);
  }
  /** Does something with processor `n` in the engine. */
  with<T>(n: number, work: () => T): T {
    const before = this.loaded;
    this.load(n);
    const result = work();
    this.load(before);
    return result;
  }

  /** Does something with the turn's processor in the engine. */
  atTurn<T>(work: () => T): T {
    return this.with(this.turn, work);
  }

  /** INIT and start-up messages that have come. */
  deliverMessages(): void {
    if (this.messages.length === 0) return;
    // INIT waits for the end of system management mode
    const later = this.messages.filter(({ to, page }) => page === undefined && this.inSmm(to));
    const now = this.messages.filter((message) => !later.includes(message));
    this.messages = later;
    for (const { to, page } of now) {
      if (page === undefined) this.init(to);
      else if (this.waiting[to]) this.startUp(to, page);
    }
  }
  private inSmm(n: number): boolean {
    return (this.parked[n]?.words[S_SMM] ?? this.cpu.i32[S_SMM >> 2]!) !== 0;
  }
  /** The first processor begins again at the reset vector, the others wait. */
  private init(n: number): void {
    this.parts.board().apic?.apics[n]!.initialize();
    this.with(n, () => {
      resetCpu(this.cpu, true);
      this.engine.held = false;
    });
    this.waiting[n] = n > 0;
  }
  private startUp(n: number, page: number): void {
    this.waiting[n] = false;
    this.with(n, () => {
      setParagraph(this.cpu, CS, page << 8);
      this.cpu.eip = 0;
    });
  }

  private get pauses(): number {
    return this.cpu.i32[F_PAUSES >> 2]!;
  }
  private beginTurn(): void {
    this.turnEnd = this.engine.icount + QUANTUM;
    this.cpu.i32[F_PAUSES >> 2] = PAUSES;
  }
  private canRun(n: number): boolean {
    if (this.waiting[n]) return false;
    const parked = this.parked[n];
    if (parked) return !parked.halted || parkedRestEnds(parked);
    return !this.cpu.halted || restEnds(this.cpu);
  }
  /** Puts the processor in place whose turn it is now; false when all of them rest. */
  choose(): boolean {
    if (this.count === 1) return this.canRun(0);
    const { icount } = this.engine;
    if (icount < this.turnEnd && this.pauses > 0 && this.canRun(this.turn)) {
      this.load(this.turn);
      return true;
    }
    for (let i = 1; i <= this.count; i++) {
      const n = (this.turn + i) % this.count;
      if (!this.canRun(n)) continue;
      this.turn = n;
      this.beginTurn();
      this.load(n);
      return true;
    }
    return false;
  }
  /** The engine saw a store to a line that somebody monitors. */
  lineWritten(line: number): void {
    for (const parked of this.parked) if (parked) parkedLineWritten(parked, line);
  }
  /** The lines that processors monitor, after their states were replaced. */
  watchLines(): void {
    const { engine } = this;
    for (let n = 0; n < this.count; n++)
      this.with(n, () => {
        if (this.cpu.i32[S_MONITOR >> 2] !== 0) engine.monitor.add(this.cpu.u32[S_MONITOR_LINE >> 2]!);
      });
  }
  /** In HLT or waiting for a start-up message, every one of them. */
  get allRest(): boolean {
    return this.parked.every((parked, n) => this.waiting[n] || (parked ?? this.cpu).halted);
  }
  /** An interrupt could end the rest of one of them. */
  get canWake(): boolean {
    return this.parked.some((parked, n) => {
      if (this.waiting[n]) return false;
      if (this.parts.board().apic?.unmaskable(n)) return true;
      if (parked) return parkedListens(parked);
      return (this.cpu.sysFlags & IF) !== 0 || (this.cpu.i32[S_MONITOR >> 2]! & MONITOR_MASKED) !== 0;
    });
  }

  /** With the state of the turn's processor in the engine; undefined for a single one. */
  getState(): ProcessorsState | undefined {
    if (this.count === 1) return undefined;
    const { turn, turnEnd, pauses, waiting, parked, messages } = this;
    return structuredClone({ turn, turnEnd, pauses, waiting, parked, messages });
  }
  /** Before the state of the turn's processor is put into the engine. */
  setState(state: ProcessorsState | undefined): void {
    if (!state) return;
    const { turn, turnEnd, pauses, waiting, parked, messages } = structuredClone(state);
    this.turn = turn;
    this.turnEnd = turnEnd;
    this.waiting = [...waiting];
    this.parked = [...parked];
    this.messages = [...messages];
    this.cpu.i32[F_PAUSES >> 2] = pauses;
    this.setLoaded(turn);
  }
}
