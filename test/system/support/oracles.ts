// One guest on three machines: ours, QEMU (TCG) and Bochs, each with its report from port E9. Guests are the sources in
// `guests/`; their lines are `name text`, one for each case.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Machine } from '../../../src/machine/machine';
import type { MachineOptions } from '../../../src/machine/types';

const GUESTS = path.join(import.meta.dirname, '../guests');
const LIMIT = 400e6;
const SECONDS = 30;

export function withFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-system-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Assembles `guests/NAME.asm` to a floppy image. */
export function assembleGuest(name: string, definitions: readonly string[] = []): Uint8Array {
  return withFolder((folder) => {
    const out = path.join(folder, 'guest.img');
    const defines = definitions.map((each) => `-D${each}`);
    const args = ['-f', 'bin', '-w-reloc', '-I', `${GUESTS}/`, ...defines, '-o', out, path.join(GUESTS, `${name}.asm`)];
    const result = spawnSync('nasm', args, { encoding: 'utf8' });
    if (result.status !== 0) throw new Error(`nasm: ${result.error?.message ?? result.stderr.slice(0, 3000)}`);
    return readFileSync(out);
  });
}

/** What lies between the marks, or an error that shows what there was. */
function reportOf(text: string, who: string): string {
  const match = /@begin\n([^]*?)\n@end/.exec(text);
  if (!match) throw new Error(`the guest did not come to its end on ${who}: ${JSON.stringify(text.slice(-1500))}`);
  return match[1]!;
}

export function onRingside(image: Uint8Array, options: MachineOptions = {}): { report: string; machine: Machine } {
  const machine = new Machine({ drives: [{ image, kind: 'floppy', name: 'test.img' }], ...options });
  let text = '';
  machine.onDebugByte.on((byte) => (text += String.fromCharCode(byte)));
  const stop = machine.run(LIMIT);
  const who = `Ringside, which ended with ${JSON.stringify(stop)} at ${machine.pc.toString(16)}`;
  return { report: reportOf(text, who), machine };
}

/** `cpu`: QEMU's model. */
export function onQemu(
  image: Uint8Array,
  cpu = 'max',
  more: readonly string[] = [],
  program = 'qemu-system-x86_64',
): string {
  return withFolder((folder) => {
    const file = path.join(folder, 'disk.img');
    const log = path.join(folder, 'e9.txt');
    writeFileSync(file, image);
    const args = ['-display', 'none', '-m', '64', '-net', 'none', '-no-reboot', '-cpu', cpu, '-boot', 'a'];
    args.push('-drive', `file=${file},format=raw,if=floppy,snapshot=on`);
    args.push('-device', 'isa-debug-exit,iobase=0xf4,iosize=4', '-debugcon', `file:${log}`, ...more);
    const result = spawnSync(program, args, { timeout: SECONDS * 1000, encoding: 'utf8' });
    if (result.error && !existsSync(log)) throw result.error;
    return reportOf(readFileSync(log, 'latin1'), `QEMU (${result.stderr})`);
  });
}

/** `cpu`: Bochs' model. */
export function onBochs(image: Uint8Array, cpu = 'corei7_icelake_u', more: readonly string[] = []): string {
  return withFolder((folder) => {
    const file = path.join(folder, 'image');
    writeFileSync(file, image);
    writeFileSync(path.join(folder, 'commands'), 'c\n');
    const configuration = [
      'romimage: file=/usr/share/bochs/BIOS-bochs-latest',
      'vgaromimage: file=/usr/share/bochs/VGABIOS-lgpl-latest',
      'megs: 64',
      `cpu: model=${cpu}, count=1, ips=50000000, reset_on_triple_fault=0, ignore_bad_msrs=0`,
      `floppya: 1_44=${file}, status=inserted`,
      'boot: floppy',
      'clock: sync=none',
      'port_e9_hack: enabled=1',
      `log: ${path.join(folder, 'log')}`,
      'panic: action=fatal',
      'error: action=ignore',
      'info: action=ignore',
      'display_library: rfb, options="timeout=0"',
      'plugin_ctrl: speaker=false',
      'mouse: enabled=0',
      ...more,
    ];
    writeFileSync(path.join(folder, 'bochsrc'), configuration.join('\n') + '\n');
    // Bochs reads its console until the end when that is a pipe.
    const command = `exec timeout ${SECONDS} bochs -q -rc commands -f bochsrc </dev/null >output 2>&1`;
    const ran = spawnSync('sh', ['-c', command], { cwd: folder, stdio: 'ignore' });
    if (ran.error) throw ran.error;
    return reportOf(readFileSync(path.join(folder, 'output'), 'latin1'), 'Bochs');
  });
}
