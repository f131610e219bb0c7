// Offsets in segment F000 of what other code refers to. The upper ones are the PC's own (IBM PC/AT Technical Reference, BIOS
// listing): programs jump or point there.

export const ROM_SEGMENT = 0xf000;

/** Tables without a traditional place. */
export const VIDEO_FUNCTIONALITY = 0x2800;
export const VBE_OEM_TEXT = 0x2810;
export const VBE_MODES = 0x2840;
/** What guests find several processors by. */
export const MP_TABLES = 0x3000;
export const ACPI_TABLES = 0x3400;

export const AT_POST = 0xe05b;
export const AT_NMI = 0xe2c3;
export const AT_DISK = 0xe3fe;
export const AT_BOOT = 0xe6f2;
export const CONFIG_TABLE = 0xe6f5;
export const BAUD_TABLE = 0xe729;
export const AT_SERIAL = 0xe739;
export const AT_KEYBOARD = 0xe82e;
export const AT_KEY_IRQ = 0xe987;
export const AT_FLOPPY = 0xec59;
export const AT_FLOPPY_IRQ = 0xef57;
export const DISKETTE_TABLE = 0xefc7;
export const AT_PRINTER = 0xefd2;
export const AT_VIDEO = 0xf065;
export const AT_MEMORY = 0xf841;
export const AT_EQUIPMENT = 0xf84d;
export const AT_SYSTEM = 0xf859;
export const AT_TIME = 0xfe6e;
export const AT_TICK = 0xfea5;
export const AT_IRET = 0xff53;
export const AT_PRINT_SCREEN = 0xff54;
export const AT_RESET = 0xfff0;
export const BIOS_DATE = 0xfff5;
export const MODEL_BYTE = 0xfffe;
