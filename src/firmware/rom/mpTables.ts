// How guests find the processors (Intel MultiProcessor Specification 1.4, chapter 4): the floating pointer and the
// configuration table, in virtual wire mode. One I/O APIC; the timer is on its input 2, the other ISA lines on their own.
import { TableBytes } from './tableBytes';

const LOCAL_APIC = 0xfee00000;
const IO_APIC = 0xfec00000;
const APIC_VERSION = 0x14;
const IO_APIC_VERSION = 0x11;
const HEADER = 44;
const ENABLED = 1, BOOT = 2; // prettier-ignore
const BUS = 0;
export const IO_APIC_ID = 0;
const ALL = 0xff;
// Interrupt types
const INT = 0, NMI = 1, EXTINT = 3; // prettier-ignore

export interface MpProcessors {
  readonly count: number;
  /** As CPUID gives them in leaf 1. */
  readonly signature: number;
  readonly features: number;
}

/** The table that the floating pointer names. */
function configuration({ count, signature, features }: MpProcessors): Uint8Array {
  const entries = new TableBytes();
  let number = 0;
  const next = (): TableBytes => {
    number++;
    return entries;
  };
  for (let id = 0; id < count; id++) {
    next()
      .u8(0, id, APIC_VERSION, ENABLED | (id === 0 ? BOOT : 0))
      .u32(signature, features, 0, 0);
  }
  next().u8(1, BUS).text('ISA', 6);
  next().u8(2, IO_APIC_ID, IO_APIC_VERSION, ENABLED).u32(IO_APIC);
  for (let irq = 0; irq < 16; irq++) {
    if (irq === 2) continue; // the cascade
    next()
      .u8(3, INT)
      .u16(0)
      .u8(BUS, irq, IO_APIC_ID, irq === 0 ? 2 : irq);
  }
  next().u8(4, EXTINT).u16(0).u8(BUS, 0, 0, 0); // LINT0 of the first
  next().u8(4, NMI).u16(0).u8(BUS, 0, ALL, 1); // LINT1 of all
  const length = HEADER + entries.length;
  return new TableBytes()
    .text('PCMP')
    .u16(length)
    .u8(4, 0) // revision 1.4, checksum
    .text('RINGSIDE')
    .text('PC', 12)
    .u32(0)
    .u16(0, number)
    .u32(LOCAL_APIC, 0)
    .add(entries)
    .finish(7);
}

/** The floating pointer (16 bytes) and the table right behind it; `physical` is the pointer's address, a multiple of 16. */
export function mpTables(physical: number, processors: MpProcessors): Uint8Array {
  const pointer = new TableBytes()
    .text('_MP_')
    .u32(physical + 16)
    .u8(1, 4, 0, 0, 0, 0, 0, 0) // 16 bytes, revision 1.4, checksum, a table follows, no IMCR
    .finish(10);
  const table = configuration(processors);
  const all = new Uint8Array(16 + table.length);
  all.set(pointer);
  all.set(table, 16);
  return all;
}
