// The transition log: every change of CPL, mode or task, every exception, interrupt and return, as 64-byte records in
// chunks. Each full chunk keeps totals per kind and per edge between lanes, so that millions of entries stay browsable;
// beyond the cap the oldest chunks are dropped and only their totals remain. The chunk being filled lies in the engine's
// memory, where inline transfers write records too (engine/lower/transitionRecord.ts knows the layout).
import {
  EVENT_WATCHED,
  F_EVENTS,
  F_LOG_COUNT,
  S_RIP,
  S_SEG,
  SEG_SIZE,
  TRANSITION_LOG,
  TRANSITION_LOG_END,
} from './layout';
import { MODE_NAMES, modeNumber, type ModeName, type ModeState } from './modes';

export const TRANSITION_KINDS = [
  'exception',
  'interrupt',
  'software-int',
  'iret',
  'call-gate',
  'far-return',
  'far-jump',
  'task-switch',
  'mode-change',
  'v86-enter',
  'v86-exit',
  'reset',
  'triple-fault',
  'syscall',
  'sysret',
  'sysenter',
  'sysexit',
  'smi',
  'rsm',
] as const;
export type TransitionKind = (typeof TRANSITION_KINDS)[number];
// Numbers for recording: the index in TRANSITION_KINDS.
export const T_EXCEPTION = 0,
  T_INTERRUPT = 1,
  T_SOFTWARE_INT = 2,
  T_IRET = 3,
  T_CALL_GATE = 4,
  T_FAR_RETURN = 5;
export const T_FAR_JUMP = 6,
  T_TASK_SWITCH = 7,
  T_MODE_CHANGE = 8,
  T_V86_ENTER = 9,
  T_V86_EXIT = 10,
  T_RESET = 11;
export const T_TRIPLE_FAULT = 12,
  T_SYSCALL = 13,
  T_SYSRET = 14,
  T_SYSENTER = 15,
  T_SYSEXIT = 16,
  T_SMI = 17,
  T_RSM = 18;

/** Lanes of the ring view: rings 0 to 3, then real mode, v8086 mode and system management mode. */
export const LANES = 7;
export const LANE_REAL = 4,
  LANE_V8086 = 5,
  LANE_SMM = 6;
const EDGE_COUNT = LANES * LANES;
const KIND_EDGES = TRANSITION_KINDS.length * EDGE_COUNT;
export const TOTALS = TRANSITION_KINDS.length + EDGE_COUNT;
export const CHUNK_RECORDS = 4096;
const RECORD_BYTES = 64;
const NO_VALUE = 0xffff;

export interface TransitionSide {
  cpl: number;
  mode: ModeName;
  cs: number;
  /** Signed in 64-bit mode, as all addresses there (linear.ts). */
  rip: number;
  ss: number;
  rsp: number;
}

export interface Transition {
  /** Position in the log since power-on. */
  index: number;
  icount: number;
  kind: TransitionKind;
  vector: number | undefined;
  from: TransitionSide;
  to: TransitionSide;
  /** Selector of the call or task gate, or index of the IDT entry times 8. */
  gate: number | undefined;
  /** Selector of the TSS that gave the new stack or task. */
  tss: number | undefined;
  errorCode: number | undefined;
  /** Number of the processor, where there are several. */
  processor?: number;
}

export interface ChunkTotals {
  /** Index of its first entry. */
  first: number;
  count: number;
  firstIcount: number;
  lastIcount: number;
  /** Per kind, then per edge `from lane * LANES + to lane`. */
  totals: Uint32Array;
}

// A record: bytes 0-7 icount, 8 and 16 RIP before and after, 24 and 32 RSP before and after (64 bits each), 40 error code,
// 44 kind, 45 vector, 46 and 47 mode << 4 | CPL before and after, 48 and 50 CS, 52 and 54 SS, 56 gate, 58 TSS,
// 60 bit 0: there is a vector, bit 1: there is an error code; 61 number of the processor, filled in when its turn ends.
interface Records {
  u32: Uint32Array;
  u16: Uint16Array;
  u8: Uint8Array;
}

const recordsIn = (buffer: ArrayBuffer, at: number): Records => ({
  u32: new Uint32Array(buffer, at, (CHUNK_RECORDS * RECORD_BYTES) >> 2),
  u16: new Uint16Array(buffer, at, (CHUNK_RECORDS * RECORD_BYTES) >> 1),
  u8: new Uint8Array(buffer, at, CHUNK_RECORDS * RECORD_BYTES),
});

/** A full chunk that is kept. */
interface Chunk extends ChunkTotals, Records {}

/** Upper half of RSP; means something in 64-bit mode only. */
const highStack = (cpu: Observed): number => (modeNumber(cpu) === LONG_MODE ? cpu.u32[9]! : 0);
const LONG_MODE = MODE_NAMES.indexOf('64-bit');

const LANE_OF_MODE = MODE_NAMES.map((mode) =>
  mode === 'real' ? LANE_REAL : mode === 'v8086' ? LANE_V8086 : mode === 'smm' ? LANE_SMM : -1,
);
function laneOf(mode: number, cpl: number): number {
  const lane = LANE_OF_MODE[mode] ?? -1;
  return lane < 0 ? cpl : lane;
}

/** Index in the totals of the edge that bytes 46 and 47 of a record give. */
const EDGES = Uint8Array.from({ length: 0x10000 }, (_, sides) => {
  const lane = (side: number): number => laneOf(side >> 4, side & 15);
  return TRANSITION_KINDS.length + lane(sides & 0xff) * LANES + lane(sides >> 8);
});

/** The processor whose transitions are logged. */
interface Observed extends ModeState {
  readonly u32: Uint32Array;
  readonly cpl: number;
  readonly hooks: { now(): number };
}

export class TransitionLog {
  /** Entries whose records were dropped by the cap. */
  dropped = 0;
  /** Told of each entry right after it was recorded, while `watched` (the default). */
  onRecord: ((index: number) => void) | undefined;
  private chunks: Chunk[] = [];
  private history: ChunkTotals[] = [];
  private readonly open: Records;
  /** F_EVENTS and F_LOG_COUNT. */
  private readonly words: Uint32Array;
  /** The processor whose turn it is, and the first entry of the turn; undefined while there has been one processor only. */
  private turn: { processor: number; first: number } | undefined;

  // The side that a transition leaves, kept by `begin` until `commit`.
  private mode = 0;
  private cpl = 0;
  private cs = 0;
  private rip = 0;
  private ripHigh = 0;
  private rspHigh = 0;
  private ss = 0;
  private rsp = 0;

  /** `memory`: the engine's; without it the log has memory of its own. */
  constructor(
    private readonly maxRecords = 1 << 21,
    memory: ArrayBuffer = new ArrayBuffer(TRANSITION_LOG_END),
  ) {
    this.open = recordsIn(memory, TRANSITION_LOG);
    this.words = new Uint32Array(memory, 0, TRANSITION_LOG >> 2);
    this.watched = true;
  }

  /** Entries recorded since power-on; the index of the next one. */
  get count(): number {
    return this.words[F_LOG_COUNT >> 2]!;
  }
  private set count(value: number) {
    this.words[F_LOG_COUNT >> 2] = value;
  }

  /** Somebody has to hear of every entry at once; false lets the engine record some on its own. */
  set watched(on: boolean) {
    if (on) this.words[F_EVENTS >> 2]! |= EVENT_WATCHED;
    else this.words[F_EVENTS >> 2]! &= ~EVENT_WATCHED;
  }

  /** Notes where the processor is, before a transition that may come. */
  begin(cpu: Observed): void {
    this.mode = modeNumber(cpu);
    this.cpl = cpu.cpl;
    this.cs = cpu.u32[(S_SEG + SEG_SIZE) >> 2]!;
    this.rip = cpu.u32[S_RIP >> 2]!;
    this.ripHigh = cpu.u32[(S_RIP >> 2) + 1]!;
    this.ss = cpu.u32[(S_SEG + 2 * SEG_SIZE) >> 2]!;
    this.rsp = cpu.u32[8]!;
    this.rspHigh = highStack(cpu);
  }

  /** True when CPL or mode (protected 16 and 32-bit count as one) differ from what `begin` saw. */
  changed(cpu: Observed): boolean {
    const now = modeNumber(cpu);
    const long = (this.mode === LONG_MODE) !== (now === LONG_MODE);
    return this.cpl !== cpu.cpl || long || laneOf(this.mode, this.cpl) !== laneOf(now, cpu.cpl);
  }

  /** Records the transition from where `begin` was to where the processor is now. Absent numbers are -1. */
  commit(cpu: Observed, kind: number, vector: number, gate: number, tss: number, errorCode: number): void {
    const count = this.count;
    const slot = count % CHUNK_RECORDS;
    if (slot === 0 && count > 0) this.archive();
    const icount = cpu.hooks.now();
    const { u32, u16, u8 } = this.open;
    const d = slot * (RECORD_BYTES / 4);
    u32[d] = icount;
    u32[d + 1] = icount / 2 ** 32;
    u32[d + 2] = this.rip;
    u32[d + 3] = this.ripHigh;
    u32[d + 4] = cpu.u32[S_RIP >> 2]!;
    u32[d + 5] = cpu.u32[(S_RIP >> 2) + 1]!;
    u32[d + 6] = this.rsp;
    u32[d + 7] = this.rspHigh;
    u32[d + 8] = cpu.u32[8]!;
    u32[d + 9] = highStack(cpu);
    u32[d + 10] = errorCode < 0 ? 0 : errorCode;
    const b = d * 4 + 44;
    u8[b] = kind;
    u8[b + 1] = vector < 0 ? 0 : vector;
    u8[b + 2] = (this.mode << 4) | this.cpl;
    u8[b + 3] = (modeNumber(cpu) << 4) | cpu.cpl;
    const w = d * 2 + 24;
    u16[w] = this.cs;
    u16[w + 1] = cpu.u32[(S_SEG + SEG_SIZE) >> 2]!;
    u16[w + 2] = this.ss;
    u16[w + 3] = cpu.u32[(S_SEG + 2 * SEG_SIZE) >> 2]!;
    u16[w + 4] = gate < 0 ? NO_VALUE : gate;
    u16[w + 5] = tss < 0 ? NO_VALUE : tss;
    u8[b + 16] = (vector < 0 ? 0 : 1) | (errorCode < 0 ? 0 : 2);
    this.count = count + 1;
    this.onRecord?.(count);
  }

  /** From here on entries are of this processor. */
  set processor(number: number) {
    this.stampTurn();
    this.turn = { processor: number, first: this.count };
  }
  /** Writes the processor's number into what this turn recorded in the open chunk. */
  private stampTurn(): void {
    const { turn, count } = this;
    if (!turn || turn.first >= count) return;
    for (let index = Math.max(turn.first, this.openFirst(count)); index < count; index++) {
      this.open.u8[(index % CHUNK_RECORDS) * RECORD_BYTES + 61] = turn.processor;
    }
    turn.first = count;
  }
  private processorOf(index: number, u8: Uint8Array, record: number): { processor?: number } {
    const { turn } = this;
    if (!turn) return {};
    return { processor: index >= turn.first ? turn.processor : u8[record + 61]! };
  }

  /** Puts the full open chunk away. */
  private archive(): void {
    this.stampTurn();
    let buffer: ArrayBuffer;
    if (this.chunks.length + 1 > this.maxRecords / CHUNK_RECORDS - 1) {
      const { first, count, firstIcount, lastIcount, totals, u8 } = this.chunks.shift()!;
      this.dropped = first + count;
      this.history.push({ first, count, firstIcount, lastIcount, totals });
      if (this.history.length >= 8192) this.history = mergePairs(this.history);
      buffer = u8.buffer as ArrayBuffer;
    } else buffer = new ArrayBuffer(CHUNK_RECORDS * RECORD_BYTES);
    const totals = this.openTotals(this.count);
    const records = recordsIn(buffer, 0);
    records.u8.set(this.open.u8);
    this.chunks.push({ ...totals, ...records });
  }

  /** The open chunk's first index, when there are `count` entries. */
  private openFirst(count: number): number {
    return count === 0 ? 0 : Math.floor((count - 1) / CHUNK_RECORDS) * CHUNK_RECORDS;
  }
  private openTotals(count: number): ChunkTotals {
    const first = this.openFirst(count);
    const { open } = this;
    const totals = new Uint32Array(TOTALS);
    // One count by kind and edge together; neighbours, which are often alike, in tables of their own, so that none waits for
    // the other.
    const pairs = [new Uint32Array(KIND_EDGES), new Uint32Array(KIND_EDGES)] as const;
    for (let slot = 0; slot < count - first; slot++) {
      const kind = open.u8[slot * RECORD_BYTES + 44]!;
      const edge = EDGES[open.u16[slot * (RECORD_BYTES / 2) + 23]!]!;
      pairs[slot & 1]![kind * EDGE_COUNT + edge - TRANSITION_KINDS.length]!++;
    }
    for (let pair = 0; pair < KIND_EDGES; pair++) {
      const seen = pairs[0][pair]! + pairs[1][pair]!;
      if (seen === 0) continue;
      totals[Math.floor(pair / EDGE_COUNT)]! += seen;
      totals[TRANSITION_KINDS.length + (pair % EDGE_COUNT)]! += seen;
    }
    return {
      first,
      count: count - first,
      firstIcount: icountIn(open, 0),
      lastIcount: icountIn(open, count - first - 1),
      totals,
    };
  }

  /** Where the entry's record is: its chunk's records and its slot in them. */
  private recordsOf(index: number): Records {
    if (index >= this.openFirst(this.count)) return this.open;
    return this.chunks[Math.floor((index - this.dropped) / CHUNK_RECORDS)]!;
  }

  /** Totals of everything ever recorded, oldest first: dropped chunks (perhaps merged), then the kept ones. */
  allTotals(): readonly ChunkTotals[] {
    const { count } = this;
    const kept = [...this.history, ...this.chunks];
    return count === 0 ? kept : [...kept, this.openTotals(count)];
  }

  /** The entry with this index, or undefined when it was dropped or is not there yet. */
  get(index: number): Transition | undefined {
    if (index < this.dropped || index >= this.count) return undefined;
    const { u32, u16, u8 } = this.recordsOf(index);
    const slot = index % CHUNK_RECORDS;
    const d = slot * (RECORD_BYTES / 4);
    const b = d * 4 + 44;
    const w = d * 2 + 24;
    const flags = u8[b + 16]!;
    const signed = (at: number): number => (u32[at + 1]! | 0) * 0x100000000 + u32[at]!;
    const side = (at: number, rip: number, rsp: number, cs: number, ss: number): TransitionSide => ({
      cpl: u8[b + at]! & 15,
      mode: MODE_NAMES[u8[b + at]! >> 4]!,
      cs: u16[w + cs]!,
      rip: signed(d + rip),
      ss: u16[w + ss]!,
      rsp: signed(d + rsp),
    });
    return {
      index,
      icount: u32[d]! + u32[d + 1]! * 2 ** 32,
      kind: TRANSITION_KINDS[u8[b]!]!,
      vector: (flags & 1) !== 0 ? u8[b + 1] : undefined,
      from: side(2, 2, 6, 0, 2),
      to: side(3, 4, 8, 1, 3),
      gate: u16[w + 4] === NO_VALUE ? undefined : u16[w + 4],
      tss: u16[w + 5] === NO_VALUE ? undefined : u16[w + 5],
      errorCode: (flags & 2) !== 0 ? u32[d + 10] : undefined,
      ...this.processorOf(index, u8, d * 4),
    };
  }

  /** Visits kept entries from `first` up to `end` without making objects: kind and lanes by number. */
  scan(
    first: number,
    end: number,
    visit: (index: number, icount: number, kind: number, from: number, to: number, processor: number) => void,
  ): void {
    const last = Math.min(end, this.count);
    for (let index = Math.max(first, this.dropped); index < last;) {
      const { u8, u32 } = this.recordsOf(index);
      const stop = Math.min(last, (Math.floor(index / CHUNK_RECORDS) + 1) * CHUNK_RECORDS);
      for (let b = (index % CHUNK_RECORDS) * RECORD_BYTES; index < stop; index++, b += RECORD_BYTES) {
        const icount = u32[b >> 2]! + u32[(b >> 2) + 1]! * 2 ** 32;
        const from = u8[b + 46]!;
        const to = u8[b + 47]!;
        const owner = this.turn && index >= this.turn.first ? this.turn.processor : u8[b + 61]!;
        visit(index, icount, u8[b + 44]!, laneOf(from >> 4, from & 15), laneOf(to >> 4, to & 15), owner);
      }
    }
  }

  /** Index of the first kept entry at or after `icount` (count when there is none). */
  indexAt(icount: number): number {
    let low = this.dropped;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.icountOf(middle) < icount) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private icountOf(index: number): number {
    return icountIn(this.recordsOf(index), index % CHUNK_RECORDS);
  }

  /** Forgets the entries from `index` on (the machine went back in time). */
  truncate(index: number): void {
    if (index >= this.count) return;
    if (index < this.dropped) throw new RangeError(`transition ${index} is no longer kept`);
    this.stampTurn();
    const first = this.openFirst(index);
    if (first < this.openFirst(this.count)) {
      const at = (first - this.dropped) / CHUNK_RECORDS;
      this.open.u8.set(this.chunks[at]!.u8);
      this.chunks.length = at;
    }
    this.count = index;
    if (this.turn) this.turn.first = Math.min(this.turn.first, index);
  }

  clear(): void {
    this.chunks = [];
    this.history = [];
    this.count = this.dropped = 0;
    if (this.turn) this.turn.first = 0;
  }
}

const icountIn = ({ u32 }: Records, slot: number): number =>
  u32[slot * (RECORD_BYTES / 4)]! + u32[slot * (RECORD_BYTES / 4) + 1]! * 2 ** 32;

function mergePairs(list: readonly ChunkTotals[]): ChunkTotals[] {
  const merged: ChunkTotals[] = [];
  for (let i = 0; i + 1 < list.length; i += 2) {
    const a = list[i]!;
    const b = list[i + 1]!;
    merged.push({
      first: a.first,
      count: a.count + b.count,
      firstIcount: a.firstIcount,
      lastIcount: b.lastIcount,
      totals: a.totals.map((v, k) => v + b.totals[k]!),
    });
  }
  if (list.length % 2 === 1) merged.push(list[list.length - 1]!);
  return merged;
}
