// The options of `ringside run`, checked.

import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { keyActions, type KeyAction } from '../debugger/input/typist';
import { deviceProblem, isExtraDevice } from '../debugger/load/devices';
import { processorsProblem, type GuestOptions } from '../debugger/load/guestOptions';
import { moduleOf } from '../debugger/load/kernel';
import { fileMissing } from '../debugger/load/loadError';
import { parseCount, parseSize, parseTime } from '../debugger/load/quantities';
import { BUILD_OPTIONS, buildOptions } from './buildOptions';
import { parseOptions, UsageError, type OptionSpec, type ParsedOptions } from './options';

export interface RunOptions {
  guest: GuestOptions;
  keys: readonly KeyAction[];
  serial: 'output' | 'stdio' | { file: string };
  /** Where bytes of port E9 go: `stderr` or a file. */
  debugPort: string | undefined;
  untilSerial: RegExp | undefined;
  untilScreen: RegExp | undefined;
  maxInstructions: number;
  /** Seconds of real time. */
  timeout: number;
  screen: 'text' | { png: string } | undefined;
  events: string | undefined;
  showTransitions: boolean;
  stats: string | undefined;
}

const VALUE: OptionSpec = { value: true };
const OPTIONS: Readonly<Record<string, OptionSpec>> = {
  ...BUILD_OPTIONS,
  '--memory': VALUE,
  '--cpu': VALUE,
  '--cpus': VALUE,
  '--bios': VALUE,
  '--kernel': VALUE,
  '--append': VALUE,
  '--initrd': { value: true, many: true },
  '--device': { value: true, many: true },
  '--drive': { value: true, many: true },
  '--boot-drive': VALUE,
  '--serial': VALUE,
  '--debug-port': VALUE,
  '--keys': VALUE,
  '--start-time': VALUE,
  '--ips': VALUE,
  '--until-serial': VALUE,
  '--until-screen': VALUE,
  '--max-instructions': VALUE,
  '--timeout': VALUE,
  '--screen': VALUE,
  '--events': VALUE,
  '--show-transitions': {},
  '--stats': VALUE,
  '--tier': VALUE,
};
/** Options of the full product that this version does not have. */
const LATER = ['--record', '--replay'];

/** Throws UsageError or LoadError. */
export function runOptions(argv: readonly string[]): RunOptions {
  for (const argument of argv) {
    const name = argument.split('=')[0]!;
    if (LATER.includes(name)) throw new UsageError(`${name} comes in a later version`);
  }
  const options = parseOptions(argv, OPTIONS);
  const [first, ...more] = options.positionals;
  const kernel = one(options, '--kernel');
  const target = kernel ?? first ?? firmwareAlone(options);
  if (target === undefined) throw new UsageError('name what to boot: an .asm source, an image, a kernel or a folder');
  if (more.length) throw new UsageError(`one target at a time; what is ${more[0]}?`);
  if (!existsSync(target)) throw fileMissing(target, 'target');
  choice(options, '--tier', ['interpreter', 'auto']);
  return {
    guest: guestOptions(options, target, kernel === undefined ? undefined : first),
    keys: keysOf(options),
    serial: serialOf(options),
    debugPort: one(options, '--debug-port'),
    untilSerial: pattern(options, '--until-serial'),
    untilScreen: pattern(options, '--until-screen'),
    maxInstructions: quantity(options, '--max-instructions', parseCount, 'a whole number above 0') ?? Infinity,
    timeout: quantity(options, '--timeout', seconds, 'a number of seconds') ?? Infinity,
    screen: screenOf(options),
    events: one(options, '--events'),
    showTransitions: options.values.has('--show-transitions'),
    stats: one(options, '--stats'),
  };
}

/** A firmware image needs nothing to boot. */
const firmwareAlone = (options: ParsedOptions): string | undefined => {
  const bios = one(options, '--bios');
  return bios === 'builtin' ? undefined : bios;
};

const one = ({ values }: ParsedOptions, name: string): string | undefined => values.get(name)?.[0];

function choice<T extends string>(options: ParsedOptions, name: string, choices: readonly T[]): T | undefined {
  const value = one(options, name);
  if (value === undefined || choices.includes(value as T)) return value as T | undefined;
  throw new UsageError(`${name} must be ${choices.join(' or ')}, not ${value}`);
}

function quantity(
  options: ParsedOptions,
  name: string,
  parse: (text: string) => number | undefined,
  what: string,
): number | undefined {
  const text = one(options, name);
  if (text === undefined) return undefined;
  const value = parse(text);
  if (value === undefined) throw new UsageError(`${name} must be ${what}, not ${text}`);
  return value;
}

const seconds = (text: string): number | undefined =>
  /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 ? Number(text) : undefined;

function pattern(options: ParsedOptions, name: string): RegExp | undefined {
  const text = one(options, name);
  if (text === undefined) return undefined;
  try {
    return new RegExp(text, 'm');
  } catch (error) {
    throw new UsageError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** @param image with a kernel, what else is named goes into the first drive. */
function guestOptions(options: ParsedOptions, target: string, image: string | undefined): GuestOptions {
  const memory = quantity(options, '--memory', parseSize, 'a size such as 64M');
  if (memory !== undefined && (memory < 1 << 20 || memory > 1 << 30 || memory % 4096 !== 0))
    throw new UsageError('--memory must be from 1M to 1G, in whole pages of 4 KB');
  const cpu = choice(options, '--cpu', ['386', '486', 'pentium', 'x86-64']);
  const processors = quantity(options, '--cpus', parseCount, 'a whole number from 1 to 8');
  const problem = processors === undefined ? undefined : processorsProblem(processors, cpu);
  if (problem !== undefined) throw new UsageError(`--cpus ${problem}`);
  const bios = one(options, '--bios');
  const bootDrive = choice(options, '--boot-drive', ['floppy', 'ide']);
  const time = one(options, '--start-time');
  const startTime =
    time === 'now'
      ? Math.floor(Date.now() / 1000)
      : quantity(options, '--start-time', parseTime, 'now or a date such as 2026-01-31T12:00:00Z');
  const ips = quantity(options, '--ips', parseCount, 'a whole number above 0');
  return {
    ...buildOptions(options),
    program: path.resolve(target),
    drives: [
      ...(image === undefined ? [] : [{ file: path.resolve(image) }]),
      ...(options.values.get('--drive') ?? []).map(driveOf),
    ],
    ...kernelParts(options),
    ...(memory === undefined ? {} : { memory }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(processors === undefined ? {} : { processors }),
    ...(bios === undefined || bios === 'builtin' ? {} : { bios: path.resolve(bios) }),
    ...(bootDrive === undefined ? {} : { bootDrive }),
    ...(startTime === undefined ? {} : { startTime }),
    ...(ips === undefined ? {} : { instructionsPerSecond: ips }),
  };
}

function kernelParts(options: ParsedOptions): Pick<GuestOptions, 'append' | 'modules' | 'devices'> {
  const append = one(options, '--append');
  const modules = options.values.get('--initrd')?.map((text) => moduleOf(text, path.resolve));
  const devices = options.values.get('--device')?.map((name) => {
    if (!isExtraDevice(name)) throw new UsageError(`--device: ${deviceProblem(name)}`);
    return name;
  });
  return {
    ...(append === undefined ? {} : { append }),
    ...(modules === undefined ? {} : { modules }),
    ...(devices === undefined ? {} : { devices }),
  };
}

/** `FILE[,if=floppy|ide][,ro]`; a comma in the name is written twice. */
function driveOf(text: string): NonNullable<GuestOptions['drives']>[number] {
  const [file, ...rest] = text.split(/(?<!,),(?!,)/).map((part) => part.replaceAll(',,', ','));
  if (!file) throw new UsageError(`--drive ${text}: the file comes first`);
  const drive: { file: string; if?: 'floppy' | 'ide'; readOnly?: boolean } = { file: path.resolve(file) };
  for (const part of rest) {
    if (part === 'ro') drive.readOnly = true;
    else if (part === 'if=floppy' || part === 'if=ide') drive.if = part.slice(3) as 'floppy' | 'ide';
    else if (part === 'if=cdrom' || part === 'if=virtio')
      throw new UsageError(`--drive ${text}: ${part} comes in a later version; now: floppy, ide`);
    else throw new UsageError(`--drive ${text}: "${part}" is not if=floppy, if=ide or ro`);
  }
  return drive;
}

function keysOf(options: ParsedOptions): readonly KeyAction[] {
  const text = one(options, '--keys');
  if (text === undefined) return [];
  const actions = keyActions(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text);
  if (typeof actions === 'string') throw new UsageError(`--keys: ${actions}`);
  return actions;
}

function serialOf(options: ParsedOptions): RunOptions['serial'] {
  const text = one(options, '--serial');
  if (text === undefined) return 'output';
  return text === 'stdio' ? 'stdio' : { file: text };
}

function screenOf(options: ParsedOptions): RunOptions['screen'] {
  const text = one(options, '--screen');
  if (text === undefined || text === 'text') return text;
  if (!/\.png$/i.test(text)) throw new UsageError(`--screen must be text or a file that ends in .png, not ${text}`);
  const folder = path.dirname(path.resolve(text));
  if (!existsSync(folder) || !statSync(folder).isDirectory()) throw fileMissing(folder, 'folder');
  return { png: text };
}
