// Replays 64-bit vectors at CPL 3 and compares the whole state: replay.ts does the same for legacy modes.
import { getEflags } from '../../cpu/flags';
import * as L from '../../cpu/layout';
import type { Engine } from '../../engine/engine';
import * as F from './format';
import { compareFloatingPoint, loadFloatingPoint } from './fpState';
import { FAR_LINEAR, FAR_PHYSICAL, LongBoard, type LongException } from './longBoard';

const XMM_REGISTERS = 16;
const PAGE = 0x1000;
const NAMES = [...F.GPR_NAMES, 'r8', 'r9', 'r10', 'r11', 'r12', 'r13', 'r14', 'r15'];
const DEFAULT_SELECTORS = [0, 0x33, 0x2b, 0, 0, 0];
const FLAG_BITS = 0x244fd7; // as in replay.ts
const FS = 4;
const GS = 5;

const defaultRegister = (n: number): bigint =>
  n === 4 ? 0x48000n : n === 5 ? 0x48800n : BigInt.asUintN(64, 0x1111111111111111n * BigInt(n + 1));

const wide = (state: F.VectorState, key: string, fallback: bigint): bigint =>
  state[key] === undefined ? fallback : BigInt(`0x${state[key]}`);
const narrow = (state: F.VectorState, key: string, fallback: number): number =>
  state[key] === undefined ? fallback : parseInt(state[key], 16);

/** Two areas of memory as one: the vectors' low memory and the page at a high address. */
class Image {
  readonly low = F.pristineMemory();
  readonly far = farPage();

  /** Array and index of a linear address, undefined elsewhere. */
  at(linear: number): [Uint8Array, number] | undefined {
    if (linear >= F.CODE_START && linear < F.MEMORY_END) return [this.low, linear - F.CODE_START];
    if (linear >= FAR_LINEAR && linear < FAR_LINEAR + PAGE) return [this.far, linear - FAR_LINEAR];
    return undefined;
  }
}

function farPage(): Uint8Array {
  const page = new Uint8Array(PAGE);
  for (let i = 0; i < PAGE; i++) page[i] = Math.imul((FAR_LINEAR + i) | 0, 0x9e3779b1) >>> 24;
  return page;
}

export class LongReplay {
  private readonly board = new LongBoard();
  private readonly pristine = new Image();
  private readonly expected = new Image();

  get engine(): Engine {
    return this.board.engine;
  }

  prepare(header: F.VectorHeader): void {
    this.board.prepare(header);
    this.restore();
  }
  private restore(): void {
    const { ram } = this.board;
    ram.set(this.pristine.low, F.CODE_START);
    ram.set(this.pristine.far, FAR_PHYSICAL);
    this.expected.low.set(this.pristine.low);
    this.expected.far.set(this.pristine.far);
  }

  /** What differs, in words. */
  replay(header: F.VectorHeader, vector: F.Vector): string[] {
    const { board } = this;
    const { engine } = board;
    const { cpu } = engine;
    const selectors = F.SEG_NAMES.map((name, seg) => narrow(vector.i, name, DEFAULT_SELECTORS[seg]));
    const flags = narrow(vector.i, 'f', 0x202);
    const bases = [wide(vector.i, 'fsb', 0x22000n), wide(vector.i, 'gsb', 0x26000n)];
    board.enterLong(selectors, bases[0], bases[1], header, flags);
    const registers = NAMES.map((name, n) => wide(vector.i, name, defaultRegister(n)));
    registers.forEach((value, n) => (cpu.u64[n] = value));
    loadFloatingPoint(cpu, vector.i, XMM_REGISTERS);
    const ip = wide(vector.i, 'ip', 0x14000n);
    cpu.u64[L.S_RIP >> 3] = ip;
    const code = F.bytesOf(vector.b);
    this.place(Number(ip), code, true);
    for (const [address, bytes] of vector.i.m ?? []) this.place(Number(`0x${address}`), F.bytesOf(bytes), true);
    for (const [address, bytes] of vector.o.m ?? []) this.place(Number(`0x${address}`), F.bytesOf(bytes), false);
    engine.dropCode(F.CODE_START, F.MEMORY_END - F.CODE_START);

    this.execute(vector.k ?? 1, Number(ip) + code.length);
    if (vector.e || cpu.halted) engine.run(1);
    const problems: string[] = [];
    const exception = board.longException();
    this.compareException(vector, exception, problems);
    const check = (name: string, value: bigint | number, wanted: bigint | number): void => {
      if (BigInt(value) !== BigInt(wanted))
        problems.push(`${name} is ${value.toString(16)}, silicon has ${wanted.toString(16)}`);
    };
    check('ip', exception?.ip ?? cpu.u64[L.S_RIP >> 3], wide(vector.o, 'ip', ip));
    const mask = FLAG_BITS & ~narrow(vector as unknown as F.VectorState, 'u', 0);
    check('flags', (exception?.flags ?? getEflags(cpu)) & mask, narrow(vector.o, 'f', flags) & mask);
    if (!vector.ud) {
      NAMES.forEach((name, n) =>
        check(name, n === 4 && exception ? exception.sp : cpu.u64[n], wide(vector.o, name, registers[n])),
      );
      this.compareMemory(vector, problems);
    }
    compareFloatingPoint(cpu, vector, XMM_REGISTERS, problems);
    this.compareSegments(vector, selectors, bases, exception, problems);
    this.restore();
    return problems;
  }

  private place(linear: number, bytes: Uint8Array, before: boolean): void {
    const { ram } = this.board;
    bytes.forEach((byte, i) => {
      const found = this.expected.at(linear + i);
      if (!found) return;
      found[0][found[1]] = byte;
      if (before) ram[(found[0] === this.expected.far ? FAR_PHYSICAL : F.CODE_START) + found[1]] = byte;
    });
  }

  /** A sequence with forward jumps ends early, behind its last byte. */
  private execute(count: number, end: number): void {
    const { engine } = this.board;
    for (let k = 0; k < count; k++) {
      engine.run(1);
      if (engine.cpu.halted || engine.cpu.shutdown || (count > 1 && engine.cpu.eip === end)) return;
    }
  }

  private compareException(vector: F.Vector, got: LongException | undefined, problems: string[]): void {
    const { cpu } = this.board.engine;
    if (cpu.shutdown) {
      problems.push('triple fault');
      return;
    }
    const wanted = vector.e;
    if (wanted?.[0] !== got?.vector) {
      problems.push(`exception ${got?.vector ?? 'none'}, silicon has ${wanted?.[0] ?? 'none'}`);
      return;
    }
    const code = wanted?.[1] === undefined ? undefined : parseInt(wanted[1], 16);
    if (code !== undefined && code !== got?.errorCode) {
      problems.push(`error code ${got?.errorCode?.toString(16)}, silicon has ${code.toString(16)}`);
    }
    const cr2 = cpu.u64[L.S_CR2 >> 3];
    if (wanted?.[2] !== undefined && cr2 !== BigInt(`0x${wanted[2]}`))
      problems.push(`CR2 is ${cr2.toString(16)}, silicon has ${wanted[2]}`);
  }

  private compareMemory(vector: F.Vector, problems: string[]): void {
    const { ram } = this.board;
    const areas: [Uint8Array, number, number][] = [
      [this.expected.low, F.CODE_START, F.CODE_START],
      [this.expected.far, FAR_PHYSICAL, FAR_LINEAR],
    ];
    const ignored = (linear: number): boolean =>
      (vector.um ?? []).some(([address, length]) => {
        const first = Number(`0x${address}`);
        return linear >= first && linear < first + length;
      });
    for (const [wanted, physical, linear] of areas) {
      const got = ram.subarray(physical, physical + wanted.length);
      if (F.sameBytes(got, wanted)) continue;
      const at = wanted.findIndex((byte, i) => byte !== got[i] && !ignored(linear + i));
      if (at >= 0) {
        const address = (linear + at).toString(16);
        problems.push(`memory at ${address} is ${got[at].toString(16)}, silicon has ${wanted[at].toString(16)}`);
      }
    }
  }

  private compareSegments(
    vector: F.Vector,
    before: readonly number[],
    bases: readonly bigint[],
    exception: LongException | undefined,
    problems: string[],
  ): void {
    const { cpu } = this.board.engine;
    F.SEG_NAMES.forEach((name, seg) => {
      const wanted = narrow(vector.o, name, before[seg]);
      const value = seg === 1 && exception ? exception.cs : seg === 2 && exception ? exception.ss : cpu.selector(seg);
      // the recorder read the selectors after a return to ring 3, which turns every null selector into 0
      if ((value < 4 ? 0 : value) !== wanted)
        problems.push(`${name} is ${value.toString(16)}, silicon has ${wanted.toString(16)}`);
    });
    for (const [name, seg] of [
      ['fsb', FS],
      ['gsb', GS],
    ] as const) {
      // prettier-ignore
      const wanted = wide(vector.o, name, bases[seg - FS]);
      const got = cpu.u64[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_BASE) >> 3];
      if (got !== wanted) problems.push(`${name} is ${got.toString(16)}, silicon has ${wanted.toString(16)}`);
    }
  }
}
