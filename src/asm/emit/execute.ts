// Runs one statement in the current pass: defines its label, repeats it as `times` says, and sizes or emits what it holds.
import { PREFIX_ORDER } from '../../isa/encodeBytes';
import type { Statement } from '../assemblyLine';
import { evaluate } from '../expr/evaluate';
import { NO_SEGMENT, isRelocatable, isSimple, segmentOf } from '../expr/value';
import type { Body, ParsedLine } from '../parse/statement';
import type { Token } from '../token/token';
import { dataSize, emitData, incbinBytes, reserveSize } from './data';
import { runDirective } from './directives';
import { emitInstruction, instructionSize } from './instruction';
import { acceptsData, reserve } from './place';
import type { AssemblyState } from './state';

const ORDINARY = { opensScope: true, final: false };
const SETTLED = { opensScope: true, final: true };

export function execute(state: AssemblyState, statement: Statement): void {
  const { body, label, times: repeat } = statement.reading.parsed;
  state.place = statement.origin;
  state.listIndex = statement.listIndex;
  state.here = state.offset;
  if (label && body.kind !== 'equ') {
    const options = state.final ? SETTLED : ORDINARY;
    const { origin, label: known } = statement;
    statement.label = state.labels.define(
      label.name,
      state.hereSegment,
      state.here,
      origin,
      label.token,
      options,
      known,
    );
  }
  const times = repeat ? repetitions(state, repeat) : 1;
  if (times === undefined) return;
  switch (body.kind) {
    case 'instruction':
      if (times > 0) instruction(state, statement, body, times);
      break;
    case 'data':
      if (times > 0) data(state, body, times);
      break;
    case 'reserve':
      space(state, body, times);
      break;
    case 'incbin':
      if (times > 0) incbin(state, body, times);
      break;
    case 'equ':
      equ(state, statement, body);
      break;
    case 'prefixes':
      if (times > 0) prefixes(state, statement, times);
      break;
    case 'directive':
      runDirective(state, body);
      break;
    default:
      break;
  }
}

/** Undefined = an error was reported, nothing is assembled. */
function repetitions(state: AssemblyState, times: NonNullable<ParsedLine['times']>): number | undefined {
  const value = evaluate(times.count, state);
  if (!value) return undefined;
  if (!isSimple(value)) {
    const advice = value.unknown ? ': it depends on something defined later' : '';
    state.error(`non-constant argument supplied to TIMES${advice}`, times.token);
    return 1;
  }
  if (value.number < 0n) {
    if (state.final) state.error(`TIMES value ${value.number} is negative`, times.token);
    return 0;
  }
  return Number(value.number);
}

/** Refuses repetitions that would blow up the output. */
function tooLarge(state: AssemblyState, bytes: number, token: Token): boolean {
  if (!state.section || state.section.nobits || state.section.offset + bytes <= state.limits.bytes) return false;
  state.error(`the output grows beyond ${state.limits.bytes} bytes here`, token);
  state.stopped = true;
  return true;
}

function instruction(
  state: AssemblyState,
  statement: Statement,
  body: Extract<Body, { kind: 'instruction' }>,
  times: number,
): void {
  const start = state.offset;
  if (!state.final) {
    for (let i = 0; i < times; i++) {
      const size = instructionSize(state, statement, body);
      if (size === 0 || (times > 1 && tooLarge(state, i === 0 ? size * times : size, body.token))) return;
      state.advance(size);
    }
    return;
  }
  let unitLength = 0;
  let done = 0;
  for (; done < times && !state.stopped; done++) {
    const size = emitInstruction(state, statement, body);
    if (size === 0) break;
    if (done === 0) unitLength = size;
    state.advance(size);
  }
  const length = state.offset - start;
  if (length === 0) return;
  const even = unitLength * done === length;
  const detail = even ? undefined : { unitLength, unit: 1, incbin: false, pieces: [unitLength] };
  state.emissions.add(state, body.token, start, length, done, 'code', detail);
}

function data(state: AssemblyState, body: Extract<Body, { kind: 'data' }>, times: number): void {
  const start = state.offset;
  const size = dataSize(state, body);
  const total = size * times;
  if (tooLarge(state, total, body.token)) return;
  if (!state.final) {
    state.advance(total);
    return;
  }
  const { section } = state;
  const from = section?.contents.length ?? 0;
  const relocations = section?.relocations.length ?? 0;
  const placed = emitData(state, body);
  if (section && section.contents.length > from) {
    const unit = section.contents.view().slice(from, from + size);
    const moved = section.relocations.slice(relocations);
    for (let i = 1; i < times; i++) {
      section.contents.append(unit);
      for (const relocation of moved) section.relocations.push({ ...relocation, at: relocation.at + i * size });
    }
  }
  state.advance(total);
  if (total === 0) return;
  const reserved = placed.pieces.length > 0 && placed.pieces.every((piece) => piece < 0);
  const kind = reserved ? 'space' : 'data';
  const detail = { unitLength: size, unit: body.unit, incbin: false, pieces: placed.pieces };
  state.emissions.add(state, body.token, start, total, times, kind, detail);
}

function space(state: AssemblyState, body: Extract<Body, { kind: 'reserve' }>, times: number): void {
  const start = state.offset;
  const bytes = reserveSize(state, body) * times;
  if (tooLarge(state, bytes, body.token)) return;
  if (state.final) reserve(state, bytes, body.token);
  state.advance(bytes);
  if (bytes === 0 || !state.final) return;
  const detail = { unitLength: bytes, unit: body.unit, incbin: false, pieces: [-bytes] };
  state.emissions.add(state, body.token, start, bytes, 1, 'space', detail);
}

function incbin(state: AssemblyState, body: Extract<Body, { kind: 'incbin' }>, times: number): void {
  const start = state.offset;
  const bytes = incbinBytes(state, body);
  if (!bytes) return;
  const total = bytes.length * times;
  if (tooLarge(state, total, body.token)) return;
  if (state.final && total > 0 && acceptsData(state, body.token)) {
    for (let i = 0; i < times; i++) state.section!.contents.append(bytes);
  }
  state.advance(total);
  if (!state.final) return;
  const detail = { unitLength: bytes.length, unit: 1, incbin: true, pieces: [bytes.length] };
  state.emissions.add(state, body.token, start, total, times, 'data', detail);
}

const PREFIX_BYTES: Readonly<Record<string, number>> = {
  wait: 0x9b,
  rep: 0xf3,
  repe: 0xf3,
  repz: 0xf3,
  xrelease: 0xf3,
  repne: 0xf2,
  repnz: 0xf2,
  xacquire: 0xf2,
  bnd: 0xf2,
  lock: 0xf0,
  es: 0x26,
  cs: 0x2e,
  ss: 0x36,
  ds: 0x3e,
  fs: 0x64,
  gs: 0x65,
  osp: 0x66,
  asp: 0x67,
};

/** Prefixes alone on a line. */
function prefixes(state: AssemblyState, statement: Statement, times: number): void {
  const { bits } = state;
  const bytes: number[] = [];
  for (const slot of PREFIX_ORDER[state.input.compat ?? '2.16']) {
    const prefix = statement.reading.parsed.prefixes.find((candidate) => candidate.slot === slot);
    if (!prefix) continue;
    const { name } = prefix;
    const plain = PREFIX_BYTES[name];
    if (plain !== undefined) bytes.push(plain);
    else if (name === 'o16' ? bits !== 16 : name === 'o32' && bits === 16) bytes.push(0x66);
    else if (name === 'a16' || name === 'a32' ? bits !== Number(name.slice(1)) : false) bytes.push(0x67);
  }
  const token = statement.reading.parsed.prefixes[0]!.token;
  const start = state.offset;
  if (state.final && bytes.length > 0 && acceptsData(state, token)) {
    for (let i = 0; i < times; i++) state.section!.contents.append(Uint8Array.from(bytes));
  }
  const length = bytes.length * times;
  state.advance(length);
  if (length > 0 && state.final) state.emissions.add(state, token, start, length, times, 'code');
}

function equ(state: AssemblyState, statement: Statement, body: Extract<Body, { kind: 'equ' }>): void {
  const { label } = statement.reading.parsed;
  if (!label) {
    state.error('EQU not preceded by label', body.token);
    return;
  }
  const [operand, ...more] = body.operands;
  if (!operand || more.length > 0 || operand.memory) {
    state.error('bad syntax for EQU: one value is expected', operand?.token ?? body.token);
    return;
  }
  const value = evaluate(operand.expr, state);
  if (!value) return;
  if (value.regs || value.wrt !== undefined || (!value.unknown && !isRelocatable(value, state.currentSegment))) {
    state.error('bad syntax for EQU: the value must be a number or an address', operand.token);
    return;
  }
  if (state.final) return;
  const segment = value.unknown ? NO_SEGMENT : segmentOf(value);
  state.labels.define(label.name, segment, value.number, statement.origin, label.token, {
    opensScope: false,
    final: false,
    constant: true,
  });
}
