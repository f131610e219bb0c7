// Operands (NASM manual, "Effective Addresses", "STRICT", "Layout of a NASM Source Line"). Undefined = error reported.
import type { Expr } from '../expr/ast';
import type { Cursor } from '../expr/cursor';
import { ExpressionParser } from '../expr/parser';
import { ZERO } from '../expr/value';
import { SIZES, keyword } from '../token/keywords';
import type { Token } from '../token/token';
import type { ParsedOperand, Prefix } from './statement';

const MOST_OPERANDS = 5;
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

interface Bracketed extends ParsedOperand {
  brackets: number;
}

export class OperandParser {
  private readonly expressions: ExpressionParser;

  /** `farJump`: the instruction takes `selector:offset` (jmp, call). `prefixes` collects those written in brackets. */
  constructor(
    private readonly cursor: Cursor,
    private readonly farJump: boolean,
    private readonly prefixes: Prefix[],
  ) {
    this.expressions = new ExpressionParser(cursor);
  }

  /** All operands to the end of the line. */
  parseAll(): ParsedOperand[] | undefined {
    const { cursor } = this;
    const operands: ParsedOperand[] = [];
    while (!cursor.atEnd) {
      if (operands.length === MOST_OPERANDS) {
        cursor.error(`more than ${MOST_OPERANDS} operands`);
        return undefined;
      }
      const operand = this.parse();
      if (!operand) return undefined;
      operands.push(operand);
      if (cursor.atEnd) break;
      if (cursor.take(',')) continue;
      if (operand.colon) continue;
      return undefined;
    }
    // It has grown, with room to spare, and lives long.
    return operands.slice();
  }

  private parse(): ParsedOperand | undefined {
    const { cursor } = this;
    const operand: Bracketed = {
      token: cursor.token!,
      strict: false,
      to: false,
      far: false,
      colon: false,
      memory: false,
      nosplit: false,
      expr: { kind: 'number', value: ZERO, token: cursor.token! },
      brackets: 0,
    };
    if (!this.modifiers(operand)) return undefined;
    const word = cursor.keyword();
    const pointer = cursor.token?.kind === 'id' && cursor.token.text === '__?masm_ptr?__' && word === undefined;
    if (cursor.isOp('[') || cursor.isOp('&') || pointer) {
      operand.memory = true;
      if (cursor.isOp('[')) operand.brackets++;
      cursor.next();
    }
    if (!this.address(operand)) return undefined;
    return this.close(operand) ? operand : undefined;
  }

  /** Size words, far, near, short, strict, to. */
  private modifiers(operand: Bracketed): boolean {
    const { cursor } = this;
    for (;;) {
      const word = cursor.keyword();
      if (word?.type === 'size') operand.size ??= SIZES[word.name];
      else if (word?.type === 'special') {
        if (word.name === 'long') operand.size ??= 4;
        else if (word.name === 'strict') operand.strict = true;
        else if (word.name === 'to') operand.to = true;
        else if (word.name === 'far') operand.far = true;
        else if (word.name === 'near' || word.name === 'short') operand.jump = word.name;
        else {
          cursor.error('invalid operand size specification');
          return false;
        }
      } else return true;
      cursor.next();
      if (cursor.atEnd) {
        cursor.error('expression syntax error: an operand is missing here');
        return false;
      }
    }
  }

  /** What stands in the brackets, or the plain expression; segment overrides lead back here. */
  private address(operand: Bracketed): boolean {
    const { cursor } = this;
    for (;;) {
      if (operand.memory && !this.addressModifiers(operand)) return false;
      const empty = operand.memory && cursor.isOp(',');
      const expr = empty ? undefined : this.expressions.parse();
      if (!empty && !expr) return false;
      if (expr) operand.expr = expr;
      if (cursor.isOp('[') && operand.brackets === 0 && expr) {
        operand.memory = true;
        operand.outer = expr;
        continue;
      }
      if (!cursor.isOp(':') || !(operand.memory || !this.farJump)) return this.splitIndex(operand);
      if (!expr || !this.override(operand, expr)) return false;
      cursor.next();
    }
  }

  private addressModifiers(operand: Bracketed): boolean {
    const { cursor } = this;
    for (;;) {
      const word = cursor.keyword();
      if (cursor.isOp('[')) operand.brackets++;
      else if (word?.type === 'size' && word.name in DISPLACEMENTS)
        operand.displacementSize = DISPLACEMENTS[word.name]!;
      else if (word?.type === 'special' && word.name === 'long') operand.displacementSize = 4;
      else if (word?.type === 'special' && word.name === 'nosplit') operand.nosplit = true;
      else if (word?.type === 'special' && (word.name === 'rel' || word.name === 'abs'))
        operand.relative = word.name === 'rel';
      else if (word?.type === 'prefix' && word.slot === 'asize') {
        const previous = this.prefixes.find((prefix) => prefix.slot === 'asize');
        if (!previous) this.prefixes.push({ slot: 'asize', name: word.name, token: cursor.token! });
        else if (previous.name !== word.name) {
          cursor.error('conflicting address size specifications');
          return false;
        }
      } else if (word?.type === 'size' || word?.type === 'special' || word?.type === 'prefix') {
        cursor.error('invalid size specification in effective address');
        return false;
      } else if (cursor.token?.kind === 'id' && cursor.token.text === '__?masm_flat?__') {
        cursor.next();
        if (!cursor.isOp(':')) {
          cursor.error('unknown use of FLAT in MASM emulation');
          return false;
        }
      } else return true;
      cursor.next();
    }
  }

  private override(operand: Bracketed, expr: Expr): boolean {
    const { cursor } = this;
    operand.memory = true;
    if (expr.kind !== 'register' || expr.register.cls !== 'sreg') cursor.error('invalid segment override', expr.token);
    else if (operand.segment || this.prefixes.some((prefix) => prefix.slot === 'seg')) {
      cursor.error('instruction has conflicting segment overrides', expr.token);
    } else {
      operand.segment = { name: expr.name, num: SEGMENTS.indexOf(expr.name), token: expr.token };
      return true;
    }
    return false;
  }

  /** `[seg:base+offset, index*scale]` */
  private splitIndex(operand: Bracketed): boolean {
    const { cursor } = this;
    if (!operand.memory || operand.brackets === 0 || !cursor.take(',')) return true;
    operand.splitIndex = this.expressions.parse();
    return operand.splitIndex !== undefined;
  }

  /** Closing bracket and what may follow an operand. */
  private close(operand: Bracketed): boolean {
    const { cursor } = this;
    if (operand.memory) {
      if (operand.brackets > 1) return this.fail('excess brackets in memory operand');
      if (operand.brackets === 1 && !cursor.take(']')) return this.fail('expecting ] at end of memory operand');
      if (cursor.isOp('{')) return this.fail('decorators in braces (AVX-512) are not supported');
      if (cursor.atEnd || cursor.isOp(',')) return true;
      return this.fail(`comma or end of line expected, got \`${cursor.token!.text}'`);
    }
    if (cursor.isOp('{')) return this.fail('decorators in braces (AVX-512) are not supported');
    if (cursor.atEnd || cursor.isOp(',')) return true;
    if (cursor.take(':')) {
      operand.colon = true;
      return true;
    }
    return this.fail('comma, colon, decorator or end of line expected after operand');
  }

  private fail(message: string): boolean {
    this.cursor.error(message);
    return false;
  }
}

const DISPLACEMENTS: Readonly<Record<string, 1 | 2 | 4 | 8>> = { byte: 1, word: 2, dword: 4, qword: 8 };

/** Whether a token names a segment register, which may stand as a prefix. */
export function segmentPrefix(token: Token): string | undefined {
  if (token.kind !== 'id') return undefined;
  const word = keyword(token.text);
  return word?.type === 'register' && word.register.cls === 'sreg' ? word.name : undefined;
}
