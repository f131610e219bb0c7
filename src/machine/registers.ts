// Registers by name for the debugger: general registers in every width, RIP, flags, segments with their hidden caches,
// vectors; the others are in systemRegisters.ts. Values are BigInt so that 64-bit registers need no second form.
// Writing has the effects that the processor's own load would have, without its privilege checks.

import type { Cpu } from '../cpu/cpu';
import { isNull, readDescriptor, FOUND } from '../cpu/descriptors';
import { loadRegister, storeRegister } from '../cpu/fpu/float80';
import {
  controlWord,
  physical,
  setControl,
  setFull,
  setStatus,
  setTagWord,
  statusWord,
  tagWord,
} from '../cpu/fpu/state';
import * as L from '../cpu/layout';
import { loadLdtr, loadTr } from '../cpu/loadSegment';
import { hasFeature } from '../cpu/models';
import { protectedMode } from '../cpu/modes';
import { setCpl, setNull, setParagraph, setSegment } from '../cpu/segments';
import type { Accessor } from './accessor';
import { attempt, notAnAddress, SYSTEM_REGISTERS } from './systemRegisters';

const CLASSIC = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs', 'ldtr', 'tr'];
const SS = 2;

const table = new Map<string, Accessor>();

const unsigned = (bits: number, value: bigint): number => Number(BigInt.asUintN(bits, value));

/** A little-endian field of the state; writing part of a general register leaves the rest alone. */
function field(
  name: string,
  offset: number,
  bytes: 1 | 2 | 4 | 8,
  check: (cpu: Cpu, value: bigint) => string | undefined = () => undefined,
): void {
  table.set(name, {
    bits: bytes * 8,
    get: (cpu) => {
      if (bytes === 8) return cpu.u64[offset >> 3];
      if (bytes === 4) return BigInt(cpu.u32[offset >> 2]);
      return BigInt(bytes === 2 ? cpu.u16[offset >> 1] : cpu.u8[offset]);
    },
    set: (cpu, value) => {
      const problem = check(cpu, value);
      if (problem !== undefined) return problem;
      if (bytes === 8) cpu.u64[offset >> 3] = BigInt.asUintN(64, value);
      else if (bytes === 4) cpu.u32[offset >> 2] = unsigned(32, value);
      else if (bytes === 2) cpu.u16[offset >> 1] = unsigned(16, value);
      else cpu.u8[offset] = unsigned(8, value);
      return undefined;
    },
  });
}

function generalRegisters(): void {
  CLASSIC.forEach((name, n) => {
    field(`r${name}`, L.S_GPR + 8 * n, 8);
    field(`e${name}`, L.S_GPR + 8 * n, 4);
    field(name, L.S_GPR + 8 * n, 2);
    field(n < 4 ? `${name[0]}l` : `${name}l`, L.S_GPR + 8 * n, 1);
    if (n < 4) field(`${name[0]}h`, L.S_GPR + 8 * n + 1, 1);
  });
  for (let n = 8; n < 16; n++) {
    field(`r${n}`, L.S_GPR + 8 * n, 8);
    field(`r${n}d`, L.S_GPR + 8 * n, 4);
    field(`r${n}w`, L.S_GPR + 8 * n, 2);
    field(`r${n}b`, L.S_GPR + 8 * n, 1);
  }
  field('rip', L.S_RIP, 8, notAnAddress);
  field('eip', L.S_RIP, 4);
  field('ip', L.S_RIP, 2);
}

function segmentRegisters(): void {
  SEGMENTS.forEach((name, n) => {
    table.set(name, { bits: 16, get: (cpu) => BigInt(cpu.selector(n)), set: (cpu, v) => loadSelector(cpu, n, v) });
    const cache = (
      part: string,
      bits: number,
      get: (cpu: Cpu) => number,
      set: (cpu: Cpu, value: number) => void,
    ): void => {
      table.set(`${name}.${part}`, {
        bits,
        get: (cpu) => BigInt(get(cpu)),
        set: (cpu, value) => set(cpu, unsigned(bits, value)),
      });
    };
    const store = (cpu: Cpu, attr: number, base: number, limit: number): void =>
      setSegment(cpu, n, cpu.selector(n), attr, base, limit);
    table.set(`${name}.base`, {
      bits: 64,
      get: (cpu) => cpu.u64[(L.S_SEG + n * L.SEG_SIZE + L.SEG_BASE) >> 3],
      set: (cpu, value) => {
        const problem = notAnAddress(cpu, value);
        if (problem === undefined) store(cpu, cpu.attr(n), Number(BigInt.asIntN(64, value)), cpu.limit(n));
        return problem;
      },
    });
    cache('limit', 32, (cpu) => cpu.limit(n), (cpu, v) => store(cpu, cpu.attr(n), cpu.base64(n), v)); // prettier-ignore
    cache('attr', 32, (cpu) => cpu.attr(n), (cpu, v) => store(cpu, v, cpu.base64(n), cpu.limit(n))); // prettier-ignore
  });
}

/** As real mode loads it, or from its descriptor in protected mode. */
function loadSelector(cpu: Cpu, segment: number, value: bigint): string | undefined {
  const selector = unsigned(16, value);
  const inTable = segment >= L.LDTR;
  if (!protectedMode(cpu)) {
    if (inTable) return 'LDTR and TR cannot be loaded outside protected mode';
    setParagraph(cpu, segment, selector);
    return undefined;
  }
  if (inTable) return attempt(cpu, () => (segment === L.TR ? loadTr : loadLdtr)(cpu, selector));
  if (isNull(selector)) {
    if (segment === SS && cpu.long && cpu.cpl !== 3) return void setNull(cpu, segment, selector);
    if (segment === 1 || segment === SS) return 'a null selector cannot be loaded there';
    setNull(cpu, segment, selector);
    return undefined;
  }
  const { other } = cpu;
  if (readDescriptor(cpu, selector, other) !== FOUND) {
    cpu.fault = undefined;
    return `selector ${selector.toString(16)} has no descriptor in its table`;
  }
  if ((other.kind & 0x10) === 0) return `the descriptor of selector ${selector.toString(16)} is of the wrong kind`;
  if (segment === 1 && !other.isCode) return 'CS needs a code segment';
  if (!other.present) return `the segment of selector ${selector.toString(16)} is not present`;
  setSegment(cpu, segment, selector, other.attr, other.base, other.limit);
  if (segment === 1) setCpl(cpu, selector & 3);
  return undefined;
}

/** The x87: `st0` .. `st7` in stack order as 80-bit patterns; writing one marks it as not empty. */
function floatingPointRegisters(): void {
  const word = (
    name: string,
    bits: number,
    get: (cpu: Cpu) => number,
    set: (cpu: Cpu, value: number) => void,
  ): void => {
    table.set(name, { bits, get: (cpu) => BigInt(get(cpu)), set: (cpu, value) => set(cpu, unsigned(bits, value)) });
  };
  word('fcw', 16, controlWord, setControl);
  word('fsw', 16, statusWord, setStatus);
  word('ftw', 16, tagWord, setTagWord);
  field('fip', L.S_FIP, 8);
  field('fdp', L.S_FDP, 8);
  field('fcs', L.S_FCS, 2);
  field('fds', L.S_FDS, 2);
  field('fop', L.S_FOP, 2);
  for (let i = 0; i < 8; i++) {
    table.set(`st${i}`, {
      bits: 80,
      get: (cpu) => {
        const { se, sig } = loadRegister(cpu, physical(cpu, i));
        return (BigInt(se) << 64n) | sig;
      },
      set: (cpu, value) => {
        const n = physical(cpu, i);
        storeRegister(cpu, n, { se: unsigned(16, value >> 64n), sig: BigInt.asUintN(64, value) });
        setFull(cpu, n);
      },
    });
  }
}

/** `mm0` .. `mm7`, the significands of the x87 registers; `xmm0` .. `xmm15`, `ymm0` .. `ymm15` as whole numbers; MXCSR. */
function vectorRegisters(): void {
  const words = (
    name: string,
    feature: string,
    at: number,
    count: number,
    after: (cpu: Cpu) => void = () => {},
  ): void => {
    table.set(name, {
      bits: 64 * count,
      exists: (cpu) => hasFeature(cpu, feature),
      get: (cpu) => cpu.u64.slice(at >> 3, (at >> 3) + count).reduceRight((value, word) => (value << 64n) | word, 0n),
      set: (cpu, value) => {
        for (let i = 0; i < count; i++) cpu.u64[(at >> 3) + i] = BigInt.asUintN(64, value >> BigInt(64 * i));
        after(cpu);
        return undefined;
      },
    });
  };
  for (let n = 0; n < 16; n++) {
    words(`xmm${n}`, 'sse', L.S_XMM + n * L.XMM_SIZE, 2);
    words(`ymm${n}`, 'avx', L.S_XMM + n * L.XMM_SIZE, 4);
  }
  // as an MMX instruction writes it: sign and exponent become ones
  for (let n = 0; n < 8; n++) {
    const at = L.S_FPR + n * L.FPR_SIZE;
    words(`mm${n}`, 'mmx', at, 1, (cpu) => void (cpu.u16[(at + 8) >> 1] = 0xffff));
  }
  table.set('mxcsr', {
    bits: 32,
    exists: (cpu) => hasFeature(cpu, 'sse'),
    get: (cpu) => BigInt(cpu.u32[L.S_MXCSR >> 2]),
    set: (cpu, value) => {
      if (value > 0xffffn) return 'bits 16 to 31 of MXCSR are reserved';
      cpu.u32[L.S_MXCSR >> 2] = unsigned(16, value);
      return undefined;
    },
  });
}

generalRegisters();
floatingPointRegisters();
vectorRegisters();
segmentRegisters();
field('gdtr.limit', L.S_GDTR_LIMIT, 2);
field('idtr.limit', L.S_IDTR_LIMIT, 2);
for (const [name, accessor] of SYSTEM_REGISTERS) table.set(name, accessor);

export const registerNames = (): string[] => [...table.keys()];

const find = (cpu: Cpu, name: string): Accessor | undefined => {
  const accessor = table.get(name);
  return accessor && (accessor.exists?.(cpu) ?? true) ? accessor : undefined;
};

/** Undefined when this processor has no such register. */
export const getRegister = (cpu: Cpu, name: string): bigint | undefined => find(cpu, name)?.get(cpu);

/** Answers a sentence when the value cannot be set. */
export function setRegister(cpu: Cpu, name: string, value: bigint): string | undefined {
  const accessor = find(cpu, name);
  if (!accessor) return `there is no register '${name}'`;
  return accessor.set(cpu, BigInt.asUintN(accessor.bits, value)) ?? undefined;
}
