// What of a kernel's file goes where in physical memory, and where it begins. A file with a Multiboot header is placed as
// that specification says; an ELF file for 32 bits without one is taken by its program headers and started in the same way.

import { ELF_EXECUTABLE, isElf, MACHINE_386, MACHINE_X86_64, readElf, type ElfFile } from '../../base/elf';
import { multibootHeader, type MultibootHeader } from './multibootHeader';

export interface KernelPart {
  readonly physical: number;
  readonly bytes: Uint8Array;
  /** With zeros after `bytes`. */
  readonly size: number;
}

export interface KernelImage {
  readonly parts: readonly KernelPart[];
  /** Physical address. */
  readonly entry: number;
}

/** Flags that a loader must know: page-aligned modules, a memory map; a video mode is asked for and not given. */
const KNOWN_FLAGS = 7;
const MUST_KNOW = 0xffff;
const LOW_END = 0x9fc00;
const MEGABYTE = 0x100000;

/** Answers a sentence without subject when the file cannot be started with so much memory. */
export function kernelImage(bytes: Uint8Array, ramBytes: number): KernelImage | string {
  const header = multibootHeader(bytes);
  if (header && (header.flags & MUST_KNOW & ~KNOWN_FLAGS) !== 0)
    return `has a Multiboot header with flags that are not known (${hex(header.flags)})`;
  const image = header?.addresses ? byAddresses(bytes, header, header.addresses) : byElf(bytes, header);
  if (typeof image === 'string') return image;
  for (const { physical, size } of image.parts) {
    const end = physical + size;
    if (end > ramBytes) return `needs memory up to ${hex(end)}; the machine has ${hex(ramBytes)} bytes`;
    if (physical < MEGABYTE && end > LOW_END)
      return `wants to be loaded at ${hex(physical)} to ${hex(end - 1)}, where the PC has no free memory: link it to 1 MB or above`;
  }
  if (!image.parts.some(({ physical, size }) => image.entry >= physical && image.entry < physical + size))
    return `begins at ${hex(image.entry)}, where nothing of it is loaded`;
  return image;
}

function byElf(bytes: Uint8Array, header: MultibootHeader | undefined): KernelImage | string {
  if (!isElf(bytes)) return 'has no ELF header, and no load addresses in its Multiboot header';
  const elf = readElf(bytes);
  if (typeof elf === 'string') return elf;
  const problem = elfProblem(elf, header !== undefined);
  if (problem !== undefined) return problem;
  const home = elf.segments.find(({ virtual, memorySize }) => elf.entry >= virtual && elf.entry < virtual + memorySize);
  // Linkers give the headers a segment of their own, often just below the kernel and in the way of the ROM.
  const segments = elf.segments.filter(
    ({ fileOffset, fileSize, memorySize }) => fileOffset > 0 || fileSize > elf.headerBytes || memorySize > fileSize,
  );
  return {
    parts: segments.map(({ physical, fileOffset, fileSize, memorySize }) => ({
      physical,
      bytes: bytes.subarray(fileOffset, fileOffset + fileSize),
      size: memorySize,
    })),
    entry: home ? elf.entry - home.virtual + home.physical : elf.entry,
  };
}

function elfProblem(elf: ElfFile, multiboot: boolean): string | undefined {
  if (elf.machine !== MACHINE_386 && elf.machine !== MACHINE_X86_64) return 'is an ELF file for another processor';
  if (elf.type !== ELF_EXECUTABLE) return 'is not an executable ELF file: link it first, without -r or -shared';
  if (elf.segments.length === 0) return 'has nothing to load: no program headers of the kind LOAD';
  if (elf.bits === 64 && !multiboot)
    return 'is a 64-bit ELF file without a Multiboot header, so nothing says how it begins: give it one, and start in 32 bits';
  return undefined;
}

function byAddresses(
  bytes: Uint8Array,
  { at }: MultibootHeader,
  { header, load, loadEnd, bssEnd, entry }: NonNullable<MultibootHeader['addresses']>,
): KernelImage | string {
  const from = at - (header - load);
  const length = loadEnd === 0 ? bytes.length - from : loadEnd - load;
  if (from < 0 || length < 0 || from + length > bytes.length)
    return 'has load addresses in its Multiboot header that do not fit its size';
  const size = Math.max(length, bssEnd === 0 ? 0 : bssEnd - load);
  return { parts: [{ physical: load, bytes: bytes.subarray(from, from + length), size }], entry };
}

const hex = (value: number): string => `0x${value.toString(16)}`;
