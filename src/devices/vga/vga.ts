// The VGA as the guest sees it: its ports, the memory window A0000-BFFFF, and a picture of the screen for hosts
// (IBM PS/2 Hardware Interface Technical Reference, "Video Subsystem").
// Video memory belongs to the board and is no part of this state. Absent: the vertical interrupt, switch sensing.

import type { Device, MmioHandler, PortHandler, PortWidth, Scheduler } from '../contract';
import type { Frame } from './frame';
import { graphicsFrame } from './graphicsFrame';
import { VgaMemory, type LinearWindow, type VgaMemoryState } from './memory';
import { initialRegisters, isGraphics, type VgaRegisters } from './registers';
import { textFrame } from './textFrame';
import { beamStatus } from './timing';

export interface VgaState {
  registers: VgaRegisters;
  memory: VgaMemoryState;
}

export interface VgaOptions {
  /** 256 KB of video memory. */
  memory: Uint8Array;
  /** The part of the window that is plain memory has changed; linearWindow() tells it. */
  onMapping?: () => void;
}

const LAST_CRTC = 0x18;
const CRTC_MASKS: Readonly<Record<number, number>> = { 0x0a: 0x3f, 0x0b: 0x7f, 0x0e: 0xff, 0x14: 0x7f, 0x17: 0xef };
const SEQUENCER_MASKS = [0x03, 0x3d, 0x0f, 0x3f, 0x0e];
const GRAPHICS_MASKS = [0x0f, 0x0f, 0x0f, 0x1f, 0x03, 0x7b, 0x0f, 0x0f, 0xff];

export class Vga implements Device, MmioHandler {
  readonly name = 'vga';
  readonly ports: Device['ports'];
  private registers = initialRegisters();
  private readonly memory: VgaMemory;
  private readonly onMapping: () => void;
  private window: LinearWindow | undefined;

  constructor(
    private readonly scheduler: Scheduler,
    { memory, onMapping = () => {} }: VgaOptions,
  ) {
    this.memory = new VgaMemory(memory, () => this.registers);
    this.onMapping = onMapping;
    const handler: PortHandler = {
      in: (port) => this.in(port),
      out: (port, _width, value) => this.out(port, value & 0xff),
    };
    const ranges = [
      [0x3b4, 0x3b5],
      [0x3ba, 0x3ba],
      [0x3c0, 0x3cf],
      [0x3d4, 0x3d5],
      [0x3da, 0x3da],
    ];
    this.ports = ranges.map(([first, last]) => ({ range: { first, last, width: 1 }, handler }));
  }

  /** Whether part of the window is plain memory now. */
  isLinear(): boolean {
    return this.window !== undefined;
  }

  linearWindow(): LinearWindow | undefined {
    return this.window;
  }

  read(physical: number, width: PortWidth): number {
    this.memory.prepare();
    return this.memory.read(physical, width);
  }

  write(physical: number, width: PortWidth, value: number): void {
    this.memory.prepare();
    this.memory.write(physical, width, value);
  }

  /** The screen as it would be shown now. */
  frame(): Frame {
    const build = isGraphics(this.registers) ? graphicsFrame : textFrame;
    return build(this.registers, this.memory);
  }

  reset(): void {
    this.registers = initialRegisters();
    this.memory.state.latches = 0;
    this.remap();
  }

  getState(): VgaState {
    return structuredClone({ registers: this.registers, memory: this.memory.state });
  }

  setState(state: unknown): void {
    const { registers, memory } = structuredClone(state as VgaState);
    this.registers = registers;
    this.memory.state = memory;
    this.window = this.memory.linearWindow();
  }

  private in(port: number): number {
    const r = this.registers;
    if (this.wrongHalf(port)) return 0xff;
    switch (port) {
      case 0x3c0:
        return r.attributeIndex;
      case 0x3c1:
        return r.attribute[r.attributeIndex & 0x1f] ?? 0;
      case 0x3c2: // no interrupt pending, monitor present
        return 0x10;
      case 0x3c3:
        return r.enabled ? 1 : 0;
      case 0x3c4:
        return r.sequencerIndex;
      case 0x3c5:
        return r.sequencer[r.sequencerIndex] ?? 0xff;
      case 0x3c6:
        return r.dacMask;
      case 0x3c7:
        return r.dacReading ? 3 : 0;
      case 0x3c8:
        return r.dacIndex;
      case 0x3c9:
        return this.readDac();
      case 0x3ca:
        return r.feature;
      case 0x3cc:
        return r.misc;
      case 0x3ce:
        return r.graphicsIndex;
      case 0x3cf:
        return r.graphics[r.graphicsIndex] ?? 0xff;
      case 0x3b4:
      case 0x3d4:
        return r.crtcIndex;
      case 0x3b5:
      case 0x3d5:
        return r.crtc[r.crtcIndex] ?? 0xff;
      case 0x3ba:
      case 0x3da:
        r.attributeData = false;
        return beamStatus(r, this.scheduler.now());
      default:
        return 0xff;
    }
  }

  private out(port: number, value: number): void {
    const r = this.registers;
    if (this.wrongHalf(port)) return;
    switch (port) {
      case 0x3c0:
        this.writeAttribute(value);
        break;
      case 0x3c2:
        r.misc = value & 0xef;
        this.remap();
        break;
      case 0x3c3:
        r.enabled = (value & 1) !== 0;
        this.remap();
        break;
      case 0x3c4:
        r.sequencerIndex = value & 7;
        break;
      case 0x3c5:
        if (r.sequencerIndex > 4) break;
        r.sequencer[r.sequencerIndex] = value & SEQUENCER_MASKS[r.sequencerIndex];
        this.remap();
        break;
      case 0x3c6:
        r.dacMask = value;
        break;
      case 0x3c7:
      case 0x3c8:
        r.dacReading = port === 0x3c7;
        r.dacIndex = value;
        r.dacPart = 0;
        break;
      case 0x3c9:
        r.dac[3 * r.dacIndex + r.dacPart] = value & 0x3f;
        this.nextDacPart();
        break;
      case 0x3ce:
        r.graphicsIndex = value & 15;
        break;
      case 0x3cf:
        if (r.graphicsIndex > 8) break;
        r.graphics[r.graphicsIndex] = value & GRAPHICS_MASKS[r.graphicsIndex];
        this.remap();
        break;
      case 0x3b4:
      case 0x3d4:
        r.crtcIndex = value & 0x3f;
        break;
      case 0x3b5:
      case 0x3d5:
        this.writeCrtc(value);
        break;
      case 0x3ba:
      case 0x3da:
        r.feature = value & 3;
        break;
    }
  }

  /** The CRTC and status ports answer at 3Bx or at 3Dx, by the miscellaneous register's bit 0. */
  private wrongHalf(port: number): boolean {
    const half = port & 0xff0;
    return half === (this.registers.misc & 1 ? 0x3b0 : 0x3d0);
  }

  private writeAttribute(value: number): void {
    const r = this.registers;
    const index = r.attributeIndex & 0x1f;
    if (!r.attributeData) r.attributeIndex = value & 0x3f;
    else if (index < 0x10) r.attribute[index] = value & 0x3f;
    else if (index < r.attribute.length) r.attribute[index] = value;
    r.attributeData = !r.attributeData;
  }

  private writeCrtc(value: number): void {
    const { crtc, crtcIndex } = this.registers;
    if (crtcIndex > LAST_CRTC) return;
    const locked = crtcIndex < 8 && (crtc[0x11] & 0x80) !== 0;
    if (!locked) crtc[crtcIndex] = value & (CRTC_MASKS[crtcIndex] ?? 0xff);
    else if (crtcIndex === 7) crtc[7] = (crtc[7] & ~0x10) | (value & 0x10);
  }

  private readDac(): number {
    const r = this.registers;
    const value = r.dac[3 * r.dacIndex + r.dacPart];
    this.nextDacPart();
    return value;
  }

  private nextDacPart(): void {
    const r = this.registers;
    r.dacPart = (r.dacPart + 1) % 3;
    if (r.dacPart === 0) r.dacIndex = (r.dacIndex + 1) & 0xff;
  }

  /** Follows a register that decides how the window is decoded. */
  private remap(): void {
    const before = this.window;
    const now = this.memory.linearWindow();
    if (now) this.memory.prepare();
    this.window = now;
    if (before?.first !== now?.first || before?.end !== now?.end) this.onMapping();
  }
}
