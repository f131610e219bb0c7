// Messages between the ring view's page and the extension. The page asks for windows of the run's transitions and gets them
// listed or, when there are too many, summed up in buckets, so that a run of any length costs the page the same.

/** Where the guest spends its time, in the order in which the view shows it. */
export const LANES = ['ring3', 'ring2', 'ring1', 'ring0', 'real', 'v8086', 'smm'] as const;
export type Lane = (typeof LANES)[number];

export interface Transition {
  index: number;
  /** Retired instructions when it happened. */
  icount: number;
  kind: string;
  vector?: number;
  /** Where there are several. */
  processor?: number;
  from: Lane;
  to: Lane;
}

export interface Bucket {
  count: number;
  /** Retired instructions in each lane, in the order of LANES. */
  time: readonly number[];
  kinds: Readonly<Record<string, number>>;
}

/** The window [from, to) of the run, in retired instructions: either `transitions` or `buckets` is there. */
export interface TimeWindow {
  from: number;
  to: number;
  now: number;
  total: number;
  count: number;
  /** Lane in force at `from`. */
  lane: Lane;
  /** All of several processors are shown: the lane of each at `from`. */
  lanes?: readonly Lane[];
  /** Lane at the end of the run. */
  here: Lane;
  /** Older transitions were dropped; 0 if none was. */
  keptFrom: number;
  transitions?: readonly Transition[];
  buckets?: readonly Bucket[];
  /** Totals of the run. */
  kinds: Readonly<Record<string, number>>;
}

export interface Point {
  lane: Lane;
  mode: string;
  cpl: number;
  cs: number;
  ip: string;
  linear: string;
  ss?: number;
  sp?: string;
  symbol?: string;
  source?: { path: string; line: number };
}

export interface Detail {
  index: number;
  icount: number;
  kind: string;
  processor?: number;
  vector?: number;
  vectorName?: string;
  from: Point;
  to: Point;
  instruction?: string;
  gate?: string;
  stack?: string;
  errorCode?: number;
  cr2?: string;
  reason?: string;
}

export interface WindowQuery {
  from?: number;
  to?: number;
  limit: number;
  buckets: number;
  /** Also interrupts, exceptions and returns that stay within a lane. */
  within: boolean;
  /** Of several processors, only this one's. */
  processor?: number;
}

export interface State {
  running: boolean;
  icount: number;
  lane: Lane;
  mode: string;
  paging: boolean;
  transitions: number;
  /** How many processors there are, and the one that the person looks at. */
  processors?: number;
  processor?: number;
}

export type ToPage =
  /** A new run begins (`name` is shown), or none is left to show. */
  | { type: 'session'; name: string | undefined }
  | { type: 'state'; state: State }
  /** The run is over; what is shown stays. */
  | { type: 'ended' }
  | { type: 'window'; id: number; window: TimeWindow | undefined }
  | { type: 'detail'; index: number; detail: Detail | undefined };

export type FromPage =
  | { type: 'ready' }
  | { type: 'window'; id: number; query: WindowQuery }
  | { type: 'detail'; index: number }
  | { type: 'open'; index: number; side: 'from' | 'to'; how: 'source' | 'disassembly' };
