// What INT 12h, INT 15h AH=88, AX=E801, AX=E820 and CMOS say about memory: one description.

import { EBDA } from '../bda';

export const USABLE = 1;
export const RESERVED = 2;

export interface MemoryRange {
  readonly base: number;
  readonly length: number;
  readonly type: typeof USABLE | typeof RESERVED;
}

const MEGABYTE = 0x100000;
const BASE_END = 0xa0000;
const ROM_FIRST = 0xf0000;
const FOUR_GIGABYTES = 0x1_0000_0000;
const TOP_ROM = 0x40000;
/** AH=88 counts at most 63 MB, E801 at most 15 MB below 16 MB. */
const MAX_88 = 0xfc00;
const MAX_BELOW_16M = 0x3c00;

export function memoryMap(ramBytes: number): MemoryRange[] {
  return [
    { base: 0, length: EBDA, type: USABLE },
    { base: EBDA, length: BASE_END - EBDA, type: RESERVED },
    { base: ROM_FIRST, length: MEGABYTE - ROM_FIRST, type: RESERVED },
    ...(ramBytes > MEGABYTE ? [{ base: MEGABYTE, length: ramBytes - MEGABYTE, type: USABLE } as const] : []),
    { base: FOUR_GIGABYTES - TOP_ROM, length: TOP_ROM, type: RESERVED },
  ];
}

/** KB from 1 MB on, as AH=88 counts. */
export const extendedKilobytes = (ramBytes: number): number => Math.min(MAX_88, (ramBytes - MEGABYTE) / 1024);

/** E801: KB between 1 and 16 MB, 64 KB blocks above 16 MB. */
export function splitExtended(ramBytes: number): { kilobytes: number; blocks: number } {
  return {
    kilobytes: Math.min(MAX_BELOW_16M, (ramBytes - MEGABYTE) / 1024),
    blocks: Math.max(0, Math.floor((ramBytes - 16 * MEGABYTE) / 0x10000)),
  };
}
