// A kernel as a program: what the machine needs to start it, and for ELF files their labels.

import { readElf, type ElfFile } from '../../base/elf';
import { baseName } from '../../base/paths';
import { kernelPlan } from '../../machine/loaders/startKernel';
import type { KernelOptions } from '../../machine/types';
import { elfSymbols } from '../../symbols/elfSymbols';
import { Program } from '../program';
import type { FileSystem } from './files';
import { fileMissing, kernelUnfit } from './loadError';

export interface ModuleFile {
  file: string;
  /** What the kernel is told about the module; the name of its file when absent. */
  commandLine?: string;
}

/** From `FILE[ TEXT]`, of which the kernel is told everything. */
export const moduleOf = (text: string, absolute: (file: string) => string): ModuleFile => ({
  file: absolute(text.split(' ', 1)[0]!),
  commandLine: text,
});

/** Where the loader puts what is linked to an address. */
const loadAddress = ({ segments }: ElfFile, address: number): number => {
  const home = segments.find(({ virtual, memorySize }) => address >= virtual && address < virtual + memorySize);
  return home ? home.physical + address - home.virtual : address;
};

/** The file of a kernel; without symbols when it is not ELF. */
export function kernelProgram(name: string, image: Uint8Array): Program {
  const elf = readElf(image);
  if (typeof elf === 'string') return new Program({ name, image });
  return new Program({
    name,
    image,
    symbols: elfSymbols(elf),
    sections: elf.sections
      .filter(({ address }) => address !== 0)
      .map(({ name: section, address, size, fileOffset, nobits }) => ({
        name: section,
        vstart: address,
        start: loadAddress(elf, address),
        length: size,
        nobits,
        ...(nobits ? {} : { fileOffset }),
      })),
  });
}

/** Rejects with LoadError when it cannot be started with so much memory. */
export async function kernelOptions(
  { name, image }: Program,
  append: string | undefined,
  modules: readonly ModuleFile[],
  ramBytes: number,
  files: FileSystem,
): Promise<KernelOptions> {
  const kernel: KernelOptions = {
    name,
    image,
    ...(append === undefined ? {} : { commandLine: append }),
    modules: await Promise.all(
      modules.map(async ({ file, commandLine }) => {
        const bytes = await files.read(file);
        if (!bytes) throw fileMissing(file, 'module');
        return { bytes, commandLine: commandLine ?? baseName(file) };
      }),
    ),
  };
  const plan = kernelPlan(kernel, ramBytes);
  if (typeof plan === 'string') throw kernelUnfit(name, plan);
  return kernel;
}
