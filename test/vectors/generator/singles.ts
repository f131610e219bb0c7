// Random vectors of one instruction each, for every row of the table that a program at CPL 3 can execute with a result that
// depends on nothing but the state.
import { decode } from '../../../src/isa/decode';
import { ROWS } from '../../../src/isa/table';
import type { CodeBits, Insn, Row } from '../../../src/isa/types';
import type { VectorState } from '../../../src/machine/vectors/format';
import { assemble, GPR_KEYS, type Instruction, Operands, windowOf } from './operands';
import { hex, type Random, toBytes } from './random';
import type { Draft, Mode } from './runner';
import { undefinedAfter } from './undefined';

/** Features of AMD's processors alone, or of none that this runs on. */
const FEATURES_ELSEWHERE = new Set([
  ...['sse4a', 'clzero', 'svm', 'vmx', 'ringside', 'cet', 'invpcid'],
  ...['rtm', 'waitpkg', 'movdiri', 'movdir64b', 'sevsnp', 'padlock', '3dnow', '3dnowext', 'pcommit'],
]);
/** What depends on the system, the time or the hypervisor, and what the system takes away. */
const EXCLUDED = new Set([
  ...['rdtsc', 'rdtscp', 'rdpmc', 'rdrand', 'rdseed', 'rdpid', 'cpuid', 'xgetbv', 'xsetbv', 'monitor', 'mwait', 'rsm'],
  ...[
    'syscall',
    'sysret',
    'sysenter',
    'sysexit',
    'sgdt',
    'sidt',
    'sldt',
    'str',
    'smsw',
    'int',
    'int1',
    'hlt',
    'clac',
    'stac',
  ],
  ...[
    'fwcall',
    'ud2',
    'ud0',
    'ud1',
    'in',
    'out',
    'insb',
    'insw',
    'insd',
    'outsb',
    'outsw',
    'outsd',
    'swapgs',
    'clflushopt',
  ],
  // segment loads and far transfers: the recorded vectors have them with every kind of descriptor
  ...[
    'lar',
    'lsl',
    'verr',
    'verw',
    'lds',
    'les',
    'lfs',
    'lgs',
    'lss',
    'retf',
    'retfw',
    'retfd',
    'retfq',
    'iret',
    'iretw',
    'iretd',
    'iretq',
  ],
  ...[
    'xsave',
    'xsavec',
    'xsaveopt',
    'xsaves',
    'xrstor',
    'xrstors',
    'xsave64',
    'xsavec64',
    'xsaveopt64',
    'xrstor64',
    'xsaves64',
    'xrstors64',
  ],
  ...['rdfsbase', 'rdgsbase', 'wrfsbase', 'wrgsbase'],
]);

export function executable(row: Row, mode: Mode): boolean {
  if (row.only !== undefined || row.until !== undefined || row.cpl !== undefined) return false;
  if (row.cpu?.split('+').some((name) => FEATURES_ELSEWHERE.has(name))) return false;
  if (EXCLUDED.has(row.mn) || EXCLUDED.has(row.sem)) return false;
  if (row.ops.some((op) => /sreg$|^[cdt]reg$|^[c-gs]s$|ptr16|m16:v/.test(op))) return false;
  return row.modes !== (mode === 64 ? 'no64' : 'only64') && !(mode === 64 && row.modes === 'pm32');
}

/** General registers, flags and whatever the instruction looks at, at random. */
export function randomState(random: Random, mode: Mode, row: Row | undefined): VectorState {
  const state: VectorState = {};
  const width = mode === 64 ? 64 : 32;
  for (let n = 0; n < (mode === 64 ? 16 : 8); n++)
    if (n !== 4 && random.chance(60)) state[GPR_KEYS[n]] = random.integer(width).toString(16);
  state.f = (0x202 | (random.word() & 0x8d5) | (random.chance(20) ? 0x400 : 0)).toString(16);
  const features = row?.cpu?.split('+') ?? [];
  if (features.some((name) => /^(fpu|287|387)$/.test(name))) x87State(random, state);
  else if (row === undefined || features.includes('mmx') || row.ops.some((op) => op.includes('mm') && !/[xy]mm/.test(op))) mmxState(random, state); // prettier-ignore
  if (row === undefined || row.ops.some((op) => /[xy]mm/.test(op)) || /^(sse|avx|fma)/.test(features[0] ?? '')) {
    for (let n = 0; n < (mode === 64 ? 16 : 8); n++) {
      state[`x${n}`] = hex(random.vector(16));
      if (random.chance(50)) state[`y${n}`] = hex(random.vector(16));
    }
    state.mx = mxcsr(random).toString(16);
  }
  return state;
}
export function mxcsr(random: Random): number {
  let value = 0x1f80;
  if (random.chance(40)) value |= random.below(4) << 13;
  if (random.chance(25)) value |= 0x8000;
  if (random.chance(25)) value |= 0x40;
  if (random.chance(50)) value |= random.below(64);
  if (random.chance(12)) value &= ~(random.below(64) << 7);
  return value;
}
export function x87State(random: Random, state: VectorState): void {
  let control = 0x37f;
  if (random.chance(50)) control = (control & ~0xc00) | (random.below(4) << 10);
  if (random.chance(50)) control = (control & ~0x300) | (random.pick([0, 2, 3]) << 8);
  if (random.chance(15)) control &= ~(1 << random.below(6));
  let status = random.below(8) << 11;
  if (random.chance(40)) status |= random.word() & 0x4700;
  if (random.chance(40)) status |= random.word() & 0x7f & (random.chance(90) ? control : 0x7f) & 0x7f;
  if ((status & ~control & 0x3f) !== 0) status |= 0x8080;
  else status &= ~0x8080;
  Object.assign(state, { cw: control.toString(16), sw: status.toString(16) });
  state.tw = (random.chance(60) ? 0xff : random.word() & 0xff).toString(16);
  for (let i = 0; i < 8; i++) state[`st${i}`] = hex(random.extended());
}
function mmxState(random: Random, state: VectorState): void {
  state.tw = random.pick([0, 0xff, random.word() & 0xff]).toString(16);
  state.sw = (random.below(8) << 11).toString(16);
  for (let i = 0; i < 8; i++) state[`st${i}`] = hex(random.vector(8)) + 'ffff';
}

/** What the memory operand should hold, by the kind of instruction. */
function content(random: Random, insn: Insn): Uint8Array {
  const { row } = insn;
  const mem = insn.operands.find((operand) => operand.kind === 'mem');
  const size = mem?.kind === 'mem' ? mem.size : 0;
  if (row!.sem === 'fxrstor') return fxrstorImage(random);
  if (row!.sem === 'ldmxcsr') return toBytes(BigInt(mxcsr(random)), 4);
  if (size === 10 && row!.mn === 'fld') return random.extended();
  if (/^f(rstor|ldenv)/.test(row!.sem)) return random.bytes(108);
  if (/^fi/.test(row!.mn)) return toBytes(random.integer(size * 8), size);
  if (row!.cpu === 'fpu' && size === 4) return toBytes(random.float(8, 23), 4);
  if (row!.cpu === 'fpu' && size === 8) return toBytes(random.float(11, 52), 8);
  return size >= 16 || /mm/.test(row!.ops.join()) ? random.vector(Math.max(size, 16)) : toBytes(random.integer(64), 8);
}
function fxrstorImage(random: Random): Uint8Array {
  const image = random.bytes(512);
  image.set(toBytes(BigInt(mxcsr(random)), 4), 24);
  image[2] = image[3] = 0;
  return image;
}

const near = (random: Random, mode: Mode): bigint => BigInt((mode === 16 ? 0x5000 : 0x15000) + random.below(0x8000));

/** Puts values where instructions with implicit operands find them. */
function prepare(
  random: Random,
  mode: Mode,
  { row }: Instruction,
  state: VectorState,
  memory: [string, string][],
): void {
  const { mn, sem } = row;
  const width = mode === 64 ? 64 : 32;
  const low = mode === 16 ? 16 : 32;
  const set = (key: string, value: bigint): void => void (state[key] = BigInt.asUintN(width, value).toString(16));
  const data = (seg: number): bigint => {
    const { from } = windowOf(mode, seg);
    return BigInt(from + 0x800 + random.below(0x6000));
  };
  if (/^(movs|lods|cmps|scas|stos)[bwdq]$/.test(mn)) {
    set('si', data(3));
    set('di', data(0));
    if (random.chance(15)) set('di', BigInt(windowOf(mode, 0).to - random.below(60)));
    if (random.chance(10)) set('si', BigInt(windowOf(mode, 3).to - random.below(60)));
    set('cx', BigInt(random.below(40)));
  }
  if (/maskmov(q|dqu)$/.test(mn)) set('di', random.chance(85) ? data(3) : BigInt(0x37ff8));
  if (mn === 'xlatb') set('bx', data(3));
  const target = near(random, mode);
  const stackTop = mode === 16 ? 0x48000 : 0x48000;
  if (/^ret/.test(mn)) memory.push([stackTop.toString(16), hex(toBytes(target, mode === 64 ? 8 : low / 8))]);
  if (/^popf/.test(sem)) memory.push([stackTop.toString(16), hex(toBytes((random.bits(32) & 0x254cd5n) | 2n, 8))]);
  if (sem === 'leave') set('bp', BigInt(mode === 16 ? 0x8100 + random.below(0x1000) : 0x48100 + random.below(0x1000)));
  if (/^(div|idiv)$/.test(mn) && random.chance(80)) set('dx', BigInt(random.below(2) ? 0 : random.below(64)));
}

export function single(random: Random, row: Row, mode: Mode): Draft | undefined {
  // these look at their memory operand at different times on different processors
  const wild = /^f(ist|bld|bst|st|ld)/.test(row.mn) ? 0 : 4;
  const operands = new Operands(random, mode, undefined, undefined, wild);
  const repeats = row.rep === 'rep' ? ['rep'] : row.rep === 'repcc' ? [random.pick(['repe', 'repne'])] : [];
  const prefixes = repeats.length > 0 && random.chance(50) ? repeats : [];
  const built = assemble(row, operands, random, mode, prefixes);
  if (!built) return undefined;
  const padded = new Uint8Array(32).fill(0xcc);
  padded.set(built.bytes);
  const insn = decode(padded, 0, mode as CodeBits);
  if (!insn.row || insn.row.sem !== row.sem || insn.len !== built.bytes.length) return undefined;
  const state = randomState(random, mode, insn.row);
  forgetOthers(state, insn);
  const memory: [string, string][] = [];
  Object.assign(state, built.state);
  prepare(random, mode, built, state, memory);
  Object.assign(state, indirectTarget(random, mode, insn, built, memory));
  if (insn.operands.some((operand) => operand.kind === 'mem' && operand.vector)) gatherIndices(random, insn, state);
  if (
    built.linear !== undefined &&
    memory.every(([at]) => at !== built.linear!.toString(16)) &&
    !/^(jmp|call)/.test(insn.row.mn)
  ) {
    const bytes = content(random, insn);
    // code is not written, and what lies beyond the data is not there
    if (built.linear >= 0x20000) memory.push([built.linear.toString(16), hex(bytes)]);
  }
  if (memory.length > 0) state.m = memory;
  const ip = (mode === 16 ? 0x4000 : 0x14000) + random.below(0x800);
  state.ip = (random.chance(10) ? (ip | 0xfff) - random.below(built.bytes.length) : ip).toString(16);
  return { n: `${row.mn} ${row.ops.join(', ')}`, b: hex(built.bytes), i: state, ...undefinedAfter(insn, state) };
}

/** Vector registers keep their defaults unless the instruction names them: recordings stay small. */
function forgetOthers(state: VectorState, insn: Insn): void {
  const used = new Set([0]);
  for (const operand of insn.operands) if (operand.kind === 'reg') used.add(operand.num);
  for (let n = 0; n < 16; n++) {
    if (used.has(n)) continue;
    delete state[`x${n}`];
    delete state[`y${n}`];
  }
}

/** JMP and CALL through a register or memory go to a place with INT3s. */
function indirectTarget(
  random: Random,
  mode: Mode,
  insn: Insn,
  { linear }: Instruction,
  memory: [string, string][],
): VectorState {
  if (!/^(jmp|call)$/.test(insn.row!.mn)) return {};
  const [operand] = insn.operands;
  const target = near(random, mode);
  if (operand.kind === 'reg') return { [GPR_KEYS[operand.num]]: target.toString(16) };
  if (operand.kind === 'mem' && linear !== undefined) memory.push([linear.toString(16), hex(toBytes(target, 8))]);
  return {};
}

/** Small indices, so that all elements lie around the base. */
function gatherIndices(random: Random, insn: Insn, state: VectorState): void {
  const mem = insn.operands.find((operand) => operand.kind === 'mem')!;
  if (mem.kind !== 'mem') return;
  const size = /^v(p?)gatherq/.test(insn.row!.mn) ? 8 : 4;
  const lanes = (): string => {
    const bytes = new Uint8Array(16);
    for (let at = 0; at < 16; at += size) bytes.set(toBytes(BigInt(random.below(64) - 32), size), at);
    return hex(bytes);
  };
  state[`x${mem.index}`] = lanes();
  state[`y${mem.index}`] = lanes();
}

export const rowsOf = (mode: Mode): Row[] => ROWS.filter((row) => executable(row, mode));
