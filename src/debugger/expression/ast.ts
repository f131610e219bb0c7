// The tree of a debugger expression. Positions are offsets into the text, for located errors.

export type MemorySize = 1 | 2 | 4 | 8;

export type UnaryOperator = '-' | '+' | '~' | '!';
export type BinaryOperator =
  | '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^'
  | '==' | '!=' | '<' | '<=' | '>' | '>=' | '&&' | '||'; // prettier-ignore
export type AssignOperator = '=' | '+=' | '-=' | '*=' | '/=' | '%=' | '&=' | '|=' | '^=' | '<<=' | '>>=';

interface At {
  start: number;
  end: number;
}
export type Node = At &
  (
    | { kind: 'number'; value: bigint }
    | { kind: 'name'; name: string }
    | { kind: 'unary'; op: UnaryOperator; operand: Node }
    | { kind: 'binary'; op: BinaryOperator; left: Node; right: Node }
    | { kind: 'assign'; op: AssignOperator; target: Node; value: Node }
    /** `segment:offset`; `lin` and `phys` stand for linear and physical addresses. */
    | { kind: 'far'; segment: Node; offset: Node }
    | { kind: 'memory'; size: MemorySize | undefined; address: Node }
    | { kind: 'conditional'; test: Node; then: Node; otherwise: Node }
  );

/** An error with the part of the text it is about. */
export interface ExpressionError {
  message: string;
  start: number;
  end: number;
}
