// Runs a case on Ringside, QEMU (TCG) and Bochs. Bochs boots kernels through GRUB from an ISO image, without the test
// device, so the suite's environment file tells them about processors and memory.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../../scripts/lib/root.mjs';
import type { Case } from './cases';
import type { Ran } from './outcome';

export const EMULATORS = ['Ringside', 'QEMU', 'Bochs'] as const;
export type Emulator = (typeof EMULATORS)[number];

const MEGABYTES = 128;
/** How long it goes on after the guest has said that it is done. */
const LOOK_MS = 500;

const firstLine = (command: string, args: readonly string[], pattern: RegExp): string => {
  const { stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  return pattern.exec(`${stdout}${stderr}`)?.[1] ?? 'of an unknown version';
};
export const versions = (): Record<Emulator, string> => ({
  Ringside: (JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string }).version,
  QEMU: firstLine('qemu-system-x86_64', ['--version'], /version ([\d.]+)/),
  Bochs: firstLine('bochs', ['--help'], /Emulator ([\d.]+)/),
});

interface Place {
  readonly folder: string;
  readonly serial: string;
  readonly codes: string;
}

const read = (file: string): Buffer => (existsSync(file) ? readFileSync(file) : Buffer.alloc(0));

/** Undefined when Bochs as it is installed cannot run it. */
export async function runOn(emulator: Emulator, test: Case, image: string, seconds: number): Promise<Ran | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-suite-'));
  const place = { folder, serial: path.join(folder, 'serial'), codes: path.join(folder, 'codes') };
  try {
    switch (emulator) {
      case 'Ringside':
        return await ringside(test, image, place, seconds);
      case 'QEMU':
        return await qemu(test, image, place, seconds);
      default:
        return test.bochs ? await bochs(test, image, place, seconds) : undefined;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ended {
  readonly code: number | null;
  readonly timedOut: boolean;
}

/** Ends the program when it takes too long, or when `done` says that the guest is through. */
function program(
  command: string,
  args: readonly string[],
  folder: string,
  seconds: number,
  done?: () => boolean,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: folder, stdio: 'ignore' });
    let timedOut = false;
    const start = Date.now();
    const timer = setInterval(() => {
      timedOut = Date.now() - start > seconds * 1000;
      if (timedOut || done?.()) child.kill('SIGKILL');
    }, LOOK_MS);
    child.on('error', reject);
    child.on('exit', (code) => {
      clearInterval(timer);
      resolve({ code, timedOut });
    });
  });
}

function environmentFile(folder: string, lines: string): string {
  const file = path.join(folder, 'environment');
  writeFileSync(file, `${lines}\n`);
  return file;
}

async function ringside(test: Case, image: string, { folder, serial, codes }: Place, seconds: number): Promise<Ran> {
  const how =
    test.kind === 'firmware'
      ? ['--bios', image, '--cpu', '386', '--memory', '4M']
      : ['--kernel', image, '--memory', `${MEGABYTES}M`];
  const { code, timedOut } = await program(
    process.execPath,
    [
      path.join(ROOT, 'dist/cli.js'), 'run', ...how,
      '--device', 'fw-cfg', '--device', 'testdev', '--cpus', String(test.processors ?? 1),
      ...(test.append === undefined ? [] : ['--append', test.append]),
      ...(test.environment === undefined ? [] : ['--initrd', environmentFile(folder, test.environment)]),
      '--serial', serial, '--debug-port', codes,
    ].filter((_, n, all) => test.kind !== 'firmware' || (all[n] !== '--cpus' && all[n - 1] !== '--cpus')),
    folder,
    seconds,
  ); // prettier-ignore
  return { output: read(serial).toString('latin1'), codes: read(codes), timedOut, status: code ?? undefined };
}

async function qemu(test: Case, image: string, { folder, serial, codes }: Place, seconds: number): Promise<Ran> {
  const how = test.kind === 'firmware' ? ['-bios', image, '-m', '4'] : ['-kernel', image, '-m', String(MEGABYTES)];
  const firmware = test.kind === 'firmware';
  const { code, timedOut } = await program(
    'qemu-system-x86_64',
    [
      '-nodefaults', '-accel', 'tcg', '-display', 'none', ...how,
      '-device', 'pc-testdev', '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x4',
      '-smp', String(test.processors ?? 1), '-serial', `file:${serial}`, '-debugcon', `file:${codes}`,
      ...(test.qemuCpu === undefined ? [] : ['-cpu', test.qemuCpu]),
      ...(test.append === undefined ? [] : ['-append', test.append]),
      ...(test.environment === undefined ? [] : ['-initrd', environmentFile(folder, test.environment)]),
    ],
    folder,
    seconds,
    firmware ? () => finished(codes) : undefined,
  ); // prettier-ignore
  // the exit device answers 2n + 1
  const status = code === null || (code & 1) === 0 ? undefined : code >> 1;
  return { output: read(serial).toString('latin1'), codes: read(codes), timedOut, status };
}

/** POST FF has come, after which the firmware halts. */
const finished = (codes: string): boolean => read(codes).at(-1) === 0xff;

async function bochs(test: Case, image: string, { folder, serial }: Place, seconds: number): Promise<Ran> {
  const firmware = test.kind === 'firmware';
  if (!firmware) iso(folder, image, test.append);
  const output = path.join(folder, 'output');
  writeFileSync(path.join(folder, 'commands'), 'c\n');
  const configuration = [
    `romimage: file=${firmware ? image : '/usr/share/bochs/BIOS-bochs-legacy'}`,
    'vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest',
    `megs: ${firmware ? 4 : MEGABYTES}`,
    `cpu: model=${firmware ? 'pentium' : 'corei7_sandy_bridge_2600k'}, count=1, ips=100000000, reset_on_triple_fault=0`,
    ...(firmware ? [] : ['ata0-master: type=cdrom, path=kernel.iso, status=inserted', 'boot: cdrom']),
    `com1: enabled=1, mode=file, dev=${serial}`,
    'port_e9_hack: enabled=1',
    'log: log',
    'panic: action=fatal',
    'error: action=ignore',
    'info: action=ignore',
    'display_library: rfb, options="timeout=0"',
    'mouse: enabled=0',
  ];
  writeFileSync(path.join(folder, 'bochsrc'), `${configuration.join('\n')}\n`);
  const codes = (): Buffer => {
    // what port E9 gets comes between the words of the emulator's console
    const all = read(output);
    return all.subarray(all.lastIndexOf('\n') + 1);
  };
  const done = (): boolean =>
    firmware ? codes().at(-1) === 0xff : /^--- DONE: \d+/m.test(read(serial).toString('latin1'));
  const { timedOut } = await program(
    'sh',
    ['-c', `exec bochs -q -rc commands -f bochsrc </dev/null >${output} 2>&1`],
    folder,
    seconds,
    done,
  );
  const text = read(serial).toString('latin1');
  const status = /^--- DONE: (\d+)/m.exec(text)?.[1];
  return { output: text, codes: codes(), timedOut, status: status === undefined ? undefined : Number(status) };
}

function iso(folder: string, image: string, append: string | undefined): void {
  const root = path.join(folder, 'iso');
  mkdirSync(path.join(root, 'boot/grub'), { recursive: true });
  copyFileSync(image, path.join(root, 'kernel'));
  writeFileSync(path.join(root, 'environment'), `NR_CPUS=1\nMEMSIZE=${MEGABYTES}\nTEST_DEVICE=0\nBOOTLOADER=1\n`);
  const line = `multiboot /kernel /kernel${append === undefined ? '' : ` ${append}`}`;
  writeFileSync(path.join(root, 'boot/grub/grub.cfg'), `set timeout=0\n${line}\nmodule /environment\nboot\n`);
  const made = spawnSync('grub-mkrescue', ['-o', path.join(folder, 'kernel.iso'), root], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`grub-mkrescue: ${made.error?.message ?? made.stderr}`);
}
