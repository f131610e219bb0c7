// samples/long-mode: what `ringside run --events` lists, compared with QEMU: its log of interrupts and exceptions (`-d int`), and a
// gdb session that single-steps the same image and watches mode, ring, place and stack.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { TransitionEvent } from '../../src/machine/processorFacts';
import { ringside, sample, temporaryFolder } from './support/command';
import { freePort, GdbStub, type LongStubRegisters } from './support/gdbStub';

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

  const needQemu = (test: Mocha.Context): void => {
    if (spawnSync(QEMU, ['--version']).status === 0) return;
    console.log(`      ${QEMU} is not installed: nothing to compare with`);
    test.skip();
  };

  it('are the changes that a single-stepping gdb session sees', async function () {
    needQemu(this);
    const port = await freePort();
    const qemu = spawn(QEMU, ['-display', 'none', '-no-reboot', '-net', 'none', '-monitor', 'none', '-serial', 'null', '-S', '-gdb', `tcp:127.0.0.1:${port}`, '-drive', `format=raw,file=${image},if=floppy`]); // prettier-ignore
    try {
      const stub = await GdbStub.open(port);
      const first = events.find((e) => e.kind === 'mode-change')!;
      const wanted = events.slice(events.indexOf(first));
      await stub.runTo(Number(first.from.rip));
      const seen: string[] = [];
      let now = await stub.longRegisters();
      let moved = 0;
      for (let steps = 0; steps < 20_000 && seen.length < wanted.length; steps++) {
        const before = now;
        await stub.step();
        now = await stub.longRegisters();
        if (now.rip !== before.rip) moved++;
        if (isTransition(before, now)) seen.push(`${sideOf(before)} -> ${sideOf(now)}`);
      }
      stub.close();
      const side = ({ cpl, mode, cs, rip, ss, rsp }: TransitionEvent['from']): string =>
        `${mode === 'real' ? 'real' : `${mode} ring ${cpl}`} ${h(cs, 4)}:${address(rip)} ${h(ss, 4)}:${address(rsp)}`;
      const ours = wanted.map((e) => {
        // The debugger stands behind the instruction that changed the mode; the log notes the place of the change.
        const to = e.kind === 'mode-change' ? { ...e.to, rip: Number(e.to.rip) + 3 } : e.to;
        return `${side(e.from)} -> ${side(to)}`;
      });
      // QEMU loads a null SS with every interrupt stack; the processor does only when the ring changes (Intel SDM vol. 2, "INT n",
      // INTRA-PRIVILEGE-LEVEL-INTERRUPT; AMD APM vol. 2, "Long-Mode Interrupt Stack Frame").
      const doubleFault = seen.pop()!;
      seen.push(doubleFault.replace(/0000(:[0-9a-f]{16})$/, '0010$1'));
      assert.deepEqual(ours, seen);
      assert.equal(ours.length, 11);
      // Steps to another place are retired instructions, and the two that fault.
      assert.equal(wanted.at(-1)!.icount - first.icount + 2, moved);
    } finally {
      qemu.kill();
    }
  });

  it('are the interrupts and exceptions of the -d int log, and print the same', async function () {
    needQemu(this);
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

/** CS.L is in no register that the stub shows: these selectors have it in the sample's GDT. */
const LONG_CODE = new Set([0x08, 0x2b]);

function laneOf({ cr0, cs, efer }: LongStubRegisters): string {
  if ((cr0 & 1) === 0) return 'real';
  const mode = (efer & 0x400) === 0 ? 'protected' : LONG_CODE.has(cs) ? '64-bit' : 'compatibility';
  return `${mode} ring ${cs & 3}`;
}

const sideOf = (r: LongStubRegisters): string =>
  `${laneOf(r)} ${h(r.cs, 4)}:${address(String(r.rip))} ${h(r.ss, 4)}:${address(String(r.rsp))}`;

/** Another mode or ring; or, within a ring, a jump that brings another stack: an interrupt stack. */
function isTransition(before: LongStubRegisters, now: LongStubRegisters): boolean {
  if (laneOf(before) !== laneOf(now)) return true;
  const far = (a: bigint, b: bigint, most: bigint): boolean => a - b > most || b - a > most;
  return far(now.rip, before.rip, 15n) && far(now.rsp, before.rsp, 0x1000n);
}
