// Random vectors of several instructions: integer code with forward jumps, x87, MMX, SSE and AVX code, and mixtures. Flags that
// the manuals leave undefined are followed, and never read.
import { decode } from '../../../src/isa/decode';
import type { CodeBits, Insn, Row } from '../../../src/isa/types';
import { assemble, GPR_KEYS, Operands } from './operands';
import { hex, type Random, toBytes } from './random';
import type { Draft, Mode } from './runner';
import { mxcsr, randomState, rowsOf, x87State } from './singles';
import { FLAG, maskOf, undefinedFlags } from './undefined';

export type Kind = 'integer' | 'x87' | 'mmx' | 'sse' | 'avx' | 'mixed';
export const KINDS: readonly Kind[] = ['integer', 'x87', 'mmx', 'sse', 'avx', 'mixed'];

/** Registers that point into data and that nothing writes. */
const POINTERS: readonly number[] = [3, 6, 7];
const WORKING: readonly number[] = [0, 1, 2];
const ALL_FLAGS = maskOf('cpazso');
const CONDITION_CODES = 0x4500;

/** What would write a pointer, leave the code, or read what is undefined in ways that are not followed. */
const UNFIT =
  /^(cmps|movs|lods|scas|stos|xlat|jmp|call|ret|loop|j[er]?cxz|enter|leave|pop|push|int|into|bound|iret|popf|pushf|maskmov|vmaskmovdqu|cmpxchg8b|cmpxchg16b|lahf|sh[lr]d|bswap|bs[fr]|fldenv|frstor|fxrstor|fxsave|fn?save|fn?stenv|fldcw|fn?stsw|v?gather|vp?gather|v?rcp|v?dpp|v?rsqrt|f2xm1|fyl2x|fpatan|fptan|fsin|fcos|ldmxcsr|vldmxcsr|clflush|clwb|prefetch|nop|wait|fn?init|emms|div|idiv|aam|xadd|wr|rd|mulx|vzero|sha|movdir|div|in|out|fisttp|fist|fbst)/;
/** Also read flags that may be undefined through other ways. */
const isJump = (row: Row): boolean => /^j/.test(row.sem) && row.ops[0] === 'rel8' && row.cc !== undefined;

function fits(row: Row, kind: Kind): boolean {
  if (isJump(row)) return true;
  if (UNFIT.test(row.mn) || row.usesAddrSize === true || row.ends === true) return false;
  const feature = row.cpu ?? '86';
  const vector = /mm/.test(row.ops.join());
  switch (kind) {
    case 'integer':
      return !vector && !/fpu|387|287|sse|avx|mmx/.test(feature);
    case 'x87':
      return /fpu|387|287/.test(feature);
    case 'mmx':
      return feature === 'mmx' || (/(^|, )(mm|mmrm|rmmm)/.test(row.ops.join(', ')) && !/xmm/.test(row.ops.join()));
    case 'sse':
      return /xmm/.test(row.ops.join()) && !row.enc.startsWith('vex') && !/(^|,)(mm|mmrm)(,|$)/.test(row.ops.join());
    case 'avx':
      return row.enc.startsWith('vex');
    default:
      return true;
  }
}

const pools = new Map<string, Row[]>();
function poolOf(kind: Kind, mode: Mode): Row[] {
  const key = `${kind}${mode}`;
  let pool = pools.get(key);
  if (!pool) pools.set(key, (pool = rowsOf(mode).filter((row) => fits(row, kind))));
  return pool;
}

/** Registers that the instruction names, except in addresses. */
function namesPointer(insn: Insn): boolean {
  return insn.operands.some((operand) => {
    if (operand.kind !== 'reg' || !/^r\d/.test(operand.cls)) return false;
    const num =
      operand.cls === 'r8h' || (operand.cls === 'r8' && operand.size === 1 && operand.num < 0)
        ? operand.num
        : operand.num;
    return POINTERS.includes(num) || num === 4;
  });
}

interface Step {
  bytes: Uint8Array;
  insn: Insn;
}

function step(
  random: Random,
  pool: readonly Row[],
  mode: Mode,
  pointers: ReadonlyMap<number, number>,
): Step | undefined {
  for (let attempt = 0; attempt < 20; attempt++) {
    const row = random.pick(pool);
    const operands = new Operands(random, mode, WORKING, pointers);
    const built = assemble(row, operands, random, mode);
    if (!built) continue;
    const padded = new Uint8Array(32).fill(0xcc);
    padded.set(built.bytes);
    const insn = decode(padded, 0, mode as CodeBits);
    if (insn.row?.sem !== row.sem || insn.len !== built.bytes.length || namesPointer(insn)) continue;
    return { bytes: built.bytes, insn };
  }
  return undefined;
}

/** CMP EAX, ECX defines all flags. */
const COMPARE = Uint8Array.of(0x39, 0xc8);

export function sequence(random: Random, mode: Mode, kind: Kind, length: number): Draft {
  const pool = poolOf(kind, mode);
  const jumps = pool.filter(isJump);
  const others = pool.filter((row) => !isJump(row));
  const dataBase = mode === 16 ? 0 : 0x20000;
  const pointers = new Map(POINTERS.map((num, i) => [num, dataBase + 0x1000 + 0x2000 * i + 16 * random.below(0x80)]));
  const code: Uint8Array[] = [];
  let undefinedNow = 0;
  let undefinedEver = 0;
  let conditionsUndefined = 0;
  // jumps whose targets come: byte to patch, instructions still to skip, flags undefined on that way
  let pending: { at: number; from: number; left: number; flags: number; conditions: number }[] = [];
  let size = 0;
  let count = 0;
  const push = (bytes: Uint8Array): void => {
    code.push(bytes);
    size += bytes.length;
    count++;
  };
  const land = (): void => {
    for (const jump of pending) {
      if (jump.left > 0) continue;
      code[jump.at][code[jump.at].length - 1] = size - jump.from;
      undefinedNow |= jump.flags;
      conditionsUndefined |= jump.conditions;
    }
    pending = pending.filter((jump) => jump.left > 0);
  };
  for (let n = 0; n < length && size < 180; n++) {
    const jumping =
      jumps.length > 0 && random.chance(kind === 'integer' || kind === 'mixed' ? 18 : 0) && n < length - 1;
    const next = step(random, jumping ? jumps : others, mode, pointers);
    if (!next) continue;
    const { row } = next.insn;
    const reads = maskOf(row!.flags?.r);
    if ((reads & undefinedNow) !== 0) {
      if (pending.length > 0) pending.forEach((jump) => jump.left--);
      push(COMPARE);
      undefinedNow = 0;
      land();
    }
    push(next.bytes);
    pending.forEach((jump) => jump.left--);
    const defines = row!.flags?.k ? 0 : maskOf(`${row!.flags?.w ?? ''}${row!.flags?.c ?? ''}${row!.flags?.s ?? ''}`);
    // counts and sources are not known here
    let undefines = undefinedFlags(next.insn, {});
    if (/^(shl|shr|rol|ror|rcl|rcr)$/.test(row!.sem)) undefines |= FLAG.o | (/^sh/.test(row!.sem) ? FLAG.c : 0);
    undefinedNow = (undefinedNow & ~defines) | undefines;
    undefinedEver |= undefines;
    if (/fpu|387|287/.test(row!.cpu ?? '')) {
      if (/^(fu?com|ficom|ftst|fxam|fprem)/.test(row!.mn) && !/i/.test(row!.mn.slice(2))) conditionsUndefined = 0;
      else conditionsUndefined = CONDITION_CODES;
    }
    if (jumping)
      pending.push({
        at: code.length - 1,
        from: size,
        left: 1 + random.below(3),
        flags: undefinedNow,
        conditions: conditionsUndefined,
      });
    land();
  }
  pending.forEach((jump) => (jump.left = 0));
  land();
  const state = randomState(random, mode, undefined);
  if (kind === 'x87') {
    x87State(random, state);
    // an unmasked denormal operand: FLD has loaded it on Intel's processors, not on AMD's
    const control = parseInt(state.cw, 16) | 2;
    const status = parseInt(state.sw, 16);
    Object.assign(state, {
      cw: control.toString(16),
      sw: ((status & ~control & 0x3f) !== 0 ? status : status & ~0x8080).toString(16),
    });
    if (random.chance(70)) delete state.tw;
  }
  state.mx = mxcsr(random).toString(16);
  const memory: [string, string][] = [];
  for (const [num, offset] of pointers) {
    state[GPR_KEYS[num]] = offset.toString(16);
    const linear = offset + (mode === 16 ? 0x20000 : 0);
    memory.push([(linear - 32).toString(16), hex(kind === 'x87' ? floats(random) : random.vector(64))]);
  }
  delete state.sp;
  state.m = memory;
  const result: Draft = { n: `${kind}${count}`, b: hex(Buffer.concat(code)), i: state, k: count };
  if (undefinedNow !== 0) result.u = (undefinedNow & ALL_FLAGS).toString(16);
  if (conditionsUndefined !== 0) result.fu = conditionsUndefined.toString(16);
  result.early = { u: undefinedEver, fu: kind === 'x87' || kind === 'mixed' ? CONDITION_CODES : 0 };
  return result;
}

const floats = (random: Random): Uint8Array => {
  const bytes = new Uint8Array(64);
  for (let at = 0; at < 64; at += 16) {
    if (random.chance(40)) bytes.set(random.extended(), at);
    else if (random.chance(50)) bytes.set(toBytes(random.float(11, 52), 8), at);
    else for (let i = 0; i < 16; i += 4) bytes.set(toBytes(random.float(8, 23), 4), at + i);
  }
  return bytes;
};
