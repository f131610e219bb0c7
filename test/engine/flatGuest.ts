// A guest in flat 32-bit or in real mode on a board of nothing but RAM, assembled by nasm: what the engine's tests run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bus } from '../../src/cpu/bus';
import { getEflags } from '../../src/cpu/flags';
import * as L from '../../src/cpu/layout';
import { setCpl, setSegment } from '../../src/cpu/segments';
import { Engine } from '../../src/engine/engine';

export const RAM_BYTES = 0x100000;
const PAGES = (L.RAM_BASE + RAM_BYTES) >> 16;
export const ORIGIN = 0x7c00;

export function assembleWithNasm(source: string): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-engine-'));
  try {
    writeFileSync(join(folder, 'a.asm'), source);
    execFileSync('nasm', ['-f', 'bin', '-o', join(folder, 'a.bin'), join(folder, 'a.asm')], { stdio: 'pipe' });
    return new Uint8Array(readFileSync(join(folder, 'a.bin')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export class FlatGuest {
  readonly engine: Engine;
  readonly ram: Uint8Array;
  /** Addresses beyond the RAM that were read. */
  readonly reads: number[] = [];
  readonly ports: { port: number; value: number; icount: number }[] = [];

  constructor(source: string, bits: 16 | 32 = 32) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    this.ram = new Uint8Array(memory.buffer, L.RAM_BASE, RAM_BYTES);
    const bus: Bus = {
      hostPage: (page) => (page < RAM_BYTES ? L.RAM_BASE + page : -1),
      read: (physical) => {
        this.reads.push(physical);
        return 0xff;
      },
      write: () => undefined,
      in: () => 0xff,
      out: (port, _size, value) => {
        this.ports.push({ port, value, icount: this.engine.now() });
      },
      acknowledge: () => 0x20,
      firmwareCall: () => 0,
    };
    this.engine = new Engine({ memory, bus, ramBytes: RAM_BYTES });
    const { cpu } = this.engine;
    this.ram.set(assembleWithNasm(`bits ${bits}\norg ${ORIGIN}\n${source}\n`), ORIGIN);
    if (bits === 32) {
      cpu.u32[L.S_CR0 >> 2] = L.CR0_PE | L.CR0_ET;
      for (let seg = 0; seg < 6; seg++) {
        setSegment(cpu, seg, seg === 1 ? 8 : 16, seg === 1 ? 0xc09b : 0xc093, 0, 0xffffffff);
      }
    } else {
      for (let seg = 0; seg < 6; seg++) setSegment(cpu, seg, 0, 0x93, 0, 0xffff);
    }
    setCpl(cpu, 0);
    cpu.setReg32(4, bits === 32 ? 0x9000 : 0x7000);
    cpu.eip = ORIGIN;
    this.engine.stateReplaced();
  }

  /** Runs to HLT in slices of the given sizes (repeated), at most `limit` instructions. */
  runToHalt(slices: readonly number[] = [1_000_000], limit = 50_000_000): void {
    for (let i = 0; this.engine.icount < limit; i++) {
      const why = this.engine.run(slices[i % slices.length]);
      if (why === 'halted') return;
      if (why !== 'limit') throw new Error(`stopped by ${why} at EIP ${this.engine.cpu.eip.toString(16)}`);
    }
    throw new Error(`no HLT within ${limit} instructions; EIP is ${this.engine.cpu.eip.toString(16)}`);
  }

  /** Everything that must not depend on how the run was cut up. */
  summary(): { icount: number; eip: number; flags: number; registers: number[]; ram: number } {
    const { cpu, icount } = this.engine;
    let hash = 0x811c9dc5;
    for (const byte of this.ram) hash = Math.imul(hash ^ byte, 0x01000193);
    const registers = Array.from({ length: 8 }, (_, n) => cpu.reg32(n));
    return { icount, eip: cpu.eip, flags: getEflags(cpu), registers, ram: hash >>> 0 };
  }
}
