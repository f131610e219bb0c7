// The AT-compatible board: which chips there are, where their lines go, what resets reach them. The processor is not here:
// the board gets the few things it does to it as callbacks, so that it can be built first.

import { PORT_LATCH, RAM_BASE, S_A20MASK, VRAM_BASE } from '../../cpu/layout';
import { ApicNetwork } from '../../devices/apic/apicNetwork';
import { PINS } from '../../devices/apic/ioApic';
import type { ApicProcessor } from '../../devices/apic/localApic';
import type { Device, DmaPort, IrqLine, ResetKind } from '../../devices/contract';
import { CoprocessorError } from '../../devices/coprocessor/coprocessorError';
import { DebugConsole, DebugExit, PostCode, PowerPorts } from '../../devices/debugports/debugPorts';
import { ResetControl, SystemControlPortA } from '../../devices/debugports/resetPorts';
import { DmaPair } from '../../devices/dma/dmaPair';
import { KeyboardController } from '../../devices/keyboard/controller8042';
import { PicPair } from '../../devices/pic/picPair';
import { PortLatch } from '../../devices/portLatch';
import { Pit } from '../../devices/pit/pit';
import type { CmosConfig } from '../../devices/rtc/cmosLayout';
import { Rtc } from '../../devices/rtc/rtc';
import { ApmControl } from '../../devices/smm/apmControl';
import { SmramControl } from '../../devices/smm/smramControl';
import { EventScheduler } from '../../devices/scheduler';
import { FwCfg } from '../../devices/fwcfg/fwCfg';
import { Uart16550 } from '../../devices/serial/uart16550';
import { TestDevice } from '../../devices/testdev/testDevice';
import { Vga } from '../../devices/vga/vga';
import { PcBus } from '../bus';
import { MmioSpace } from '../mmio';
import { PortSpace } from '../ports';
import type { ExtraDevice } from '../types';

export interface BoardOptions {
  readonly memory: WebAssembly.Memory;
  readonly ramBytes: number;
  readonly cmos: CmosConfig;
  /** Unix seconds. */
  readonly startTime: number;
  /** Virtual nanoseconds since power-on. */
  now(): number;
  /** A timer is due earlier than before: the running slice must end. */
  onEarlier(): void;
  /** The processors' inputs; the first one starts at power-on. */
  readonly processors: readonly ApicProcessor[];
  /** The processors have local APICs, and the board an I/O APIC. */
  readonly apic: boolean;
  readonly extra: readonly ExtraDevice[];
  /** Address translation is stale: A20 or the display mapping changed. */
  onRemap(): void;
  /** The chipset asserts SMI#. */
  onSmi(): void;
  onReset(kind: ResetKind): void;
  onPowerOff(): void;
  onDebugExit(code: number): void;
  /** A bus master wrote RAM. */
  onDmaWrite(physical: number, size: number): void;
  /** A number for RDRAND and RDSEED. */
  random(): bigint;
  firmwareCall(service: number): number;
}

const A20_ON = 0xffffffff;
const A20_OFF = 0xffefffff;
const SMRAM = 0xa0000;
const SMRAM_BYTES = 0x20000;
export const VIDEO_BYTES = 0x40000;
const COM1 = { name: 'com1', base: 0x3f8, line: 4 };
const COM2 = { name: 'com2', base: 0x2f8, line: 3 };
/** The 8254 reaches the I/O APIC's input 2; the other lines have the same number at both controllers. */
const TIMER_PIN = 2;
const ISA_LINES = 16;
const CASCADE = 2;

export interface BoardState {
  readonly devices: Readonly<Record<string, unknown>>;
  readonly timers: unknown;
  readonly a20: boolean;
}

export class PcBoard {
  readonly ports = new PortSpace();
  readonly mmio = new MmioSpace();
  readonly scheduler: EventScheduler;
  readonly pic: PicPair;
  readonly apic: ApicNetwork | undefined;
  readonly pit: Pit;
  readonly rtc: Rtc;
  readonly keyboard: KeyboardController;
  /** COM1 and COM2. */
  readonly serial: readonly [Uart16550, Uart16550];
  readonly vga: Vga;
  readonly debugConsole = new DebugConsole();
  readonly post: PostCode;
  readonly smram = new SmramControl(() => this.smramChanged());
  readonly bus: PcBus;
  readonly devices: readonly Device[];
  private readonly a20Mask: Uint32Array;
  private readonly powerOnState: BoardState;

  constructor(private readonly options: BoardOptions) {
    const { memory, ramBytes } = options;
    const u8 = new Uint8Array(memory.buffer);
    this.a20Mask = new Uint32Array(memory.buffer, S_A20MASK, 1);
    this.a20Mask[0] = A20_ON;
    this.scheduler = new EventScheduler(
      () => options.now(),
      () => options.onEarlier(),
    );
    const { scheduler } = this;
    const onReset = (kind: ResetKind): void => options.onReset(kind);
    const a20 = { get: () => this.a20, set: (enabled: boolean) => this.setA20(enabled) };
    this.apic = options.apic
      ? new ApicNetwork(scheduler, options.processors, (page) => this.registersMoved(page))
      : undefined;
    const latch = new PortLatch(memory.buffer, PORT_LATCH);
    this.post = new PostCode(latch);
    this.pic = new PicPair((level) => this.picOutput(level), latch);
    const irq = (number: number): IrqLine => this.irq(number);
    this.pit = new Pit(scheduler, irq(0));
    this.rtc = new Rtc(scheduler, irq(8), { ...options.cmos, startTime: options.startTime });
    this.keyboard = new KeyboardController(scheduler, {
      irq1: irq(1),
      irq12: irq(12),
      a20,
      onReset,
    });
    const serial = ({ name, base, line }: typeof COM1): Uart16550 =>
      new Uart16550(scheduler, irq(line), { name, base, instant: true, latch });
    this.serial = [serial(COM1), serial(COM2)];
    this.vga = new Vga(scheduler, {
      memory: new Uint8Array(memory.buffer, VRAM_BASE, VIDEO_BYTES),
      onMapping: () => this.displayMoved(),
    });
    const coprocessor = new CoprocessorError(irq(13));
    this.devices = [
      this.pic,
      ...(this.apic ? [this.apic] : []),
      this.pit,
      this.rtc,
      this.keyboard,
      ...this.serial,
      this.vga,
      new DmaPair(this.dmaPort(u8)),
      this.debugConsole,
      new DebugExit((code) => options.onDebugExit(code)),
      new PowerPorts(() => options.onPowerOff()),
      this.post,
      this.smram,
      new ApmControl(() => options.onSmi()),
      coprocessor,
      new SystemControlPortA(a20, onReset),
      new ResetControl(onReset),
      ...options.extra.map((name) => this.extraDevice(name)),
    ];
    for (const device of this.devices) {
      this.ports.add(device);
      this.mmio.add(device);
    }
    this.bus = new PcBus(
      {
        ramBytes,
        ports: this.ports,
        mmio: this.mmio,
        display: this.vga,
        smram: (inside) => this.smram.visible(inside),
        onSystemManagement: () => this.options.onRemap(),
        coprocessor,
        localApic: () => this.apic?.own,
        acknowledge: () => this.apic?.own.acknowledge() ?? this.pic.acknowledge(),
        random: () => options.random(),
        firmwareCall: (service) => options.firmwareCall(service),
      },
      u8,
    );
    this.powerOnState = this.getState();
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

  /** Everything as it was when the board was built, battery-backed memory too. */
  powerOn(): void {
    this.setState(this.powerOnState);
  }

  /** The reset line of every chip. */
  reset(): void {
    for (const device of this.devices) device.reset();
    this.setA20(true);
  }

  getState(): BoardState {
    const devices = Object.fromEntries(this.devices.map((device) => [device.name, device.getState()]));
    return { devices, timers: this.scheduler.getState(), a20: this.a20 };
  }

  setState(state: BoardState): void {
    for (const device of this.devices) device.setState(state.devices[device.name]);
    this.scheduler.setState(state.timers);
    this.a20Mask[0] = state.a20 ? A20_ON : A20_OFF;
    this.bus.updateWindow();
    if (this.apic) this.apic.apics.forEach((apic, n) => this.options.processors[n].intr(apic.intr));
    else this.options.processors[0].intr(this.pic.intr);
    this.options.onRemap();
  }

  /** The request line of IRQ 0-15, into both controllers. */
  private irq(number: number): IrqLine {
    const line = this.pic.irq(number);
    const { apic } = this;
    if (!apic) return line;
    const pin = number === 0 ? TIMER_PIN : number;
    return {
      set: (level) => {
        line.set(level);
        apic.io.setPin(pin, level);
      },
    };
  }
  private extraDevice(name: ExtraDevice): Device {
    const { ramBytes, processors } = this.options;
    if (name === 'fw-cfg') return new FwCfg({ ramBytes, processors: processors.length });
    return new TestDevice(Array.from({ length: this.apic ? PINS : ISA_LINES }, (_, n) => this.testLine(n)));
  }
  /** Input of the I/O APIC, with the interrupt that the 8259 pair has for it. Number 2 joins the pair. */
  private testLine(number: number): IrqLine {
    if (number < ISA_LINES && number !== CASCADE) return this.irq(number);
    return { set: (level) => this.apic?.io.setPin(number, level) };
  }
  private picOutput(level: boolean): void {
    if (this.apic) this.apic.apics[0].setLint0(level);
    else this.options.processors[0].intr(level);
  }

  /** Code that was decoded at A0000 is not what is there now. */
  private smramChanged(): void {
    this.options.onRemap();
    this.options.onDmaWrite(SMRAM, SMRAM_BYTES);
  }
  /** RAM or code that the local APIC's page covers is not there for the processor, and the other way round. */
  private registersMoved(page: number): void {
    this.bus.registerPage = page;
    this.options.onRemap();
  }
  private displayMoved(): void {
    if (this.bus.updateWindow()) this.options.onRemap();
  }

  private dmaPort(u8: Uint8Array): DmaPort {
    const { ramBytes } = this.options;
    return {
      read: (physical, into) => {
        for (let i = 0; i < into.length; i++) into[i] = physical + i < ramBytes ? u8[RAM_BASE + physical + i] : 0xff;
      },
      write: (physical, from) => {
        const held = from.subarray(0, Math.max(0, ramBytes - physical));
        u8.set(held, RAM_BASE + physical);
        this.options.onDmaWrite(physical, held.length);
      },
    };
  }
}
