// What every device owes the board: state is plain JSON, a snapshot survives a JSON round trip, restoring it undoes
// whatever happened since (the device then behaves as if nothing had), and no port traffic makes it throw.

import assert from 'node:assert/strict';
import type { Device, IrqLine, PortRange, PortWidth } from '../../src/devices/contract';
import { ApicNetwork } from '../../src/devices/apic/apicNetwork';
import { CoprocessorError } from '../../src/devices/coprocessor/coprocessorError';
import { ApmControl } from '../../src/devices/smm/apmControl';
import { SmramControl } from '../../src/devices/smm/smramControl';
import { DebugConsole, DebugExit, PostCode, PowerPorts } from '../../src/devices/debugports/debugPorts';
import { ResetControl, SystemControlPortA } from '../../src/devices/debugports/resetPorts';
import { DmaPair } from '../../src/devices/dma/dmaPair';
import { FwCfg } from '../../src/devices/fwcfg/fwCfg';
import { KeyboardController } from '../../src/devices/keyboard/controller8042';
import { PicPair } from '../../src/devices/pic/picPair';
import { Pit } from '../../src/devices/pit/pit';
import { Rtc } from '../../src/devices/rtc/rtc';
import { Uart16550 } from '../../src/devices/serial/uart16550';
import { TestDevice } from '../../src/devices/testdev/testDevice';
import { Vga } from '../../src/devices/vga/vga';
import { randomFrom, TestBench } from './testBench';

type Random = (below: number) => number;

interface Subject {
  device: Device;
  /** Outside input besides the ports. */
  poke?: (random: Random) => void;
  /** Memory that the board snapshots for the device. */
  memory?: Uint8Array;
}

const line: IrqLine = { set: () => {} };
const a20 = { get: () => true, set: () => {} };

const uart = (bench: TestBench, instant: boolean): Subject => {
  const device = new Uart16550(bench.scheduler, line, { name: 'com1', base: 0x3f8, instant });
  return {
    device,
    poke: (random) => {
      if (random(8) === 0) device.setModem(random(256));
      else if (random(8) === 0) device.receiveBreak();
      else device.receive(Array.from({ length: random(20) }, () => random(256)));
    },
  };
};

const subjects: Record<string, (bench: TestBench) => Subject> = {
  pic: () => {
    const device = new PicPair(() => {});
    const irqs = [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((n) => device.irq(n));
    return {
      device,
      poke: (random) => {
        irqs[random(irqs.length)].set(random(2) === 0);
        if (device.intr && random(3) === 0) device.acknowledge();
      },
    };
  },
  fwcfg: () => ({ device: new FwCfg({ ramBytes: 0x4000000, processors: 2 }) }),
  testdev: () => ({ device: new TestDevice(Array.from({ length: 24 }, () => line)) }),
  apic: (bench) => {
    const processor = { intr: () => {}, nmi: () => {}, smi: () => {}, init: () => {}, startUp: () => {} };
    const device = new ApicNetwork(bench.scheduler, [processor, processor, processor], () => {});
    return {
      device,
      poke: (random) => {
        const action = random(5);
        if (action === 0) device.io.setPin(random(24), random(2) === 0);
        else if (action === 1) device.current = random(3);
        else if (action === 2) device.apics[random(3)].setLint0(random(2) === 0);
        else if (action === 3) device.own.configure(random(8) << 12, random(3) > 0, random(3) === 0);
        else if (device.own.intr) device.own.acknowledge();
      },
    };
  },
  coprocessor: () => {
    const device = new CoprocessorError(line);
    return { device, poke: (random) => device.setError(random(2) === 0) };
  },
  pit: (bench) => ({ device: new Pit(bench.scheduler, line) }),
  keyboard: (bench) => {
    const device = new KeyboardController(bench.scheduler, { irq1: line, irq12: line, a20, onReset: () => {} });
    const codes = ['KeyA', 'ShiftLeft', 'ArrowUp', 'Pause', 'PrintScreen', 'F7'];
    return {
      device,
      poke: (random) => {
        const action = random(5);
        if (action === 0) device.press(codes[random(codes.length)]);
        else if (action === 1) device.release(codes[random(codes.length)]);
        else if (action === 2) device.moveMouse(random(600) - 300, random(600) - 300, random(5) - 2, random(8));
        else if (action === 3) device.type('Hi');
        else bench.run(100_000);
      },
    };
  },
  rtc: (bench) => ({ device: new Rtc(bench.scheduler, line, { startTime: 951827696, memory: 16 << 20 }) }),
  dma: () => {
    const device = new DmaPair({ read: (_physical, into) => into.fill(0xa5), write: () => {} });
    return {
      device,
      poke: (random) => {
        device.write(random(8), new Uint8Array(random(64)));
        device.read(random(8), new Uint8Array(random(64)));
      },
    };
  },
  vga: (bench) => {
    const memory = new Uint8Array(0x40000);
    const device = new Vga(bench.scheduler, { memory });
    return {
      device,
      memory,
      poke: (random) => {
        if (random(20) === 0) device.frame();
        else if (random(2)) device.write(0xa0000 + random(0x20000 - 4), 4, random(2 ** 32));
        else device.read(0xa0000 + random(0x20000 - 4), 4);
      },
    };
  },
  com1: (bench) => uart(bench, false),
  'com1, instant': (bench) => uart(bench, true),
  debugconsole: () => ({ device: new DebugConsole() }),
  debugexit: () => ({ device: new DebugExit(() => {}) }),
  power: () => ({ device: new PowerPorts(() => {}) }),
  post: () => ({ device: new PostCode() }),
  apm: () => ({ device: new ApmControl(() => {}) }),
  smram: () => ({ device: new SmramControl(() => {}) }),
  port92: () => ({ device: new SystemControlPortA(a20, () => {}) }),
  cf9: () => ({ device: new ResetControl(() => {}) }),
};

/** Random reads, writes, pokes and waits; answers everything that was read. */
const traffic = (bench: TestBench, { device, poke }: Subject, seed: number, steps: number): number[] => {
  const random = randomFrom(seed);
  const seen: number[] = [];
  const { ports, mmio = [] } = device;
  for (let i = 0; i < steps; i++) {
    const choice = random(ports.length + mmio.length);
    if (choice >= ports.length) {
      const { first, last, handler } = mmio[choice - ports.length];
      const physical = first + (random(last - first + 1) & ~15);
      if (random(2)) handler.write(physical, 4, random(2) ? random(2 ** 32) : 1 << random(18));
      else seen.push(handler.read(physical, 4));
    } else {
      portTraffic(bench, ports[choice].range, random, seen);
    }
    if (poke && random(4) === 0) poke(random);
  }
  return seen;
};

const portTraffic = (bench: TestBench, range: PortRange, random: Random, seen: number[]): void => {
  const port = range.first + random(range.last - range.first + 1);
  const width = ([1, 2, 4] as const).filter((w) => w <= range.width)[random(1 + Math.log2(range.width))] as PortWidth;
  const action = random(8);
  if (action < 4) bench.out(port, random(2 ** (8 * width)), width);
  else if (action < 7) seen.push(bench.in(port, width));
  else bench.run(random(3) === 0 ? random(2e9) : random(3000));
};

describe('every device', () => {
  for (const [name, create] of Object.entries(subjects)) {
    const setUp = (): { bench: TestBench; subject: Subject } => {
      const bench = new TestBench();
      const subject = create(bench);
      bench.add(subject.device);
      subject.device.reset();
      return { bench, subject };
    };
    const snapshot = (bench: TestBench, { device, memory }: Subject): string =>
      JSON.stringify({
        time: bench.time,
        timers: bench.scheduler.getState(),
        device: device.getState(),
        memory: memory && Buffer.from(memory).toString('base64'),
      });

    describe(name, () => {
      it('restores snapshots and then behaves the same', () => {
        for (let seed = 1; seed <= 20; seed++) {
          const { bench, subject } = setUp();
          traffic(bench, subject, seed, 150);
          const saved = snapshot(bench, subject);
          const first = traffic(bench, subject, seed + 1000, 150);
          const end = snapshot(bench, subject);
          const { time, timers, device, memory } = JSON.parse(saved);
          subject.memory?.set(Buffer.from(memory, 'base64'));
          bench.time = time;
          bench.scheduler.setState(timers);
          subject.device.setState(device);
          assert.equal(snapshot(bench, subject), saved);
          assert.deepEqual(traffic(bench, subject, seed + 1000, 150), first);
          assert.equal(snapshot(bench, subject), end);
        }
      });

      it('keeps snapshots apart from the running device', () => {
        const { bench, subject } = setUp();
        traffic(bench, subject, 7, 100);
        const state = subject.device.getState();
        const text = JSON.stringify(state);
        assert.deepEqual(JSON.parse(text), state, 'state is plain JSON data');
        traffic(bench, subject, 8, 200);
        assert.equal(JSON.stringify(state), text);
        subject.device.setState(state);
        traffic(bench, subject, 9, 200);
        assert.equal(JSON.stringify(state), text);
      });

      it('starts the same after every reset in a new machine', () => {
        const [a, b] = [setUp(), setUp()];
        assert.equal(snapshot(a.bench, a.subject), snapshot(b.bench, b.subject));
      });
    });
  }
});
