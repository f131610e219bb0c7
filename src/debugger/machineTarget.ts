// The machine as the debugger needs it (target.ts).

import { explainFault, TRANSITION_KINDS, type Fault, type PageWalk } from '../machine/processorFacts';
import type { Machine } from '../machine/machine';
import type { StopFilters, StopReason, Watchpoint } from '../machine/types';
import { bitsOfCs, instructionPointer } from './code/reader';
import { SEGMENT_NAMES } from './registers';
import type { DebugTarget, ExceptionView, ProcessorView, SegIndex, SegmentCache, TransitionHistory } from './target';

const PAGING = 1n << 31n;
const FS = 4;
const CACHES = [...SEGMENT_NAMES, 'ldtr', 'tr'];

export class MachineTarget implements DebugTarget {
  readonly transitions: TransitionHistory;

  constructor(private readonly machine: Machine) {
    const log = machine.transitions;
    this.transitions = {
      kinds: TRANSITION_KINDS,
      get count() {
        return log.count;
      },
      get dropped() {
        return log.dropped;
      },
      get: (index) => log.get(index),
      indexAt: (icount) => log.indexAt(icount),
      scan: (first, end, visit) => log.scan(first, end, visit),
      allTotals: () => log.allTotals(),
    };
  }

  get processors(): number {
    return this.machine.processors.count;
  }
  get processor(): number {
    return this.machine.processor;
  }
  select(processor: number): void {
    this.machine.select(processor);
  }
  describe(processor: number): ProcessorView {
    const { processors } = this.machine;
    return processors.with(processor, () => ({
      mode: this.mode,
      cpl: this.cpl,
      rests: processors.isWaiting(processor) ? 'start-up' : this.machine.cpu.halted ? 'halted' : undefined,
      paging: this.paging,
      cs: Number(this.machine.getRegister('cs')!),
      ip: instructionPointer(this),
      bits: bitsOfCs(this),
    }));
  }
  get icount(): number {
    return this.machine.icount;
  }
  get mode(): DebugTarget['mode'] {
    return this.machine.mode;
  }
  get cpl(): number {
    return Number(this.machine.getRegister('cpl'));
  }
  get paging(): boolean {
    return (this.machine.getRegister('cr0')! & PAGING) !== 0n;
  }
  get timeNs(): number {
    return this.machine.timeNs;
  }
  get halted(): boolean {
    return this.machine.halted;
  }

  run(max: number, untilNs?: number): StopReason {
    return this.machine.run(max, untilNs);
  }
  step(): StopReason {
    return this.machine.step();
  }
  reset(): void {
    this.machine.reset();
  }

  setBreakpoints(linear: ReadonlySet<number>, physical: ReadonlySet<number>): void {
    this.machine.setBreakpoints(linear, physical);
  }
  setWatchpoints(watchpoints: readonly Watchpoint[]): void {
    this.machine.setWatchpoints(watchpoints);
  }
  setFilters(filters: StopFilters): void {
    this.machine.setStopFilters(filters);
  }

  getRegister(name: string): bigint | undefined {
    return this.machine.getRegister(name);
  }
  setRegister(name: string, value: bigint): string | undefined {
    return this.machine.setRegister(name, value);
  }

  segment(index: SegIndex): SegmentCache {
    const name = CACHES[index]!;
    const read = (part: string): number => Number(this.machine.getRegister(`${name}${part}`)!);
    // Attribute word as cpu/layout.ts has it: the descriptor's access byte, then AVL, L, D/B, G from bit 12 on.
    const attr = read('.attr');
    const bit = (n: number): boolean => ((attr >>> n) & 1) !== 0;
    const flat = index < FS && this.machine.cpu.long;
    return {
      selector: read(''),
      base: flat ? 0 : Number(BigInt.asIntN(64, this.machine.getRegister(`${name}.base`)!)),
      limit: read('.limit'),
      type: attr & 15,
      codeOrData: bit(4),
      dpl: (attr >>> 5) & 3,
      present: bit(7),
      long: bit(13),
      big: bit(14),
      granular: bit(15),
      unusable: bit(16),
    };
  }

  walk(linear: number): PageWalk {
    return this.machine.guestMemory.walk(linear);
  }
  translate(linear: number): number | undefined {
    return this.machine.guestMemory.translate(linear);
  }
  readLinear(linear: number, length: number): Uint8Array {
    return this.machine.guestMemory.readLinear(linear, length);
  }
  writeLinear(linear: number, bytes: Uint8Array): number {
    return this.machine.writeLinear(linear, bytes);
  }
  readPhysical(physical: number, length: number): Uint8Array {
    return this.machine.guestMemory.readPhysical(physical, length);
  }
  writePhysical(physical: number, bytes: Uint8Array): number {
    return this.machine.writePhysical(physical, bytes);
  }

  lastException(): ExceptionView | undefined {
    const raised = this.machine.stops.lastFault;
    return raised && exceptionView(raised.fault, raised.linear);
  }

  doubleFaultCause(): readonly ExceptionView[] {
    const { cpu, stops } = this.machine;
    return cpu.doubleFaultCause.map((fault) => exceptionView(fault, stops.lastFault?.linear));
  }

  shutdownCause(): readonly ExceptionView[] {
    const { cpu, stops } = this.machine;
    return cpu.shutdownCause.map((fault, i) => exceptionView(fault, i === 0 ? stops.lastFault?.linear : undefined));
  }
}

function exceptionView(fault: Fault, linear: number | undefined): ExceptionView {
  const { reason, errorCode, facts, section } = explainFault(fault);
  return {
    vector: fault.vector,
    errorCode: fault.errorCode,
    cr2: fault.cr2,
    linear,
    reason,
    errorWords: errorCode,
    facts,
    section,
  };
}
