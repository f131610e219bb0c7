// db and its kin, resb and its kin, incbin.
import { isConstant } from '../expr/ast';
import { evaluate } from '../expr/evaluate';
import { NO_SEGMENT, isSimple, type Value } from '../expr/value';
import { floatConstant, formatOfSize } from '../text/floats';
import { byteStringToBytes } from '../text/bytes';
import type { Body, DataItem } from '../parse/statement';
import type { Token } from '../token/token';
import { acceptsData, noteRelocation } from './place';
import type { Section } from './section';
import type { AssemblyState } from './state';

type DataBody = Extract<Body, { kind: 'data' }>;
type ReserveBody = Extract<Body, { kind: 'reserve' }>;
type IncbinBody = Extract<Body, { kind: 'incbin' }>;

export function dataSize(state: AssemblyState, body: DataBody): number {
  if (typeof body.memo === 'number') return body.memo;
  const size = listSize(state, body.items);
  if (isSteady(body.items)) body.memo = size;
  return size;
}

/** Whether the `dup` counts are plain numbers. */
const isSteady = (items: readonly DataItem[]): boolean =>
  items.every(
    (item) =>
      item.repeat.every((dup) => isConstant(dup.count)) && (item.value.kind !== 'list' || isSteady(item.value.items)),
  );

function listSize(state: AssemblyState, items: readonly DataItem[]): number {
  let size = 0;
  for (const item of items) size += repetitions(state, item) * valueSize(state, item);
  return size;
}

function valueSize(state: AssemblyState, item: DataItem): number {
  const { value, unit } = item;
  switch (value.kind) {
    case 'string':
      return Math.ceil(value.bytes.length / unit) * unit;
    case 'list':
      return listSize(state, value.items);
    case 'float':
      return formatOfSize(unit) ? unit : 0;
    default:
      return unit;
  }
}

/** Product of the `dup` factors. */
function repetitions(state: AssemblyState, item: DataItem): number {
  let count = 1;
  for (const dup of item.repeat) {
    const value = evaluate(dup.count, state);
    if (!value) return 0;
    if (!isSimple(value)) state.error('non-constant argument supplied to DUP', dup.token);
    else if (value.number < 0n) state.error('negative argument supplied to DUP', dup.token);
    else {
      count *= Number(value.number);
      continue;
    }
    return 0;
  }
  return count;
}

export interface Placed {
  length: number;
  pieces: readonly number[];
}

/** Final pass: appends the data to the section, and tells which parts are only reserved (negative lengths). */
export function emitData(state: AssemblyState, body: DataBody): Placed {
  const size = dataSize(state, body);
  const pieces: number[] = [];
  if (size === 0) {
    // Nothing comes of it, but what is written must still be right.
    return { length: 0, pieces };
  }
  const onlySpace = body.items.every((item) => item.value.kind === 'space');
  if (onlySpace ? !state.section || state.section.nobits : !acceptsData(state, body.token)) {
    return { length: size, pieces: onlySpace ? [-size] : [] };
  }
  if (state.section!.contents.length + size > state.limits.bytes) return { length: size, pieces };
  emitList(state, state.section!, body.items, body.token, pieces);
  return { length: size, pieces };
}

function emitList(
  state: AssemblyState,
  section: Section,
  items: readonly DataItem[],
  token: Token,
  pieces: number[],
): void {
  for (const item of items) {
    const count = repetitions(state, item);
    if (item.value.kind === 'space') {
      const bytes = count * item.unit;
      state.warn('zeroing', `uninitialized space declared in ${section.name} section: zeroing`, token);
      section.contents.fill(bytes);
      pieces.push(-bytes);
      continue;
    }
    const before = section.contents.length;
    for (let i = 0; i < count; i++) {
      if (item.value.kind === 'list') emitList(state, section, item.value.items, token, pieces);
      else emitValue(state, section, item, token);
    }
    if (item.value.kind !== 'list') pieces.push(section.contents.length - before);
  }
}

function emitValue(state: AssemblyState, section: Section, item: DataItem, token: Token): void {
  const { value, unit } = item;
  if (value.kind === 'string') {
    section.contents.append(byteStringToBytes(value.bytes));
    const rest = value.bytes.length % unit;
    if (rest > 0) section.contents.fill(unit - rest);
  } else if (value.kind === 'float') {
    emitFloat(state, section, value, unit);
  } else if (value.kind === 'expression') {
    const result = evaluate(value.expr, state);
    if (result && unit > 8)
      state.error(`integer supplied as ${unit * 8}-bit data: write a floating-point or string constant`, value.token);
    else if (result) {
      emitNumber(state, section, result, unit, value.token);
      return;
    }
    section.contents.fill(unit);
  } else state.error('invalid data', token);
}

function emitFloat(
  state: AssemblyState,
  section: Section,
  value: { text: string; negative: boolean; token: Token },
  unit: number,
): void {
  const format = formatOfSize(unit);
  if (!format) {
    state.error(`no ${unit * 8}-bit floating-point format supported`, value.token);
    return;
  }
  const result = floatConstant(value.text, value.negative, format, state.floatMode);
  if (result.error) state.error(result.error, value.token);
  if (result.warning) state.warn(result.warning.code, result.warning.message, value.token);
  section.contents.append(result.bytes);
}

const UNIT_NAMES: Readonly<Record<number, string>> = { 1: 'byte', 2: 'word', 4: 'dword', 8: 'qword' };

function emitNumber(state: AssemblyState, section: Section, value: Value, unit: number, token: Token): void {
  const at = section.contents.length;
  let plus = NO_SEGMENT;
  let minus = NO_SEGMENT;
  let bad = value.regs !== undefined;
  for (const term of value.segs ?? []) {
    if (term.factor === 1n && plus === NO_SEGMENT) plus = term.segment;
    else if (term.factor === -1n && term.segment === section.segment && minus === NO_SEGMENT) minus = term.segment;
    else bad = true;
  }
  if (bad) state.error('expression is not simple or relocatable', token);
  if (value.wrt !== undefined && state.facts.kind === 'flat')
    state.error('WRT not supported by binary output format', token);
  const number = value.unknown || bad ? 0n : value.number;
  section.contents.appendNumber(number, unit);
  if (bad || (plus === NO_SEGMENT && minus === NO_SEGMENT)) {
    const bits = BigInt(unit * 8);
    if (unit < 8 && (number < -(1n << (bits - 1n)) || number >= 1n << bits)) {
      state.warn('number-overflow', `${UNIT_NAMES[unit]} data exceeds bounds`, token);
    }
    return;
  }
  noteRelocation(
    state,
    section,
    { at, size: unit, value: number, plus, minus, relative: minus !== NO_SEGMENT, shown: number, wrt: value.wrt },
    token,
  );
}

/** Bytes that resb and its kin reserve; 0 after an error. */
export function reserveSize(state: AssemblyState, body: ReserveBody): number {
  const [operand, ...more] = body.operands;
  if (!operand || more.length > 0 || operand.memory || operand.colon) {
    if (state.final)
      state.error('invalid combination of opcode and operands: one number is expected', operand?.token ?? body.token);
    return 0;
  }
  const value = evaluate(operand.expr, state);
  if (!value) return 0;
  if (value.unknown && !value.regs) {
    state.warn('forward', 'forward reference in RESx can have unpredictable results', operand.token);
    return 0;
  }
  if (value.regs || value.segs) {
    state.error('attempt to reserve non-constant quantity of BSS space', operand.token);
    return 0;
  }
  if (value.number < 0n) {
    if (state.final) state.error(`cannot reserve a negative amount of space (${value.number})`, operand.token);
    return 0;
  }
  const bytes = Number(value.number) * body.unit;
  if (bytes <= Number.MAX_SAFE_INTEGER / 2) return bytes;
  state.error(`cannot reserve ${value.number} units`, operand.token);
  return 0;
}

/** The part of the file that incbin takes; undefined after an error. */
export function incbinBytes(state: AssemblyState, body: IncbinBody): Uint8Array | undefined {
  const found = state.files.binary(body.path, state.place.at.file);
  if (!found) {
    state.error(`\`incbin': unable to open file \`${body.path}': check the name and the include paths`, body.token);
    return undefined;
  }
  const numbers = [body.skip, body.length].map((expr, index) => {
    const value = expr && state.critically(() => evaluate(expr, state));
    if (!expr) return { given: false, value: 0n };
    if (!value) return undefined;
    if (isSimple(value)) return { given: true, value: value.number };
    state.error(`\`incbin': ${index === 0 ? 'second' : 'third'} parameter is non-numeric`, expr.token);
    return undefined;
  });
  const [skip, length] = numbers;
  if (!skip || !length) return undefined;
  const from = skip.value < 0n ? 0 : Number(skip.value);
  const rest = found.bytes.subarray(Math.min(from, found.bytes.length));
  if (!length.given || length.value < 0n || BigInt(rest.length) <= length.value) return rest;
  return rest.subarray(0, Number(length.value));
}
