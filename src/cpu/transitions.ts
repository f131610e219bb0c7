// The transition log: every change of CPL, mode or task, every exception, interrupt and return, as 64-byte records in
// chunks. Each full chunk keeps totals per kind and per edge between lanes, so that millions of entries stay browsable;
// beyond the cap the oldest chunks are dropped and only their totals remain. Recording allocates one chunk per 4,096.
import { S_RIP, S_SEG, SEG_SIZE } from './layout';
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
export const T_TRIPLE_FAULT = 12;

/** Lanes of the ring view: rings 0 to 3, then real mode and v8086 mode. */
export const LANES = 6;
export const LANE_REAL = 4,
  LANE_V8086 = 5;
export const TOTALS = TRANSITION_KINDS.length + LANES * LANES;
export const CHUNK_RECORDS = 4096;
const RECORD_BYTES = 64;
const NO_VALUE = 0xffff;

export interface TransitionSide {
  cpl: number;
  mode: ModeName;
  cs: number;
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

interface Chunk extends ChunkTotals {
  u32: Uint32Array;
  u16: Uint16Array;
  u8: Uint8Array;
  f64: Float64Array;
}

const laneOf = (mode: number, cpl: number): number => (mode === 0 ? LANE_REAL : mode === 1 ? LANE_V8086 : cpl);

/** The processor whose transitions are logged. */
interface Observed extends ModeState {
  readonly u32: Uint32Array;
  readonly cpl: number;
  readonly hooks: { now(): number };
}

export class TransitionLog {
  /** Entries recorded since power-on; the index of the next one. */
  count = 0;
  /** Entries whose records were dropped by the cap. */
  dropped = 0;
  /** Told of each entry right after it was recorded. */
  onRecord: ((index: number) => void) | undefined;
  private chunks: Chunk[] = [];
  private history: ChunkTotals[] = [];
  private chunk: Chunk | undefined;

  // The side that a transition leaves, kept by `begin` until `commit`.
  private mode = 0;
  private cpl = 0;
  private cs = 0;
  private rip = 0;
  private ss = 0;
  private rsp = 0;

  constructor(private readonly maxRecords = 1 << 21) {}

  /** Notes where the processor is, before a transition that may come. */
  begin(cpu: Observed): void {
    this.mode = modeNumber(cpu);
    this.cpl = cpu.cpl;
    this.cs = cpu.u32[(S_SEG + SEG_SIZE) >> 2]!;
    this.rip = cpu.u32[S_RIP >> 2]!;
    this.ss = cpu.u32[(S_SEG + 2 * SEG_SIZE) >> 2]!;
    this.rsp = cpu.u32[8]!;
  }

  /** True when CPL or mode (protected 16 and 32-bit count as one) differ from what `begin` saw. */
  changed(cpu: Observed): boolean {
    return this.cpl !== cpu.cpl || laneOf(this.mode, this.cpl) !== laneOf(modeNumber(cpu), cpu.cpl);
  }

  /** Records the transition from where `begin` was to where the processor is now. Absent numbers are -1. */
  commit(cpu: Observed, kind: number, vector: number, gate: number, tss: number, errorCode: number): void {
    let chunk = this.chunk;
    const slot = this.count % CHUNK_RECORDS;
    if (slot === 0 || chunk === undefined) chunk = this.open();
    const icount = cpu.hooks.now();
    const mode = modeNumber(cpu);
    const cpl = cpu.cpl;
    const d = slot * (RECORD_BYTES / 4);
    const u32 = chunk.u32;
    chunk.f64[d >> 1] = icount;
    u32[d + 2] = this.rip;
    u32[d + 4] = cpu.u32[S_RIP >> 2]!;
    u32[d + 6] = this.rsp;
    u32[d + 8] = cpu.u32[8]!;
    u32[d + 10] = errorCode < 0 ? 0 : errorCode;
    const b = d * 4 + 44;
    const u8 = chunk.u8;
    u8[b] = kind;
    u8[b + 1] = vector < 0 ? 0 : vector;
    u8[b + 2] = (this.mode << 4) | this.cpl;
    u8[b + 3] = (mode << 4) | cpl;
    const w = d * 2 + 24;
    const u16 = chunk.u16;
    u16[w] = this.cs;
    u16[w + 1] = cpu.u32[(S_SEG + SEG_SIZE) >> 2]!;
    u16[w + 2] = this.ss;
    u16[w + 3] = cpu.u32[(S_SEG + 2 * SEG_SIZE) >> 2]!;
    u16[w + 4] = gate < 0 ? NO_VALUE : gate;
    u16[w + 5] = tss < 0 ? NO_VALUE : tss;
    u8[b + 16] = (vector < 0 ? 0 : 1) | (errorCode < 0 ? 0 : 2);
    chunk.totals[kind]!++;
    chunk.totals[TRANSITION_KINDS.length + laneOf(this.mode, this.cpl) * LANES + laneOf(mode, cpl)]!++;
    if (slot === 0) chunk.firstIcount = icount;
    chunk.lastIcount = icount;
    chunk.count = slot + 1;
    this.count++;
    this.onRecord?.(this.count - 1);
  }

  private open(): Chunk {
    if (this.chunks.length * CHUNK_RECORDS >= this.maxRecords) {
      const { first, count, firstIcount, lastIcount, totals } = this.chunks.shift()!;
      this.dropped = first + count;
      this.history.push({ first, count, firstIcount, lastIcount, totals });
      if (this.history.length >= 8192) this.history = mergePairs(this.history);
    }
    const buffer = new ArrayBuffer(CHUNK_RECORDS * RECORD_BYTES);
    this.chunk = {
      first: this.count,
      count: 0,
      firstIcount: 0,
      lastIcount: 0,
      totals: new Uint32Array(TOTALS),
      u32: new Uint32Array(buffer),
      u16: new Uint16Array(buffer),
      u8: new Uint8Array(buffer),
      f64: new Float64Array(buffer),
    };
    this.chunks.push(this.chunk);
    return this.chunk;
  }

  /** Totals of everything ever recorded, oldest first: dropped chunks (perhaps merged), then the kept ones. */
  allTotals(): readonly ChunkTotals[] {
    return [...this.history, ...this.chunks];
  }

  /** The entry with this index, or undefined when it was dropped or is not there yet. */
  get(index: number): Transition | undefined {
    if (index < this.dropped || index >= this.count) return undefined;
    const chunk = this.chunks[Math.floor((index - this.dropped) / CHUNK_RECORDS)]!;
    const slot = index % CHUNK_RECORDS;
    const d = slot * (RECORD_BYTES / 4);
    const b = d * 4 + 44;
    const w = d * 2 + 24;
    const { u32, u16, u8, f64 } = chunk;
    const flags = u8[b + 16]!;
    const side = (at: number, rip: number, rsp: number, cs: number, ss: number): TransitionSide => ({
      cpl: u8[b + at]! & 15,
      mode: MODE_NAMES[u8[b + at]! >> 4]!,
      cs: u16[w + cs]!,
      rip: u32[d + rip]!,
      ss: u16[w + ss]!,
      rsp: u32[d + rsp]!,
    });
    return {
      index,
      icount: f64[d >> 1]!,
      kind: TRANSITION_KINDS[u8[b]!]!,
      vector: (flags & 1) !== 0 ? u8[b + 1] : undefined,
      from: side(2, 2, 6, 0, 2),
      to: side(3, 4, 8, 1, 3),
      gate: u16[w + 4] === NO_VALUE ? undefined : u16[w + 4],
      tss: u16[w + 5] === NO_VALUE ? undefined : u16[w + 5],
      errorCode: (flags & 2) !== 0 ? u32[d + 10] : undefined,
    };
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
    const chunk = this.chunks[Math.floor((index - this.dropped) / CHUNK_RECORDS)]!;
    return chunk.f64[(index % CHUNK_RECORDS) * (RECORD_BYTES / 8)]!;
  }

  /** Forgets the entries from `index` on (the machine went back in time). */
  truncate(index: number): void {
    if (index >= this.count) return;
    if (index < this.dropped) throw new RangeError(`transition ${index} is no longer kept`);
    const keep = Math.ceil((index - this.dropped) / CHUNK_RECORDS);
    this.chunks.length = keep;
    this.count = index;
    const last = (this.chunk = this.chunks[keep - 1]);
    if (!last) return;
    last.count = index - last.first;
    recount(last);
  }

  clear(): void {
    this.chunks = [];
    this.history = [];
    this.chunk = undefined;
    this.count = this.dropped = 0;
  }
}

function recount(chunk: Chunk): void {
  chunk.totals.fill(0);
  for (let slot = 0; slot < chunk.count; slot++) {
    const b = slot * RECORD_BYTES + 44;
    const from = chunk.u8[b + 2]!;
    const to = chunk.u8[b + 3]!;
    chunk.totals[chunk.u8[b]!]!++;
    chunk.totals[TRANSITION_KINDS.length + laneOf(from >> 4, from & 15) * LANES + laneOf(to >> 4, to & 15)]!++;
    chunk.lastIcount = chunk.f64[slot * (RECORD_BYTES / 8)]!;
  }
}

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
