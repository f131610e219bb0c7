// The state save maps of system management mode. x86-64: AMD APM vol. 2, "SMM State-Save Area", as QEMU and Bochs have it too.
// Pentium: Intel SDM vol. 3, "SMRAM State Save Map"; the hidden state, for which that manual has reserved bytes, is where QEMU
// has it. Offsets are from SMBASE + 8000h. What an entry says is used in both directions.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { getEflags, setEflags } from './flags';
import {
  LDTR,
  S_CPL,
  S_CR0,
  S_CR3,
  S_DR,
  S_EFER,
  S_GDTR_BASE,
  S_GDTR_LIMIT,
  S_GPR,
  S_IDTR_BASE,
  S_IDTR_LIMIT,
  S_IO,
  S_IO_RCX,
  S_IO_RDI,
  S_IO_RIP,
  S_IO_RSI,
  S_RIP,
  S_SMBASE,
  TR,
  VM,
} from './layout';
import { hasFeature } from './models';
import { readPhysical, writePhysical } from './physical';
import { setSegment } from './segments';
import { ATTR_P, ATTR_UNUSABLE } from './virtual';

/** An entry: offset in the map, state word, bytes. */
type Entry = readonly [at: number, word: number, bytes: 4 | 8];
/** A segment: register, then the offsets of selector, attributes, limit and base. */
type SegmentEntry = readonly [seg: number, selector: number, attributes: number, limit: number, base: number];

interface SaveMap {
  readonly wide: boolean;
  /** Written by an SMI and read by RSM. */
  readonly words: readonly Entry[];
  readonly segments: readonly SegmentEntry[];
  readonly eflags: number;
  readonly cr0: number;
  readonly cr4: number;
  readonly efer: number;
  /** Byte whose bit 0 says that the processor was halted. */
  readonly autoHalt: number;
  /** The word that handlers set to FF to have the port access repeated, and where its instruction's registers are. */
  readonly ioRestart: number;
  readonly revision: readonly [at: number, value: number];
  readonly smbase: number;
}

const UPPER = 0x8000;
const RELOCATABLE = 0x20000;
const IO_RESTART = 0x10000;
const REPEAT = 0xff;
const DR6 = S_DR + 48,
  DR7 = S_DR + 56;
const gpr = (n: number): number => S_GPR + n * 8;

const AMD64: SaveMap = {
  wide: true,
  words: [
    ...Array.from({ length: 16 }, (_, n): Entry => [0x7ff8 - n * 8, gpr(n), 8]),
    [0x7f78, S_RIP, 8],
    [0x7f68, DR6, 8],
    [0x7f60, DR7, 8],
    [0x7f50, S_CR3, 8],
    [0x7e64, S_GDTR_LIMIT, 4],
    [0x7e68, S_GDTR_BASE, 8],
    [0x7e84, S_IDTR_LIMIT, 4],
    [0x7e88, S_IDTR_BASE, 8],
    [0x7ea0, S_IO_RIP, 8],
    [0x7ea8, S_IO_RCX, 8],
    [0x7eb0, S_IO_RSI, 8],
    [0x7eb8, S_IO_RDI, 8],
    [0x7ec0, S_IO, 4],
  ],
  segments: [Seg.ES, Seg.CS, Seg.SS, Seg.DS, Seg.FS, Seg.GS, -1, LDTR, -1, TR].flatMap((seg, n): SegmentEntry[] => {
    const at = 0x7e00 + n * 16;
    return seg < 0 ? [] : [[seg, at, at + 2, at + 4, at + 8]];
  }),
  eflags: 0x7f70,
  cr0: 0x7f58,
  cr4: 0x7f48,
  efer: 0x7ed0,
  autoHalt: 0x7ec9,
  ioRestart: 0x7ec8,
  revision: [0x7efc, RELOCATABLE | IO_RESTART | 0x64],
  smbase: 0x7f00,
};

const INTEL32: SaveMap = {
  wide: false,
  words: [
    ...Array.from({ length: 8 }, (_, n): Entry => [0x7fd0 + n * 4, gpr(n), 4]),
    [0x7ff8, S_CR3, 4],
    [0x7ff0, S_RIP, 4],
    [0x7fcc, DR6, 4],
    [0x7fc8, DR7, 4],
    [0x7f74, S_GDTR_BASE, 4],
    [0x7f70, S_GDTR_LIMIT, 4],
    [0x7f58, S_IDTR_BASE, 4],
    [0x7f54, S_IDTR_LIMIT, 4],
    [0x7f04, S_IO_RSI, 4],
    [0x7f08, S_IO_RCX, 4],
    [0x7f0c, S_IO_RDI, 4],
    [0x7f10, S_IO_RIP, 4],
  ],
  segments: [
    ...[Seg.ES, Seg.CS, Seg.SS, Seg.DS, Seg.FS, Seg.GS].map((seg, n): SegmentEntry => {
      const at = n < 3 ? 0x7f84 + n * 12 : 0x7f2c + (n - 3) * 12;
      return [seg, 0x7fa8 + n * 4, at, at + 4, at + 8];
    }),
    [LDTR, 0x7fc0, 0x7f78, 0x7f7c, 0x7f80],
    [TR, 0x7fc4, 0x7f5c, 0x7f60, 0x7f64],
  ],
  eflags: 0x7ff4,
  cr0: 0x7ffc,
  cr4: 0x7f14,
  efer: -1,
  autoHalt: 0x7f02,
  ioRestart: 0x7f00,
  revision: [0x7efc, RELOCATABLE | IO_RESTART],
  smbase: 0x7ef8,
};

const mapOf = (cpu: Cpu): SaveMap => (hasFeature(cpu, 'lm') ? AMD64 : INTEL32);

/** `halted`: what the auto HALT restart field says. */
export function saveState(cpu: Cpu, smbase: number, halted: boolean): void {
  const map = mapOf(cpu);
  const put = (at: number, size: number, value: number): void =>
    writePhysical(cpu, (smbase + UPPER + at) >>> 0, size, value);
  const long = (at: number, low: number, high = 0): void => {
    put(at, 4, low);
    if (map.wide) put(at + 4, 4, high);
  };
  for (const [at, word, bytes] of map.words) {
    put(at, 4, cpu.u32[word >> 2]!);
    if (bytes === 8) put(at + 4, 4, cpu.u32[(word >> 2) + 1]!);
  }
  for (const [seg, selector, attributes, limit, base] of map.segments) {
    const attr = cpu.attr(seg);
    put(selector, map.wide ? 2 : 4, cpu.selector(seg));
    put(attributes, map.wide ? 2 : 4, (attr & ATTR_UNUSABLE) !== 0 ? 0 : attr & 0xf0ff);
    put(limit, 4, cpu.limit(seg));
    const whole = cpu.base64(seg);
    long(base, whole, Math.floor(whole / 0x100000000));
  }
  long(map.eflags, getEflags(cpu));
  long(map.cr0, cpu.cr0);
  long(map.cr4, cpu.cr4);
  if (map.efer >= 0) long(map.efer, cpu.u32[S_EFER >> 2]!);
  put(map.revision[0], 4, map.revision[1]);
  put(map.smbase, 4, cpu.u32[S_SMBASE >> 2]!);
  put(map.ioRestart, map.wide ? 1 : 2, 0);
  put(map.autoHalt, map.wide ? 1 : 2, halted ? 1 : 0);
}

export interface SavedControl {
  readonly cr0: number;
  readonly cr4: number;
  readonly efer: number;
  readonly smbase: number;
}

export interface SavedState {
  readonly control: SavedControl;
  readonly halted: boolean;
  /** The handler asks for the port access again. */
  readonly restartIo: boolean;
  /** Puts everything but the control registers in place; these come first, as segments depend on them. */
  restore(): void;
}

/** Reads the map; nothing changes until `restore`. */
export function loadState(cpu: Cpu, smbase: number): SavedState {
  const map = mapOf(cpu);
  const get = (at: number, size = 4): number => readPhysical(cpu, (smbase + UPPER + at) >>> 0, size) >>> 0;
  const words = map.words.map(([at, , bytes]) => [get(at), bytes === 8 ? get(at + 4) : 0] as const);
  const segments = map.segments.map(([, selector, attributes, limit, base]) => ({
    selector: get(selector, 2),
    attr: get(attributes, 2) & 0xf0ff,
    limit: get(limit),
    base: map.wide ? (get(base + 4) | 0) * 0x100000000 + get(base) : get(base),
  }));
  const flags = get(map.eflags);
  return {
    control: {
      cr0: get(map.cr0),
      cr4: get(map.cr4),
      efer: map.efer < 0 ? 0 : get(map.efer),
      smbase: get(map.smbase),
    },
    halted: (get(map.autoHalt, 1) & 1) !== 0,
    restartIo: get(map.ioRestart, 1) === REPEAT,
    restore: () => {
      map.words.forEach(([, word, bytes], i) => {
        cpu.u32[word >> 2] = words[i]![0];
        if (bytes === 8) cpu.u32[(word >> 2) + 1] = words[i]![1];
      });
      map.segments.forEach(([seg], i) => {
        const { selector, attr, limit, base } = segments[i]!;
        const usable = (attr & ATTR_P) !== 0;
        setSegment(cpu, seg, selector, usable ? attr : attr | ATTR_UNUSABLE, base, limit);
      });
      setEflags(cpu, flags);
      // the stack's privilege is that of the program, where there is a stack segment
      const real = (cpu.u32[S_CR0 >> 2]! & 1) === 0;
      const stack = segments[2]!.attr;
      const ring = (stack & ATTR_P) !== 0 ? (stack >> 5) & 3 : segments[1]!.selector & 3;
      cpu.i32[S_CPL >> 2] = real ? 0 : (flags & VM) !== 0 ? 3 : ring;
    },
  };
}
