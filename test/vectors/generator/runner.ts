// Builds runner.c with gcc and runs vectors through it: what goes in are vectors without outcome, what comes back are
// vectors as the format "x86vec-1" has them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as F from '../../../src/machine/vectors/format';
import { hex } from './random';

export type Mode = 16 | 32 | 64;
/** A vector before it was run. */
export type Draft = Omit<F.Vector, 'o' | 'e'> & {
  /** What is undefined when an exception ends it early, instead of `u` and `fu`. */
  early?: { u: number; fu: number };
};

const PATCH_BYTES = 80;
const FINISHED = -1;
const BREAKPOINT = 3;
const TIMEOUT = 257;
const NAMES = [...F.GPR_NAMES, 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'];
/** EFLAGS without RF and without the bits that are always the same. */
const FLAG_BITS = 0x244fd7n;

const SELECTORS = { ...F.DEFAULT_SELECTORS, 64: [0, 0x33, 0x2b, 0, 0, 0] };
const LDT: readonly (readonly [sel: string, base: string, limit: string, type: number, db: number, p: number])[] = [
  ['7', '10000', 'ffff', 11, 0, 1],
  ['f', '20000', 'ffff', 3, 0, 1],
  ['17', '28000', 'ffff', 3, 0, 1],
  ['1f', '40000', 'ffff', 3, 0, 1],
  ['27', '22000', 'ffff', 3, 0, 1],
  ['2f', '26000', 'ffff', 3, 0, 1],
  ['37', '10000', 'ffff', 11, 1, 1],
  ['47', '20000', 'ffff', 1, 1, 1],
  ['4f', '20000', 'ffff', 3, 1, 0],
  ['5f', '20000', 'fff', 7, 1, 1],
  ['6f', '20000', 'ff', 3, 1, 1],
  ['7f', '40000', 'ffff', 3, 1, 1],
];
export const LDT_SELECTORS: readonly number[] = LDT.map(([sel]) => parseInt(sel, 16));

export const header = (mode: Mode, file: string): F.VectorHeader => ({
  format: 'x86vec-1',
  mode,
  file,
  cpu: processorName(),
  ldt: LDT.map(([sel, base, limit, type, db, p]) => ({ sel, base, limit, g: 0, db, p, type, dpl: 3 })),
});

function processorName(): string {
  const text = readFileSync('/proc/cpuinfo', 'utf8');
  const of = (name: string): string => new RegExp(`^${name}\\s*: (.*)$`, 'm').exec(text)?.[1] ?? '?';
  return `${of('vendor_id')} family ${of('cpu family')} model ${of('model')}, native CPL3`;
}

/** Why nothing can be run natively here; undefined when it can. */
export function reasonAgainst(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return `${process.platform} on ${process.arch}`;
  if (spawnSync('gcc', ['--version']).status !== 0) return 'no gcc';
  // Random code may meet what two makers do differently; for others than Intel nobody has listed that.
  const info = readFileSync('/proc/cpuinfo', 'utf8');
  const vendor = /^vendor_id\s*: (.*)$/m.exec(info)?.[1];
  if (vendor !== 'GenuineIntel') return `a processor by ${vendor}`;
  const flags = new Set(/^flags\s*: (.*)$/m.exec(info)?.[1].split(' '));
  const missing = ['avx2', 'fma', 'f16c', 'bmi2', 'sha_ni', 'adx', 'fsgsbase'].filter((name) => !flags.has(name));
  return missing.length > 0 ? `a processor without ${missing.join(', ')}` : undefined;
}

export class Runner {
  private readonly folder = mkdtempSync(join(tmpdir(), 'ringside-runner-'));
  private readonly program = join(this.folder, 'runner');

  constructor() {
    const options = ['-O1', '-fno-stack-protector', '-fcf-protection=none', '-mfsgsbase'];
    execFileSync('gcc', [...options, '-o', this.program, join(__dirname, 'runner.c')]);
  }
  dispose(): void {
    rmSync(this.folder, { recursive: true });
  }

  /** The vectors with their outcomes; undefined for those that did not end. */
  run(mode: Mode, drafts: readonly Draft[]): (F.Vector | undefined)[] {
    const input = Buffer.concat(drafts.flatMap((draft) => request(mode, draft)));
    const segments = LDT.map(([sel, base, limit, type, db, p]) =>
      [(parseInt(sel, 16) >> 3).toString(16), base, limit, type.toString(16), db, p, 0].join(),
    );
    const result = spawnSync(this.program, segments, { input, maxBuffer: 1 << 30 });
    if (result.status !== 0)
      throw new Error(`the runner failed (${result.status ?? result.signal}): ${result.stderr.toString()}`);
    const output = result.stdout;
    let at = 0;
    return drafts.map((draft) => {
      const end = at + STATE_BYTES;
      const count = output.readUInt32LE(at + 16);
      const vector = outcome(mode, draft, output.subarray(at, end), output.subarray(end, end + count * PATCH_BYTES));
      at = end + count * PATCH_BYTES;
      return vector;
    });
  }
}

const wide = (state: F.VectorState, key: string, fallback: bigint | number): bigint =>
  state[key] === undefined ? BigInt(fallback) : BigInt(`0x${state[key]}`);

export const registerDefault = (mode: Mode, n: number): bigint => {
  if (mode !== 64) return n < 8 ? BigInt(F.defaultRegister(n, mode)) : 0n;
  if (n === 4) return 0x48000n;
  return n === 5 ? 0x48800n : BigInt.asUintN(64, 0x1111111111111111n * BigInt(n + 1));
};
export const ipDefault = (mode: Mode): number => (mode === 16 ? 0x4000 : 0x14000);
const ymmDefault = (n: number): Uint8Array => Uint8Array.from({ length: 32 }, (_, j) => ((n * 32 + j) & 0xff) ^ 0xa5);

function patch(address: bigint, bytes: Uint8Array): Buffer[] {
  const result: Buffer[] = [];
  for (let from = 0; from < bytes.length; from += 64) {
    const one = Buffer.alloc(PATCH_BYTES);
    const part = bytes.subarray(from, from + 64);
    one.writeBigUInt64LE(address + BigInt(from), 0);
    one.writeUInt32LE(part.length, 8);
    one.set(part, 16);
    result.push(one);
  }
  return result;
}

// Field offsets of `struct state`.
const GPR = 32;
const RIP = GPR + 128;
const SELECTOR = RIP + 32;
const FPU = SELECTOR + 12;
const ST = FPU + 16;
const YMM = ST + 128;
const STATE_BYTES = YMM + 512 + 4;

function request(mode: Mode, { b, i }: Draft): Buffer[] {
  const s = Buffer.alloc(STATE_BYTES);
  const ip = wide(i, 'ip', ipDefault(mode));
  const codeBase = mode === 16 ? 0x10000n : 0n;
  const patches = [
    ...patch(codeBase + ip, F.bytesOf(b)),
    ...(i.m ?? []).flatMap(([address, bytes]) => patch(BigInt(`0x${address}`), F.bytesOf(bytes))),
  ];
  s.writeUInt32LE(mode, 0);
  s.writeUInt32LE(patches.length, 16);
  NAMES.forEach((name, n) => s.writeBigUInt64LE(wide(i, name, registerDefault(mode, n)), GPR + 8 * n));
  s.writeBigUInt64LE(ip, RIP);
  s.writeBigUInt64LE(wide(i, 'f', 0x202), RIP + 8);
  s.writeBigUInt64LE(wide(i, 'fsb', 0x22000), RIP + 16);
  s.writeBigUInt64LE(wide(i, 'gsb', 0x26000), RIP + 24);
  F.SEG_NAMES.forEach((name, n) => s.writeUInt16LE(Number(wide(i, name, SELECTORS[mode][n])), SELECTOR + 2 * n));
  s.writeUInt16LE(Number(wide(i, 'cw', 0x37f)), FPU);
  s.writeUInt16LE(Number(wide(i, 'sw', 0)), FPU + 2);
  s.writeUInt16LE(Number(wide(i, 'tw', 0)), FPU + 4);
  s.writeUInt32LE(Number(wide(i, 'mx', 0x1f80)), FPU + 8);
  for (let n = 0; n < 8; n++) if (i[`st${n}`] !== undefined) s.set(F.bytesOf(i[`st${n}`]), ST + 16 * n);
  for (let n = 0; n < 16; n++) {
    s.set(ymmDefault(n), YMM + 32 * n);
    if (i[`x${n}`] !== undefined) s.set(F.bytesOf(i[`x${n}`]), YMM + 32 * n);
    if (i[`y${n}`] !== undefined) s.set(F.bytesOf(i[`y${n}`]), YMM + 32 * n + 16);
  }
  return [s, ...patches];
}

function outcome(mode: Mode, draft: Draft, s: Buffer, changes: Buffer): F.Vector | undefined {
  const { i, b } = draft;
  const o: F.VectorState = {};
  let exception = s.readUInt32LE(4);
  // the system says that its own half of the address space is there
  const hidden = exception === 14 && s.readBigUInt64LE(24) >> 47n !== 0n;
  if (exception === TIMEOUT || hidden) return undefined;
  const start = wide(i, 'ip', ipDefault(mode));
  let ip = s.readBigUInt64LE(RIP);
  const inCode = (at: bigint): boolean => at >= start && at < start + BigInt(b.length >> 1);
  const single = (draft.k ?? 1) === 1;
  // the INT3 behind the code, or where a jump went; another fault there is the next instruction's
  if (exception === BREAKPOINT && !inCode(ip - 1n)) {
    exception = FINISHED;
    ip -= 1n;
  } else if (single && ip !== start && exception !== BREAKPOINT && exception !== 1 && exception !== 4) {
    if (exception !== 14 || s.readBigUInt64LE(24) !== ip) exception = FINISHED;
  }
  const width = mode === 64 ? 64 : 32;
  const note = (key: string, value: bigint, before: bigint): void => {
    if (value !== before) o[key] = value.toString(16);
  };
  for (let n = 0; n < (mode === 64 ? 16 : 8); n++) {
    const before = wide(i, NAMES[n], registerDefault(mode, n));
    note(NAMES[n], BigInt.asUintN(width, s.readBigUInt64LE(GPR + 8 * n)), before);
  }
  note('ip', BigInt.asUintN(width, ip), start);
  note('f', s.readBigUInt64LE(RIP + 8) & FLAG_BITS, wide(i, 'f', 0x202));
  F.SEG_NAMES.forEach((name, n) =>
    note(name, BigInt(s.readUInt16LE(SELECTOR + 2 * n)), wide(i, name, SELECTORS[mode][n])),
  );
  if (mode === 64) {
    note('fsb', s.readBigUInt64LE(RIP + 16), wide(i, 'fsb', 0x22000));
    note('gsb', s.readBigUInt64LE(RIP + 24), wide(i, 'gsb', 0x26000));
  }
  note('cw', BigInt(s.readUInt16LE(FPU)), wide(i, 'cw', 0x37f));
  note('sw', BigInt(s.readUInt16LE(FPU + 2)), wide(i, 'sw', 0));
  note('tw', BigInt(s.readUInt16LE(FPU + 4)), wide(i, 'tw', 0));
  note('mx', BigInt(s.readUInt32LE(FPU + 8)), wide(i, 'mx', 0x1f80));
  const text = (key: string, at: number, size: number, before: string): void => {
    const now = hex(s.subarray(at, at + size));
    if (now !== (i[key] ?? before)) o[key] = now;
  };
  for (let n = 0; n < 8; n++) text(`st${n}`, ST + 16 * n, 10, '00'.repeat(10));
  for (let n = 0; n < (mode === 64 ? 16 : 8); n++) {
    const before = hex(ymmDefault(n));
    text(`x${n}`, YMM + 32 * n, 16, before.slice(0, 32));
    text(`y${n}`, YMM + 32 * n + 16, 16, before.slice(32));
  }
  const memory: [string, string][] = [];
  for (let at = 0; at < changes.length; at += PATCH_BYTES) {
    const length = changes.readUInt32LE(at + 8);
    memory.push([changes.readBigUInt64LE(at).toString(16), hex(changes.subarray(at + 16, at + 16 + length))]);
  }
  if (memory.length > 0) o.m = memory;
  const { early, ...rest } = draft;
  const vector: F.Vector = { ...rest, o };
  if (exception === FINISHED) return vector;
  vector.e = exceptionOf(exception, s.readUInt32LE(8), s.readBigUInt64LE(24));
  if (early?.u) vector.u = early.u.toString(16);
  if (early?.fu) vector.fu = early.fu.toString(16);
  return vector;
}

const WITH_ERROR_CODE = new Set([8, 10, 11, 12, 13, 14, 17]);

function exceptionOf(vector: number, code: number, cr2: bigint): NonNullable<F.Vector['e']> {
  if (!WITH_ERROR_CODE.has(vector)) return [vector];
  return vector === 14 ? [vector, code.toString(16), cr2.toString(16)] : [vector, code.toString(16)];
}
