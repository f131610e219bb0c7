// What is asked of a breakpoint and what is answered. Lines and columns are 1-based.

export interface Condition {
  /** Stop only when the expression is not zero. */
  condition?: string;
  /** `5` (the fifth time and later), `== 5`, `>= 3`, `< 4`, `% 10`. */
  hitCondition?: string;
  /** Print this instead of stopping; expressions stand in braces. */
  logMessage?: string;
}

export interface SourceRequest extends Condition {
  line: number;
  column?: number;
}
export interface InstructionRequest extends Condition {
  linear: number;
}
export interface FunctionRequest extends Condition {
  /** Label or any address expression. */
  name: string;
}
export interface DataRequest extends Condition {
  linear: number;
  length: number;
  access: 'read' | 'write' | 'readWrite';
}

export interface BreakpointStatus {
  id: number;
  verified: boolean;
  /** Why it is not verified, or a note. */
  message?: string;
  file?: string;
  line?: number;
  column?: number;
  /** Linear address of the first place. */
  linear?: number;
}

export type BreakpointKind = 'source' | 'instruction' | 'function' | 'data';

export interface Hit {
  id: number;
  kind: BreakpointKind;
}

/** What came of reaching an address with breakpoints. */
export interface HitResult {
  /** Breakpoints that stop the guest; none = go on. */
  stops: readonly Hit[];
  /** Log messages, filled in. */
  logs: readonly { id: number; text: string }[];
  /** A condition that could not be evaluated: the guest stops. */
  problem?: string;
}
