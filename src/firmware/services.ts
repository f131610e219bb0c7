// Numbers of the firmware instruction `0F 3F nn`: the interrupt that a stub serves, or one of the internal steps from E0h.

export const FW_PRINT_SCREEN = 0x05;
export const FW_TICK = 0x08;
export const FW_VIDEO = 0x10;
export const FW_EQUIPMENT = 0x11;
export const FW_MEMORY = 0x12;
export const FW_DISK = 0x13;
export const FW_SERIAL = 0x14;
export const FW_SYSTEM = 0x15;
export const FW_KEYBOARD = 0x16;
export const FW_PRINTER = 0x17;
export const FW_NO_BOOT = 0x18;
export const FW_BOOT = 0x19;
export const FW_TIME = 0x1a;
export const FW_FLOPPY = 0x40;
export const FW_RTC_IRQ = 0x70;
export const FW_POST = 0xe0;
export const FW_KEY_READ = 0xe1;
export const FW_KEY_STORE = 0xe2;
export const FW_MASTER_IRQ = 0xe3;
export const FW_SLAVE_IRQ = 0xe4;
export const FW_NMI = 0xe5;
export const FW_SERIAL_RETRY = 0xe7;
export const FW_WAIT = 0xe8;
