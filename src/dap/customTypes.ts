// Requests and events of the adapter beyond the Debug Adapter Protocol, as types only: what the ring view, the Guest Screen,
// the serial terminal and the status bar live on. Names start with `ringside/`. Everything is plain JSON, so that it passes
// through any client; addresses are `0x` strings (64-bit code exceeds 2^53), icount is a number of retired instructions.

/** Processor mode. */
export type Mode = 'real' | 'v8086' | 'protected16' | 'protected32' | 'compatibility' | '64-bit' | 'smm';

/** Where the guest spends its time: a protection ring in protected or long mode, real mode, or v8086 mode. */
export type Lane = 'ring3' | 'ring2' | 'ring1' | 'ring0' | 'real' | 'v8086' | 'smm';

/**
 * What caused a transition, in the words of the machine's log: `exception`, `interrupt` (hardware), `software-int`, `iret`,
 * `call-gate`, `far-return`, `far-jump`, `task-switch`, `mode-change`, `v86-enter`, `v86-exit`, `reset`, `triple-fault`. A
 * client shows kinds that it does not know by name.
 */
export type TransitionKind = string;

/** One transition as the timeline needs it. */
export interface TransitionBrief {
  /** Position in the run, from 0. */
  index: number;
  /** Retired instructions when it happened. */
  icount: number;
  kind: TransitionKind;
  vector?: number;
  /** Where there are several. */
  processor?: number;
  from: Lane;
  to: Lane;
}

export interface SourcePosition {
  /** File path, or URI string when the workspace is not on disk. */
  path: string;
  line: number;
  column?: number;
}

/** One side of a transition. */
export interface TransitionPoint {
  lane: Lane;
  mode: Mode;
  cpl: number;
  cs: number;
  /** Offset in CS. */
  ip: string;
  linear: string;
  ss?: number;
  /** Offset in SS. */
  sp?: string;
  /** Label with displacement, such as `user_code+0x4`. */
  symbol?: string;
  source?: SourcePosition;
}

export interface TransitionDetail {
  index: number;
  icount: number;
  kind: TransitionKind;
  /** Where there are several. */
  processor?: number;
  vector?: number;
  /** Mnemonic and name of an exception vector: `#GP general protection`. */
  vectorName?: string;
  from: TransitionPoint;
  to: TransitionPoint;
  /** Disassembly of the instruction at `from` that caused it; absent for hardware interrupts. */
  instruction?: string;
  /** The gate taken, in words: `32-bit interrupt gate, DPL 3, to 0008:00001234`. */
  gate?: string;
  /** Where the new stack came from when it changed: `TSS 0028, SS0:ESP0 = 0010:00009000`. */
  stack?: string;
  errorCode?: number;
  /** Linear address of a page fault. */
  cr2?: string;
  /** Why a fault was raised, in words. */
  reason?: string;
}

/** `ringside/transitions`: a window of the history, whole when it is small enough, else summed up in equal buckets. */
export interface TransitionsArguments {
  /** First icount of the window, and the one after its last. Default: the whole run. */
  from?: number;
  to?: number;
  /** Most transitions to list; with more in the window the answer has buckets. Default 1,000. */
  limit?: number;
  /** Number of buckets, at most 4,096. Default 500. */
  buckets?: number;
  /** Also interrupts, exceptions and returns that stay within a lane. Default: only what goes from lane to lane. */
  within?: boolean;
  /** Of several processors, only this one's; default: all. */
  processor?: number;
}

export interface TransitionBucket {
  /** Transitions that happened in it. */
  count: number;
  /** Retired instructions spent in each lane, in the order of `Lane` above; their sum is the bucket's width. */
  time: readonly number[];
  kinds: Readonly<Record<TransitionKind, number>>;
}

export interface TransitionsResponse {
  /** The window that was answered. */
  from: number;
  to: number;
  /** Retired instructions by now: the end of the history. */
  now: number;
  /** Transitions in the whole run, and in the window, of those asked for (`within`). */
  total: number;
  count: number;
  /** Lane in force at `from`. */
  lane: Lane;
  /** All of several processors are shown: the lane of each at `from`. */
  lanes?: readonly Lane[];
  /** Lane at the end of the run. */
  here: Lane;
  /** Transitions older than this icount were dropped to save memory; 0 if none was. */
  keptFrom: number;
  /** Whole list, when `count` is at most `limit`. */
  transitions?: readonly TransitionBrief[];
  /** Otherwise sums over equal parts of the window. */
  buckets?: readonly TransitionBucket[];
  /** Kinds seen in the run with their totals, for a legend. */
  kinds: Readonly<Record<TransitionKind, number>>;
}

/** `ringside/transition`: everything known of one; answers TransitionDetail. */
export interface TransitionArguments {
  index: number;
}

/** `ringside/focus`: the client looks at this thread from now on; the state is that of its processor. */
export interface FocusArguments {
  threadId: number;
}

/** `ringside/mode` answers it; the event `ringside/state` brings it at each stop and continue, and a few times a second while running. */
export interface StateBody {
  running: boolean;
  icount: number;
  mode: Mode;
  cpl: number;
  lane: Lane;
  paging: boolean;
  /** `CS:IP` as people write it. */
  where: string;
  /** Transitions so far. */
  transitions: number;
  /** How many processors there are, and which one this is about: the one that the client looks at. */
  processors: number;
  processor: number;
}

/** `ringside/screen`. */
export interface ScreenArguments {
  /** `generation` of the frame that the client has; the answer is then empty when nothing changed. */
  known?: number;
}

export interface ScreenFrame {
  /** Changes whenever the picture does. */
  generation: number;
  width: number;
  height: number;
  /** `text`: characters are in `text`. */
  kind: 'text' | 'graphics';
  /** For the title: `80x25 text`, `320x200, 256 colours`. */
  description: string;
  /** Up to 256 colours, 0xRRGGBB. */
  palette: readonly number[];
  /** Base64 of width * height palette indices, row by row. */
  pixels: string;
  /** Text modes: the characters of each row, Unicode, trailing spaces kept. */
  text?: readonly string[];
  /** Text modes: the cursor's cell, absent while hidden. */
  cursor?: { column: number; row: number };
  /** Pixels are this many times higher than wide on a real tube (mode 13h: 1.2); 1 or absent = square. */
  pixelAspect?: number;
}

export interface ScreenResponse {
  /** Absent when the client's frame is still right. */
  frame?: ScreenFrame;
}

/** `ringside/key`: typed on the guest's keyboard. Either keys going down and up, or text to be typed. */
export interface KeyArguments {
  /** `code` as in the W3C "UI Events KeyboardEvent code Values": `KeyA`, `Enter`, `ArrowLeft`. */
  keys?: readonly { code: string; down: boolean }[];
  /** US layout. */
  text?: string;
}

/** `ringside/serial`, as a request into the guest and as an event out of it. */
export interface SerialBody {
  /** 1 = COM1. */
  port: number;
  /** One character, U+0000 to U+00FF, a byte. */
  data: string;
}

/** Event `ringside/diagnostics`: what the assembler found when the program was built; replaces what an earlier one said. */
export interface DiagnosticsBody {
  /** Every file that was read; those without an item are clean. */
  files: readonly string[];
  items: readonly DiagnosticItem[];
}

export interface DiagnosticItem {
  severity: 'error' | 'warning' | 'info';
  message: string;
  path: string;
  /** 1-based; `endColumn` is the column after the last. */
  line: number;
  column: number;
  endColumn: number;
  /** Innermost macro first. */
  macroStack: readonly { macro: string; path: string; line: number }[];
}

/** `ringside/assemble`: assembles a source without starting it. Needs neither `initialize` nor a launched guest. */
export interface AssembleArguments {
  path: string;
  includePaths?: readonly string[];
  defines?: Readonly<Record<string, string>>;
  compat?: '2.16' | '3';
}

export interface AssembleResponse extends DiagnosticsBody {
  /** There was no error. */
  ok: boolean;
  /** The flat binary, base64; what could be assembled when there were errors. */
  bytes: string;
}
