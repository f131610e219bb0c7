// Reading descriptors from the GDT and the LDT, and writing back their accessed and busy bits
// (Intel SDM vol. 3, "Segment Descriptor Tables"). Accesses have supervisor rights and may page-fault.
import type { Cpu } from './cpu';
import type { Descriptor } from './descriptor';
import type { FaultReason } from './fault';
import { systemLinear } from './linear';
import { LDTR, S_GDTR_BASE, S_GDTR_LIMIT } from './layout';
import { readSystem, writeSystem } from './memory';
import { ATTR_UNUSABLE } from './virtual';

export const FOUND = 0;
/** The selector is null or points outside its table. */
export const OUTSIDE = 1;
/** Reading it raised a page fault, which is in cpu.fault. */
export const UNREADABLE = 2;

/** True when the selector's index and table indicator are zero. */
export const isNull = (selector: number): boolean => (selector & 0xfffc) === 0;

export function readDescriptor(cpu: Cpu, selector: number, into: Descriptor): 0 | 1 | 2 {
  into.selector = selector;
  let base: number;
  let limit: number;
  if ((selector & 4) === 0) {
    base = cpu.signed64(S_GDTR_BASE);
    limit = cpu.u32[S_GDTR_LIMIT >> 2]!;
  } else {
    if ((cpu.attr(LDTR) & ATTR_UNUSABLE) !== 0) return OUTSIDE;
    base = cpu.base64(LDTR);
    limit = cpu.limit(LDTR);
  }
  const offset = selector & 0xfff8;
  if (offset + 7 > limit) return OUTSIDE;
  const linear = systemLinear(cpu, base + offset);
  const low = readSystem(cpu, linear, 4);
  if (low < 0) return UNREADABLE;
  const high = readSystem(cpu, systemLinear(cpu, linear + 4), 4);
  if (high < 0) return UNREADABLE;
  into.linear = linear;
  into.low = low | 0;
  into.high = high | 0;
  return FOUND;
}

/** Sets the accessed bit of a code or data descriptor, in memory too; false on a page fault. */
export function markAccessed(cpu: Cpu, d: Descriptor): boolean {
  if ((d.high & 0x100) !== 0) return true;
  d.high |= 0x100;
  return writeSystem(cpu, systemLinear(cpu, d.linear + 5), 1, (d.high >>> 8) & 0xff);
}

/** Sets or clears the busy bit of a TSS descriptor; false on a page fault. */
export function markBusy(cpu: Cpu, d: Descriptor, busy: boolean): boolean {
  if (busy) d.high |= 0x200;
  else d.high &= ~0x200;
  return writeSystem(cpu, systemLinear(cpu, d.linear + 5), 1, (d.high >>> 8) & 0xff);
}

/** The facts that explain a failed check on a descriptor. */
export const descriptorFacts = (cpu: Cpu, d: Descriptor, extra: FaultReason['data'] = {}): FaultReason['data'] => ({
  selector: d.selector,
  rpl: d.selector & 3,
  cpl: cpu.cpl,
  dpl: d.dpl,
  kind: d.kind,
  present: d.present,
  low: d.low >>> 0,
  high: d.high >>> 0,
  descriptorAt: d.linear,
  ...extra,
});

/** The facts when there is no descriptor to look at. */
export const selectorFacts = (cpu: Cpu, selector: number, extra: FaultReason['data'] = {}): FaultReason['data'] => ({
  selector,
  rpl: selector & 3,
  cpl: cpu.cpl,
  table: (selector & 4) !== 0 ? 'LDT' : 'GDT',
  tableLimit: (selector & 4) !== 0 ? cpu.limit(LDTR) : cpu.u32[S_GDTR_LIMIT >> 2]!,
  ...extra,
});
