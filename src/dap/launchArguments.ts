// Attributes of a launch configuration, named and meant as the options of `ringside run`. package.json describes them to
// people (a test compares the two); paths are file paths, or URI strings when the workspace is not on a disk.

export interface LaunchArguments {
  /** What to boot: an assembly source, a raw disk or floppy image, a Multiboot or ELF kernel, or a folder with an obvious boot file. */
  program: string;
  /** Folder that relative paths start from. Default: the folder of `program`. */
  cwd?: string;
  /** Stop before the first instruction of the boot sector. */
  stopOnEntry?: boolean;
  /** Stop at this label, without what the program would do before when its code is in memory already. */
  startAt?: string;
  /** Set by "Run Without Debugging": breakpoints and exception filters are ignored. */
  noDebug?: boolean;
  /** RAM: a number of bytes, or with a suffix K, M or G: `64M`. */
  memory?: string | number;
  cpu?: '386' | '486' | 'pentium' | 'x86-64';
  /** Number of processors; more than one are of the kind `x86-64`. */
  cpus?: number;
  /** `builtin`, or the file of a firmware image. */
  bios?: string;
  /** Command line of a kernel. */
  append?: string;
  /** Modules of a kernel: files, each with what the kernel is told about it after a blank. */
  initrd?: readonly string[];
  /** Devices that a PC does not have by itself. */
  devices?: readonly ('fw-cfg' | 'testdev')[];
  /** Images besides the boot image. */
  drives?: readonly (string | DriveArgument)[];
  /** Kind of drive that `program` is put in. Default: floppy up to 2.88 MB, otherwise hard disk. */
  bootDrive?: 'floppy' | 'ide';
  /** Folders for `%include` and `incbin`. */
  includePaths?: readonly string[];
  /** Macros defined on the assembler's command line; null defines one as empty. */
  defines?: Readonly<Record<string, string | number | null>>;
  /** NASM version whose details apply. */
  compat?: '2.16' | '3';
  /** Typed on the guest's keyboard at the start; `\n` is Enter, other keys have names: `<esc>`, `<ctrl-c>`, `<wait 2s>`. */
  keys?: string;
  /** Clock of the CMOS at power-on, as `2026-01-31T12:00:00Z`, or `now`. */
  startTime?: string;
  /** Virtual instructions per second; the guest's timers follow it. */
  instructionsPerSecond?: number;
  /** Stop after so many instructions. */
  maxInstructions?: number;
}

export interface DriveArgument {
  file: string;
  if?: 'floppy' | 'ide';
  readOnly?: boolean;
}

/** Every attribute of LaunchArguments: anything else in a configuration is a mistake worth a warning. */
export const LAUNCH_ATTRIBUTES: Readonly<Record<keyof LaunchArguments, true>> = {
  program: true,
  cwd: true,
  stopOnEntry: true,
  startAt: true,
  noDebug: true,
  memory: true,
  cpu: true,
  cpus: true,
  bios: true,
  append: true,
  initrd: true,
  devices: true,
  drives: true,
  bootDrive: true,
  includePaths: true,
  defines: true,
  compat: true,
  keys: true,
  startTime: true,
  instructionsPerSecond: true,
  maxInstructions: true,
};

export const stopsAtStart = ({ stopOnEntry, startAt, noDebug }: LaunchArguments): boolean =>
  !noDebug && (stopOnEntry === true || startAt !== undefined);
