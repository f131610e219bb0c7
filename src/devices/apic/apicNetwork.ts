// The local APICs of a board as one device, and the way of messages between them (Intel SDM vol. 3, "System and APIC Bus
// Arbitration" and "Determining IPI Destination"). The register pages share one address until the guest moves
// them: each processor sees its own.
// Lowest-priority messages go to the processor with the lowest processor priority, the first of several.

import type { Device, MmioHandler, MmioRange, Scheduler } from '../contract';
import { IoApic } from './ioApic';
import { LocalApic, LOCAL_APIC_BASE, Shorthand, type ApicPort, type ApicProcessor } from './localApic';
import type { LocalApicState } from './localApicState';
import { LOWEST_PRIORITY, type ApicMessage } from './message';

export class ApicNetwork implements Device, ApicPort {
  readonly name = 'apic';
  readonly ports: Device['ports'] = [];
  readonly mmio: NonNullable<Device['mmio']>;
  readonly apics: readonly LocalApic[];
  readonly io: IoApic;
  private index = 0;
  private page = LOCAL_APIC_BASE;

  constructor(
    scheduler: Scheduler,
    processors: readonly ApicProcessor[],
    /** The register page of the processor that accesses memory now is at `page`, -1 nowhere. */
    private readonly onMove: (page: number) => void,
  ) {
    this.apics = processors.map((processor, index) => new LocalApic(scheduler, index, this, processor));
    this.io = new IoApic((message) => this.deliver(message, this.apics));
    const handler: MmioHandler = {
      read: (physical, width) => readPart(this.own.read(physical & 0xff0), physical, width),
      // only aligned 32-bit accesses are defined
      write: (physical, width, value) => {
        if (width === 4 && (physical & 15) === 0) this.own.write(physical & 0xff0, value);
      },
    };
    const page = (): number => this.page;
    const registers: MmioRange = {
      handler,
      get first() {
        return page();
      },
      get last() {
        return page() < 0 ? -1 : page() + 0xfff;
      },
    };
    this.mmio = [registers, this.io.mmio];
  }

  /** Index of the processor that accesses memory now. */
  get current(): number {
    return this.index;
  }
  set current(index: number) {
    this.index = index;
    this.moved(this.own);
  }
  moved(apic: LocalApic): void {
    if (apic !== this.own || apic.page === this.page) return;
    this.page = apic.page;
    this.onMove(this.page);
  }

  /** The one of the processor that accesses memory now. */
  get own(): LocalApic {
    return this.apics[this.index];
  }

  send(from: LocalApic, message: ApicMessage, shorthand: Shorthand): void {
    switch (shorthand) {
      case Shorthand.Self:
        return from.accept(message);
      case Shorthand.All:
        return this.apics.forEach((apic) => apic.accept(message));
      case Shorthand.Others:
        return this.apics.forEach((apic) => apic !== from && apic.accept(message));
      default:
        return this.deliver(message, this.apics);
    }
  }
  private deliver(message: ApicMessage, among: readonly LocalApic[]): void {
    const meant = among.filter((apic) => apic.matches(message));
    if (message.mode !== LOWEST_PRIORITY) return meant.forEach((apic) => apic.accept(message));
    if (meant.length === 0) return;
    meant.reduce((a, b) => (b.processorPriority < a.processorPriority ? b : a)).accept(message);
  }
  /** Something may send processor `n` an NMI or SMI, which ends HLT whatever its interrupt flag says. */
  unmaskable(n: number): boolean {
    return this.apics[n].unmaskable || this.io.unmaskable;
  }
  endOfInterrupt(vector: number): void {
    this.io.endOfInterrupt(vector);
  }

  reset(): void {
    for (const apic of this.apics) apic.reset();
    this.io.reset();
  }
  getState(): unknown {
    return { apics: this.apics.map((apic) => apic.getState()), io: this.io.getState(), current: this.index };
  }
  setState(state: unknown): void {
    const { apics, io, current } = state as { apics: LocalApicState[]; io: unknown; current: number };
    this.apics.forEach((apic, n) => apic.setState(apics[n]));
    this.io.setState(io);
    this.current = current;
  }
}

const readPart = (word: number, physical: number, width: number): number =>
  width === 4 ? word : (word >>> ((physical & 3) * 8)) & (width === 1 ? 0xff : 0xffff);
