// The AT-compatible board: which chips there are, where their lines go, what resets reach them. The processor is not here:
// the board gets the few things it does to it as callbacks, so that it can be built first.

import { S_A20MASK } from '../../cpu/layout';
import type { Device, ResetKind } from '../../devices/contract';
import { DebugConsole, DebugExit, PostCode, PowerPorts } from '../../devices/debugports/debugPorts';
import { ResetControl, SystemControlPortA } from '../../devices/debugports/resetPorts';
import { PicPair } from '../../devices/pic/picPair';
import { Pit } from '../../devices/pit/pit';
import { EventScheduler } from '../../devices/scheduler';
import { PcBus, type Display } from '../bus';
import { PortSpace } from '../ports';

export interface BoardOptions {
  readonly memory: WebAssembly.Memory;
  readonly ramBytes: number;
  /** Virtual nanoseconds since power-on. */
  now(): number;
  /** A timer is due earlier than before: the running slice must end. */
  onEarlier(): void;
  onIntr(level: boolean): void;
  /** Address translation is stale: A20 or the display mapping changed. */
  onRemap(): void;
  onReset(kind: ResetKind): void;
  onPowerOff(): void;
  onDebugExit(code: number): void;
  firmwareCall(service: number): number;
}

const A20_ON = 0xffffffff;
const A20_OFF = 0xffefffff;

const NO_DISPLAY: Display = { linearWindow: () => undefined, read: () => 0xffffffff, write: () => {} };

export interface BoardState {
  readonly devices: Readonly<Record<string, unknown>>;
  readonly timers: unknown;
}

export class PcBoard {
  readonly ports = new PortSpace();
  readonly scheduler: EventScheduler;
  readonly pic: PicPair;
  readonly pit: Pit;
  readonly debugConsole = new DebugConsole();
  readonly post = new PostCode();
  readonly bus: PcBus;
  readonly devices: readonly Device[];
  private readonly a20Mask: Uint32Array;

  constructor(private readonly options: BoardOptions) {
    const u8 = new Uint8Array(options.memory.buffer);
    this.a20Mask = new Uint32Array(options.memory.buffer, S_A20MASK, 1);
    this.scheduler = new EventScheduler(
      () => options.now(),
      () => options.onEarlier(),
    );
    this.pic = new PicPair((level) => options.onIntr(level));
    this.pit = new Pit(this.scheduler, this.pic.irq(0));
    const reset = (kind: ResetKind): void => options.onReset(kind);
    const a20 = { get: () => this.a20, set: (enabled: boolean) => this.setA20(enabled) };
    this.devices = [
      this.pic,
      this.pit,
      this.debugConsole,
      new DebugExit((code) => options.onDebugExit(code)),
      new PowerPorts(() => options.onPowerOff()),
      this.post,
      new SystemControlPortA(a20, reset),
      new ResetControl(reset),
    ];
    for (const device of this.devices) this.ports.add(device);
    this.bus = new PcBus(
      {
        ramBytes: options.ramBytes,
        ports: this.ports,
        display: NO_DISPLAY,
        acknowledge: () => this.pic.acknowledge(),
        firmwareCall: (service) => options.firmwareCall(service),
      },
      u8,
    );
    this.a20Mask[0] = A20_ON;
  }

  get a20(): boolean {
    return this.a20Mask[0] === A20_ON;
  }

  setA20(enabled: boolean): void {
    const mask = enabled ? A20_ON : A20_OFF;
    if (this.a20Mask[0] === mask) return;
    this.a20Mask[0] = mask;
    this.options.onRemap();
  }

  reset(): void {
    for (const device of this.devices) device.reset();
    this.setA20(true);
  }

  getState(): BoardState {
    const devices = Object.fromEntries(this.devices.map((device) => [device.name, device.getState()]));
    return { devices, timers: this.scheduler.getState() };
  }

  setState(state: BoardState): void {
    for (const device of this.devices) device.setState(state.devices[device.name]);
    this.scheduler.setState(state.timers);
    this.bus.updateWindow();
  }
}
