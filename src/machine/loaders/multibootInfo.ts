// What a kernel finds in memory when it begins (Multiboot specification 0.6.96, "Boot information format"): the information
// structure with memory map, command line and modules, made as one block for a given address; behind it the GDT in force.

import { memoryMap } from '../../firmware/system/memoryMap';

export interface ModulePlace {
  readonly start: number;
  readonly end: number;
  readonly commandLine: string;
}

export interface BootInformation {
  readonly ramBytes: number;
  readonly commandLine: string;
  readonly modules: readonly ModulePlace[];
}

/** Flags: memory, command line, modules, memory map, name of the loader. */
const FLAGS = (1 << 0) | (1 << 2) | (1 << 3) | (1 << 6) | (1 << 9);
const STRUCTURE = 120;
const MAP_ENTRY = 24;
const MODULE_ENTRY = 16;
const LOADER = 'Ringside';
const MEGABYTE = 0x100000;

export const KERNEL_CS = 0x08;
export const KERNEL_DS = 0x10;
/** Null, flat code and flat data of ring 0, both accessed. */
const GDT: readonly (readonly [low: number, high: number])[] = [
  [0, 0],
  [0x0000ffff, 0x00cf9b00],
  [0x0000ffff, 0x00cf9300],
];
export const GDT_BYTES = GDT.length * 8;

/** The structure is at the block's beginning, the GDT at its end. */
export function informationBlock({ ramBytes, commandLine, modules }: BootInformation, address: number): Uint8Array {
  const map = memoryMap(ramBytes);
  const mapAt = STRUCTURE;
  const modulesAt = mapAt + map.length * MAP_ENTRY;
  const strings: number[] = [];
  const stringsAt = modulesAt + modules.length * MODULE_ENTRY;
  const text = (value: string): number => {
    const at = address + stringsAt + strings.length;
    strings.push(...new TextEncoder().encode(value), 0);
    return at;
  };
  const lineAt = text(commandLine);
  const loaderAt = text(LOADER);
  const moduleTexts = modules.map((module) => text(module.commandLine));
  const gdtAt = (stringsAt + strings.length + 7) & ~7;
  const bytes = new Uint8Array(gdtAt + GDT_BYTES);
  const view = new DataView(bytes.buffer);
  const put = (at: number, ...values: readonly number[]): void =>
    values.forEach((value, n) => view.setUint32(at + 4 * n, value, true));
  const [base] = map;
  put(0, FLAGS, Math.floor(base!.length / 1024), (ramBytes - MEGABYTE) / 1024, 0);
  put(16, lineAt, modules.length, address + modulesAt);
  put(44, map.length * MAP_ENTRY, address + mapAt);
  put(64, loaderAt);
  map.forEach(({ base: first, length, type }, n) => {
    const at = mapAt + n * MAP_ENTRY;
    put(at, MAP_ENTRY - 4);
    view.setBigUint64(at + 4, BigInt(first), true);
    view.setBigUint64(at + 12, BigInt(length), true);
    put(at + 20, type);
  });
  modules.forEach(({ start, end }, n) => put(modulesAt + n * MODULE_ENTRY, start, end, moduleTexts[n]!, 0));
  bytes.set(strings, stringsAt);
  GDT.forEach((entry, n) => put(gdtAt + 8 * n, ...entry));
  return bytes;
}
