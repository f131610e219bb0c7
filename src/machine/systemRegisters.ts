// Control, debug and model-specific registers by name for the debugger. Writing has the effects and the checks of the
// processor's own load, but for the privilege; a refusal is told in the words of the fault that the load would raise.
import type { Cpu } from '../cpu/cpu';
import { getEflags, setEflags } from '../cpu/flags';
import { explainFault } from '../cpu/explain';
import * as L from '../cpu/layout';
import { canonical, hexLinear } from '../cpu/linear';
import { hasFeature, MODELS } from '../cpu/models';
import { findMsr, MSR_TSC_AUX, readMsr, writeMsr } from '../cpu/msrs';
import { loadCr0, loadCr3, loadCr4, loadCr8, loadDr, taskPriority } from '../cpu/routines/control';
import { FAULT, type SysResult } from '../cpu/sys';
import { XCR0_AVX, XCR0_SSE, XCR0_X87, xcr0Bits } from '../cpu/xcr0';
import type { Accessor } from './accessor';

const low = (value: bigint): number => Number(BigInt.asUintN(32, value));
const high = (value: bigint): number => Number(BigInt.asUintN(32, value >> 32n));
const signed = (value: bigint): number => Number(BigInt.asIntN(64, value));

/** Does what an instruction would do and tells why it was refused; an exception that is held for delivery stays. */
export function attempt(cpu: Cpu, load: () => SysResult | boolean): string | undefined {
  const held = cpu.fault;
  const result = load();
  const refused = result === FAULT || result === false;
  const problem = refused ? explainFault(cpu.fault!).reason : undefined;
  cpu.fault = held;
  return problem;
}

/** A sentence for an address that cannot stand in a register of linear addresses. */
export function notAnAddress(cpu: Cpu, value: bigint): string | undefined {
  const address = signed(value);
  if (cpu.longActive) return canonical(address) ? undefined : `${hexOf(value)} is not a canonical address: bits 63 to 47 must be equal`; // prettier-ignore
  return value <= 0xffffffffn ? undefined : `${hexOf(value)} has more than 32 bits, which is all that this mode has`;
}
const hexOf = (value: bigint): string => `0x${value.toString(16)}`;

/** A whole 64-bit slot that takes any value. */
const slot = (offset: number, check: (cpu: Cpu, value: bigint) => string | undefined = () => undefined): Accessor => ({
  bits: 64,
  get: (cpu) => cpu.u64[offset >> 3]!,
  set: (cpu, value) => {
    const problem = check(cpu, value);
    if (problem === undefined) cpu.u64[offset >> 3] = value;
    return problem;
  },
});

const halves = (offset: number, load: (cpu: Cpu, value: number, upper: number) => SysResult): Accessor => ({
  bits: 64,
  get: (cpu) => cpu.u64[offset >> 3]!,
  set: (cpu, value) => attempt(cpu, () => load(cpu, low(value), high(value))),
});

const narrow = (name: string, offset: number, load: (cpu: Cpu, value: number) => SysResult): Accessor => ({
  bits: 64,
  get: (cpu) => cpu.u64[offset >> 3]!,
  set: (cpu, value) =>
    high(value) === 0 ? attempt(cpu, () => load(cpu, low(value))) : `the upper 32 bits of ${name} have to be zero`,
});

const flags = (bits: number): Accessor => ({
  bits,
  get: (cpu) => BigInt.asUintN(bits, BigInt(getEflags(cpu) >>> 0)),
  set: (cpu, value) => {
    const mask = bits === 16 ? 0xffff : 0xffffffff;
    setEflags(cpu, (getEflags(cpu) & ~mask) | (low(value) & mask));
    cpu.hooks.contextChanged();
    return undefined;
  },
});

const msr = (number: number): Accessor => ({
  bits: 64,
  exists: (cpu) => findMsr(cpu, number) !== undefined,
  get: (cpu) => readMsr(cpu, number, findMsr(cpu, number)!),
  set: (cpu, value) => {
    const found = findMsr(cpu, number)!;
    const refused = writeMsr(cpu, number, found, value);
    if (refused === undefined) return undefined;
    if (refused === 'read-only') return `${found.name} can only be read`;
    const where =
      cpu.longActive && !canonical(signed(value)) ? ` (0x${hexLinear(signed(value))} is not canonical)` : '';
    return refused === 'reserved'
      ? `${hexOf(value)} sets reserved bits of ${found.name}`
      : `${found.name} cannot have the value ${hexOf(value)} now${where}`;
  },
});

const xcr0: Accessor = {
  bits: 64,
  exists: (cpu) => hasFeature(cpu, 'xsave'),
  get: (cpu) => cpu.u64[L.S_XCR0 >> 3]!,
  set: (cpu, value) => {
    if ((value & XCR0_X87) === 0n) return 'bit 0 (x87) of XCR0 has to be set';
    if ((value & ~xcr0Bits(cpu)) !== 0n) return `${hexOf(value)} sets bits of XCR0 that this processor does not have`;
    if ((value & XCR0_AVX) !== 0n && (value & XCR0_SSE) === 0n) return 'in XCR0, AVX needs SSE';
    cpu.u64[L.S_XCR0 >> 3] = value;
    return undefined;
  },
};

const cr8: Accessor = {
  bits: 64,
  exists: (cpu) => hasFeature(cpu, 'lm'),
  get: (cpu) => BigInt(taskPriority(cpu)),
  set: (cpu, value) => attempt(cpu, () => loadCr8(cpu, low(value), high(value))),
};

/** Model-specific registers by the names that the debugger has for them. */
const MSR_NAMES: Readonly<Record<string, number>> = {
  efer: 0xc0000080,
  star: 0xc0000081,
  lstar: 0xc0000082,
  cstar: 0xc0000083,
  fmask: 0xc0000084,
  fsbase: 0xc0000100,
  gsbase: 0xc0000101,
  kernelgsbase: 0xc0000102,
  sysenter_cs: 0x174,
  sysenter_esp: 0x175,
  sysenter_eip: 0x176,
  apic_base: 0x1b,
  pat: 0x277,
  tsc_aux: MSR_TSC_AUX,
};

export const SYSTEM_REGISTERS: readonly (readonly [string, Accessor])[] = [
  ['rflags', flags(64)],
  ['eflags', flags(32)],
  ['flags', flags(16)],
  ['gdtr.base', slot(L.S_GDTR_BASE, notAnAddress)],
  ['idtr.base', slot(L.S_IDTR_BASE, notAnAddress)],
  ['cr0', narrow('CR0', L.S_CR0, loadCr0)],
  ['cr2', slot(L.S_CR2)],
  ['cr3', halves(L.S_CR3, loadCr3)],
  [
    'cr4',
    { ...narrow('CR4', L.S_CR4, loadCr4), exists: (cpu) => MODELS[cpu.model].cr4 !== undefined } satisfies Accessor,
  ],
  ['cr8', cr8],
  ['xcr0', xcr0],
  ...Array.from({ length: 8 }, (_, n): [string, Accessor] => [
    `dr${n}`,
    halves(L.S_DR + 8 * n, (cpu, value, upper) => loadDr(cpu, n, value, upper)),
  ]),
  ...Object.entries(MSR_NAMES).map(([name, number]): [string, Accessor] => [name, msr(number)]),
  ['cpl', { bits: 2, get: (cpu) => BigInt(cpu.cpl), set: () => 'CPL cannot be set by itself: load CS' }],
];
