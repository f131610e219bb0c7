// A form is what one handler serves: a semantic function together with everything the handler's code depends on (operation
// size, operand kinds, addressing flavour, condition, repeat prefix). Its key is its name in tables; forms parse from keys.
import type { CodeBits, Insn, MemOperand, Operand } from '../isa/types';

/**
 * How memory operands are addressed: F = 32-bit offsets in a flat segment (no segment arithmetic), S = 16-bit offsets in any
 * segment, G = 32-bit offsets in any segment. In 64-bit code: Q = 64-bit offsets, L = 32-bit ones, A = a 64-bit absolute
 * address; H, M and B likewise with the base of FS or GS. X appended: with an index register.
 */
export type Addressing =
  'F' | 'FX' | 'S' | 'SX' | 'G' | 'GX' | 'Q' | 'QX' | 'H' | 'HX' | 'L' | 'LX' | 'M' | 'MX' | 'A' | 'B' | '';
/** Stack addressing, likewise; '' when the instruction does not use the stack. */
export type StackAddressing = 'F' | 'S' | 'G' | 'Q' | '';

/** Flavours of 64-bit code: linear addresses are i64. */
export const isLong = (memory: Addressing): boolean => memory !== '' && 'QHLMAB'.includes(memory[0]);

export interface Form {
  key: string;
  sem: string;
  /** Operation size in bytes. */
  size: number;
  /**
   * `r1 r2 r4 r8` register, `m0 m1 m2 m4 m8..` memory, `i` immediate, `I` 64-bit immediate, `j` relative target, `c` CL,
   * `v8 v16 v32` MMX, XMM, YMM register, `x` other.
   */
  shapes: readonly string[];
  memory: Addressing;
  stack: StackAddressing;
  /** Address size for string, loop and jcxz instructions; 0 when irrelevant. */
  address: number;
  cc: number;
  /** 0, 0xf2, 0xf3. */
  rep: number;
  /** `nf`: nobody reads the flags; `bt`: the branch target is outside the CS limit, or not canonical; `z`: shift count zero; `fc`: CS is flat. */
  marks: readonly string[];
}

/** Code context that selects flavours: CS.L, CS.D, SS.B and whether CS, DS, ES and SS are all flat (base 0, limit 4 GB, writable). */
export interface CodeContext {
  long: boolean;
  code32: boolean;
  stack32: boolean;
  flat: boolean;
}

export const codeBitsOf = (context: CodeContext): CodeBits => (context.long ? 64 : context.code32 ? 32 : 16);

const STACK_USERS = new Set([
  'push',
  'pop',
  'call',
  'call_ind',
  'ret',
  'leave',
  'pushf',
  'popf',
  'push_sreg',
  'pop_sreg',
]);
/** Their register operand does not give their size. */
const SIZED_BY_STACK = new Set(['push_sreg', 'pop_sreg']);
const ADDRESS_USERS = new Set([
  'movs',
  'cmps',
  'scas',
  'lods',
  'stos',
  'loop',
  'loope',
  'loopne',
  'jcxz',
  'xlat',
  'lea',
]);
const CHECKED_JUMPS = new Set(['call_ind', 'jmp_ind', 'ret']);
export const STRING_SEMS = new Set(['movs', 'cmps', 'scas', 'lods', 'stos']);
/** ES, SS, DS: the segments that a flat context vouches for (CS is flat too, but not writable). */
const FLAT_SEGMENTS: ReadonlySet<number> = new Set([0, 2, 3]);
const IMPLICIT_MEMORY = new Set(['movs', 'cmps', 'scas', 'lods', 'stos', 'xlat']);

/** A 64-bit immediate that is not a sign-extended 32-bit one. */
export const isWide = (value: bigint): boolean => BigInt.asIntN(64, value) !== BigInt.asIntN(32, value);

/** The shape has its register in the record. */
export const isRegister = (shape: string): boolean => shape[0] === 'r' || shape[0] === 'v';

function shapeOf(operand: Operand, implicitCount: boolean): string {
  switch (operand.kind) {
    case 'reg':
      if (operand.cls === 'mm' || operand.cls === 'xmm' || operand.cls === 'ymm') return `v${operand.size}`;
      if (operand.cls !== 'r8' && operand.cls !== 'r8h' && !/^r(16|32|64)$/.test(operand.cls)) return 'x';
      return implicitCount ? 'c' : `r${operand.size}`;
    case 'mem':
      return `m${operand.size}`;
    case 'imm':
      return operand.value64 !== undefined && isWide(operand.value64) ? 'I' : 'i';
    case 'rel':
      return 'j';
    default:
      return 'x';
  }
}

export function operationSize(insn: Insn): number {
  if (insn.row?.size) return insn.row.size;
  if (SIZED_BY_STACK.has(insn.row?.sem ?? '')) return insn.opSize;
  const first = insn.operands[0];
  if (first?.kind === 'reg' && first.size > 0) return first.size;
  if (first?.kind === 'mem' && first.size > 0) return first.size;
  return insn.opSize;
}

export function formKey(insn: Insn, context: CodeContext, marks: readonly string[]): string {
  const row = insn.row!;
  let registers = 0;
  let memory: Addressing = '';
  const shapes: string[] = [];
  for (const [i, operand] of insn.operands.entries()) {
    const shape = shapeOf(operand, registers >= 2 && row.ops[i] === 'cl');
    if (shape[0] === 'r') registers++;
    if (operand.kind === 'mem') {
      const indexed = operand.index >= 0 && operand.vector === undefined;
      if (context.long) memory = longAddressing(operand, row.sem === 'lea');
      else if (operand.addrSize === 2) memory = indexed ? 'SX' : 'S';
      else if (row.sem === 'lea' || (context.flat && FLAT_SEGMENTS.has(operand.seg))) memory = indexed ? 'FX' : 'F';
      else memory = indexed ? 'GX' : 'G';
    }
    shapes.push(shape);
  }
  if (IMPLICIT_MEMORY.has(row.sem)) {
    const flat = context.flat && insn.addrSize === 4 && (insn.segPrefix < 0 || FLAT_SEGMENTS.has(insn.segPrefix));
    memory = flat ? 'F' : insn.addrSize === 2 ? 'S' : 'G';
    if (context.long) memory = longImplicit(insn);
  }
  const stack = STACK_USERS.has(row.sem) ? stackAddressing(context) : '';
  const all = CHECKED_JUMPS.has(row.sem) && context.flat && !context.long ? [...marks, 'fc'] : marks;
  return [
    row.sem,
    operationSize(insn),
    shapes.join('.'),
    memory,
    stack,
    ADDRESS_USERS.has(row.sem) ? insn.addrSize : 0,
    insn.cc,
    STRING_SEMS.has(row.sem) ? insn.rep : 0,
    all.join('.'),
  ].join(',');
}

/** In a flat context it is as good as none; CS is flat, too, but not writable; FS and GS have bases in 64-bit code. */
const segmentClass = (seg: number): number => (seg < 0 ? 0 : FLAT_SEGMENTS.has(seg) ? 1 : seg < FS ? 2 : 3);

/** A number that tells forms of instructions in one context apart as `formKey` does; cheaper, but finer. */
export function formNumber(insn: Insn): number {
  let number = insn.rowIndex * 4 + (insn.opSize >> 2);
  number = number * 4 + (insn.addrSize >> 2);
  number = number * 4 + (insn.rep === 0 ? 0 : insn.rep - 0xf1);
  number = number * 4 + segmentClass(insn.segPrefix);
  let memory = 0;
  let wide = 0;
  for (const operand of insn.operands) {
    if (operand.kind === 'mem') {
      const index = operand.index < 0 ? 0 : operand.vector === undefined ? 1 : 2;
      memory = 1 + segmentClass(operand.seg) + 4 * index + (operand.disp64 === undefined ? 0 : 16);
    } else if (operand.kind === 'imm' && operand.value64 !== undefined && isWide(operand.value64)) wide = 1;
  }
  return (number * 32 + memory) * 2 + wide;
}

const FS = 4;

function longAddressing(operand: MemOperand, noAccess: boolean): Addressing {
  const based = operand.seg >= FS && !noAccess;
  if (operand.disp64 !== undefined) return based ? 'B' : 'A';
  const indexed = operand.index >= 0 && operand.vector === undefined;
  if (operand.addrSize === 8) return based ? (indexed ? 'HX' : 'H') : indexed ? 'QX' : 'Q';
  return based ? (indexed ? 'MX' : 'M') : indexed ? 'LX' : 'L';
}

function longImplicit(insn: Insn): Addressing {
  const based = insn.segPrefix >= FS;
  if (insn.addrSize === 8) return based ? 'H' : 'Q';
  return based ? 'M' : 'L';
}

const stackAddressing = (context: CodeContext): StackAddressing =>
  context.long ? 'Q' : !context.stack32 ? 'S' : context.flat ? 'F' : 'G';

export function parseForm(key: string): Form {
  const [sem, size, shapes, memory, stack, address, cc, rep, marks] = key.split(',');
  return {
    key,
    sem,
    size: Number(size),
    shapes: shapes === '' ? [] : shapes.split('.'),
    memory: memory as Addressing,
    stack: stack as StackAddressing,
    address: Number(address),
    cc: Number(cc),
    rep: Number(rep),
    marks: marks === '' ? [] : marks.split('.'),
  };
}
