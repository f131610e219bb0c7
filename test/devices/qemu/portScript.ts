// A sequence of port and memory accesses that can be played on our chips and, as a boot sector, on QEMU's.
// Both answer the bytes that the script reads.

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VgaBench } from '../vgaBench';

interface Step {
  kind: 1 | 2 | 3 | 4 | 5 | 6;
  address: number;
  a: number;
  b: number;
}

const MAX_BYTES = 17 * 512;
const TIMEOUT_BYTE = 0xee;
const SOURCE = join(import.meta.dirname, 'script.asm');

export class PortScript {
  private readonly steps: Step[] = [];
  private readonly notes: string[] = [];

  out(port: number, ...values: number[]): this {
    for (const value of values) this.add(1, port, value);
    return this;
  }

  /** Reads and reports; bits outside `mask` do not count. `note` names the byte when it differs. */
  in(port: number, note: string, mask = 0xff): this {
    this.notes.push(note);
    return this.add(2, port, mask);
  }

  /** Polls until the masked bits have the value; a time-out reports 0xEE. */
  until(port: number, mask: number, value: number): this {
    return this.add(3, port, mask, value);
  }

  poke(offset: number, value: number): this {
    return this.add(4, offset, value);
  }

  peek(offset: number, note: string): this {
    this.notes.push(note);
    return this.add(5, offset);
  }

  /** A video mode, by the BIOS there and by the firmware's tables here. */
  mode(number: number): this {
    return this.add(6, 0, number);
  }

  /** Plays it on our chips; polling passes one virtual microsecond a read, any other access ten nanoseconds. */
  play(bench: VgaBench): number[] {
    const seen: number[] = [];
    for (const { kind, address, a, b } of this.steps) {
      bench.run(10);
      if (kind === 1) bench.out(address, a);
      else if (kind === 2) seen.push(bench.in(address) & a);
      else if (kind === 3) seen.push(...this.poll(bench, address, a, b));
      else if (kind === 4) bench.poke(0xa0000 + address, a);
      else if (kind === 5) seen.push(bench.peek(0xa0000 + address));
      else bench.setMode(a);
    }
    return seen;
  }

  /** Plays it on QEMU. Throws when nasm or QEMU is missing or fails. */
  playOnQemu(): number[] {
    const folder = mkdtempSync(join(tmpdir(), 'ringside-qemu-'));
    try {
      const [boot, image, log] = ['boot.bin', 'disk.img', 'log.bin'].map((name) => join(folder, name));
      execFileSync('nasm', ['-f', 'bin', '-o', boot, SOURCE]);
      const disk = Buffer.alloc(1440 * 1024);
      readFileSync(boot).copy(disk);
      this.encode().copy(disk, 512);
      writeFileSync(image, disk);
      const run = spawnSync(
        'qemu-system-i386',
        [
          // Time is counted instructions there too: a busy machine would let a short count end before it is looked at.
          ...['-icount', 'shift=6,sleep=off', '-rtc', 'clock=vm'],
          ...['-M', 'pc', '-accel', 'tcg', '-m', '16', '-display', 'none', '-vga', 'std', '-net', 'none'],
          ...['-serial', 'null', '-monitor', 'none', '-no-reboot', '-boot', 'a'],
          ...['-drive', `file=${image},format=raw,if=floppy`, '-debugcon', `file:${log}`],
          ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=4'],
        ],
        { timeout: 50_000, encoding: 'utf8' },
      );
      if (run.error) throw run.error;
      if (run.status !== 1) throw new Error(`QEMU ended with ${run.status ?? run.signal}: ${run.stderr}`);
      return [...readFileSync(log)].slice(-this.notes.length);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** The answers with the notes of what each is, for comparison. */
  label(bytes: readonly number[]): string[] {
    return bytes.map((byte, i) => `${i} ${this.notes[i] ?? '(extra)'}: ${byte.toString(16).padStart(2, '0')}`);
  }

  private poll(bench: VgaBench, port: number, mask: number, value: number): number[] {
    for (let i = 0; i < 3_000_000; i++) {
      if ((bench.in(port) & mask) === value) return [];
      bench.run(1000);
    }
    return [TIMEOUT_BYTE];
  }

  private add(kind: Step['kind'], address: number, a = 0, b = 0): this {
    this.steps.push({ kind, address, a, b });
    return this;
  }

  private encode(): Buffer {
    const bytes = this.steps.flatMap(({ kind, address, a, b }) => [kind, address & 0xff, address >> 8, a, b]);
    if (bytes.length + 5 > MAX_BYTES) throw new Error('the script is too long for a track');
    return Buffer.from([...bytes, 0, 0, 0, 0, 0]);
  }
}
