// The AT's two 8259As: master at 0x20 (IRQ 0-7), slave at 0xA0 (IRQ 8-15) cascaded into the master's IR2,
// and the edge/level control registers at 0x4D0/0x4D1 (Intel 82371 datasheet, "Interrupt Controller Registers").

import type { Device, IrqLine, PortHandler } from '../contract';
import { PortLatch } from '../portLatch';
import { Pic8259, type Pic8259State } from './pic8259';

export interface PicPairState {
  master: Pic8259State;
  slave: Pic8259State;
  intr: boolean;
}

const CASCADE = 2;
const SPURIOUS = 7;
const MASTER_MASK = 0x21;
const SLAVE_MASK = 0xa1;
/** What the data bus reads when no controller drives it during the acknowledge. */
const FLOATING_VECTOR = 0xff;

export class PicPair implements Device {
  readonly name = 'pic';
  readonly ports: Device['ports'];
  private readonly master = new Pic8259(true, 0xf8);
  private readonly slave = new Pic8259(false, 0xde);
  private output = false;

  /** @param onIntr level of the INTR output, called on every change. */
  constructor(
    private readonly onIntr: (level: boolean) => void,
    private readonly latch = new PortLatch(),
  ) {
    const chip = (pic: Pic8259): PortHandler => ({
      in: (port) => {
        this.takeMasks();
        if (!pic.state.poll) return pic.read(port & 1);
        const polled = pic.read(port & 1);
        this.update();
        return polled;
      },
      out: (port, _width, value) => {
        this.takeMasks();
        pic.write(port & 1, value);
        this.update();
      },
    });
    const elcr: PortHandler = {
      in: (port) => (port & 1 ? this.slave : this.master).readElcr(),
      out: (port, _width, value) => {
        this.takeMasks();
        (port & 1 ? this.slave : this.master).writeElcr(value);
        this.update();
      },
    };
    this.publish();
    this.ports = [
      { range: { first: 0x20, last: 0x21, width: 1 }, handler: chip(this.master) },
      { range: { first: 0xa0, last: 0xa1, width: 1 }, handler: chip(this.slave) },
      { range: { first: 0x4d0, last: 0x4d1, width: 1 }, handler: elcr },
    ];
  }

  /** Level of the INTR output. */
  get intr(): boolean {
    return this.output;
  }

  /** The request line of IRQ 0-15. IRQ 2 is the cascade and has no line. */
  irq(number: number): IrqLine {
    if (!(number >= 0 && number <= 15) || number === CASCADE) throw new Error(`there is no IRQ ${number} line`);
    const pic = number < 8 ? this.master : this.slave;
    return {
      set: (level) => {
        this.takeMasks();
        pic.setLine(number & 7, level);
        this.update();
      },
    };
  }

  /** The processor's interrupt-acknowledge cycle. Answers the vector, a spurious one when no request is left. */
  acknowledge(): number {
    this.takeMasks();
    const level = this.master.acknowledge();
    let vector = this.master.state.vectorBase | (level < 0 ? SPURIOUS : level);
    const { icw3 } = this.master.state;
    if (level === CASCADE && !this.master.isSingle && (icw3 >> CASCADE) & 1) {
      if ((this.slave.state.icw3 & 7) === CASCADE) {
        const inner = this.slave.acknowledge();
        vector = this.slave.state.vectorBase | (inner < 0 ? SPURIOUS : inner);
      } else {
        vector = FLOATING_VECTOR;
      }
    }
    this.update();
    return vector;
  }

  reset(): void {
    this.master.reset();
    this.slave.reset();
    this.update();
  }

  getState(): PicPairState {
    this.takeMasks();
    return structuredClone({ master: this.master.state, slave: this.slave.state, intr: this.output });
  }

  setState(state: unknown): void {
    const { master, slave, intr } = structuredClone(state as PicPairState);
    this.master.state = master;
    this.slave.state = slave;
    this.output = intr;
    this.publish();
  }

  /** What the processor wrote into the mask registers without asking. */
  private takeMasks(): void {
    this.master.state.imr = this.latch.value(MASTER_MASK);
    this.slave.state.imr = this.latch.value(SLAVE_MASK);
  }
  /** Masks may be read without asking, and written while nothing is requested that they could let through. */
  private publish(): void {
    this.publishMask(this.master, MASTER_MASK);
    this.publishMask(this.slave, SLAVE_MASK);
  }
  private publishMask(pic: Pic8259, port: number): void {
    const { imr, poll, initStep } = pic.state;
    this.latch.answer(port, imr);
    if (poll) this.latch.ask(port);
    this.latch.keep(port, !poll && initStep === 0 && pic.irr === 0);
  }

  private update(): void {
    this.master.setLine(CASCADE, this.slave.pending() >= 0);
    this.publish();
    const level = this.master.pending() >= 0;
    if (level === this.output) return;
    this.output = level;
    this.onIntr(level);
  }
}
