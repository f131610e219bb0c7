// Which registers and words fit at an operand, by the forms of the instruction in front of it.
import { keyword } from '../../asm/token/keywords';
import { OPERANDS, Size, type OperandSpec } from '../../isa/operands';
import { lookupRegister } from '../../isa/registers';
import type { RegClass, Row } from '../../isa/types';
import { formsOf } from '../instructionText';
import { scanFile } from '../syntax/scan';
import type { SyntaxLine } from '../syntax/types';
import { operandIndexAt } from './cursor';

export interface OperandFit {
  /** Rank of a register, or undefined when it cannot stand here. */
  register(cls: RegClass, num: number, name: string): number | undefined;
  /** Words for sizes may stand here. */
  sizes: boolean;
  /** `short`, `near`, `far` may stand here. */
  jump: boolean;
  /** Nothing is known of what fits. */
  anything: boolean;
}

const GPR: ReadonlySet<RegClass> = new Set(['r8', 'r8h', 'r16', 'r32', 'r64']);
const ANYTHING: OperandFit = { register: () => 3, sizes: true, jump: true, anything: true };
const ADDRESS: OperandFit = {
  register: (cls, num, name) => {
    if (cls === 'r16') return ['bx', 'bp', 'si', 'di'].includes(name) ? 1 : undefined;
    if (cls === 'r32' || cls === 'r64') return num < 8 ? 1 : 2;
    return cls === 'sreg' ? 2 : undefined;
  },
  sizes: true,
  jump: false,
  anything: false,
};

/** `before` is the line up to the word being typed. */
export function fitAt(before: string): OperandFit {
  const opened = before.lastIndexOf('[');
  if (opened > before.lastIndexOf(']') && !/^\s*\[/.test(before)) return ADDRESS;
  const line = scanFile('', `${before}x`, 'nasm').lines[0];
  const head = line?.head?.text.toLowerCase();
  if (!line || head === undefined || line.kind !== 'instruction') return ANYTHING;
  const forms = formsOf(head);
  const index = operandIndexAt(line, before.length);
  if (forms.length === 0 || index === undefined) return ANYTHING;
  const fitting = forms.filter((row) => row.ops.length > index && givenFit(row, line, index));
  const specs = (fitting.length > 0 ? fitting : forms).flatMap((row) => {
    const op = row.ops[index];
    return op ? [OPERANDS[op]] : [];
  });
  const given = sizeGiven(line, index);
  return {
    register: (cls, num) => rankOf(specs, cls, num, given),
    sizes: specs.some(({ mem, place }) => mem || place === 'imm'),
    jump: specs.some(({ place }) => place === 'rel' || place === 'far'),
    anything: false,
  };
}

function rankOf(
  specs: readonly OperandSpec[],
  cls: RegClass,
  num: number,
  given: number | undefined,
): number | undefined {
  const size = lookupSize(cls);
  const isGpr = GPR.has(cls);
  let best: number | undefined;
  for (const spec of specs) {
    if (spec.cls === undefined || (spec.place === 'rm' && spec.memSize !== undefined && spec.cls === undefined))
      continue;
    const sameClass = spec.cls === 'gpr' ? isGpr : spec.cls === cls;
    if (!sameClass || (spec.num !== undefined && spec.place === 'fixed' && spec.num !== num)) continue;
    if (spec.cls === 'gpr' && !sizeFits(spec.size, size)) continue;
    const matches = given === undefined || !isGpr || spec.size === 1 || given === size;
    const rank = matches ? (num < 8 ? 1 : 2) : undefined;
    if (rank !== undefined && (best === undefined || rank < best)) best = rank;
  }
  return best;
}

const lookupSize = (cls: RegClass): number => ({ r8: 1, r8h: 1, r16: 2, r32: 4, r64: 8 })[cls as string] ?? 0;

const sizeFits = (wanted: number, size: number): boolean =>
  wanted > 0 ? wanted === size : wanted === Size.Y ? size >= 4 : size >= 2;

/** Size of the first general register before the operand: it usually decides for the others. */
function sizeGiven(line: SyntaxLine, index: number): number | undefined {
  for (const operand of line.operands.slice(0, index)) {
    const register = operand.length === 1 ? lookupRegister(operand[0]!.text) : undefined;
    if (register && GPR.has(register.cls)) return register.size;
  }
  return undefined;
}

/** Whether the operands before the one typed can be those of the row. */
function givenFit(row: Row, line: SyntaxLine, index: number): boolean {
  return line.operands.slice(0, index).every((operand, i) => {
    const spec = OPERANDS[row.ops[i]!];
    const first = operand[0];
    if (!first) return true;
    const register = operand.length === 1 ? lookupRegister(first.text) : undefined;
    if (register) {
      if (spec.num !== undefined && spec.num !== register.num) return false;
      return spec.cls === 'gpr'
        ? GPR.has(register.cls) && sizeFits(spec.size, register.size)
        : spec.cls === register.cls;
    }
    const isMemory = operand.some((token) => token.is('['));
    if (isMemory) return spec.mem === true || spec.place === 'moffs';
    return keyword(first.text)?.type === 'register' || ['imm', 'rel', 'far', 'fixed'].includes(spec.place);
  });
}
