// BIOS data area at segment 0040 (IBM PC/AT Technical Reference, "BIOS Data Area"; Ralf Brown's MEMORY.LST): linear addresses.

export const BDA_COM_PORTS = 0x400; // 4 words
export const BDA_EBDA_SEGMENT = 0x40e;
export const BDA_EQUIPMENT = 0x410;
export const BDA_MEMORY_KB = 0x413;
export const BDA_SHIFT_FLAGS = 0x417; // right/left shift, ctrl, alt; locks; insert
export const BDA_SHIFT_KEYS = 0x418; // keys held down
export const BDA_ALT_KEYPAD = 0x419;
export const BDA_KEY_HEAD = 0x41a;
export const BDA_KEY_TAIL = 0x41c;
export const BDA_FLOPPY_CALIBRATED = 0x43e;
export const BDA_FLOPPY_MOTOR = 0x43f;
export const BDA_FLOPPY_TIMEOUT = 0x440;
export const BDA_FLOPPY_STATUS = 0x441;
export const BDA_VIDEO_MODE = 0x449;
export const BDA_COLUMNS = 0x44a;
export const BDA_PAGE_SIZE = 0x44c;
export const BDA_PAGE_START = 0x44e;
export const BDA_CURSOR_POSITIONS = 0x450; // 8 words: column, row
export const BDA_CURSOR_SHAPE = 0x460; // end line, start line
export const BDA_ACTIVE_PAGE = 0x462;
export const BDA_CRTC_PORT = 0x463;
export const BDA_CRT_MODE_REG = 0x465;
export const BDA_CRT_PALETTE_REG = 0x466;
export const BDA_RESET_VECTOR = 0x467; // far pointer
export const BDA_TICKS = 0x46c;
export const BDA_MIDNIGHT = 0x470;
export const BDA_BREAK = 0x471;
export const BDA_SOFT_RESET = 0x472;
export const BDA_DISK_STATUS = 0x474;
export const BDA_DISK_COUNT = 0x475;
export const BDA_DISK_CONTROL = 0x476;
export const BDA_LPT_TIMEOUTS = 0x478;
export const BDA_COM_TIMEOUTS = 0x47c;
export const BDA_KEY_BUFFER_START = 0x480; // offsets in segment 0040
export const BDA_KEY_BUFFER_END = 0x482;
export const BDA_ROWS = 0x484; // rows - 1
export const BDA_CHAR_HEIGHT = 0x485;
export const BDA_VIDEO_CONTROL = 0x487;
export const BDA_VIDEO_SWITCHES = 0x488;
export const BDA_VIDEO_FLAGS = 0x489;
export const BDA_DCC_INDEX = 0x48a;
export const BDA_FLOPPY_HARDWARE = 0x48f;
export const BDA_FLOPPY_MEDIA = 0x490; // 2 bytes, one a drive
export const BDA_KEY_MODE = 0x496; // E0/E1 prefix seen, right Ctrl/Alt, enhanced keyboard
export const BDA_KEY_LEDS = 0x497;
export const BDA_WAIT_FLAG = 0x498; // far pointer to the user's flag byte
export const BDA_WAIT_COUNT = 0x49c; // microseconds
export const BDA_WAIT_ACTIVE = 0x4a0;
export const BDA_END = 0x500;

/** Extended BIOS data area: the top kilobyte below 640 KB; its first byte is its size in KB. */
export const EBDA_SEGMENT = 0x9fc0;
export const EBDA = EBDA_SEGMENT * 16;
export const EBDA_BYTES = 1024;
/** Fixed disk parameter tables of drives 80h and 81h (INT 41h, INT 46h), at these offsets. */
export const EBDA_FDPT = [0x3d, 0x4d] as const;
