// The least that operating systems want of ACPI to find processors and interrupt controllers (Advanced Configuration and
// Power Interface Specification 2.0, chapter 5): RSDP, RSDT, FADT, MADT, and a DSDT with \_S5 for switching off. There is no
// ACPI hardware but the control register that switches off: no FACS, no events, no timer.
import { TableBytes } from './tableBytes';
import { IO_APIC_ID } from './mpTables';

const LOCAL_APIC = 0xfee00000;
const IO_APIC = 0xfec00000;
const PC_AT_COMPATIBLE = 1;
/** Writing SLP_EN there switches off. */
const PM1A_CONTROL = 0x604;
const SCI = 9;
const ENABLED = 1;
const ALIGN = 16;
/** Name (_S5, Package () {0, 0, 0, 0}) */
const S5 = [0x08, 0x5f, 0x53, 0x35, 0x5f, 0x12, 0x06, 0x04, 0x00, 0x00, 0x00, 0x00];
const HEADER = 36;
const FADT_BYTES = 116;
/** FADT flags: WBINVD works, HLT in C1, no power and sleep buttons in fixed hardware. */
const FADT_FLAGS = 0x35;

function table(signature: string, revision: number, body: TableBytes): Uint8Array {
  return new TableBytes()
    .text(signature)
    .u32(HEADER + body.length)
    .u8(revision, 0)
    .text('RINGSD')
    .text('RINGSIDE')
    .u32(1)
    .text('RING')
    .u32(1)
    .add(body)
    .finish(9);
}

function madt(processors: number): Uint8Array {
  const body = new TableBytes().u32(LOCAL_APIC, PC_AT_COMPATIBLE);
  for (let id = 0; id < processors; id++) body.u8(0, 8, id, id).u32(ENABLED);
  body.u8(1, 12, IO_APIC_ID, 0).u32(IO_APIC, 0);
  body.u8(2, 10, 0, 0).u32(2).u16(0); // ISA line 0 is on input 2
  body.u8(4, 6, 0xff).u16(0).u8(1); // NMI: LINT1 of all
  return table('APIC', 1, body);
}

function fadt(dsdt: number): Uint8Array {
  const body = new TableBytes()
    .u32(0, dsdt) // FACS, DSDT
    .u8(0, 0)
    .u16(SCI)
    .u32(0)
    .u8(0, 0, 0, 0)
    .u32(0, 0, PM1A_CONTROL, 0, 0, 0, 0, 0) // PM1a and PM1b events, PM1a and PM1b control, PM2, timer, GPE 0 and 1
    .u8(0, 2, 0, 0, 0, 0, 0, 0)
    .u16(0xfff, 0xfff) // no C2, no C3
    .u16(0, 0)
    .u8(0, 0, 0, 0, 0x32) // duty cycle; day and month alarm; century in the CMOS
    .u16(3) // a PC with ISA devices and an 8042
    .u8(0)
    .u32(FADT_FLAGS);
  return table('FACP', 1, body.zeros(FADT_BYTES - HEADER - body.length));
}

/** All tables; `physical`, where they begin, is a multiple of 16 and has the RSDP. */
export function acpiTables(physical: number, processors: number): Uint8Array {
  const after = (at: number, length: number): number => (at + length + ALIGN - 1) & -ALIGN;
  const dsdt = table('DSDT', 1, new TableBytes().u8(...S5));
  const dsdtAt = after(physical, 20);
  const fadtAt = after(dsdtAt, dsdt.length);
  const fixed = fadt(dsdtAt);
  const madtAt = after(fadtAt, fixed.length);
  const interrupts = madt(processors);
  const rsdtAt = after(madtAt, interrupts.length);
  const rsdt = table('RSDT', 1, new TableBytes().u32(fadtAt, madtAt));
  const rsdp = new TableBytes().text('RSD PTR ').u8(0).text('RINGSD').u8(0).u32(rsdtAt).finish(8);
  const all = new Uint8Array(rsdtAt + rsdt.length - physical);
  const parts: readonly (readonly [number, Uint8Array])[] = [
    [physical, rsdp],
    [dsdtAt, dsdt],
    [fadtAt, fixed],
    [madtAt, interrupts],
    [rsdtAt, rsdt],
  ];
  for (const [at, bytes] of parts) all.set(bytes, at - physical);
  return all;
}
