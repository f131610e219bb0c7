// Instructions as GNU as writes them: names with a suffix for the size of the operands, and operands in the order of AT&T syntax
// (GNU as manual, "AT&T Syntax versus Intel Syntax", "i386-Mnemonics").
import type { OperandPattern, Row } from '../isa/types';
import { formsOf, operandText } from './instructionText';
import type { FileSyntax } from './syntax/types';

const BITS: Readonly<Record<string, number>> = { b: 8, w: 16, l: 32, q: 64 };

export interface GasInstruction {
  /** Name in the table. */
  mnemonic: string;
  /** Bits of the operands, from the suffix. */
  size?: number;
  /** Bits of the source of `movzbl` and its kind. */
  source?: number;
  /** `ljmp` and `lcall`. */
  far?: true;
}

export function gasInstruction(written: string): GasInstruction | undefined {
  const word = written.toLowerCase();
  const known = (mnemonic: string, more: Partial<GasInstruction> = {}): GasInstruction | undefined =>
    formsOf(mnemonic).length > 0 ? { mnemonic, ...more } : undefined;
  const [, stem = '', suffix = ''] = /^(\w+)([bwlqst])$/.exec(word) ?? [];
  const [, extension, from = '', to = ''] = /^(mov[sz])([bwl])([wlq])$/.exec(word) ?? [];
  const far = /^l(jmp|call)([wlq]?)$/.exec(word);
  if (far) return known(far[1]!, { far: true });
  return (
    known(word) ??
    (stem === '' ? undefined : known(stem, stem.startsWith('f') || !(suffix in BITS) ? {} : { size: BITS[suffix]! })) ??
    (suffix === 'l' ? known(`${stem}d`) : undefined) ??
    (extension ? known(from === 'l' ? 'movsxd' : `${extension}x`, { size: BITS[to]!, source: BITS[from]! }) : undefined)
  );
}

/** Whether the line is in Intel syntax: the last directive above decides. */
export function isIntelSyntax(syntax: FileSyntax, line: number): boolean {
  for (let at = line; at >= 0; at--) {
    const found = /^\s*\.(intel|att)_syntax\b/.exec(syntax.texts[at] ?? '');
    if (found) return found[1] === 'intel';
  }
  return false;
}

const isImmediate = (pattern: OperandPattern | undefined): boolean => pattern?.startsWith('imm') === true;

/** The text of an operand for the size that a suffix says; undefined when the form is of another size. */
function sized(pattern: OperandPattern, size: number | undefined): string | undefined {
  const text = operandText(pattern);
  if (size === undefined) return text;
  const sizes = /(\d+(?:\/\d+)+)$/.exec(text)?.[1];
  if (sizes !== undefined) {
    const limited = pattern === 'immz' || pattern === 'relz' ? Math.min(size, 32) : size;
    return sizes.split('/').includes(String(limited)) ? text.slice(0, -sizes.length) + limited : undefined;
  }
  const own = /^(?:r\/m|r|m|imm|moffs)(\d+)$/.exec(text)?.[1];
  if (own === undefined || isImmediate(pattern))
    return pattern === 'accv' ? `${{ 16: '', 32: 'e', 64: 'r' }[size]}ax` : text;
  return Number(own) === size ? text : undefined;
}

/** Operands of a form as they are written there; undefined when the name's suffix rules the form out. */
export function gasOperands(row: Row, { size, source, far }: GasInstruction, intel: boolean): string[] | undefined {
  const isFar = /^(jmp|call)_far$/.test(row.sem);
  if (far ? !isFar : isFar && !intel) return undefined;
  const texts: string[] = [];
  for (const [at, pattern] of row.ops.entries()) {
    const text = sized(pattern, source !== undefined && at === 1 ? source : size);
    if (text === undefined) return undefined;
    texts.push(intel ? text : attText(row, pattern, text));
  }
  if (intel || row.mn === 'bound' || (isImmediate(row.ops[0]) && isImmediate(row.ops[1]))) return texts;
  return texts.reverse().flatMap((text) => text.split(', '));
}

function attText({ sem }: Row, pattern: OperandPattern, text: string): string {
  if (pattern === '1' || isImmediate(pattern)) return `$${text}`;
  if (pattern === 'ptr16:z') return '$selector, $offset';
  if (/^(jmp|call)_(ind|far)$/.test(sem)) return `*${text}`;
  return /^([re]?[abcd]x|[abcd]l|[cdefgs]s|st\d?|xmm0)$/.test(text) ? `%${text}` : text;
}
