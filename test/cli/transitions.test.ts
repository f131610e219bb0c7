// The transitions of samples/rings, as `ringside run --events` lists them, compared with QEMU: its log of interrupts and
// exceptions (`-d int`), and a gdb session that single-steps the same image and watches CS and CR0.

import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TransitionEvent } from '../../src/machine/processorFacts';
import { ringside, sample, temporaryFolder } from './support/command';
import { freePort, GdbStub, type StubRegisters } from './support/gdbStub';

const QEMU = 'qemu-system-i386';
const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

describe('transitions of samples/rings', function () {
  this.timeout(120_000);
  let folder: string;
  let image: string;
  let events: TransitionEvent[];
  let qemu: ChildProcess | undefined;

  before(async function () {
    if (spawnSync(QEMU, ['--version']).status !== 0) {
      console.log(`      ${QEMU} is not installed: nothing to compare with`);
      this.skip();
    }
    folder = temporaryFolder();
    image = path.join(folder, 'rings.img');
    const assembled = await ringside(['asm', path.join(sample('rings'), 'boot.asm'), '-o', image]);
    assert.equal(assembled.code, 0, assembled.stderr);
    const file = path.join(folder, 'events.jsonl');
    const run = await ringside(['run', image, '--events', file]);
    assert.equal(run.code, 0, run.stderr);
    events = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as TransitionEvent); // prettier-ignore
  });
  afterEach(() => void qemu?.kill());

  const start = (...args: string[]): ChildProcess =>
    (qemu = spawn(QEMU, ['-display', 'none', '-no-reboot', '-net', 'none', '-monitor', 'none', ...args, '-drive', `format=raw,file=${image},if=floppy`])); // prettier-ignore

  it('are the interrupts and exceptions of the -d int log', async () => {
    const log = path.join(folder, 'int.log');
    const serial = path.join(folder, 'serial.txt');
    start('-d', 'int', '-D', log, '-serial', `file:${serial}`);
    for (let i = 0; i < 200; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      if (readSafely(serial).includes('ring 0: done')) break;
    }
    qemu!.kill();
    await new Promise((resolve) => qemu!.once('close', resolve));
    const wanted = [...readFileSync(log, 'utf8').matchAll(/v=([0-9a-f]{2}) e=([0-9a-f]{4}) .* cpl=(\d) IP=([0-9a-f]{4}:[0-9a-f]{8})/g)]
      .map(([, vector, code, cpl, ip]) => `vector ${vector} error ${code} cpl ${cpl} at ${ip}`); // prettier-ignore
    const ours = events
      .filter((e) => e.kind === 'software-int' || e.kind === 'exception')
      .map((e) => `vector ${h(e.vector!, 2)} error ${h(e.via.errorCode ?? 0, 4)} cpl ${e.from.cpl} at ${h(e.from.cs, 4)}:${h(Number(e.from.rip), 8)}`); // prettier-ignore
    assert.equal(ours.length, 5);
    assert.deepEqual(ours, wanted);
  });

  it('are the changes that a single-stepping gdb session sees', async () => {
    const port = await freePort();
    start('-serial', 'null', '-S', '-gdb', `tcp:127.0.0.1:${port}`);
    const stub = await GdbStub.open(port);
    const first = events[0]!;
    assert.deepEqual([first.kind, first.from.mode, first.to.mode], ['mode-change', 'real', 'protected16']);
    await stub.runTo(Number(first.from.rip));
    const last = events.at(-1)!;
    const seen: string[] = [];
    const laneOf = ({ cr0, cs }: StubRegisters): string => (cr0 & 1 ? `ring ${cs & 3}` : 'real');
    let now = await stub.registers();
    let steps = 0;
    let moved = 0;
    for (; steps < 20_000 && seen.length < events.length; steps++) {
      const before = now;
      await stub.step();
      now = await stub.registers();
      // QEMU takes REP STOSD in as many steps as it likes: usually one a round, sometimes one more, or all at once
      if (now.eip !== before.eip) moved++;
      if (laneOf(now) === laneOf(before)) continue;
      const place = (r: StubRegisters): string => `${h(r.cs, 4)}:${h(r.eip, 8)}`;
      const stack = (r: StubRegisters): string => `${h(r.ss, 4)}:${h(r.esp, 8)}`;
      seen.push(`${laneOf(before)} ${place(before)} ${stack(before)} -> ${laneOf(now)} ${place(now)} ${stack(now)}`);
    }
    stub.close();
    const side = (s: TransitionEvent['from'], lane: string): string =>
      `${lane} ${h(s.cs, 4)}:${h(Number(s.rip), 8)} ${h(s.ss, 4)}:${h(Number(s.rsp), 8)}`;
    const ours = events.map((e) => {
      const lane = (s: TransitionEvent['from']): string => (s.mode === 'real' ? 'real' : `ring ${s.cpl}`);
      // The debugger stands behind the instruction that changed the mode; the log notes the place of the change.
      const to = e.kind === 'mode-change' ? { ...e.to, rip: Number(e.to.rip) + 3 } : e.to;
      return `${side(e.from, lane(e.from))} -> ${side(to, lane(to))}`;
    });
    assert.deepEqual(ours, seen);
    // Steps to another place are retired instructions, and the two that fault.
    assert.equal(last.icount - first.icount + 2, moved);
  });
});

function readSafely(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
