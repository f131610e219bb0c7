// Values shown in the source while the program is stopped: registers and memory operands of the lines around, as
// expressions that the debugger evaluates, and for the jump that comes next, whether it will be taken.
import { keyword } from '../../asm/token/keywords';
import type { Token } from '../../asm/token/token';
import { CONDITION_NAMES } from '../../isa/instructions/row';
import { lookupRegister } from '../../isa/registers';
import type { Range } from '../position';
import { lineRange } from '../position';
import { rangeOf } from '../syntax/scan';
import type { FileSyntax, SyntaxLine } from '../syntax/types';

export type InlineValue = { range: Range; expression: string };

/** Lines before the stopped one whose values are shown. */
const LINES_BEFORE = 3;

/** `first` and `last` bound what is visible; `stopped` is the line that is executed next. */
export function inlineValues(syntax: FileSyntax, first: number, last: number, stopped: number): InlineValue[] {
  const values: InlineValue[] = [];
  const from = Math.max(first, stopped - LINES_BEFORE);
  for (const line of syntax.lines) {
    if (line.line < from || line.line > Math.min(last, stopped) || line.inMacro !== undefined) continue;
    if (line.kind !== 'instruction') continue;
    for (const operand of line.operands) values.push(...operandValues(syntax, line, operand));
    const taken = line.line === stopped && line.head ? takenExpression(line.head.text.toLowerCase()) : undefined;
    if (taken) values.push({ range: rangeOf(line.head!), expression: taken });
  }
  return values;
}

/** Registers whose values say something where they stand. */
const isShown = (token: Token): boolean => {
  const register = lookupRegister(token.text);
  return register !== undefined && ['r8', 'r8h', 'r16', 'r32', 'r64', 'sreg', 'creg'].includes(register.cls);
};

function operandValues(syntax: FileSyntax, line: SyntaxLine, operand: readonly Token[]): InlineValue[] {
  const open = operand.findIndex((token) => token.is('['));
  const registers = operand
    .filter(isShown)
    .map((token) => ({ range: rangeOf(token), expression: token.text.toLowerCase() }));
  const close = operand.findLastIndex((token) => token.is(']'));
  if (open < 0 || close < open || line.head?.text.toLowerCase() === 'lea') return registers;
  const inside = operand.slice(open + 1, close);
  if (inside.some((token) => !['id', 'num', 'op'].includes(token.kind))) return registers;
  const size = operand.find((token) => keyword(token.text)?.type === 'size')?.text ?? sizeOf(line);
  if (!size) return registers;
  const start = operand[open]!.column - 1;
  const end = operand[close]!.endColumn - 1;
  const text = (syntax.texts[line.line] ?? '').slice(start, end);
  return [...registers, { range: lineRange(line.line, start, end), expression: `${size.toLowerCase()} ${text}` }];
}

/** Size word by the register on the other side. */
function sizeOf(line: SyntaxLine): string | undefined {
  for (const operand of line.operands) {
    const register = operand.length === 1 ? lookupRegister(operand[0]!.text) : undefined;
    if (register) return { 1: 'byte', 2: 'word', 4: 'dword', 8: 'qword' }[register.size];
  }
  return undefined;
}

/** Expressions of the debugger, by condition code; odd ones are the opposite. */
const CONDITIONS = ['of', 'cf', 'zf', 'cf | zf', 'sf', 'pf', 'sf ^ of', 'zf | (sf ^ of)'];

/** 1 when the jump will be taken, as the debugger computes it from the flags. */
export function takenExpression(mnemonic: string): string | undefined {
  const suffix = mnemonic.slice(1);
  const cc = mnemonic.startsWith('j') ? CONDITION_NAMES.findIndex((names) => names.includes(suffix)) : -1;
  if (cc >= 0) return cc % 2 === 0 ? `(${CONDITIONS[cc >> 1]}) == 1` : `(${CONDITIONS[cc >> 1]}) == 0`;
  if (mnemonic === 'jcxz') return 'cx == 0';
  if (mnemonic === 'jecxz') return 'ecx == 0';
  return undefined;
}
