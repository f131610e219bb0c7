// INT 13h status codes (Ralf Brown, INT 13 AH=01, "Disk status").

/** Not a code: the service has set AH and the carry flag by itself. */
export const ANSWERED = -1;
export const OK = 0x00;
export const BAD_COMMAND = 0x01;
export const WRITE_PROTECTED = 0x03;
export const SECTOR_NOT_FOUND = 0x04;
/** Change line active, or the drive has none. */
export const CHANGE_UNKNOWN = 0x06;
export const UNSUPPORTED_MEDIA = 0x0c;
