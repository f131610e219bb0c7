// Replays vectors in protected mode at CPL 3, and 16-bit ones without `pm` also in real mode, and compares the whole state; all of
// them twice, with their forms as functions and as cases of the interpreter's loop.
import { getEflags } from '../../cpu/flags';
import { SYS_ROUTINES } from '../../cpu/routines';
import * as L from '../../cpu/layout';
import type { Engine } from '../../engine/engine';
import { isLowered } from '../../engine/recordWriter';
import { decode } from '../../isa/decode';
import { VectorBoard, type DeliveredException } from './board';
import * as F from './format';
import { compareFloatingPoint, loadFloatingPoint } from './fpState';
import { LongReplay } from './longReplay';

export interface FileResult {
  passed: number;
  failed: number;
  /** Vectors whose instruction is not implemented, by mnemonic. */
  uncovered: Map<string, number>;
  /** The first failures, in words. */
  failures: string[];
  /** Failures by the vector's first word. */
  failedBy: Map<string, number>;
}

export type Outcome = 'passed' | 'failed' | 'uncovered';
/** Told of every vector. */
export type Observer = (header: F.VectorHeader, vector: F.Vector, outcome: Outcome) => void;

type Mode = 'protected' | 'real';
const ARITHMETIC_AND_SYSTEM = 0x244fd7; // EFLAGS bits that vectors carry: everything but RF and reserved ones
const VISIBLE_FAILURES = 20;
/** Vectors that are replayed again together, at most. */
const BATCH = 1000;
/** As many as the mode has. */
const xmmRegisters = (mode: number): number => (mode === 64 ? 16 : 8);

interface Replayed {
  vector: F.Vector;
  /** What is not implemented of it. */
  missing: string | undefined;
  problems: string[];
}

function count(
  result: FileResult,
  { n, b }: F.Vector,
  missing: string | undefined,
  problems: readonly string[],
): Outcome {
  if (missing !== undefined) {
    result.uncovered.set(missing, (result.uncovered.get(missing) ?? 0) + 1);
    return 'uncovered';
  }
  if (problems.length === 0) {
    result.passed++;
    return 'passed';
  }
  result.failed++;
  const word = n.split(' ')[0];
  result.failedBy.set(word, (result.failedBy.get(word) ?? 0) + 1);
  if (result.failures.length < VISIBLE_FAILURES) result.failures.push(`${n} [${b}]: ${problems.join('; ')}`);
  return 'failed';
}

function readLine(line: string, number: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // said below
  }
  throw new Error(`line ${number} is not a JSON object: the file is damaged, or it has no vectors`);
}

export class VectorReplay {
  private readonly board = new VectorBoard();
  private long: LongReplay | undefined;
  private readonly pristine = F.pristineMemory();
  private readonly expected = new Uint8Array(this.pristine);
  private readonly memory: Uint8Array;

  constructor() {
    this.memory = this.board.ram.subarray(F.CODE_START, F.MEMORY_END);
    this.memory.set(this.pristine);
  }

  /** `lines` are the file's JSON lines, header first. */
  run(lines: Iterable<string>, observe?: Observer): FileResult {
    const result: FileResult = { passed: 0, failed: 0, uncovered: new Map(), failures: [], failedBy: new Map() };
    let header: F.VectorHeader | undefined;
    let batch: Replayed[] = [];
    let number = 0;
    for (const line of lines) {
      number++;
      if (line === '') continue;
      if (!header) {
        header = readLine(line, number) as F.VectorHeader;
        if (header.format !== 'x86vec-1') {
          throw new Error(`line ${number}: vectors of the format ${String(header.format)}; this replays x86vec-1`);
        }
        if (header.mode === 64) (this.long ??= new LongReplay()).prepare(header);
        else this.board.prepare(header);
        this.engineOf(header).tryForms('functions');
        continue;
      }
      const vector = readLine(line, number) as F.Vector;
      const missing = this.uncovered(vector, header.mode);
      batch.push({ vector, missing, problems: missing === undefined ? this.replayAll(header, vector) : [] });
      if (batch.length < BATCH && !this.engineOf(header).triedForms) continue;
      this.again(header, batch, result, observe);
      batch = [];
    }
    if (!header) throw new Error('there is no vector in it');
    this.again(header, batch, result, observe);
    return result;
  }

  private engineOf(header: F.VectorHeader): Engine {
    return header.mode === 64 ? this.long!.engine : this.board.engine;
  }

  /** Replays with the forms as cases, and counts. */
  private again(header: F.VectorHeader, batch: readonly Replayed[], result: FileResult, observe?: Observer): void {
    const engine = this.engineOf(header);
    engine.tryForms('cases');
    for (const { vector, missing, problems } of batch) {
      if (missing === undefined && problems.length === 0)
        problems.push(...this.replayAll(header, vector).map((problem) => `as a case of the loop: ${problem}`));
      const outcome = count(result, vector, missing, problems);
      observe?.(header, vector, outcome);
    }
    engine.tryForms('functions');
  }

  private replayAll(header: F.VectorHeader, vector: F.Vector): string[] {
    if (header.mode === 64) return this.long!.replay(header, vector);
    const modes: Mode[] = header.mode === 16 && !vector.pm ? ['protected', 'real'] : ['protected'];
    return modes.flatMap((mode) => this.replay(header, vector, mode).map((p) => `${mode}: ${p}`));
  }

  /** The first instruction of the code that the table or the engine lacks; #UD vectors need none. */
  private uncovered(vector: F.Vector, mode: 16 | 32 | 64): string | undefined {
    if (vector.e?.[0] === 6) return undefined;
    const code = F.bytesOf(vector.b);
    let at = 0;
    for (let k = vector.k ?? 1; k > 0 && at < code.length; k--) {
      const insn = decode(code, at, mode);
      if (insn.invalid === 'truncated' || insn.invalid === 'length') return undefined;
      if (!insn.row) return vector.n.split(' ')[0];
      // BSF and BSR with F3 are TZCNT and LZCNT on the recorded processor
      if (insn.rep === 0xf3 && (insn.row.mn === 'bsf' || insn.row.mn === 'bsr'))
        return insn.row.mn === 'bsf' ? 'tzcnt' : 'lzcnt';
      if (!isLowered(insn) && !SYS_ROUTINES[insn.row.sem]) return insn.row.mn;
      at += insn.len;
    }
    return undefined;
  }

  private replay(header: F.VectorHeader, vector: F.Vector, mode: Mode): string[] {
    const bits = header.mode as 16 | 32;
    const { board } = this;
    const { engine } = board;
    const { cpu } = engine;
    const real = mode === 'real';
    const number = (state: F.VectorState, key: string, fallback: number): number =>
      state[key] === undefined ? fallback : parseInt(state[key], 16);
    const paragraph = (selector: number): number => {
      if (!real) return selector;
      const d = header.ldt.find((e) => parseInt(e.sel, 16) === selector);
      return d ? parseInt(d.base, 16) >>> 4 : selector;
    };
    const selectors = F.SEG_NAMES.map((name, seg) => number(vector.i, name, F.DEFAULT_SELECTORS[bits][seg]));
    const flags = number(vector.i, 'f', 0x202);
    if (real) board.enterReal(selectors.map(paragraph), flags);
    else board.enterProtected(selectors, header, flags);
    const registers = F.GPR_NAMES.map((name, n) => number(vector.i, name, F.defaultRegister(n, bits)));
    registers.forEach((value, n) => cpu.setReg32(n, value));
    const ip = number(vector.i, 'ip', F.defaultIp(bits));
    loadFloatingPoint(cpu, vector.i, xmmRegisters(bits));
    cpu.eip = ip;
    const codeAt = (cpu.base(1) + ip) >>> 0;
    const touched: [number, number][] = [];
    const place = (into: Uint8Array[], address: number, bytes: Uint8Array): void => {
      if (address < F.CODE_START || address >= F.MEMORY_END) return;
      const cut = bytes.subarray(0, F.MEMORY_END - address);
      for (const target of into) target.set(cut, address - F.CODE_START);
      touched.push([address, cut.length]);
    };
    place([this.memory, this.expected], codeAt, F.bytesOf(vector.b));
    for (const [address, bytes] of vector.i.m ?? [])
      place([this.memory, this.expected], parseInt(address, 16), F.bytesOf(bytes));
    for (const [address, bytes] of vector.o.m ?? []) place([this.expected], parseInt(address, 16), F.bytesOf(bytes));
    for (const [address, length] of touched) engine.dropCode(address, length);

    this.execute(vector.k ?? 1, ip, ip + (vector.b.length >> 1));
    if (vector.e || cpu.halted) engine.run(1);
    const problems: string[] = [];
    const exception = real ? board.realException() : board.protectedException();
    this.compareException(vector, exception, real, problems);
    const got = { ip: exception?.ip ?? cpu.eip, flags: exception?.flags ?? getEflags(cpu) };
    const check = (name: string, value: number, wanted: number, mask = 0xffffffff): void => {
      if (((value ^ wanted) & mask) !== 0)
        problems.push(`${name} is ${value.toString(16)}, silicon has ${wanted.toString(16)}`);
    };
    check('ip', got.ip, number(vector.o, 'ip', ip), real && exception ? 0xffff : 0xffffffff);
    const undefinedFlags = vector.u === undefined ? 0 : parseInt(vector.u, 16);
    const flagMask = ARITHMETIC_AND_SYSTEM & ~undefinedFlags & (real && exception ? 0xffff : 0xffffffff);
    check('flags', got.flags, number(vector.o, 'f', flags), real ? flagMask & 0x3fffff & ~0x3000 : flagMask);
    if (!vector.ud) {
      F.GPR_NAMES.forEach((name, n) => {
        const value =
          n === 4 && exception
            ? real
              ? ((cpu.reg32(4) & 0xffff0000) | exception.sp) >>> 0
              : exception.sp
            : cpu.reg32(n);
        check(name, value, number(vector.o, name, registers[n]));
      });
      this.compareMemory(vector, real && exception ? exception : undefined, cpu.base(2), problems);
    }
    compareFloatingPoint(cpu, vector, xmmRegisters(bits), problems);
    F.SEG_NAMES.forEach((name, seg) => {
      const wanted = paragraph(number(vector.o, name, selectors[seg]));
      const value =
        seg === 1 && exception ? exception.cs : seg === 2 && exception && !real ? exception.ss : cpu.selector(seg);
      // the recorder read the selectors after a return to ring 3, which turns every null selector into 0
      check(name, !real && value < 4 ? 0 : value, wanted);
    });
    this.memory.set(this.pristine);
    this.expected.set(this.pristine);
    return problems;
  }

  /** A sequence with forward jumps ends early, behind its last byte. */
  private execute(count: number, start: number, end: number): void {
    const { engine } = this.board;
    for (let k = 0; k < count; k++) {
      engine.run(1);
      if (engine.cpu.halted || engine.cpu.shutdown || (count > 1 && engine.cpu.eip === end && start !== end)) return;
    }
  }

  private compareException(
    vector: F.Vector,
    got: DeliveredException | undefined,
    real: boolean,
    problems: string[],
  ): void {
    if (this.board.engine.cpu.shutdown) {
      problems.push('triple fault');
      return;
    }
    const wanted = vector.e;
    if (!wanted && !got) return;
    if (wanted?.[0] !== got?.vector) {
      problems.push(`exception ${got?.vector ?? 'none'}, silicon has ${wanted?.[0] ?? 'none'}`);
      return;
    }
    if (real) return;
    const code = wanted?.[1] === undefined ? undefined : parseInt(wanted[1], 16);
    if (code !== undefined && code !== got?.errorCode) {
      problems.push(`error code ${got?.errorCode?.toString(16)}, silicon has ${code.toString(16)}`);
    }
    if (wanted?.[2] !== undefined) {
      const cr2 = this.board.engine.cpu.u32[L.S_CR2 >> 2];
      if (cr2 !== parseInt(wanted[2], 16)) problems.push(`CR2 is ${cr2.toString(16)}, silicon has ${wanted[2]}`);
    }
  }

  private compareMemory(
    vector: F.Vector,
    frame: DeliveredException | undefined,
    stackBase: number,
    problems: string[],
  ): void {
    for (const [address, length] of vector.um ?? []) this.forgive(parseInt(address, 16), length);
    if (frame) for (let i = 1; i <= 6; i++) this.forgive(stackBase + ((frame.sp - i) & 0xffff), 1);
    if (F.sameBytes(this.memory, this.expected)) return;
    const at = this.memory.findIndex((byte, i) => byte !== this.expected[i]);
    problems.push(
      `memory at ${(at + F.CODE_START).toString(16)} is ${this.memory[at].toString(16)}, silicon has ${this.expected[at].toString(16)}`,
    );
  }
  private forgive(address: number, length: number): void {
    const at = address - F.CODE_START;
    if (at < 0 || at >= this.memory.length) return;
    this.expected.set(this.memory.subarray(at, at + length), at);
  }
}
