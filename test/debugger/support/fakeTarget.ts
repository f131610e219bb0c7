// A processor without a machine: a megabyte of memory, registers in a map, no execution. For what only reads and writes.

import type {
  DebugTarget,
  ProcessorView,
  SegIndex,
  SegmentCache,
  TransitionHistory,
  TransitionView,
} from '../../../src/debugger/target';
import type { PageWalk } from '../../../src/machine/processorFacts';
import type { Mode } from '../../../src/machine/types';

const NAMES = ['es', 'cs', 'ss', 'ds', 'fs', 'gs', 'ldtr', 'tr'];

export class FakeTarget implements DebugTarget {
  readonly memory = new Uint8Array(1 << 20);
  readonly registers = new Map<string, bigint>();
  readonly caches = new Map<SegIndex, Partial<SegmentCache>>();
  readonly processors = 1;
  readonly processor = 0;
  mode: Mode = 'real';
  cpl = 0;
  paging = false;
  icount = 0;
  timeNs = 0;
  halted = false;
  transitions: TransitionHistory = history([]);
  /** Linear addresses from here on are not mapped. */
  top = 1 << 20;

  constructor() {
    for (const name of ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di']) this.registers.set(`r${name}`, 0n);
    for (const name of [
      'rip',
      'eflags',
      'cr0',
      'cr2',
      'cr3',
      'cr4',
      'gdtr.base',
      'gdtr.limit',
      'idtr.base',
      'idtr.limit',
    ])
      this.registers.set(name, 0n);
    for (let n = 0; n < 8; n++) this.registers.set(`dr${n}`, 0n);
    for (const name of NAMES) this.registers.set(name, 0n);
  }

  run(): never {
    throw new Error('a fake does not run');
  }
  step(): never {
    throw new Error('a fake does not run');
  }
  reset(): void {}
  select(): void {}
  describe(): ProcessorView {
    return { mode: this.mode, cpl: this.cpl, rests: undefined, paging: this.paging, cs: 0, ip: 0, bits: 16 };
  }
  setBreakpoints(): void {}
  setWatchpoints(): void {}
  setFilters(): void {}

  getRegister(name: string): bigint | undefined {
    return this.registers.get(name);
  }
  setRegister(name: string, value: bigint): string | undefined {
    if (name === 'tr') return 'TR cannot be loaded outside protected mode';
    this.registers.set(name, value);
    return undefined;
  }
  segment(index: SegIndex): SegmentCache {
    const selector = Number(this.registers.get(NAMES[index]!)!);
    return {
      selector,
      base: selector * 16,
      limit: 0xffff,
      type: 3,
      codeOrData: true,
      dpl: 0,
      present: true,
      big: false,
      long: false,
      granular: false,
      unusable: false,
      ...this.caches.get(index),
    };
  }
  walk(linear: number): PageWalk {
    return { paging: 'off', linear, entries: [], physical: this.translate(linear), pageSize: 4096 };
  }
  translate(linear: number): number | undefined {
    return linear < this.top ? linear : undefined;
  }
  readLinear(linear: number, length: number): Uint8Array {
    return this.memory.slice(linear, Math.min(linear + length, this.top));
  }
  writeLinear(linear: number, bytes: Uint8Array): number {
    const count = Math.max(0, Math.min(bytes.length, this.top - linear));
    this.memory.set(bytes.subarray(0, count), linear);
    return count;
  }
  readPhysical(physical: number, length: number): Uint8Array {
    return this.readLinear(physical, length);
  }
  writePhysical(physical: number, bytes: Uint8Array): number {
    return this.writeLinear(physical, bytes);
  }
  lastException(): undefined {
    return undefined;
  }
  doubleFaultCause(): [] {
    return [];
  }
  shutdownCause(): [] {
    return [];
  }
}

export const KINDS = ['exception', 'interrupt', 'software-int', 'iret'];

/** A history of the given entries; totals in one piece. */
export function history(entries: readonly TransitionView[], dropped = 0): TransitionHistory {
  const totals = new Uint32Array(KINDS.length + 36);
  for (const { kind, from, to } of entries) {
    totals[KINDS.indexOf(kind)]!++;
    totals[KINDS.length + from.cpl * 7 + to.cpl]!++;
  }
  const last = entries.at(-1)?.icount ?? 0;
  return {
    kinds: KINDS,
    count: entries.length,
    dropped,
    get: (index) => (index < dropped ? undefined : entries[index]),
    indexAt: (icount) => {
      let low = dropped;
      let high = entries.length;
      while (low < high) {
        const mid = (low + high) >>> 1;
        if (entries[mid]!.icount < icount) low = mid + 1;
        else high = mid;
      }
      return low;
    },
    scan: (first, end, visit) => {
      const lane = ({ mode, cpl }: TransitionView['from']) => (mode === 'real' ? 4 : mode === 'v8086' ? 5 : cpl);
      for (let i = Math.max(first, dropped); i < Math.min(end, entries.length); i++) {
        const { icount, kind, from, to, processor } = entries[i]!;
        visit(i, icount, KINDS.indexOf(kind), lane(from), lane(to), processor ?? 0);
      }
    },
    allTotals: () => [{ first: 0, count: entries.length, firstIcount: 0, lastIcount: last, totals }],
  };
}
