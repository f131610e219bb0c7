// Bochs as Debian builds it: with its debugger, which is told to go on at the start; the display is the RFB server nobody
// connects to. The guest ends it by writing "Shutdown" to port 0x8900.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { onPath, Workspace } from './files';
import { runProgram } from './process';
import { type BenchMachine, type ImageRun, type Session } from './types';

const BIOS = '/usr/share/bochs/BIOS-bochs-latest';
const VGA_BIOS = '/usr/share/bochs/VGABIOS-lgpl-latest';
/** The guest's line among the debugger's own output. */
const CHECKSUM_LINE = /^([0-9A-F]{8})\s*$/m;

const configuration = (image: string): string =>
  [
    'megs: 64',
    `romimage: file=${BIOS}`,
    `vgaromimage: file=${VGA_BIOS}`,
    `floppya: 1_44=${image}, status=inserted`,
    'boot: floppy',
    'display_library: rfb, options="timeout=0"',
    'cpu: count=1, ips=4000000, reset_on_triple_fault=0',
    'clock: sync=none',
    'port_e9_hack: enabled=1',
    'com1: enabled=1, mode=null',
    'plugin_ctrl: speaker=false',
    'log: /dev/null',
    'panic: action=fatal',
    'error: action=ignore',
    'info: action=ignore',
    'debug: action=ignore',
    '',
  ].join('\n');

class BochsSession implements Session {
  private readonly workspace = new Workspace();
  private readonly rc = this.workspace.put('bochsrc', configuration(this.workspace.image));
  private readonly commands = this.workspace.put('commands', 'c\nq\n');

  async run(image: Uint8Array): Promise<ImageRun> {
    this.workspace.put('guest.img', image);
    const debuggerArgs = hasDebugger() ? ['-rc', this.commands] : [];
    const end = await runProgram('bochs', ['-q', '-f', this.rc, ...debuggerArgs]);
    const checksum = CHECKSUM_LINE.exec(end.stdout)?.[1];
    if (!checksum) throw new Error(`Bochs ended with ${end.status}: ${(end.stdout + end.stderr).trim().slice(-400)}`);
    return { checksum, seconds: end.seconds };
  }
  close(): void {
    this.workspace.remove();
  }
}

let help: string | undefined;
function helpText(): string {
  if (help === undefined) {
    const { stdout, stderr } = spawnSync('bochs', ['--help'], { encoding: 'utf8' });
    help = stdout + stderr;
  }
  return help;
}
const hasDebugger = (): boolean => helpText().includes('-dbglog');

export const bochs: BenchMachine = {
  id: 'bochs',
  title: 'Bochs',
  missing: () => {
    if (!onPath('bochs')) return 'bochs (Debian: apt-get install bochs bochs-x bochsbios vgabios)';
    const file = [BIOS, VGA_BIOS].find((each) => !existsSync(each));
    return file && `${file} (Debian: apt-get install bochsbios vgabios)`;
  },
  version: () => {
    const name = /Bochs x86 Emulator [\d.]+/.exec(helpText())?.[0] ?? 'Bochs';
    return `${name}${hasDebugger() ? ', built with its debugger' : ''}`;
  },
  open: () => new BochsSession(),
};
