// The registers of a local APIC in x2APIC mode, as model-specific registers 800 to 83F (Intel SDM vol. 3, "x2APIC Register Address
// Space"): numbered by their offset in the page of xAPIC mode, the interrupt command register as one of 64 bits.
import {
  COMMAND_WRITABLE,
  CURRENT_COUNT,
  DIVIDE,
  EOI,
  ESR,
  ICR_HIGH,
  ICR_LOW,
  ID,
  INITIAL_COUNT,
  IRR,
  ISR,
  LDR,
  LVT_FIRST,
  LVT_LAST,
  LVT_WRITABLE,
  PPR,
  SVR,
  TPR,
  VERSION,
} from './apicRegisters';

/** What is needed of a local APIC. */
export interface Registers {
  readonly extended: boolean;
  read(offset: number): number;
  write(offset: number, value: number): void;
  interruptSelf(vector: number): void;
}
export type Refusal = 'absent' | 'read-only' | 'reserved';

const FIRST = 0x800;
const SELF_IPI = 0x3f0;
/** Delivery status and remote IRR of the local vector table: they can be written, to no effect. */
const LVT_STATUS = 0x5000;

const range = (first: number, last: number): number[] =>
  Array.from({ length: ((last - first) >> 4) + 1 }, (_, i) => first + 16 * i);
const READ_ONLY: ReadonlySet<number> = new Set([...[ID, VERSION, PPR, LDR, CURRENT_COUNT], ...range(ISR, IRR + 0x70)]);
/** Those that can be written, with the bits that may be set. */
const WRITABLE: ReadonlyMap<number, number> = new Map([
  [TPR, 0xff],
  [EOI, 0],
  [SVR, 0x1ff],
  [ESR, 0],
  [ICR_LOW, COMMAND_WRITABLE],
  ...range(LVT_FIRST, LVT_LAST).map((at, i): [number, number] => [at, LVT_WRITABLE[i] | LVT_STATUS]),
  [INITIAL_COUNT, 0xffffffff],
  [DIVIDE, 0xb],
  [SELF_IPI, 0xff],
]);
const WRITE_ONLY: ReadonlySet<number> = new Set([EOI, SELF_IPI]);

/** The logical identity: cluster, and a bit in it. */
export const logicalId = (id: number): number => (((id >>> 4) << 16) | (1 << (id & 15))) >>> 0;

const offsetOf = (msr: number): number => (msr - FIRST) << 4;

/** Undefined when the register does not exist or can only be written. */
export function readX2apic(apic: Registers, msr: number): bigint | undefined {
  const offset = offsetOf(msr);
  if (!apic.extended || WRITE_ONLY.has(offset)) return undefined;
  if (!READ_ONLY.has(offset) && !WRITABLE.has(offset)) return undefined;
  const low = BigInt(apic.read(offset));
  return offset === ICR_LOW ? (BigInt(apic.read(ICR_HIGH)) << 32n) | low : low;
}

/** Why the write is refused, if it is. */
export function writeX2apic(apic: Registers, msr: number, value: bigint): Refusal | undefined {
  const offset = offsetOf(msr);
  if (!apic.extended) return 'absent';
  const bits = WRITABLE.get(offset);
  if (bits === undefined) return READ_ONLY.has(offset) ? 'read-only' : 'absent';
  const low = Number(value & 0xffffffffn);
  const high = Number(value >> 32n);
  if ((low & ~bits) !== 0 || (high !== 0 && offset !== ICR_LOW)) return 'reserved';
  if (offset === SELF_IPI) apic.interruptSelf(low);
  else {
    if (offset === ICR_LOW) apic.write(ICR_HIGH, high);
    apic.write(offset, low);
  }
  return undefined;
}
