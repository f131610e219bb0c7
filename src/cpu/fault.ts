// A guest exception as a value, with the reason as data (which check, on what): the debugger turns it into words.

export interface FaultReason {
  /** Stable identifier of the failed check, e.g. `segment-limit`, `cs-dpl`, `page-not-present`, `gate-dpl`. */
  check: string;
  /** Facts for the explanation: selector, linear address, limit, cpl, dpl, rpl, entry values... */
  data: Record<string, number | string | boolean>;
}

export interface Fault {
  vector: number;
  /** Pushed only for the vectors that have one. */
  errorCode: number | undefined;
  /** Linear address for #PF. */
  cr2?: number;
  reason: FaultReason;
  /** Traps (#DB single-step, #BP, #OF) save the next instruction's address. */
  trap?: boolean;
  /** Saved offset when it is not S_RIP: a fault in the first moments of a new task. */
  ip?: number;
  /** Bits that the delivery of #DB sets in DR6. */
  dr6?: number;
}
