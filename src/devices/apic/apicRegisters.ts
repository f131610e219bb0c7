// The registers of a local APIC by their offset in its page (Intel SDM vol. 3, "Local APIC Register Address Map").
export const ID = 0x20, VERSION = 0x30, TPR = 0x80, APR = 0x90, PPR = 0xa0, EOI = 0xb0, LDR = 0xd0, DFR = 0xe0, SVR = 0xf0; // prettier-ignore
export const ISR = 0x100, TMR = 0x180, IRR = 0x200, ESR = 0x280, ICR_LOW = 0x300, ICR_HIGH = 0x310; // prettier-ignore
export const LVT_FIRST = 0x320, LVT_LAST = 0x370, INITIAL_COUNT = 0x380, CURRENT_COUNT = 0x390, DIVIDE = 0x3e0; // prettier-ignore
/** Bits of the entries that can be written: vector, delivery mode, polarity and trigger mode of the pins, mask, timer mode. */
export const LVT_WRITABLE = [0x300ff, 0x107ff, 0x107ff, 0x1a7ff, 0x1a7ff, 0x100ff];
export const COMMAND_WRITABLE = 0xccfff;
