// A processor without an engine: RAM, a bus that records port accesses, and routines executed one instruction at a time.
import { Cpu } from '../../src/cpu/cpu';
import type { Bus } from '../../src/cpu/bus';
import { RAM_BASE } from '../../src/cpu/layout';
import { resetCpu } from '../../src/cpu/reset';
import { SYS_ROUTINES } from '../../src/cpu/routines';
import { FAULT, HALTED, NEXT, type SysResult } from '../../src/cpu/sys';
import { decode } from '../../src/isa/decode';
import type { CodeBits, Insn } from '../../src/isa/types';

export const RAM_BYTES = 0x400000;
/** Physical addresses from here on are MMIO. */
export const MMIO = 0xe0000000;

export class TestBus implements Bus {
  readonly log: string[] = [];
  inputs: number[] = [];
  vector = 0x20;
  random: (() => bigint) | undefined;
  hostPage(physicalPage: number): number {
    return physicalPage < RAM_BYTES ? RAM_BASE + physicalPage : -1;
  }
  read(physical: number, size: number): number {
    this.log.push(`read ${physical.toString(16)} ${size}`);
    return physical >= MMIO ? 0x5a : 0xffffffff >>> (32 - 8 * size);
  }
  write(physical: number, size: number, value: number): void {
    this.log.push(`write ${physical.toString(16)} ${size} ${(value >>> 0).toString(16)}`);
  }
  in(port: number, size: number): number {
    this.log.push(`in ${port.toString(16)} ${size}`);
    return this.inputs.shift() ?? 0;
  }
  out(port: number, size: number, value: number): void {
    this.log.push(`out ${port.toString(16)} ${size} ${(value >>> 0).toString(16)}`);
  }
  acknowledge(): number {
    return this.vector;
  }
  firmwareCall(service: number): number {
    this.log.push(`firmware ${service}`);
    return NEXT;
  }
}

export class TestMachine {
  readonly bus = new TestBus();
  readonly cpu: Cpu;
  icount = 0;
  flushes = 0;
  contextChanges = 0;
  readonly codeWrites: number[] = [];

  constructor() {
    const pages = (RAM_BASE + RAM_BYTES) / 0x10000;
    this.cpu = new Cpu(
      new WebAssembly.Memory({ initial: pages, maximum: pages }),
      this.bus,
      {
        now: () => this.icount,
        flushTlb: () => this.flushes++,
        contextChanged: () => this.contextChanges++,
        codeWritten: (physical) => this.codeWrites.push(physical),
        monitorLine: () => {},
      },
      RAM_BYTES,
    );
    resetCpu(this.cpu);
  }

  /** Physical memory. */
  write(at: number, ...bytes: number[]): void {
    this.cpu.u8.set(bytes, RAM_BASE + at);
  }
  write16(at: number, ...words: number[]): void {
    words.forEach((word, i) => this.cpu.view.setUint16(RAM_BASE + at + 2 * i, word, true));
  }
  write32(at: number, ...values: number[]): void {
    values.forEach((value, i) => this.cpu.view.setUint32(RAM_BASE + at + 4 * i, value >>> 0, true));
  }
  read8(at: number): number {
    return this.cpu.u8[RAM_BASE + at]!;
  }
  read16(at: number): number {
    return this.cpu.view.getUint16(RAM_BASE + at, true);
  }
  read32(at: number): number {
    return this.cpu.view.getUint32(RAM_BASE + at, true);
  }

  /** Executes one instruction given as bytes at CS:EIP; those without a system routine are refused. */
  execute(code: readonly number[], bits: CodeBits): SysResult {
    return this.executeInsn(decode(Uint8Array.from(code), 0, bits));
  }

  executeInsn(insn: Insn): SysResult {
    const routine = insn.row && SYS_ROUTINES[insn.row.sem];
    if (!routine) throw new Error(`no system routine for ${insn.row?.mn ?? 'an invalid encoding'}`);
    this.cpu.fault = undefined;
    const result = routine(this.cpu, insn);
    if (result === FAULT) return result;
    if (result === NEXT || result === HALTED) this.cpu.eip = this.cpu.eip + insn.len;
    this.icount++;
    return result;
  }
}
