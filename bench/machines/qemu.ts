// QEMU's translator (TCG). The guest ends it through isa-debug-exit.
import { execFileSync } from 'node:child_process';
import { onPath, Workspace } from './files';
import { runProgram } from './process';
import { CHECKSUM, type BenchMachine, type ImageRun, type Session } from './types';

const PROGRAM = 'qemu-system-i386';
const LONG_PROGRAM = 'qemu-system-x86_64';
const OPTIONS =
  '-accel tcg -display none -vga none -m 64 -nic none -serial null -parallel none -monitor none -no-reboot';
const PORTS = '-debugcon stdio -device isa-debug-exit,iobase=0xf4 -boot a';

class QemuSession implements Session {
  constructor(private readonly program: string) {}

  private readonly workspace = new Workspace();

  async run(image: Uint8Array): Promise<ImageRun> {
    const file = this.workspace.put('guest.img', image);
    const drive = `file=${file},if=floppy,format=raw`;
    const end = await runProgram(this.program, [...`${OPTIONS} ${PORTS}`.split(' '), '-drive', drive]);
    const checksum = CHECKSUM.exec(end.stdout)?.[0];
    if (!checksum) throw new Error(`QEMU ended with ${end.status}: ${(end.stdout + end.stderr).trim()}`);
    return { checksum, seconds: end.seconds };
  }
  close(): void {
    this.workspace.remove();
  }
}

export const qemu: BenchMachine = {
  id: 'qemu',
  title: 'QEMU TCG',
  missing: () => {
    const program = [PROGRAM, LONG_PROGRAM].find((each) => !onPath(each));
    return program && `${program} (Debian: apt-get install qemu-system-x86)`;
  },
  version: () => execFileSync(PROGRAM, ['--version'], { encoding: 'utf8' }).split('\n')[0],
  open: ({ long }) => new QemuSession(long ? LONG_PROGRAM : PROGRAM),
};
