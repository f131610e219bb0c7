// From parsed operands to what the encoder takes: evaluates expressions, sorts out base and index registers as NASM does,
// and notes which sections' addresses the values need.
import type { AsmFar, AsmImm, AsmMem, AsmOperand } from '../../isa/encodeTypes';
import { lookupRegister, registerName } from '../../isa/registers';
import type { RegOperand } from '../../isa/types';
import type { Expr } from '../expr/ast';
import { evaluate, type BaseHint, type EvaluationNotes } from '../expr/evaluate';
import { NO_SEGMENT, isJustUnknown, isRelocatable, isSelfRelative, segmentOf, type Value } from '../expr/value';
import type { ParsedOperand } from '../parse/statement';
import type { AssemblyState } from './state';

/** Segments whose addresses the final value is to be moved by, -1 for none. */
export interface Target {
  plus: number;
  minus: number;
  /** Value without any section's address. */
  value: bigint;
  /** The value was not known in this pass. */
  unknown: boolean;
  wrt?: number;
}

export interface Resolved {
  operand: AsmOperand;
  target: Target | undefined;
}

/** `branch`: an immediate is the target of a relative jump at `ip`. Undefined = an error was reported. */
export function resolveOperand(
  state: AssemblyState,
  parsed: ParsedOperand,
  branch: boolean,
  ip: bigint,
): Resolved | undefined {
  if (parsed.memory) return resolveMemory(state, parsed);
  if (parsed.expr.kind === 'register') return plainRegister(state, parsed, parsed.expr.register);
  const value = evaluate(parsed.expr, state);
  if (!value) return undefined;
  refuseWrt(state, value, parsed);
  if (value.regs) return resolveRegister(state, parsed, value);
  if (!isJustUnknown(value) && !isRelocatable(value, state.currentSegment)) {
    state.error('invalid operand type: the value depends on more than one section', parsed.token);
    return undefined;
  }
  const operand = branch ? branchTarget(state, parsed, value, ip) : immediate(state, parsed, value);
  return { operand: parsed.far ? { ...operand, far: true } : operand, target: targetOf(state, value) };
}

function refuseWrt(state: AssemblyState, value: Value, parsed: ParsedOperand): void {
  if (value.wrt !== undefined && state.final && state.facts.kind === 'flat')
    state.error('WRT not supported by binary output format', parsed.token);
}

function targetOf(state: AssemblyState, value: Value): Target {
  const minus = isSelfRelative(value, state.currentSegment) ? state.currentSegment : NO_SEGMENT;
  return {
    plus: segmentOf(value),
    minus,
    value: value.number,
    unknown: value.unknown !== undefined,
    wrt: value.wrt,
  };
}

function resolveRegister(state: AssemblyState, parsed: ParsedOperand, value: Value): Resolved | undefined {
  const [term, ...others] = value.regs!;
  const register = lookupRegister(term!.name);
  if (others.length > 0 || term!.factor !== 1n || value.number !== 0n || value.segs || value.unknown || !register) {
    state.error('invalid operand type: put addresses in brackets', parsed.token);
    return undefined;
  }
  return plainRegister(state, parsed, register);
}

function plainRegister(state: AssemblyState, parsed: ParsedOperand, register: RegOperand): Resolved {
  if (parsed.size !== undefined && parsed.size !== register.size && hasSize(register.cls)) {
    state.warn('regsize', 'invalid register size specification ignored', parsed.token);
  }
  let resolved = registers.get(register);
  if (!resolved) {
    const { cls, num, size } = register;
    registers.set(register, (resolved = { operand: { kind: 'reg', cls, num, size }, target: undefined }));
  }
  return resolved;
}

/** Every register is one operand. */
const registers = new Map<RegOperand, Resolved>();

const hasSize = (cls: string): boolean => cls.startsWith('r') || cls === 'mm' || cls.endsWith('mm');

type Size = AsmImm['size'];
const immediateSize = (size: number | undefined): Size =>
  size === 1 || size === 2 || size === 4 || size === 8 ? size : undefined;

function immediate(state: AssemblyState, parsed: ParsedOperand, value: Value): AsmImm {
  const relocatable = value.segs !== undefined || value.wrt !== undefined;
  // nasm takes the unknown for something small in its first pass, so that code only ever grows afterwards.
  return {
    kind: 'imm',
    value: value.unknown ? 1n : value.number,
    known: value.unknown ? !parsed.strict : true,
    size: immediateSize(parsed.size),
    strict: parsed.strict,
    jump: parsed.jump,
    relocatable,
  };
}

function branchTarget(state: AssemblyState, parsed: ParsedOperand, value: Value, ip: bigint): AsmImm {
  const near =
    value.unknown !== undefined || (segmentOf(value) === state.currentSegment && state.section !== undefined);
  // Unknown targets count as near by; those in other sections are patched in when addresses are known.
  const target = jumpTarget(parsed, value.unknown || !near ? ip : value.number);
  return near ? target : { ...target, known: false };
}

/** A target in reach of a relative jump. */
export const jumpTarget = (parsed: ParsedOperand, value: bigint): AsmImm => ({
  kind: 'imm',
  value,
  known: true,
  relocatable: true,
  size: immediateSize(parsed.size),
  strict: parsed.strict,
  jump: parsed.jump,
});

interface AddressParts {
  base: RegOperand | undefined;
  index: RegOperand | undefined;
  scale: bigint;
  number: bigint;
  segment: number;
  relative: boolean;
  unknown: boolean;
  wrt: number | undefined;
}

function resolveMemory(state: AssemblyState, parsed: ParsedOperand): Resolved | undefined {
  const hint: BaseHint = { kind: 'none', register: '' };
  const notes: EvaluationNotes = { forward: false, external: false, hint };
  const parts: AddressParts = {
    base: undefined,
    index: undefined,
    scale: 0n,
    number: 0n,
    segment: NO_SEGMENT,
    relative: false,
    unknown: false,
    wrt: undefined,
  };
  const { outer, splitIndex } = parsed;
  if (outer && !addPart(state, parsed, parts, outer, notes, hint)) return undefined;
  if (!addPart(state, parsed, parts, parsed.expr, notes, hint)) return undefined;
  if (splitIndex && !addPart(state, parsed, parts, splitIndex, notes, hint)) return undefined;
  if (splitIndex && parts.base) Object.assign(hint, { kind: 'base', register: nameOf(parts.base) });
  const vector = vectorClass(parts.index);
  const registers = vector === undefined ? arrange(parts, hint, parsed.nosplit) : arrangeVector(parts);
  const size = addressSize(parts, state.bits);
  if (!registers || size === undefined) {
    if (state.final) state.error(`invalid ${size ? size * 8 : state.bits}-bit effective address`, parsed.token);
    return undefined;
  }
  const { base, index, scale } = registers;
  const plain = base === -1 && index === -1;
  const operand: AsmMem = {
    kind: 'mem',
    size: parsed.size,
    strict: parsed.strict,
    seg: parsed.segment?.num,
    base,
    index,
    scale,
    regSize: plain ? undefined : size,
    vector,
    disp: parts.unknown ? 0n : parts.number,
    // Without registers nothing about the size of the address depends on its value.
    dispKnown: plain || !parts.unknown,
    dispRelocatable: parts.segment !== NO_SEGMENT || parts.relative,
    hasDisp: true,
    dispSize: parsed.displacementSize,
    // What is relative to here already must not become relative to RIP.
    rel: plain && parts.relative ? false : parsed.relative,
    // Base and index are final: nothing is left to be split.
    nosplit: true,
  };
  const target = {
    plus: parts.segment,
    minus: parts.relative ? state.currentSegment : NO_SEGMENT,
    value: parts.number,
    unknown: parts.unknown,
    wrt: parts.wrt,
  };
  return { operand: parsed.far ? { ...operand, far: true } : operand, target };
}

function addPart(
  state: AssemblyState,
  parsed: ParsedOperand,
  parts: AddressParts,
  expr: Expr,
  notes: EvaluationNotes,
  hint: BaseHint,
): boolean {
  hint.kind = 'none';
  const value = evaluate(expr, state, notes);
  if (!value) return false;
  refuseWrt(state, value, parsed);
  return addTerms(state, parsed, parts, value, expr === parsed.splitIndex);
}

const isGeneral = ({ cls }: RegOperand): boolean =>
  cls === 'r32' || cls === 'r64' || cls === 'r16' || cls === 'r8' || cls === 'r8h';
const nameOf = ({ cls, num }: RegOperand): string => registerName(cls, num);

function badAddress(state: AssemblyState, parsed: ParsedOperand, what: string): false {
  state.error(`invalid effective address: ${what}`, parsed.token);
  return false;
}

/** Adds the terms of a value: the first register without a factor is the base, another the index. */
function addTerms(
  state: AssemblyState,
  parsed: ParsedOperand,
  parts: AddressParts,
  value: Value,
  asIndex: boolean,
): boolean {
  for (const { name, factor } of value.regs ?? NO_TERMS) {
    const register = lookupRegister(name)!;
    const general = isGeneral(register);
    if (!asIndex && general && factor === 1n && !parts.base) parts.base = register;
    else if (!parts.index) {
      parts.index = register;
      parts.scale = factor;
    } else if (!parts.base) return badAddress(state, parsed, 'two index registers');
    else return badAddress(state, parsed, general ? 'too many registers' : 'impossible register');
  }
  if (value.unknown) parts.unknown = true;
  parts.wrt ??= value.wrt;
  parts.number += value.number;
  for (const term of value.segs ?? NO_TERMS) {
    if (term.factor === 1n) {
      if (parts.segment !== NO_SEGMENT) return badAddress(state, parsed, 'multiple base segments');
      parts.segment = term.segment;
    } else if (term.factor === -1n && term.segment === state.currentSegment && !parts.relative) parts.relative = true;
    else return badAddress(state, parsed, 'impossible segment base multiplier');
  }
  return true;
}

const NO_TERMS: readonly never[] = [];

/** Bytes of the registers; undefined when they do not go together. */
function addressSize({ base, index }: AddressParts, bits: number): 2 | 4 | 8 | undefined {
  const vector = vectorClass(index) !== undefined;
  if (vector && !base) return (bits / 8) as 2 | 4 | 8;
  const counted = vector ? undefined : index;
  const size = (base ?? counted)?.size ?? 4;
  if (counted && counted.size !== size) return undefined;
  return size === 2 || size === 4 || size === 8 ? size : undefined;
}

interface Arranged {
  base: number;
  index: number;
  scale: 1 | 2 | 4 | 8;
}

/** XMM or YMM as the index of a gather. */
const vectorClass = (register: RegOperand | undefined): 'xmm' | 'ymm' | undefined =>
  register?.cls === 'xmm' || register?.cls === 'ymm' ? register.cls : undefined;

function arrangeVector({ base, index, scale: factor }: AddressParts): Arranged | undefined {
  const scale = Number(factor);
  if (scale !== 1 && scale !== 2 && scale !== 4 && scale !== 8) return undefined;
  return { base: base ? base.num : -1, index: index!.num, scale };
}

const SP = 4;

/** NASM's choice of base and index (manual, "Effective Addresses"); undefined when the address cannot be encoded. */
function arrange(parts: AddressParts, hint: BaseHint, nosplit: boolean): Arranged | undefined {
  const { base: first, index: second } = parts;
  if ((first && !isGeneral(first)) || (second && !isGeneral(second))) return undefined;
  let base = first ? first.num : -1;
  let index = second ? second.num : -1;
  let scale = second ? Number(parts.scale) : 1;
  if (first?.size === 2 || second?.size === 2) return scale === 1 ? { base, index, scale } : undefined;
  const baseHinted = first !== undefined && hint.register === nameOf(first);
  const indexHinted = second !== undefined && hint.register === nameOf(second);
  if (base >= 0 && index >= 0 && scale === 1 && base !== index) {
    if ((baseHinted && hint.kind === 'notBase') || (indexHinted && hint.kind === 'base')) [base, index] = [index, base];
  }
  if (base < 0 && scale === 1 && !(indexHinted && hint.kind === 'notBase')) [base, index] = [index, base];
  const doubled = scale === 2 && index !== SP && (!nosplit || hint.kind === 'summed');
  if (base < 0 && index >= 0 && (doubled || scale === 3 || scale === 5 || scale === 9)) {
    base = index;
    scale--;
  }
  if (index < 0 && base >= 0 && (base & 7) !== SP && nosplit && baseHinted && hint.kind === 'notBase') {
    [base, index] = [index, base];
    scale = 1;
  }
  if (scale === 1 && index === SP) [base, index] = [index, base];
  if (index === SP || (index >= 0 && scale !== 1 && scale !== 2 && scale !== 4 && scale !== 8)) return undefined;
  return { base, index, scale: (index < 0 ? 1 : scale) as 1 | 2 | 4 | 8 };
}

/** `selector:offset`. */
export function resolveFar(
  state: AssemblyState,
  selector: ParsedOperand,
  offset: ParsedOperand,
): { operand: AsmFar; targets: [Target, Target] } | undefined {
  const values = [selector, offset].map((part) => evaluate(part.expr, state));
  const [first, second] = values;
  if (!first || !second) return undefined;
  for (const [value, part] of [
    [first, selector],
    [second, offset],
  ] as const) {
    if (isJustUnknown(value) || isRelocatable(value, state.currentSegment)) continue;
    state.error('invalid operand type: a far pointer is selector:offset', part.token);
    return undefined;
  }
  if (selector.size !== undefined && offset.size !== undefined) {
    state.error('mismatch in operand sizes: a far pointer has one size, written once', offset.token);
    return undefined;
  }
  const size = [selector.size, offset.size].find((bytes) => bytes === 2 || bytes === 4) as 2 | 4 | undefined;
  const operand: AsmFar = {
    kind: 'far',
    selector: first.number,
    offset: second.number,
    known: !first.unknown && !second.unknown,
    ...(size === undefined ? {} : { size }),
  };
  return { operand, targets: [targetOf(state, first), targetOf(state, second)] };
}

/** `far label`: the label's segment and offset. */
export function resolveFarLabel(
  state: AssemblyState,
  parsed: ParsedOperand,
): { operand: AsmFar; targets: [Target, Target] } | undefined {
  const value = evaluate(parsed.expr, state);
  if (!value) return undefined;
  const segment = segmentOf(value);
  if (!isJustUnknown(value) && (value.regs || segment === NO_SEGMENT)) {
    state.error('a far address is a label, or selector:offset: this is neither', parsed.token);
    return undefined;
  }
  const offset = targetOf(state, value);
  const base = segment === NO_SEGMENT ? NO_SEGMENT : state.segmentBase(segment);
  const selector = { ...offset, plus: base, minus: NO_SEGMENT, value: 0n };
  const size = parsed.size === 2 ? { size: 2 as const } : parsed.size === 4 ? { size: 4 as const } : {};
  const operand: AsmFar = { kind: 'far', selector: 0n, offset: value.number, known: !value.unknown, ...size };
  return { operand, targets: [selector, offset] };
}
