// samples/long-mode: what `ringside run --events` lists, compared with QEMU's log of interrupts and exceptions (`-d int`).
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TransitionEvent } from '../../src/machine/processorFacts';
import { ringside, sample, temporaryFolder } from './support/command';

const QEMU = 'qemu-system-x86_64';
const END = '#DF on its own stack, done';
const read = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '');
const address = (v: number | string): string => BigInt.asUintN(64, BigInt(v)).toString(16).padStart(16, '0');
const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

describe('transitions of samples/long-mode', function () {
  this.timeout(120_000);
  const folder = temporaryFolder();
  const image = path.join(folder, 'long.img');
  let events: TransitionEvent[];
  let output: string;

  before(async () => {
    const assembled = await ringside(['asm', path.join(sample('long-mode'), 'boot.asm'), '-o', image]);
    assert.equal(assembled.code, 0, assembled.stderr);
    const file = path.join(folder, 'events.jsonl');
    const run = await ringside(['run', image, '--events', file]);
    assert.equal(run.code, 0, run.stderr);
    output = run.stdout;
    events = read(file).trim().split('\n').map((line) => JSON.parse(line) as TransitionEvent); // prettier-ignore
  });

  it('go from real mode through compatibility mode to 64-bit mode, and by SYSCALL', () => {
    const seen = events.filter((e) => e.kind !== 'reset').map((e) => `${e.kind} ${e.from.mode} ${e.from.cpl} ${e.to.mode} ${e.to.cpl}`); // prettier-ignore
    assert.deepEqual(seen, [
      'mode-change real 0 compatibility 0',
      'far-jump compatibility 0 64-bit 0',
      'sysret 64-bit 0 64-bit 3',
      'syscall 64-bit 3 64-bit 0',
      'sysret 64-bit 0 64-bit 3',
      'exception 64-bit 3 64-bit 0',
      'iret 64-bit 0 64-bit 3',
      'syscall 64-bit 3 64-bit 0',
      'sysret 64-bit 0 64-bit 3',
      'syscall 64-bit 3 64-bit 0',
      'exception 64-bit 0 64-bit 0',
    ]);
    const last = events.at(-1)!;
    assert.equal(last.vector, 8);
    assert.equal(last.via.tss, 0x30);
    assert.equal(last.to.rsp, '0xffffffff80020fd0');
    assert.equal(last.to.ss, 0x10);
  });

  it('are the interrupts and exceptions of the -d int log, and print the same', async function () {
    if (spawnSync(QEMU, ['--version']).status !== 0) {
      console.log(`      ${QEMU} is not installed: nothing to compare with`);
      this.skip();
    }
    const log = path.join(folder, 'int.log');
    const serial = path.join(folder, 'serial.txt');
    const qemu = spawn(QEMU, ['-display', 'none', '-no-reboot', '-net', 'none', '-monitor', 'none', '-d', 'int', '-D', log, '-serial', `file:${serial}`, '-drive', `format=raw,file=${image},if=floppy`]); // prettier-ignore
    for (let i = 0; i < 300 && !read(serial).includes(END); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    qemu.kill();
    await new Promise((resolve) => qemu.once('close', resolve));
    assert.equal(output, read(serial));
    const logged = [...read(log).matchAll(/v=([0-9a-f]{2}) e=([0-9a-f]{4}) .* cpl=(\d) IP=([0-9a-f]{4}):([0-9a-f]{16})/g)]
      .map(([, vector, code, cpl, cs, ip]) => `${vector} error ${code} cpl ${cpl} at ${cs}:${ip}`); // prettier-ignore
    // the log also has the page fault that could not be delivered and became the double fault
    const wanted = logged.filter((line, i) => !(line.startsWith('0e') && logged[i + 1]?.startsWith('08')));
    const ours = events
      .filter((e) => e.kind === 'exception')
      .map((e) => `${h(e.vector!, 2)} error ${h(e.via.errorCode ?? 0, 4)} cpl ${e.from.cpl} at ${h(e.from.cs, 4)}:${address(e.from.rip)}`); // prettier-ignore
    assert.deepEqual(ours, wanted);
    assert.equal(ours.length, 2);
  });
});
