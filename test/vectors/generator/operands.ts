// Random operands for a row of the instruction table, and the state that makes its memory operands lie in the vectors' memory.
import { encode } from '../../../src/isa/encode';
import type { AsmMem, AsmOperand, AsmReg } from '../../../src/isa/encodeTypes';
import { OPERANDS, sizeOf } from '../../../src/isa/operands';
import { register } from '../../../src/isa/registers';
import { Seg, type CodeBits, type OperandPattern, type RegClass, type Row } from '../../../src/isa/types';
import type { VectorState } from '../../../src/machine/vectors/format';
import type { Random } from './random';

export const GPR_KEYS = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di', ...[8, 9, 10, 11, 12, 13, 14, 15].map((n) => `r${n}`)]; // prettier-ignore
const GPR_CLASS: Readonly<Record<number, RegClass>> = { 1: 'r8', 2: 'r16', 4: 'r32', 8: 'r64' };
const PREFIX_OF: Readonly<Record<number, string>> = { 2: 'a16', 4: 'a32', 8: 'a64' };

/** Where a segment of the mode begins, and offsets at which data of the tests can lie. */
interface Window {
  base: number;
  from: number;
  to: number;
}
export function windowOf(mode: CodeBits, seg: number): Window {
  if (seg === Seg.FS) return { base: 0x22000, from: 0, to: 0xffff };
  if (seg === Seg.GS) return { base: 0x26000, from: 0, to: 0xffff };
  if (mode !== 16)
    return seg === Seg.SS ? { base: 0, from: 0x40000, to: 0x4ffff } : { base: 0, from: 0x20000, to: 0x37fff };
  const base = [0x28000, 0x10000, 0x40000, 0x20000][seg];
  return { base, from: 0, to: seg === Seg.CS || seg === Seg.ES ? 0xffff : 0xffff };
}

export class Operands {
  /** Registers that the memory operand needs: their values are given. */
  readonly state: VectorState = {};
  /** Linear address of the memory operand. */
  linear: number | undefined;
  prefixes: string[] = [];

  constructor(
    private readonly random: Random,
    private readonly mode: CodeBits,
    /** General registers that may be used as registers, and for addresses; undefined: all. */
    private readonly registers?: readonly number[],
    /** Registers whose value the test knows: addresses are made of these alone. */
    private readonly pointers?: ReadonlyMap<number, number>,
    /** Percentage of addresses that may fault; negative: none, and all are aligned. */
    private readonly wild = 4,
  ) {}

  private general(size: number): AsmReg {
    const { random } = this;
    if (this.registers) {
      const num = random.pick(this.registers);
      if (size === 1 && this.mode !== 64 && num > 3) return { ...register('r8', num & 3) };
      return { ...register(GPR_CLASS[size], num) };
    }
    if (size === 1) {
      const num = random.below(this.mode === 64 ? 20 : 8);
      if (num >= 16 || (this.mode !== 64 && num >= 4)) return { ...register('r8h', num & 3) };
      return { ...register('r8', num) };
    }
    return { ...register(GPR_CLASS[size], random.below(this.mode === 64 ? 16 : 8)) };
  }

  pick(pattern: OperandPattern, opSize: number): AsmOperand | undefined {
    const { random, mode } = this;
    const spec = OPERANDS[pattern];
    const size = sizeOf(spec.size, opSize, mode);
    switch (spec.place) {
      case 'imm':
        return { kind: 'imm', value: this.immediate(spec.signed ? 8 : size * 8), known: true };
      case 'far':
      case 'moffs':
        return spec.place === 'moffs' ? this.memory(size, undefined, true) : undefined;
      case 'rel':
        return { kind: 'imm', value: BigInt(40 + random.below(80)), known: true, relocatable: true };
      case 'fixed':
        if (spec.cls === undefined) return { kind: 'imm', value: BigInt(spec.num!), known: true };
        return { ...register(spec.cls === 'gpr' ? GPR_CLASS[size] : spec.cls, spec.num!) };
      case 'sti':
        return { ...register('st', random.below(8)) };
      default: {
        const memorySize = spec.mem || spec.vector ? sizeOf(spec.memSize ?? 0, opSize, mode) : 0;
        const mustBeMemory = spec.cls === undefined;
        if (mustBeMemory || (spec.mem && random.chance(50)))
          return { ...this.memory(memorySize, spec.vector), far: pattern === 'm16:v' };
        if (spec.cls === 'gpr') return this.general(size);
        if (spec.cls === 'sreg') return { ...register('sreg', random.below(6)) };
        if (spec.cls === 'creg' || spec.cls === 'dreg' || spec.cls === 'treg') return undefined;
        const count = spec.cls !== 'mm' && spec.cls !== 'st' && mode === 64 ? 16 : 8;
        return { ...register(spec.cls!, random.below(count)) };
      }
    }
  }

  private immediate(bits: number): bigint {
    const value = this.random.integer(Math.min(bits, 64));
    const signed = this.random.chance(50) ? BigInt.asIntN(Math.min(bits, 64), value) : value;
    return signed;
  }

  /** A memory operand; registers of the address get their values in `state`. */
  private memory(size: number, vector?: 'xmm' | 'ymm', plain = false): AsmMem {
    const { random, mode } = this;
    const seg = random.chance(15) ? random.pick(mode === 64 ? [4, 5] : [0, 2, 3, 4, 5]) : undefined;
    const known = [1, 2, 4, 8, 10, 16, 32].includes(size) ? size : undefined;
    const result: AsmMem = {
      kind: 'mem',
      base: -1,
      index: -1,
      scale: 1,
      disp: 0n,
      dispKnown: true,
      hasDisp: false,
      size: known,
    };
    if (seg !== undefined) result.seg = seg;
    if (this.pointers && !vector) return this.pointed(result, size);
    const addrSize = this.addressSize(vector !== undefined);
    // 16-bit addresses reach the data of 32-bit code through FS and GS
    const short = mode === 32 && addrSize === 2 && (this.wild < 0 || random.chance(95));
    if (short) result.seg = random.pick([Seg.FS, Seg.GS]);
    const usesStack = this.chooseRegisters(result, addrSize, vector, plain);
    const effective = result.seg ?? (usesStack ? Seg.SS : Seg.DS);
    const window = windowOf(mode, effective);
    const offset = this.offset(window, size);
    this.linear = window.base + offset;
    this.solve(result, offset, addrSize, vector);
    return result;
  }

  /** Sequences: a register that points into data, plus a little. */
  private pointed(result: AsmMem, size: number): AsmMem {
    const { random, mode } = this;
    const [base, offset] = random.pick([...this.pointers!]);
    delete result.seg;
    const at = random.chance(60) ? 16 * random.below(4) - 32 : random.below(64) - 32;
    const safe = size >= 16 && random.chance(90) ? at & ~15 : at;
    Object.assign(result, { base, regSize: mode === 16 ? 2 : mode / 8, disp: BigInt(safe), hasDisp: true });
    if (mode === 16 && base !== 3 && base !== 6 && base !== 7) throw new Error('no address with that register');
    this.linear = (mode === 16 ? 0x20000 : 0) + offset + safe;
    return result;
  }

  private addressSize(vector: boolean): 2 | 4 | 8 {
    const { random, mode } = this;
    const other = random.chance(20);
    if (mode === 64) return other ? 4 : 8;
    if (vector) return 4;
    return (mode === 16) === other ? 4 : 2;
  }

  /** True when the default segment is SS. */
  private chooseRegisters(m: AsmMem, addrSize: 2 | 4 | 8, vector: 'xmm' | 'ymm' | undefined, plain: boolean): boolean {
    const { random } = this;
    const count = this.mode === 64 ? 16 : 8;
    if (plain || (random.chance(8) && !vector && !(this.mode === 64 && addrSize === 8))) {
      m.addrSize = addrSize;
      return false;
    }
    m.regSize = addrSize;
    if (addrSize === 2) {
      const [base, index] = random.pick([[3, 6], [3, 7], [5, 6], [5, 7], [6, -1], [7, -1], [5, -1], [3, -1]]); // prettier-ignore
      m.base = base;
      m.index = index;
      return base === 5;
    }
    m.base = random.below(count);
    if (vector) {
      m.vector = vector;
      m.index = random.below(count);
      m.scale = random.pick([1, 2, 4, 8]);
    } else if (random.chance(45)) {
      do m.index = random.below(count);
      while (m.index === 4 || m.index === m.base);
      m.scale = random.pick([1, 2, 4, 8]);
    }
    return m.base === 4 || m.base === 5;
  }

  private offset({ from, to }: Window, size: number): number {
    const { random } = this;
    const span = to - from + 1;
    if (random.chance(this.wild)) return from + span - random.below(Math.max(size, 2)) - (random.chance(50) ? 0 : 1); // at the end
    let at = from + 0x100 + random.below(span - 0x300);
    if (this.wild < 0 || random.chance(55)) at &= ~63;
    else if (random.chance(15) && (at | 0xfff) < to - 64)
      at = (at | 0xfff) - random.below(Math.max(size, 2)); // at the end of a page
    else if (random.chance(50)) at &= ~15;
    return at;
  }

  private solve(m: AsmMem, offset: number, addrSize: 2 | 4 | 8, vector: string | undefined): void {
    const { random, state } = this;
    const bits = addrSize * 8;
    const displacement = random.pick([0n, 0n, BigInt(random.below(256) - 128), BigInt(random.word() | 0)]);
    const cut = (value: bigint): bigint => BigInt.asUintN(bits, value);
    if (m.base < 0 && m.index < 0) {
      m.disp = BigInt(offset);
      m.hasDisp = true;
      return;
    }
    m.disp = addrSize === 2 ? BigInt.asIntN(16, displacement) : displacement;
    m.hasDisp = displacement !== 0n;
    const set = (num: number, value: bigint): void => {
      state[GPR_KEYS[num]] = this.upper(value, bits).toString(16);
    };
    let rest = BigInt(offset) - m.disp;
    if (m.index >= 0 && !vector) {
      const index = random.chance(70) ? BigInt(random.below(4096)) : random.bits(bits);
      set(m.index, index);
      rest -= index * BigInt(m.scale);
    }
    set(m.base, cut(rest));
  }
  /** Registers are wider than the address: what is above it must not matter. */
  private upper(value: bigint, bits: number): bigint {
    const width = this.mode === 64 ? 64 : 32;
    if (bits >= width || this.random.chance(60)) return BigInt.asUintN(bits, value);
    const above = BigInt.asUintN(width - bits, this.random.bits(64));
    return BigInt.asUintN(bits, value) | (above << BigInt(bits));
  }
}

export interface Instruction {
  bytes: Uint8Array;
  row: Row;
  linear: number | undefined;
  state: VectorState;
}

/** The row with these operands in bytes; undefined when they do not go together. */
export function assemble(
  row: Row,
  operands: Operands,
  random: Random,
  mode: CodeBits,
  prefixes: readonly string[] = [],
): Instruction | undefined {
  const opSize = random.pick(mode === 64 ? [2, 4, 4, 8, 8] : [2, 4]);
  const list = row.ops.map((pattern) => operands.pick(pattern, opSize));
  if (list.some((operand) => operand === undefined)) return undefined;
  const memory = list.find((operand) => operand?.kind === 'mem');
  const lock =
    row.lock && memory && list[0] === memory && (operands.linear! & 15) === 0 && random.chance(25) ? ['lock'] : [];
  const size = row.usesAddrSize && random.chance(20) ? [PREFIX_OF[random.pick(mode === 64 ? [4, 8] : [2, 4])]] : [];
  const wide = row.ops.length === 0 && row.usesOpSize && random.chance(30) ? [random.pick(mode === 64 ? ['o16', 'o64'] : ['o16', 'o32'])] : []; // prettier-ignore
  const result = encode({
    mnemonic: row.mn,
    bits: mode,
    operands: list as AsmOperand[],
    prefixes: [...prefixes, ...lock, ...size, ...wide],
    ip: 0n,
  });
  if (!result.ok) return undefined;
  return { bytes: Uint8Array.from(result.bytes), row: result.row, linear: operands.linear, state: operands.state };
}
