// Registers by name for the debugger: general registers in every width, RIP, flags, segments with their hidden caches,
// control and debug registers, system tables. Values are BigInt so that 64-bit registers need no second form.
// Writing has the effects that the processor's own load would have, without its privilege checks.

import type { Cpu } from '../cpu/cpu';
import { isNull, readDescriptor, FOUND } from '../cpu/descriptors';
import { getEflags, setEflags } from '../cpu/flags';
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
import { protectedMode } from '../cpu/modes';
import { refreshSegments, setCpl, setNull, setParagraph, setSegment } from '../cpu/segments';
import { flushTranslations } from '../cpu/tlb';
import { updateBreakpointPages } from '../cpu/watch';

interface Accessor {
  readonly bits: number;
  get(cpu: Cpu): bigint;
  /** Answers what is wrong, in words. */
  set(cpu: Cpu, value: bigint): string | undefined | void;
}

const CLASSIC = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs', 'ldtr', 'tr'];
const SS = 2;

const table = new Map<string, Accessor>();

const unsigned = (bits: number, value: bigint): number => Number(BigInt.asUintN(bits, value));

/** A little-endian field of the state; writing part of a general register leaves the rest alone. */
function field(name: string, offset: number, bytes: 1 | 2 | 4 | 8, after: (cpu: Cpu) => void = () => {}): void {
  table.set(name, {
    bits: bytes * 8,
    get: (cpu) => {
      if (bytes === 8) return cpu.u64[offset >> 3];
      if (bytes === 4) return BigInt(cpu.u32[offset >> 2]);
      return BigInt(bytes === 2 ? cpu.u16[offset >> 1] : cpu.u8[offset]);
    },
    set: (cpu, value) => {
      if (bytes === 8) cpu.u64[offset >> 3] = BigInt.asUintN(64, value);
      else if (bytes === 4) cpu.u32[offset >> 2] = unsigned(32, value);
      else if (bytes === 2) cpu.u16[offset >> 1] = unsigned(16, value);
      else cpu.u8[offset] = unsigned(8, value);
      after(cpu);
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
  field('rip', L.S_RIP, 8);
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
    cache('base', 32, (cpu) => cpu.base(n), (cpu, v) => store(cpu, cpu.attr(n), v, cpu.limit(n))); // prettier-ignore
    cache('limit', 32, (cpu) => cpu.limit(n), (cpu, v) => store(cpu, cpu.attr(n), cpu.base(n), v)); // prettier-ignore
    cache('attr', 32, (cpu) => cpu.attr(n), (cpu, v) => store(cpu, v, cpu.base(n), cpu.limit(n))); // prettier-ignore
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
  if (isNull(selector)) {
    if (segment === 1 || segment === SS || segment === L.TR) return 'a null selector cannot be loaded there';
    setNull(cpu, segment, selector);
    return undefined;
  }
  if (inTable && (selector & 4) !== 0) return 'LDTR and TR are loaded from the GDT only';
  const { other } = cpu;
  if (readDescriptor(cpu, selector, other) !== FOUND) {
    cpu.fault = undefined;
    return `selector ${selector.toString(16)} has no descriptor in its table`;
  }
  const system = (other.kind & 0x10) === 0;
  if (system !== inTable) return `the descriptor of selector ${selector.toString(16)} is of the wrong kind`;
  if (segment === 1 && !other.isCode) return 'CS needs a code segment';
  if (!other.present) return `the segment of selector ${selector.toString(16)} is not present`;
  setSegment(cpu, segment, selector, other.attr, other.base, other.limit);
  if (segment === 1) setCpl(cpu, selector & 3);
  return undefined;
}

function systemRegisters(): void {
  table.set('rflags', flags(64));
  table.set('eflags', flags(32));
  table.set('flags', flags(16));
  const changed = (cpu: Cpu): void => {
    refreshSegments(cpu);
    flushTranslations(cpu);
  };
  field('gdtr.base', L.S_GDTR_BASE, 8);
  field('gdtr.limit', L.S_GDTR_LIMIT, 2);
  field('idtr.base', L.S_IDTR_BASE, 8);
  field('idtr.limit', L.S_IDTR_LIMIT, 2);
  field('cr0', L.S_CR0, 8, changed);
  field('cr2', L.S_CR2, 8);
  field('cr3', L.S_CR3, 8, changed);
  field('cr4', L.S_CR4, 8, changed);
  field('cr8', L.S_CR8, 8);
  field('efer', L.S_EFER, 8, changed);
  for (let n = 0; n < 8; n++) field(`dr${n}`, L.S_DR + 8 * n, 8, updateBreakpointPages);
  table.set('cpl', {
    bits: 2,
    get: (cpu) => BigInt(cpu.cpl),
    set: () => 'CPL cannot be set by itself: load CS',
  });
}

const flags = (bits: number): Accessor => ({
  bits,
  get: (cpu) => BigInt.asUintN(bits, BigInt(getEflags(cpu) >>> 0)),
  set: (cpu, value) => {
    const mask = bits === 16 ? 0xffff : 0xffffffff;
    setEflags(cpu, (getEflags(cpu) & ~mask) | (unsigned(32, value) & mask));
    cpu.hooks.contextChanged();
  },
});

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

/** `xmm0` .. `xmm15` as 128-bit numbers, MXCSR. */
function vectorRegisters(): void {
  for (let n = 0; n < 16; n++) {
    const at = (L.S_XMM + n * L.XMM_SIZE) >> 3;
    table.set(`xmm${n}`, {
      bits: 128,
      get: (cpu) => cpu.u64[at] | (cpu.u64[at + 1] << 64n),
      set: (cpu, value) => {
        cpu.u64[at] = BigInt.asUintN(64, value);
        cpu.u64[at + 1] = BigInt.asUintN(64, value >> 64n);
      },
    });
  }
  table.set('mxcsr', {
    bits: 32,
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
systemRegisters();

export const registerNames = (): string[] => [...table.keys()];

/** Undefined when there is no such register. */
export const getRegister = (cpu: Cpu, name: string): bigint | undefined => table.get(name)?.get(cpu);

/** Answers a sentence when the value cannot be set. */
export function setRegister(cpu: Cpu, name: string, value: bigint): string | undefined {
  const accessor = table.get(name);
  if (!accessor) return `there is no register '${name}'`;
  return accessor.set(cpu, value) ?? undefined;
}
