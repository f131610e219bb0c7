// From validated options of a launch or a command line to a machine and its program: reads and assembles the boot image,
// reads the other images, and says clearly what is wrong with any of them.

import { isSourceName } from '../../asm/fileNames';
import type { Diagnostic } from '../../asm/types';
import { DEFAULT_RAM } from '../../machine/memory';
import type { CpuModel, DriveOptions, ExtraDevice, MachineOptions } from '../../machine/types';
import { baseName } from '../../base/paths';
import type { Program } from '../program';
import { build, type BuildOptions } from './build';
import type { FileSystem } from './files';
import { bootKind, driveKind, type DriveKind } from './images';
import { kernelOptions, kernelProgram, type ModuleFile } from './kernel';
import { badProcessors, biosTooLarge, emptyImage, fileMissing, onlyForKernels } from './loadError';

export interface GuestOptions extends BuildOptions {
  /** Source, image or kernel to boot, or the firmware image when there is nothing else; a folder has been resolved before. */
  program: string;
  /** RAM in bytes. */
  memory?: number;
  cpu?: CpuModel;
  /** 1 to 8, more than one with x86-64 only, which is the default then. */
  processors?: number;
  /** Firmware image file; absent = built in. */
  bios?: string;
  /** Command line of a kernel. */
  append?: string;
  /** Files given to a kernel. */
  modules?: readonly ModuleFile[];
  devices?: readonly ExtraDevice[];
  drives?: readonly { file: string; if?: DriveKind; readOnly?: boolean }[];
  bootDrive?: DriveKind;
  bootReadOnly?: boolean;
  /** Unix seconds. */
  startTime?: number;
  instructionsPerSecond?: number;
}

export interface Loaded {
  machine: MachineOptions;
  program: Program;
  /** Warnings of the assembler. */
  diagnostics: readonly Diagnostic[];
  /** Files that the program was built from. */
  files: readonly string[];
}

/** Says what is wrong with a number of processors. */
export function processorsProblem(count: number, cpu: CpuModel | undefined): string | undefined {
  if (!Number.isInteger(count) || count < 1 || count > 8) return 'must be a whole number from 1 to 8';
  if (count > 1 && cpu !== undefined && cpu !== 'x86-64')
    return `above 1 needs the processor x86-64, which has local APICs; ${cpu} has none`;
  return undefined;
}

const LARGEST_BIOS = 256 * 1024;

/** Rejects with LoadError. */
export async function loadGuest(options: GuestOptions, files: FileSystem): Promise<Loaded> {
  const name = baseName(options.program);
  const source = isSourceName(options.program);
  let program: Program;
  let diagnostics: readonly Diagnostic[] = [];
  if (source) ({ program, diagnostics } = await build(options.program, name, files, options));
  else program = kernelProgram(name, await readImage(options.program, files));
  const bios = options.bios === undefined ? undefined : await readImage(options.bios, files);
  if (bios && bios.length > LARGEST_BIOS) throw biosTooLarge(options.bios!, bios.length);
  const { processors = 1 } = options;
  const cpu = options.cpu ?? (processors > 1 ? 'x86-64' : undefined);
  const problem = processorsProblem(processors, cpu);
  if (problem !== undefined) throw badProcessors(problem);
  const { kernel, drives } = await bootOf(options, program, source, files);
  const machine: MachineOptions = {
    drives: [...drives, ...(await Promise.all((options.drives ?? []).map((drive) => readDrive(drive, files))))],
    ...(kernel ? { kernel } : {}),
    ...(options.memory === undefined ? {} : { memory: options.memory }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(options.processors === undefined ? {} : { processors: options.processors }),
    ...(options.devices === undefined ? {} : { devices: options.devices }),
    ...(bios ? { bios } : {}),
    ...(options.startTime === undefined ? {} : { startTime: options.startTime }),
    ...(options.instructionsPerSecond === undefined ? {} : { instructionsPerSecond: options.instructionsPerSecond }),
  };
  return { machine, program, diagnostics, files: source ? program.files : [options.program] };
}

/** How the program gets into the machine: as a kernel, from a drive, or as the firmware itself. */
async function bootOf(
  options: GuestOptions,
  program: Program,
  source: boolean,
  files: FileSystem,
): Promise<Pick<MachineOptions, 'kernel'> & { drives: readonly DriveOptions[] }> {
  const { name, image } = program;
  if (options.bios === options.program) return { drives: [] };
  const kind = options.bios === undefined ? bootKind(name, image, source) : 'drive';
  const { append, modules = [], memory = DEFAULT_RAM } = options;
  if (kind === 'kernel') return { kernel: await kernelOptions(program, append, modules, memory, files), drives: [] };
  if (append !== undefined) throw onlyForKernels(name, 'a command line');
  if (modules.length > 0) throw onlyForKernels(name, 'modules');
  const boot: DriveOptions = {
    image,
    kind: driveKind(name, image, options.bootDrive),
    name,
    ...(options.bootReadOnly ? { readOnly: true } : {}),
  };
  return { drives: [boot] };
}

async function readImage(path: string, files: FileSystem): Promise<Uint8Array> {
  const bytes = await files.read(path);
  if (!bytes) throw fileMissing(path, 'image');
  if (bytes.length === 0) throw emptyImage(path);
  return bytes;
}

async function readDrive(drive: NonNullable<GuestOptions['drives']>[number], files: FileSystem): Promise<DriveOptions> {
  const image = await readImage(drive.file, files);
  const name = baseName(drive.file);
  return { image, kind: driveKind(name, image, drive.if), name, ...(drive.readOnly ? { readOnly: true } : {}) };
}
