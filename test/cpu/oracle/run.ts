// Runs a torture image on the engine and on Bochs, and compares the reports case by case.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '../../../src/cpu/bus';
import { RAM_BASE, S_ATTN } from '../../../src/cpu/layout';
import { setParagraph } from '../../../src/cpu/segments';
import { Engine } from '../../../src/engine/engine';
import { buildImage, type Case, MAX_CASES, Torture } from './torture';

const RAM_BYTES = 0x800000;
const LOAD = 0x10000;
/** Instructions of one image, with a wide margin. */
const LIMIT = 400e6;
const FLOPPY_BYTES = 1474560;

/** The dwords of a report, in order. */
const FIELDS = [
  ...['gs', 'fs', 'es', 'ds', 'edi', 'esi', 'ebp', 'espAtPusha', 'ebx', 'edx', 'ecx', 'eax', 'vector', 'errorCode'],
  ...['eip', 'cs', 'eflags', 'esp', 'ss', 'handlerEsp', 'handlerSs', 'tr', 'ldtr', 'cr0', 'cr2', 'dr6', 'dr7'],
  ...['memory', 'tables', 'tasks', 'pageTables'],
] as const;
export type Field = (typeof FIELDS)[number];
export type Report = Record<Field, number>;

export interface Difference {
  test: Case;
  fields: Field[];
  ours: Report;
  theirs: Report;
}

export interface Comparison {
  cases: number;
  /** Cases that end in shutdown here; they cannot report. */
  shutdowns: number;
  differences: Difference[];
}

interface Program {
  boot: Uint8Array;
  runner: Uint8Array;
  stubs: number;
  doubleTask: number;
}

const folder = (): string => mkdtempSync(join(tmpdir(), 'ringside-torture-'));

export function assembleRunner(): Program {
  const at = folder();
  try {
    const out = join(at, 'torture.bin');
    const nasm = spawnSync('nasm', ['-f', 'bin', '-o', out, join(__dirname, 'torture.asm')], { encoding: 'utf8' });
    if (nasm.status !== 0) throw new Error(`nasm: ${nasm.error?.message ?? nasm.stderr}`);
    const bytes = readFileSync(out);
    const runner = bytes.subarray(512);
    return {
      boot: bytes.subarray(0, 512),
      runner,
      stubs: runner.readUInt32LE(0xfff8),
      doubleTask: runner.readUInt32LE(0xfffc),
    };
  } finally {
    rmSync(at, { recursive: true });
  }
}

function parse(text: string): Report[] {
  return [...text.matchAll(/!([0-9a-f]{248})/g)].map(([, digits]) => {
    const values = FIELDS.map((field, i) => [field, parseInt(digits!.slice(i * 8, i * 8 + 8), 16)]);
    return Object.fromEntries(values) as Report;
  });
}

function runEngine(image: Uint8Array): { reports: Report[]; shutdown: boolean } {
  const pages = (RAM_BASE + RAM_BYTES) / 0x10000;
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const text: string[] = [];
  let finished = false;
  const ones = (size: number): number => 0xffffffff >>> (32 - 8 * size);
  const bus: Bus = {
    hostPage: (physicalPage) => (physicalPage < RAM_BYTES ? RAM_BASE + physicalPage : -1),
    read: (_physical, size) => ones(size),
    write: () => undefined,
    in: (_port, size) => ones(size),
    out: (port, _size, value) => {
      if (port === 0xe9) text.push(String.fromCharCode(value & 0xff));
      if (port !== 0xf4) return;
      finished = true;
      engine.cpu.i32[S_ATTN >> 2] = 1;
    },
    acknowledge: () => 0,
    firmwareCall: () => 0,
  };
  const engine: Engine = new Engine({ memory, bus, ramBytes: RAM_BYTES });
  engine.setModel('pentium');
  engine.reset();
  new Uint8Array(memory.buffer).set(image, RAM_BASE + LOAD);
  setParagraph(engine.cpu, 1, LOAD >> 4);
  engine.cpu.eip = 0;
  while (!finished && !engine.cpu.shutdown && engine.icount < LIMIT) engine.run(1e7);
  return { reports: parse(text.join('')), shutdown: engine.cpu.shutdown };
}

function runBochs(program: Program, image: Uint8Array): Report[] {
  const at = folder();
  try {
    const floppy = new Uint8Array(FLOPPY_BYTES);
    floppy.set(program.boot);
    floppy.set(image, 512);
    writeFileSync(join(at, 'image'), floppy);
    writeFileSync(join(at, 'commands'), 'c\n');
    const configuration = [
      'romimage: file=/usr/share/bochs/BIOS-bochs-legacy',
      'vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest',
      'megs: 32',
      'cpu: model=pentium, count=1, ips=50000000, reset_on_triple_fault=0',
      `floppya: 1_44=${join(at, 'image')}, status=inserted`,
      'boot: floppy',
      'port_e9_hack: enabled=1',
      `log: ${join(at, 'log')}`,
      'panic: action=fatal',
      'error: action=ignore',
      'info: action=ignore',
      'display_library: rfb, options="timeout=0"',
      'mouse: enabled=0',
    ];
    writeFileSync(join(at, 'bochsrc'), configuration.join('\n') + '\n');
    // Bochs reads its console until the end when that is a pipe.
    const command = `exec timeout 120 bochs -q -rc commands -f bochsrc </dev/null >output 2>&1`;
    const ran = spawnSync('sh', ['-c', command], { cwd: at, stdio: 'ignore' });
    if (ran.error) throw ran.error;
    const text = readFileSync(join(at, 'output'), 'latin1');
    if (!text.includes('!.')) throw new Error(`Bochs did not finish:\n${text.slice(-2000)}`);
    return parse(text);
  } finally {
    rmSync(at, { recursive: true });
  }
}

/** Runs `count` cases of a seed on both. `vme`: with CR4.VME. */
export function compare(program: Program, seed: number, count: number, vme: boolean): Comparison {
  const torture = new Torture(seed, program.stubs, program.doubleTask, vme);
  let cases = Array.from({ length: Math.min(count, MAX_CASES) }, () => torture.make());
  let shutdowns = 0;
  let ours = runEngine(buildImage(program.runner, torture, cases));
  while (ours.reports.length < cases.length) {
    if (!ours.shutdown) throw new Error(`no end after ${cases[ours.reports.length]!.text}`);
    shutdowns++;
    cases = cases.filter((_, i) => i !== ours.reports.length);
    ours = runEngine(buildImage(program.runner, torture, cases));
  }
  const theirs = runBochs(program, buildImage(program.runner, torture, cases));
  if (theirs.length !== cases.length) throw new Error(`Bochs ended after ${theirs.length} of ${cases.length} cases`);
  const differences: Difference[] = [];
  cases.forEach((test, i) => {
    const [a, b] = [ours.reports[i]!, theirs[i]!];
    const fields = FIELDS.filter((field) => a[field] !== b[field] && !(field === 'cr2' && a.vector !== 14));
    if (fields.length > 0) differences.push({ test, fields, ours: a, theirs: b });
  });
  return { cases: cases.length, shutdowns, differences };
}
