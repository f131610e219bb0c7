// Assembles machine instructions: builds the encoder's request, and in the final pass places the bytes and the relocations.
import { encode } from '../../isa/encode';
import type { AsmOperand, AsmRequest, AsmResult, Optimization } from '../../isa/encodeTypes';
import type { AssemblyLine, Statement } from '../assemblyLine';
import { isConstant } from '../expr/ast';
import { NO_SEGMENT } from '../expr/value';
import type { InstructionBody, ParsedLine, ParsedOperand } from '../parse/statement';
import type { Token } from '../token/token';
import { DISTANT, isBranch, isClose, jumpDistance, type BranchMemo } from './branch';
import { cpuLevel, jumpAround } from './cpu';
import { dependence as dependenceOf, holds, settle, type Dependence, type Reach, type Settled } from './settled';
import { jumpTarget, resolveFar, resolveFarLabel, resolveOperand, type Target } from './operands';
import { relocate } from './place';
import type { Section } from './section';
import { DEFAULT_CPU, type AssemblyState } from './state';

interface Prepared {
  request: AsmRequest;
  /** Per encoder operand: what it points at; a far pointer has offset and selector. */
  targets: (Target | { far: [Target, Target] } | undefined)[];
}

/** An instruction's encoding, and what is needed to fill in addresses. */
interface Encoded {
  result: AsmResult;
  /** Absent when no operand needs patching. */
  prepared: Prepared | undefined;
}

/** The last encoding of an instruction, and what it depended on. */
interface Memo extends Encoded {
  mode: number;
  /** Values that the choice of the form hung on; undefined when the bytes never change. */
  values: readonly bigint[] | undefined;
  /** Nothing in the bytes depends on the address of the instruction. */
  movable: boolean;
}

const LEVELS: Readonly<Record<Optimization, number>> = { full: 0, minimal: 1, none: 2 };

/** What the encoding of a line depends on besides its operands, as one number. */
export const encodingMode = ({ cpu, bits, defaultRelative, input }: AssemblyState): number =>
  (((cpu * 128 + bits) * 2 + (defaultRelative ? 1 : 0)) * 2 + (input.compat === '3' ? 1 : 0)) * 4 +
  LEVELS[input.optimize ?? 'full'];

function prepare(state: AssemblyState, line: ParsedLine, body: InstructionBody, ip: bigint): Prepared | undefined {
  const branch = body.branch === true;
  const written = body.operands.length;
  const operands = new Array<AsmOperand>(written);
  const targets: Prepared['targets'] = new Array<Prepared['targets'][number]>(written);
  let count = 0;
  for (let i = 0; i < written; i++) {
    const parsed = body.operands[i]!;
    if (parsed.colon) {
      const offset = body.operands[++i];
      const far = offset && resolveFar(state, parsed, offset);
      if (!offset) state.error('a far pointer is selector:offset: the offset is missing', parsed.token);
      else if (parsed.far || offset.far) {
        state.error("mismatch in operand sizes: leave out `far', a selector makes the jump far", parsed.token);
        return undefined;
      } else if (parsed.jump) {
        state.error(`mismatch in operand sizes: a jump with a selector is far, not ${parsed.jump}`, parsed.token);
        return undefined;
      }
      if (!far) return undefined;
      operands[count] = far.operand;
      targets[count++] = { far: far.targets };
      continue;
    }
    if (parsed.far && !parsed.memory) {
      // `call far proc` is `call seg proc:proc`.
      const far = resolveFarLabel(state, parsed);
      if (!far) return undefined;
      operands[count] = far.operand;
      targets[count++] = { far: far.targets };
      continue;
    }
    const resolved = resolveOperand(state, parsed, branch, ip);
    if (!resolved) return undefined;
    operands[count] = resolved.operand;
    targets[count++] = resolved.target;
  }
  if (count < written) operands.length = targets.length = count;
  // `fadd to st1` is `fadd st1, st0`.
  const [only] = operands;
  if (body.operands[0]?.to && operands.length === 1 && only?.kind === 'reg' && only.cls === 'st') {
    operands.push({ ...only, num: 0 });
  }
  return { request: requestFor(state, line, body, operands, ip), targets };
}

const NO_PREFIXES: readonly string[] = [];

function requestFor(
  state: AssemblyState,
  line: ParsedLine,
  body: InstructionBody,
  operands: readonly AsmOperand[],
  ip: bigint,
): AsmRequest {
  const { bits } = state;
  const prefixes =
    line.prefixes.length === 0
      ? NO_PREFIXES
      : line.prefixes.map((prefix) => prefixName(prefix.name, bits)).filter((name) => name !== 'nobnd');
  const { mnemonic } = body;
  return {
    mnemonic,
    prefixes,
    operands,
    bits,
    ip,
    defaultRel: state.defaultRelative,
    optimize: state.input.optimize,
    compat: state.input.compat,
  };
}

/** osp and asp always toggle the size. */
function prefixName(name: string, bits: 16 | 32 | 64): string {
  if (name === 'osp') return bits === 16 ? 'o32' : 'o16';
  if (name === 'asp') return bits === 32 ? 'a16' : 'a32';
  return name;
}

const constantOperand = (operand: ParsedOperand): boolean =>
  isConstant(operand.expr) &&
  (!operand.outer || isConstant(operand.outer)) &&
  (!operand.splitIndex || isConstant(operand.splitIndex));

function encodeAt(state: AssemblyState, statement: Statement, body: InstructionBody): Encoded | undefined {
  const mode = encodingMode(state);
  const last = body.memo as Memo | undefined;
  const current = last?.mode === mode ? last : undefined;
  if (current && !current.values) return current;
  const settled = settledAt(state, statement, mode);
  if (settled && (!state.final || settled.complete)) return settled.encoded;
  const line = statement.reading.parsed;
  const { branch } = body;
  const { added } = state.diagnostics;
  const prepared = prepare(state, line, body, BigInt(state.offset));
  if (!prepared) return undefined;
  if (settled) return { result: settled.encoded.result, prepared };
  const values = decisive(prepared, branch === true);
  const holds = current && (!state.final || current.movable) && sameNumbers(values, current.values!);
  const memo = holds ? current : encodeAnew(state, body, prepared, mode, values);
  const { result } = memo;
  if (result.ok && !branch && !result.warnings && state.diagnostics.added === added) {
    const dependence = (body.dependence ??= dependenceOf(body)) as Dependence | null;
    if (dependence) statement.settled = settle(state, dependence, memo, mode, reach(body, prepared));
  }
  return { result, prepared };
}

/** What the symbols do to the encoding. */
function reach({ operands }: InstructionBody, { targets }: Prepared): Reach {
  let addresses = true;
  let complete = true;
  for (let i = 0; i < operands.length; i++) {
    if (isMoved(targets[i])) complete = false;
    else if (!constantOperand(operands[i]!)) addresses = false;
  }
  return { addresses, complete };
}

/** The encoding of an earlier pass when it still holds; in the final pass, when its bytes do. */
function settledAt(state: AssemblyState, statement: Statement, mode: number): Settled<Memo> | undefined {
  const { settled } = statement as { settled: Settled<Memo> | undefined };
  if (!settled || (state.final && !settled.encoded.movable)) return undefined;
  return holds(settled, state, mode) ? settled : undefined;
}

/** Mode and length of a line that is one instruction without symbols or a label, as encoded last. */
export function steadyEncoding({ reading }: AssemblyLine): { mode: number; length: number } | undefined {
  const { parsed } = reading;
  if (parsed?.body.kind !== 'instruction' || parsed.label || parsed.times || parsed.body.branch) return undefined;
  const memo = parsed.body.memo as Memo | undefined;
  return memo?.values || !memo?.result.ok ? undefined : { mode: memo.mode, length: memo.result.bytes.length };
}

/** Encodes it, and notes what all lines of that text can use. */
function encodeAnew(
  state: AssemblyState,
  body: InstructionBody,
  prepared: Prepared,
  mode: number,
  values: readonly bigint[],
): Memo {
  let result = encode(prepared.request);
  if (state.cpu < DEFAULT_CPU) result = restrict(state, prepared.request, result);
  const steady = result.ok && !body.branch && !result.warnings && body.operands.every(constantOperand);
  const movable = result.ok && !body.branch && result.fixups.every((fixup) => fixup.kind !== 'rel');
  const memo: Memo = {
    mode,
    result,
    prepared: undefined,
    values: steady ? undefined : values,
    movable,
  };
  body.memo = memo;
  return memo;
}

/** The encoding of a relative jump over a distance; its displacement is yet to be filled in. */
function encodeJump(state: AssemblyState, statement: Statement, body: InstructionBody, distance: number): AsmResult {
  const mode = encodingMode(state);
  const line = statement.reading.parsed;
  let memo = body.jump as BranchMemo | undefined;
  if (memo?.mode !== mode)
    body.jump = memo = { mode, close: encode(jumpRequest(state, line, body, 0n)), distant: undefined };
  if (isClose(memo, distance)) return memo.close;
  return (memo.distant ??= encode(jumpRequest(state, line, body, DISTANT)));
}

/** To the target, when the distance is all that matters. */
const distanceOf = (state: AssemblyState, statement: Statement, body: InstructionBody): number | undefined =>
  (body.branch ??= isBranch(body.mnemonic)) ? jumpDistance(state, statement, body) : undefined;

function jumpRequest(state: AssemblyState, line: ParsedLine, body: InstructionBody, distance: bigint): AsmRequest {
  const target = jumpTarget(body.operands[0]!, distance);
  return requestFor(state, line, body, [target], 0n);
}

const isMoved = (target: Prepared['targets'][number]): boolean =>
  target !== undefined && !('far' in target) && (target.plus !== NO_SEGMENT || target.minus !== NO_SEGMENT);

/**
 * What decides on the form: distances of jumps and plain numbers, but not addresses: they always take their full size, and
 * are filled in afterwards.
 */
function decisive({ request, targets }: Prepared, branch: boolean): bigint[] {
  const { operands } = request;
  let count = 0;
  for (const { kind } of operands) if (kind === 'imm' || kind === 'mem') count++;
  const values = new Array<bigint>(count * 2);
  let at = 0;
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]!;
    if (operand.kind === 'imm') {
      values[at++] = flags(operand.known, operand.relocatable);
      values[at++] = branch ? operand.value - request.ip : isMoved(targets[i]) ? 0n : operand.value;
    } else if (operand.kind === 'mem') {
      values[at++] = flags(operand.dispKnown, operand.dispRelocatable);
      values[at++] = isMoved(targets[i]) ? 0n : operand.disp;
    }
  }
  return values;
}

const flags = (known: boolean, relocatable: boolean | undefined): bigint =>
  known ? (relocatable ? 3n : 2n) : relocatable ? 1n : 0n;

const sameNumbers = (a: readonly bigint[], b: readonly bigint[]): boolean =>
  a.length === b.length && a.every((value, index) => value === b[index]);

/** Applies the `cpu` directive: conditional jumps that only newer processors have are made of two. */
function restrict(state: AssemblyState, request: AsmRequest, result: AsmResult): AsmResult {
  if (!result.ok || cpuLevel(result.row.cpu) <= state.cpu) return result;
  return jumpAround(request) ?? { ok: false, error: 'no instruction for this cpu level' };
}

/** Size in this pass; 0 for what cannot be encoded, which the final pass reports. */
export function instructionSize(state: AssemblyState, statement: Statement, body: InstructionBody): number {
  const distance = distanceOf(state, statement, body);
  const result =
    distance === undefined ? encodeAt(state, statement, body)?.result : encodeJump(state, statement, body, distance);
  return result?.ok ? result.bytes.length : 0;
}

/** Final pass: appends the bytes to the section. Returns their number. */
export function emitInstruction(state: AssemblyState, statement: Statement, body: InstructionBody): number {
  const distance = distanceOf(state, statement, body);
  const encoded = distance === undefined ? encodeAt(state, statement, body) : undefined;
  const result = distance === undefined ? encoded?.result : encodeJump(state, statement, body, distance);
  if (!result) return 0;
  if (!result.ok) {
    state.error(advise(result.error), culprit(body, result.operand));
    return 0;
  }
  for (const warning of result.warnings ?? []) state.warn(warningClass(warning), warning, body.token);
  if (Number(result.row.until) < state.cpu)
    state.warn('obsolete-removed', 'instruction obsolete and removed from the target CPU', body.token);
  const { section } = state;
  if (!section) {
    state.error('attempt to assemble code in [ABSOLUTE] space: switch back with a section directive', body.token);
    return result.bytes.length;
  }
  if (section.nobits) {
    state.warn('other', 'attempt to initialize memory in a nobits section: ignored', body.token);
    return result.bytes.length;
  }
  const start = section.contents.length;
  section.contents.appendShort(result.bytes);
  if (distance !== undefined) {
    const { at, size } = result.fixups[0]!;
    section.contents.write(start + at, distance - result.bytes.length, size);
  } else if (encoded?.prepared) patch(state, section, body, encoded.prepared, result, start);
  return result.bytes.length;
}

/** Notes where the addresses of sections have to be added, or the distance to another section. */
function patch(
  state: AssemblyState,
  section: Section,
  body: InstructionBody,
  prepared: Prepared,
  result: AsmResult & { ok: true },
  start: number,
): void {
  for (const fixup of result.fixups) {
    const target = prepared.targets[fixup.operand];
    if (!target) continue;
    const at = start + fixup.at;
    const token = body.operands[fixup.operand]?.token ?? body.token;
    if ('far' in target) {
      const [selector, offset] = target.far;
      const part = fixup.kind === 'segment' ? selector : offset;
      relocate(
        state,
        section,
        {
          at,
          size: fixup.size,
          value: part.value,
          plus: part.plus,
          minus: part.minus,
          relative: false,
          shown: part.value,
          wrt: part.wrt,
        },
        token,
      );
    } else if (fixup.kind === 'rel') {
      if (target.plus === section.segment && target.wrt === undefined) continue;
      const value = target.value - BigInt(start + result.bytes.length);
      relocate(
        state,
        section,
        {
          at,
          size: fixup.size,
          value,
          plus: target.plus,
          minus: section.segment,
          relative: true,
          shown: target.value,
          wrt: target.wrt,
        },
        token,
      );
    } else if (target.plus !== NO_SEGMENT || target.minus !== NO_SEGMENT) {
      relocate(
        state,
        section,
        {
          at,
          size: fixup.size,
          value: target.value,
          plus: target.plus,
          minus: target.minus,
          relative: target.minus !== NO_SEGMENT,
          shown: target.value,
          wrt: target.wrt,
          signed: fixup.signed,
        },
        token,
      );
    }
  }
}

function culprit(body: InstructionBody, operand: number | undefined): Token {
  return operand === undefined ? body.token : (body.operands[operand]?.token ?? body.token);
}

/** NASM's words, followed by what to do. */
function advise(error: string): string {
  switch (error) {
    case 'operation size not specified':
      return `${error}: write byte, word or dword before the operand`;
    case 'short jump is out of range':
      return `${error}: leave out \`short', or bring the target within 127 bytes`;
    default:
      return error;
  }
}

function warningClass(text: string): string {
  if (text.includes('exceeds bounds')) return 'number-overflow';
  if (text.includes('RIP-relative')) return 'ea-absolute';
  if (text.includes('segment base generated')) return 'prefix-seg';
  if (text.includes('lockable')) return 'prefix-lock';
  return 'other';
}
