// A parsed line. Expressions stay trees; they are evaluated in every pass.
import type { Expr } from '../expr/ast';
import type { Keyword, PrefixSlot } from '../token/keywords';
import type { Token } from '../token/token';

export interface Prefix {
  slot: PrefixSlot;
  /** Lower case; a segment register's name for the slot 'seg'. */
  name: string;
  token: Token;
}

export interface ParsedOperand {
  /** First token, for messages. */
  token: Token;
  /** Bytes of the size word in front. */
  size?: number;
  strict: boolean;
  to: boolean;
  far: boolean;
  jump?: 'short' | 'near';
  /** A colon follows: the selector of a far pointer. */
  colon: boolean;
  /** A memory reference (brackets, or a segment override). */
  memory: boolean;
  /** Empty memory references have none. */
  expr: Expr;
  /** Index part of `[base, index*scale]`. */
  splitIndex?: Expr;
  /** Displacement of `table[bx]`. */
  outer?: Expr;
  /** From `[byte ...]`, `[dword ...]`. */
  displacementSize?: 1 | 2 | 4 | 8;
  nosplit: boolean;
  relative?: boolean;
  /** Segment register override inside the operand. */
  segment?: { name: string; num: number; token: Token };
}

export type DataValue =
  | { kind: 'string'; bytes: string }
  | { kind: 'float'; text: string; negative: boolean; token: Token }
  | { kind: 'expression'; expr: Expr; token: Token }
  /** `?` */
  | { kind: 'space' }
  | { kind: 'list'; items: readonly DataItem[] };

export interface DataItem {
  /** Factors of `dup`. */
  repeat: readonly { count: Expr; token: Token }[];
  unit: number;
  value: DataValue;
}

export type Body =
  | { kind: 'empty' }
  /** An error was reported; the label still counts. */
  | { kind: 'broken' }
  /** Prefixes alone on a line. */
  | { kind: 'prefixes' }
  | { kind: 'directive'; name: string; value: readonly Token[]; token: Token }
  | { kind: 'equ'; operands: readonly ParsedOperand[]; token: Token }
  /** `memo` and `jump` are the emitter's notes from the last pass. */
  | { kind: 'data'; unit: number; items: readonly DataItem[]; token: Token; memo?: unknown }
  | { kind: 'reserve'; unit: number; operands: readonly ParsedOperand[]; token: Token }
  | { kind: 'incbin'; path: string; skip?: Expr; length?: Expr; token: Token }
  | {
      kind: 'instruction';
      mnemonic: string;
      operands: readonly ParsedOperand[];
      token: Token;
      memo?: unknown;
      jump?: unknown;
      dependence?: unknown;
      branch: boolean | undefined;
    };

export type InstructionBody = Extract<Body, { kind: 'instruction' }>;

/** What a line says, wherever it stands: lines of the same text share it. */
export interface ParsedLine {
  label?: { name: string; token: Token };
  times?: { count: Expr; token: Token };
  prefixes: readonly Prefix[];
  body: Body;
}

export type Instruction = Extract<Keyword, { type: 'instruction' }>;
