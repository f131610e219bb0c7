// Decides whether written operands fit a form of the table at one operand size, with NASM's rules for sizes: registers
// and size keywords fix the operand size, unsized memory takes the size of a register or sized immediate beside it.
import { hasRegisters, isDirectOffset } from './encodeAddress';
import type { AsmFar, AsmImm, AsmMem, AsmOperand, AsmReg, AsmRequest } from './encodeTypes';
import type { Form } from './form';
import { type OperandSpec, Size, sizeOf } from './operands';
import { REGISTER_NAMES } from './registers';
import type { OperandPattern, RegClass } from './types';

/** How well a form fits, ordered as NASM ranks its errors. */
export const enum Fit {
  Invalid = 0,
  /** Fits, but the size of the memory operand is not given. */
  SizeMissing = 1,
  SizeMismatch = 2,
  Ok = 3,
}

export interface FormFit {
  fit: Fit;
  /** True when an operand fixes the operand size. */
  pinned: boolean;
  /** Size of the unsized memory operand, when `fit` is SizeMissing; -1 when NASM would not guess it. */
  memSize: number;
}

const FREE_MEMORY: ReadonlySet<OperandPattern> = new Set(['m', 'm16&z', 'mv2', 'm512']);
/** Forms whose operand size is the mode's default when nothing says otherwise. */
const DEFAULT_SIZED: ReadonlySet<string> = new Set([
  'jmp_ind',
  'call_ind',
  'jmp_far',
  'call_far',
  'vcvtsi2ss',
  'vcvtsi2sd',
]);
const LENDING_IMMEDIATES: ReadonlySet<OperandPattern> = new Set(['imm8', 'imm8s', 'immz', 'immv']);
/** The register beside the memory operand does not tell its size. */
const NEVER_LENDING: ReadonlySet<string> = new Set(['crc32', 'movd']);
const NOT_LENDING: ReadonlySet<OperandPattern> = new Set(['cl', 'dx']);
const WIDE_IMMEDIATE: ReadonlySet<string> = new Set(['mov', 'imul', 'push']);

const INVALID: FormFit = { fit: Fit.Invalid, pinned: false, memSize: 0 };

const GENERAL = 5;
const CLASSES: readonly RegClass[] = Object.keys(REGISTER_NAMES) as RegClass[];
const isGeneral = (cls: RegClass): boolean => cls === 'r8h' || cls.startsWith('r');
/** By register class: all general registers are one kind. */
const KINDS = new Map(CLASSES.map((cls, index) => [cls, isGeneral(cls) ? GENERAL - 1 : GENERAL + index]));
const MOST_KINDS = 32;

/** A number for the kinds of the operands: registers by class, memory, immediate, far pointer. */
export function kindsOf(operands: readonly AsmOperand[]): number {
  let kinds = 0;
  for (const operand of operands) kinds = kinds * MOST_KINDS + kindOf(operand);
  return kinds;
}

function kindOf(operand: AsmOperand): number {
  switch (operand.kind) {
    case 'reg':
      return KINDS.get(operand.cls)!;
    case 'mem':
      return 1;
    case 'imm':
      return 2;
    case 'far':
      return 3;
  }
}

/** False when the form takes no operands of these kinds, whatever their sizes and values. */
export const acceptsKinds = (form: Form, operands: readonly AsmOperand[]): boolean =>
  operands.length === form.specs.length && operands.every((operand, i) => acceptsKind(form, operand, form.specs[i]!));

function acceptsKind(form: Form, operand: AsmOperand, spec: OperandSpec): boolean {
  switch (operand.kind) {
    case 'reg':
      return spec.cls === 'gpr' ? isGeneral(operand.cls) : spec.cls === operand.cls;
    case 'mem':
      return spec.mem !== undefined;
    case 'far':
      return spec.place === 'far';
    case 'imm':
      if (spec.place === 'fixed') return spec.cls === undefined;
      return spec.place === 'rel' || spec.place === 'imm' || (form.row.sem === 'lea' && spec.place === 'rm');
  }
}

export function matchForm(form: Form, request: AsmRequest, opSize: number): FormFit {
  const { operands, bits } = request;
  if (operands.length !== form.specs.length) return INVALID;
  if (isNopInLongMode(form, request, opSize)) return INVALID;
  let pinned = false;
  let fit = Fit.Ok;
  let memSize = 0;
  for (let i = 0; i < operands.length; i++) {
    const spec = form.specs[i]!;
    const pattern = form.row.ops[i]!;
    const one = matchOperand(form, request, operands[i]!, spec, pattern, opSize);
    if (one.fit === Fit.Invalid) return INVALID;
    if (one.fit === Fit.SizeMismatch) fit = Fit.SizeMismatch;
    pinned ||= one.pinned;
  }
  for (let i = 0; i < operands.length && fit === Fit.Ok; i++) {
    const operand = operands[i]!;
    if (operand.kind !== 'mem' || operand.size !== undefined) continue;
    const pattern = form.row.ops[i]!;
    const spec = form.specs[i]!;
    const size = sizeOf(spec.place === 'moffs' ? spec.size : (spec.memSize ?? 0), opSize, bits);
    if (size === 0 || FREE_MEMORY.has(pattern) || pattern === 'm16:v' || DEFAULT_SIZED.has(form.row.sem)) continue;
    if (!lends(form, request, size, opSize)) {
      fit = Fit.SizeMissing;
      memSize = operands.some((other) => other.kind === 'imm' && other.size === 8) ? -1 : size;
    }
  }
  return { fit, pinned, memSize };
}

/** XCHG EAX, EAX clears the high half of RAX in 64-bit code, but its one-byte form there is NOP. */
const isNopInLongMode = (form: Form, { operands, bits }: AsmRequest, opSize: number): boolean =>
  form.row.sem === 'xchg' &&
  form.plus === 'r' &&
  bits === 64 &&
  opSize === 4 &&
  operands.every((operand) => operand.kind === 'reg' && operand.num === 0);

/** Whether a register or sized immediate beside the memory operand gives it `size`. */
function lends(form: Form, request: AsmRequest, size: number, opSize: number): boolean {
  if (NEVER_LENDING.has(form.row.mn)) return false;
  return request.operands.some((operand, i) => {
    const pattern = form.row.ops[i]!;
    const spec = form.specs[i]!;
    if (operand.kind === 'reg') return !NOT_LENDING.has(pattern) && sizeOf(spec.size, opSize, request.bits) === size;
    return operand.kind === 'imm' && LENDING_IMMEDIATES.has(pattern) && operand.size === size && size < 8;
  });
}

interface OperandFit {
  fit: Fit;
  pinned: boolean;
}
const NO: OperandFit = { fit: Fit.Invalid, pinned: false };
const MISMATCH: OperandFit = { fit: Fit.SizeMismatch, pinned: false };
const PINNED: OperandFit = { fit: Fit.Ok, pinned: true };
const UNPINNED: OperandFit = { fit: Fit.Ok, pinned: false };
const ok = (pinned: boolean): OperandFit => (pinned ? PINNED : UNPINNED);
const followsV = (spec: OperandSpec): boolean => spec.size < 0 && spec.size !== Size.Table;

function matchOperand(
  form: Form,
  request: AsmRequest,
  operand: AsmOperand,
  spec: OperandSpec,
  pattern: OperandPattern,
  opSize: number,
): OperandFit {
  const far = form.row.sem === 'jmp_far' || form.row.sem === 'call_far';
  switch (operand.kind) {
    case 'reg':
      return matchRegister(operand, spec, request, opSize) ? ok(followsV(spec)) : NO;
    case 'mem':
      if (operand.far === true && !far) return pattern === 'm16:v' || pattern === 'm16&z' ? MISMATCH : NO;
      return matchMemory(form, operand, spec, pattern, request, opSize, operand.far === true);
    case 'imm':
      return operand.far ? NO : matchImmediate(form, operand, spec, pattern, request, opSize);
    case 'far':
      return matchFar(operand, spec, opSize);
  }
}

function matchRegister(operand: AsmReg, spec: OperandSpec, request: AsmRequest, opSize: number): boolean {
  if (spec.cls === undefined) return false;
  if (spec.cls === 'gpr') {
    if (!isGeneral(operand.cls) || operand.size !== sizeOf(spec.size, opSize, request.bits)) return false;
    if (spec.lowByte && operand.cls === 'r8h') return false;
    return spec.place !== 'fixed' || (operand.num === spec.num && operand.cls !== 'r8h');
  }
  return operand.cls === spec.cls && (spec.place !== 'fixed' || operand.num === spec.num);
}

function matchMemory(
  form: Form,
  operand: AsmMem,
  spec: OperandSpec,
  pattern: OperandPattern,
  request: AsmRequest,
  opSize: number,
  far: boolean,
): OperandFit {
  if (spec.mem === undefined || operand.vector !== spec.vector) return NO;
  if (spec.place === 'moffs' && !isDirectOffset(operand, request, request.bits)) return NO;
  if (pattern === 'm16:v') {
    if (form.row.sem === 'lds_far') return operand.size === undefined ? ok(false) : MISMATCH;
    if (!far) return NO;
    return operand.size === undefined ? ok(false) : operand.size === opSize ? ok(true) : MISMATCH;
  }
  if (operand.size === undefined) return ok(false);
  if (form.row.sem === 'lea') return ok(false);
  if (FREE_MEMORY.has(pattern)) return MISMATCH;
  const size = sizeOf(spec.place === 'moffs' ? spec.size : (spec.memSize ?? 0), opSize, request.bits);
  return operand.size === size ? ok(followsV(spec) && (spec.memSize === undefined || spec.memSize < 0)) : MISMATCH;
}

function matchImmediate(
  form: Form,
  operand: AsmImm,
  spec: OperandSpec,
  pattern: OperandPattern,
  request: AsmRequest,
  opSize: number,
): OperandFit {
  const fixedValue = operand.known && !operand.relocatable && operand.size === undefined;
  switch (spec.place) {
    case 'fixed':
      return spec.cls === undefined && fixedValue && operand.value === BigInt(spec.num!) ? ok(false) : NO;
    case 'rel':
      return matchBranch(form, operand, pattern, request, opSize);
    case 'imm':
      break;
    default:
      // NASM takes `lea reg, value` as the address without brackets.
      return form.row.sem === 'lea' && spec.place === 'rm' ? ok(false) : NO;
  }
  if (pattern === 'imm8s') return matchSignedByte(form, operand, request, opSize);
  const size = sizeOf(spec.size, opSize, request.bits);
  if (operand.size === undefined) return ok(false);
  if (operand.size === size) {
    if (opSize !== 8 || size !== 4) return ok(followsV(spec));
    return WIDE_IMMEDIATE.has(form.row.mn) ? ok(form.row.mn === 'push') : MISMATCH;
  }
  if (opSize === 8 && pattern === 'immz' && operand.size === 8) {
    // `mov r64, qword x` means the form with a 64-bit immediate.
    return form.row.mn === 'mov' && request.operands[0]!.kind === 'reg' ? MISMATCH : ok(true);
  }
  const isCount =
    pattern === 'imm8u' && (form.vex !== undefined || (form.specs.length === 2 && form.specs[0]!.place === 'rm'));
  return isCount ? NO : MISMATCH;
}

/** The sign-extended byte form: asked for with `byte`, or chosen when the final value fits. */
function matchSignedByte(form: Form, operand: AsmImm, request: AsmRequest, opSize: number): OperandFit {
  if (operand.size === 1) return ok(false);
  if (request.optimize === 'none') return NO;
  const sized = operand.size !== undefined;
  if (sized && operand.size !== opSize && !(opSize === 8 && operand.size === 4 && form.row.mn === 'push'))
    return MISMATCH;
  if (operand.strict || !operand.known || operand.relocatable) return NO;
  const fits = BigInt.asUintN(Math.min(opSize, 4) * 8, operand.value + 128n) <= 255n;
  return fits ? ok(sized) : NO;
}

function matchBranch(
  form: Form,
  operand: AsmImm,
  pattern: OperandPattern,
  request: AsmRequest,
  opSize: number,
): OperandFit {
  const { sem } = form.row;
  const optional = sem === 'jmp' || sem === 'jcc';
  if (pattern === 'rel8') {
    if (!optional) return operand.jump === undefined && operand.size === undefined ? ok(false) : MISMATCH;
    if (operand.jump === 'short') return ok(false);
    const shortens = request.optimize === 'none' ? sem === 'jcc' : request.optimize !== 'minimal';
    const automatic = shortens && operand.jump === undefined && operand.size === undefined && !operand.strict;
    return automatic && operand.known && operand.relocatable ? ok(false) : NO;
  }
  if (operand.jump === 'short') return optional ? NO : MISMATCH;
  if (operand.size === undefined) return ok(false);
  return operand.size === opSize && (sem !== 'jcc' || operand.jump === 'near') ? ok(true) : MISMATCH;
}

function matchFar(operand: AsmFar, spec: OperandSpec, opSize: number): OperandFit {
  if (spec.place !== 'far') return NO;
  if (operand.size === undefined) return ok(false);
  return operand.size === opSize ? ok(true) : MISMATCH;
}

/** Registers that exist only in 64-bit code. */
export const needsLongMode = (operand: AsmOperand, spec: OperandSpec): boolean =>
  operand.kind === 'reg'
    ? operand.cls === 'r64' ||
      (operand.cls === 'r8' && operand.num >= 4 && !spec.lowByte) ||
      (operand.cls !== 'r8h' && operand.num >= 8)
    : operand.kind === 'mem' &&
      hasRegisters(operand) &&
      (operand.regSize === 8 || operand.base >= 8 || operand.index >= 8);
