// The system ROM, F0000-FFFFF: a stub for every interrupt that has a service, at the PC's own addresses, and the tables
// that programs look for. A service that must wait leaves through one of the halt loops here, so that time and interrupts
// go on; the labels of those loops are what the services jump to.

import { BAUD_DIVISORS } from '../system/int14';
import * as fw from '../services';
import { acpiTables } from './acpiTables';
import * as at from './addresses';
import { FONT_8X8_PC, ROM_FONTS, type CharacterSets } from './fonts';
import { mpTables, type MpProcessors } from './mpTables';
import { StubAssembler } from './stubAssembler';

/** Release date of these services, as the PC keeps it. */
const DATE = '06/01/25';
const ROM_BASE = at.ROM_SEGMENT * 16;
const MODEL_AT = 0xfc;
const MASTER_EOI = fw.FW_MASTER_IRQ;

/** Stepping rate, DMA, motor times, 512-byte sectors, 18 a track, gaps, fill byte: a 1.44 MB drive. */
const DISKETTE_PARAMETERS = [0xdf, 0x02, 0x25, 0x02, 0x12, 0x1b, 0xff, 0x6c, 0xf6, 0x0f, 0x08];
/** Length 8; AT; second PIC, clock, INT 15h/4F, EBDA; INT 16h/09. */
const CONFIGURATION = [8, 0, MODEL_AT, 0, 1, 0x74, 0x40, 0, 0, 0];
/** Static video functionality: modes 0-7, 0D-13; 200, 350, 400 lines; 8 font blocks, 2 at once; services of AH=10-13, 1A. */
const FUNCTIONALITY = [0xff, 0xe0, 0x0f, 0, 0, 0, 0, 0x07, 0x02, 0x08, 0xff, 0x0e, 0, 0, 0, 0];

const words = (values: readonly number[]): number[] => values.flatMap((value) => [value & 0xff, value >> 8]);

/** Where services go on when they do not simply return. Offsets in segment F000. */
export interface RomLabels {
  readonly keyWait: number;
  readonly serialWait: number;
  readonly timeWait: number;
  readonly timeWaitDone: number;
  readonly idle: number;
  readonly keyDone: number;
  readonly keyBreak: number;
  readonly keyPrint: number;
  readonly keySysReqDown: number;
  readonly keySysReqUp: number;
  readonly alarm: number;
  readonly noBoot: number;
}

export interface Rom {
  readonly bytes: Uint8Array;
  readonly labels: RomLabels;
  /** Interrupt vectors: offset of each stub. */
  readonly vectors: ReadonlyMap<number, number>;
}

/** `processors`: where there are several. */
export function buildRom(characters: CharacterSets, processors?: MpProcessors): Rom {
  const rom = new StubAssembler();
  tables(rom, characters);
  if (processors) {
    rom.at(at.MP_TABLES).data(mpTables(ROM_BASE + at.MP_TABLES, processors));
    rom.at(at.ACPI_TABLES).data(acpiTables(ROM_BASE + at.ACPI_TABLES, processors.count));
  }
  const vectors = new Map<number, number>();
  const service = (vector: number, offset: number, number = vector): void => {
    rom.at(offset).fwcall(number).iret();
    vectors.set(vector, offset);
  };
  service(0x02, at.AT_NMI, fw.FW_NMI);
  service(0x05, at.AT_PRINT_SCREEN, fw.FW_PRINT_SCREEN);
  service(0x0e, at.AT_FLOPPY_IRQ, MASTER_EOI);
  service(0x10, at.AT_VIDEO);
  service(0x11, at.AT_EQUIPMENT);
  service(0x12, at.AT_MEMORY);
  service(0x13, at.AT_DISK);
  service(0x17, at.AT_PRINTER);
  service(0x1a, at.AT_TIME);
  service(0x40, at.AT_FLOPPY);

  rom.at(at.AT_POST).fwcall(fw.FW_POST).jmp('no-boot');
  rom.at(at.AT_BOOT).fwcall(fw.FW_BOOT); // never comes back: goes on at the boot sector or at no-boot
  vectors.set(0x19, at.AT_BOOT);
  rom.at(at.AT_IRET).iret();

  rom.at(at.AT_TICK).fwcall(fw.FW_TICK).int(0x1c).fwcall(MASTER_EOI).iret();
  vectors.set(0x08, at.AT_TICK);
  keyboardStubs(rom, vectors);
  serialStub(rom, vectors);
  systemStub(rom, vectors);
  interruptDefaults(rom, vectors);

  rom.label('no-boot-stub').fwcall(fw.FW_NO_BOOT).label('no-boot').sti().hlt().jmp('no-boot');
  vectors.set(0x18, rom.offset('no-boot-stub'));

  rom.at(at.AT_RESET).jmpFar(at.ROM_SEGMENT, at.AT_POST);
  rom.at(at.BIOS_DATE).text(DATE);
  rom.at(at.MODEL_BYTE).data([MODEL_AT]);
  return { bytes: rom.finish(), labels: labels(rom), vectors };
}

function tables(rom: StubAssembler, characters: CharacterSets): void {
  rom.at(ROM_FONTS[16]).data(characters[16]);
  rom.at(ROM_FONTS[14]).data(characters[14]);
  rom.at(ROM_FONTS[8]).data(characters[8]);
  rom.at(FONT_8X8_PC).data(characters[8].subarray(0, 0x400));
  rom.at(at.VIDEO_FUNCTIONALITY).data(FUNCTIONALITY);
  rom.at(at.VBE_OEM_TEXT).text('Ringside VGA\0');
  rom.at(at.VBE_MODES).data([0xff, 0xff]);
  rom.at(at.CONFIG_TABLE).data(CONFIGURATION);
  rom.at(at.BAUD_TABLE).data(words(BAUD_DIVISORS));
  rom.at(at.DISKETTE_TABLE).data(DISKETTE_PARAMETERS);
}

/** INT 09h asks INT 15h AH=4F about each scan code; INT 16h opens interrupts and halts until there is a key. */
function keyboardStubs(rom: StubAssembler, vectors: Map<number, number>): void {
  rom.at(at.AT_KEYBOARD).label('key-service').sti().fwcall(fw.FW_KEYBOARD).iret();
  rom.label('key-wait').sti().hlt().jmp('key-service');
  vectors.set(0x16, at.AT_KEYBOARD);

  rom.at(at.AT_KEY_IRQ).pushAx().fwcall(fw.FW_KEY_READ).movAh(0x4f).stc().int(0x15).jnc('key-done');
  rom.fwcall(fw.FW_KEY_STORE);
  rom.label('key-done').fwcall(MASTER_EOI).popAx().iret();
  rom.label('key-break').fwcall(MASTER_EOI).int(0x1b).popAx().iret();
  rom.label('key-print').fwcall(MASTER_EOI).int(0x05).popAx().iret();
  rom.label('key-sysreq-down').fwcall(MASTER_EOI).movAh(0x85).movAl(0).int(0x15).popAx().iret();
  rom.label('key-sysreq-up').fwcall(MASTER_EOI).movAh(0x85).movAl(1).int(0x15).popAx().iret();
  vectors.set(0x09, at.AT_KEY_IRQ);
}

function serialStub(rom: StubAssembler, vectors: Map<number, number>): void {
  rom.at(at.AT_SERIAL).fwcall(fw.FW_SERIAL).iret();
  rom.label('serial-wait').sti().hlt().fwcall(fw.FW_SERIAL_RETRY).iret();
  vectors.set(0x14, at.AT_SERIAL);
}

function systemStub(rom: StubAssembler, vectors: Map<number, number>): void {
  rom.at(at.AT_SYSTEM).fwcall(fw.FW_SYSTEM).iret();
  rom.label('time-wait').sti().hlt().fwcall(fw.FW_WAIT).jmp('time-wait');
  rom.label('time-wait-done').iret();
  rom.label('idle').sti().hlt().iret();
  vectors.set(0x15, at.AT_SYSTEM);
}

/** Requests that nobody handles are acknowledged; IRQ 8 counts waits and rings the alarm. Placed behind INT 15h's stub. */
function interruptDefaults(rom: StubAssembler, vectors: Map<number, number>): void {
  rom.label('irq-master').fwcall(MASTER_EOI).iret();
  rom.label('irq-slave').fwcall(fw.FW_SLAVE_IRQ).iret();
  rom.label('irq-clock').fwcall(fw.FW_RTC_IRQ).iret();
  // x87 error: clear the request, acknowledge it in both controllers, then INT 2 as on the first PC
  rom.label('irq-x87').data([0x50, 0x30, 0xc0, 0xe6, 0xf0, 0xb0, 0x20, 0xe6, 0xa0, 0xe6, 0x20, 0x58]).int(2).iret();
  rom.label('alarm').sti().int(0x4a).iret();
  for (const vector of [0x0a, 0x0b, 0x0c, 0x0d, 0x0f]) vectors.set(vector, rom.offset('irq-master'));
  for (const vector of [0x71, 0x72, 0x73, 0x74, 0x76, 0x77]) vectors.set(vector, rom.offset('irq-slave'));
  vectors.set(0x75, rom.offset('irq-x87'));
  vectors.set(0x70, rom.offset('irq-clock'));
}

const labels = (rom: StubAssembler): RomLabels => ({
  keyWait: rom.offset('key-wait'),
  serialWait: rom.offset('serial-wait'),
  timeWait: rom.offset('time-wait'),
  timeWaitDone: rom.offset('time-wait-done'),
  idle: rom.offset('idle'),
  keyDone: rom.offset('key-done'),
  keyBreak: rom.offset('key-break'),
  keyPrint: rom.offset('key-print'),
  keySysReqDown: rom.offset('key-sysreq-down'),
  keySysReqUp: rom.offset('key-sysreq-up'),
  alarm: rom.offset('alarm'),
  noBoot: rom.offset('no-boot-stub'),
});
