// Checks a launch configuration: every wrong attribute gets a sentence that names it and says what it may be. Paths become
// absolute.

import { keyActions, type KeyAction } from '../debugger/input/typist';
import { deviceProblem, isExtraDevice } from '../debugger/load/devices';
import { processorsProblem, type GuestOptions } from '../debugger/load/guestOptions';
import { moduleOf } from '../debugger/load/kernel';
import { parseCount, parseSize, parseTime } from '../debugger/load/quantities';
import { joinPath } from '../base/paths';
import { badAttribute } from './errors';
import { LAUNCH_ATTRIBUTES, type LaunchArguments } from './launchArguments';

export interface CheckedLaunch {
  args: LaunchArguments;
  /** `program` may still be a folder. */
  guest: GuestOptions;
  keys: readonly KeyAction[];
  maxInstructions: number | undefined;
  /** Attributes that mean nothing to us. */
  unknown: readonly string[];
}

type Given = Readonly<Record<string, unknown>>;

const MEGABYTE = 1 << 20;
const GIGABYTE = 1 << 30;

/** Attributes that belong to the client. */
const CLIENT =
  /^(type|request|name|__.*|preLaunchTask|postDebugTask|internalConsoleOptions|debugServer|presentation|serverReadyAction|suppress.*|console|env|restart|order|linux|windows|osx|openDebug|timeout|trace)$/;

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

function string(given: Given, name: string): string | undefined {
  const value = given[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw badAttribute(name, 'must be a string');
  return value;
}

function boolean(given: Given, name: string): boolean | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw badAttribute(name, 'must be true or false');
  return value;
}

function choice<T extends string>(given: Given, name: string, choices: readonly T[]): T | undefined {
  const value = string(given, name);
  if (value === undefined) return undefined;
  if (!choices.includes(value as T)) throw badAttribute(name, `must be one of ${list(choices)}; it is "${value}"`);
  return value as T;
}

/** A quantity that may be written as a number or as text. */
function quantity(
  given: Given,
  name: string,
  parse: (v: string | number) => number | undefined,
  what: string,
): number | undefined {
  const value = given[name];
  if (value === undefined || value === null || value === '') return undefined;
  const parsed = typeof value === 'number' || typeof value === 'string' ? parse(value) : undefined;
  if (parsed === undefined) throw badAttribute(name, `must be ${what}; it is ${JSON.stringify(value)}`);
  return parsed;
}

function strings(given: Given, name: string): string[] | undefined {
  const value = given[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string'))
    throw badAttribute(name, 'must be an array of strings');
  return value as string[];
}

export function checkLaunch(given: Given, folder: string, now: number): CheckedLaunch {
  const cwd = string(given, 'cwd');
  const home = cwd === undefined ? folder : joinPath(folder, cwd);
  const program = string(given, 'program') ?? (cwd === undefined ? undefined : '.');
  if (program === undefined)
    throw badAttribute(
      'program',
      'is missing: name an assembly source, a disk image, a kernel, or a folder with one of them',
    );
  const absolute = (path: string): string => joinPath(home, path);
  const memory = quantity(given, 'memory', parseSize, 'a size such as "64M"');
  if (memory !== undefined && (memory < MEGABYTE || memory > GIGABYTE || memory % 4096 !== 0))
    throw badAttribute('memory', `must be from 1M to 1G, in whole pages of 4 KB; it is ${memory} bytes`);
  const bios = string(given, 'bios');
  const cpu = choice(given, 'cpu', ['386', '486', 'pentium', 'x86-64'] as const);
  const processors = quantity(given, 'cpus', parseCount, 'a whole number from 1 to 8');
  const problem = processors === undefined ? undefined : processorsProblem(processors, cpu);
  if (problem !== undefined) throw badAttribute('cpus', problem);
  const bootDrive = choice(given, 'bootDrive', ['floppy', 'ide'] as const);
  const compat = choice(given, 'compat', ['2.16', '3'] as const);
  const startTime = timeOf(given, now);
  const instructionsPerSecond = quantity(given, 'instructionsPerSecond', parseCount, 'a whole number above 0');
  const keys = string(given, 'keys') ?? '';
  const actions = keyActions(keys);
  if (typeof actions === 'string') throw badAttribute('keys', `cannot be typed: ${actions}`);
  const includePaths = strings(given, 'includePaths');
  const devices = strings(given, 'devices')?.map((name) => {
    if (!isExtraDevice(name)) throw badAttribute('devices', `is wrong: ${deviceProblem(name)}`);
    return name;
  });
  const append = string(given, 'append');
  const initrd = strings(given, 'initrd');
  const stopOnEntry = boolean(given, 'stopOnEntry');
  const startAt = string(given, 'startAt');
  const noDebug = boolean(given, 'noDebug');
  return {
    args: {
      ...(given as Partial<LaunchArguments>),
      program: absolute(program),
      stopOnEntry: stopOnEntry ?? false,
      noDebug: noDebug ?? false,
      ...(startAt === undefined ? {} : { startAt }),
    },
    guest: {
      program: absolute(program),
      drives: drivesOf(given).map((drive) => ({ ...drive, file: absolute(drive.file) })),
      defines: definesOf(given),
      includePaths: (includePaths ?? []).map(absolute),
      ...(memory === undefined ? {} : { memory }),
      ...(cpu === undefined ? {} : { cpu }),
      ...(processors === undefined ? {} : { processors }),
      ...(bios === undefined || bios === 'builtin' ? {} : { bios: absolute(bios) }),
      ...(append === undefined ? {} : { append }),
      ...(initrd === undefined ? {} : { modules: initrd.map((text) => moduleOf(text, absolute)) }),
      ...(devices === undefined ? {} : { devices }),
      ...(bootDrive === undefined ? {} : { bootDrive }),
      ...(compat === undefined ? {} : { compat }),
      ...(startTime === undefined ? {} : { startTime }),
      ...(instructionsPerSecond === undefined ? {} : { instructionsPerSecond }),
    },
    keys: actions,
    maxInstructions: quantity(given, 'maxInstructions', parseCount, 'a whole number above 0'),
    unknown: Object.keys(given).filter((name) => !(name in LAUNCH_ATTRIBUTES) && !CLIENT.test(name)),
  };
}

function timeOf(given: Given, now: number): number | undefined {
  const text = string(given, 'startTime');
  if (text === undefined) return undefined;
  if (text === 'now') return now;
  const time = parseTime(text);
  if (time === undefined)
    throw badAttribute('startTime', `must be "now" or a date such as "2026-01-31T12:00:00Z"; it is "${text}"`);
  return time;
}

function drivesOf(given: Given): { file: string; if?: 'floppy' | 'ide'; readOnly?: boolean }[] {
  const value = given['drives'];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badAttribute('drives', 'must be an array of files, or of objects with "file"');
  return value.map((item: unknown, i) => {
    if (typeof item === 'string') return { file: item };
    const name = `drives[${i}]`;
    if (typeof item !== 'object' || item === null)
      throw badAttribute(name, 'must be a file name, or an object with "file"');
    const drive = item as Given;
    const file = string(drive, 'file');
    if (file === undefined) throw badAttribute(`${name}.file`, 'is missing');
    if (drive['if'] === 'cdrom' || drive['if'] === 'virtio')
      throw badAttribute(`${name}.if`, `is "${drive['if']}", which comes in a later version; now: "floppy", "ide"`);
    const kind = choice(drive, 'if', ['floppy', 'ide'] as const);
    const readOnly = boolean(drive, 'readOnly');
    return { file, ...(kind === undefined ? {} : { if: kind }), ...(readOnly === undefined ? {} : { readOnly }) };
  });
}

function definesOf(given: Given): Record<string, string> {
  const value = given['defines'];
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value))
    throw badAttribute('defines', 'must be an object of names and values');
  return Object.fromEntries(
    Object.entries(value).map(([name, v]: [string, unknown]) => {
      if (!/^[A-Za-z_.?@][\w.?@#$~]*$/.test(name))
        throw badAttribute('defines', `has "${name}", which cannot be the name of a macro`);
      if (v === null) return [name, ''];
      if (typeof v !== 'string' && typeof v !== 'number')
        throw badAttribute(`defines.${name}`, 'must be a string, a number or null');
      return [name, String(v)];
    }),
  );
}
