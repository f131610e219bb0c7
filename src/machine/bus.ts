// The address and I/O buses of the PC: what each physical page is (RAM, display window, ROM, hole), and who answers a port.
// RAM and ROM below 1 MB are plain memory in the guest's RAM area; the display window is plain memory too while the
// adapter's mode makes it linear. Other registers in memory: mmio.ts. Holes read as all ones.

import { maskOf } from '../base/bits';
import { RAM_BASE, S_SMM, VRAM_BASE } from '../cpu/layout';
import type { Bus, LocalApicPort } from '../cpu/bus';
import type { MmioHandler, PortWidth } from '../devices/contract';
import type { MmioSpace } from './mmio';
import type { PortSpace } from './ports';

const DISPLAY_FIRST = 0xa0000;
const DISPLAY_END = 0xc0000;
const BIOS_AREA_END = 0x100000;
const FOUR_GIGABYTES = 0x1_0000_0000;

/** The part of the display window that is plain memory at present. */
export interface LinearWindow {
  /** Physical addresses, multiples of 4 KB. */
  readonly first: number;
  readonly end: number;
  /** Offset of `first` in display memory. */
  readonly offset: number;
}

export interface Display extends MmioHandler {
  linearWindow(): LinearWindow | undefined;
}

export interface BusParts {
  readonly ramBytes: number;
  readonly ports: PortSpace;
  readonly mmio: MmioSpace;
  readonly display: Display;
  /** Whether A0000 to BFFFF are memory for a processor in (or outside of) system management mode. */
  smram(inside: boolean): boolean;
  /** A processor enters or leaves that mode. */
  onSystemManagement(): void;
  /** Of the processor that accesses the bus now. */
  localApic(): LocalApicPort | undefined;
  readonly coprocessor: { setError(active: boolean): void; readonly ignored: boolean };
  acknowledge(): number;
  random(): bigint;
  firmwareCall(service: number): number;
}

export class PcBus implements Bus {
  /** First physical address of the ROM below 1 MB; its top 256 KB or less also appear at the end of 4 GB. */
  private romFirst = 0xf0000;
  private window: LinearWindow | undefined;
  /** Page of the local APIC's registers, which it answers before memory does; -1 none. */
  registerPage = -1;

  private readonly ports: PortSpace;
  readonly isRegister: ((physical: number) => boolean) | undefined;

  constructor(
    private readonly parts: BusParts,
    private readonly u8: Uint8Array,
  ) {
    this.ports = parts.ports;
    const { mmio } = parts;
    this.isRegister = mmio.isEmpty ? undefined : (physical) => mmio.find(physical) !== undefined;
  }

  /** Copies `rom` so that it ends at 1 MB. */
  loadRom(rom: Uint8Array): void {
    this.romFirst = BIOS_AREA_END - rom.length;
    this.u8.set(rom, RAM_BASE + this.romFirst);
  }

  /** Follows the display adapter's mode; true when the mapping changed, so that TLBs are stale. */
  updateWindow(): boolean {
    const now = this.parts.display.linearWindow();
    const old = this.window;
    if (now?.first === old?.first && now?.end === old?.end && now?.offset === old?.offset) return false;
    this.window = now;
    return true;
  }

  /** @param physicalPage physical address of the page. */
  hostPage(physicalPage: number, write: boolean): number {
    if (physicalPage === this.registerPage) return -1;
    if (physicalPage < DISPLAY_FIRST) return RAM_BASE + physicalPage;
    if (physicalPage < DISPLAY_END) {
      if (this.parts.smram(this.u8[S_SMM] !== 0)) return RAM_BASE + physicalPage;
      const window = this.window;
      if (!window || physicalPage < window.first || physicalPage >= window.end) return -1;
      return VRAM_BASE + window.offset + (physicalPage - window.first);
    }
    if (physicalPage < BIOS_AREA_END) return physicalPage >= this.romFirst && !write ? RAM_BASE + physicalPage : -1;
    if (physicalPage < this.parts.ramBytes) return RAM_BASE + physicalPage;
    const alias = physicalPage - FOUR_GIGABYTES + BIOS_AREA_END;
    return alias >= this.romFirst && !write ? RAM_BASE + alias : -1;
  }

  private isDisplay(physical: number): boolean {
    if ((physical & ~0xfff) >>> 0 === this.registerPage) return false;
    return physical >= DISPLAY_FIRST && physical < DISPLAY_END;
  }

  /** The registers cover what the engine takes for plain memory. */
  get registersInMemory(): boolean {
    return this.registerPage >= 0 && this.registerPage < this.parts.ramBytes;
  }

  read(physical: number, size: number): number {
    const page = this.hostPage((physical & ~0xfff) >>> 0, false);
    if (page >= 0) return this.readHost(page + (physical & 0xfff), size);
    if (this.isDisplay(physical)) {
      return (this.parts.display.read(physical, size as PortWidth) & maskOf(size)) >>> 0;
    }
    const range = this.parts.mmio.find(physical);
    return range ? (range.handler.read(physical, size as PortWidth) & maskOf(size)) >>> 0 : maskOf(size);
  }

  write(physical: number, size: number, value: number): void {
    const page = this.hostPage((physical & ~0xfff) >>> 0, true);
    if (page >= 0) {
      for (let i = 0; i < size; i++) this.u8[page + (physical & 0xfff) + i] = value >>> (8 * i);
      return;
    }
    const handler = this.isDisplay(physical) ? this.parts.display : this.parts.mmio.find(physical)?.handler;
    handler?.write(physical, size as PortWidth, (value & maskOf(size)) >>> 0);
  }

  in(port: number, size: number): number {
    return this.ports.in(port, size);
  }

  out(port: number, size: number, value: number): void {
    this.ports.out(port, size, value);
  }

  acknowledge(): number {
    return this.parts.acknowledge();
  }

  random(): bigint {
    return this.parts.random();
  }

  numericError(active: boolean): void {
    this.parts.coprocessor.setError(active);
  }

  ignoreNumericError(): boolean {
    return this.parts.coprocessor.ignored;
  }

  systemManagementChanged(): void {
    this.parts.onSystemManagement();
  }

  get localApic(): LocalApicPort | undefined {
    return this.parts.localApic();
  }

  firmwareCall(service: number): number {
    return this.parts.firmwareCall(service);
  }

  private readHost(offset: number, size: number): number {
    let value = 0;
    for (let i = size - 1; i >= 0; i--) value = ((value << 8) | this.u8[offset + i]) >>> 0;
    return value;
  }
}
