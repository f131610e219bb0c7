// What an expression evaluates to, and the surroundings it is evaluated in.

import type { Program } from '../program';
import type { DebugTarget, SegmentCache, SegIndex } from '../target';
import type { ExpressionError } from './ast';

/** Where a value can be written back to. */
export type Place =
  | { kind: 'register'; name: string }
  | { kind: 'linear'; address: number; bytes: number }
  | { kind: 'physical'; address: number; bytes: number };

export interface Value {
  /** Unsigned when it was read from somewhere; arithmetic may leave the range. */
  value: bigint;
  /** Width in bits of what was read; undefined for the result of arithmetic. */
  bits?: number;
  place?: Place;
  /** Linear address that the value is or was read from. */
  linear?: number;
  /** Register, flag, label or memory operand: for a type column. */
  type: 'register' | 'flag' | 'memory' | 'label' | 'constant' | 'address' | 'number';
}

/** Registers as one frame sees them. */
export interface FrameRegisters {
  /** Whole registers (`rip`, `rsp`, `rbp`, `cs`, `ss`) that differ from the processor's in an outer frame. */
  registers: ReadonlyMap<string, bigint>;
  /** Bases of CS and SS in that frame. */
  segments: ReadonlyMap<SegIndex, SegmentCache>;
}

export interface EvaluationContext {
  target: DebugTarget;
  program: Program | undefined;
  frame?: FrameRegisters;
  /** Full name of the label that local labels are searched under. */
  readonly scope?: string | undefined;
  /** Assignments are errors: conditions, hovers. */
  readOnly?: boolean;
}

export type Evaluation = { ok: true; value: Value } | { ok: false; error: ExpressionError };
