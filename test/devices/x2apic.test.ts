// Messages between local APICs in x2APIC and in xAPIC mode, and pages of their own (Intel SDM vol. 3, "Determining IPI Destination").
import assert from 'node:assert/strict';
import { ApicNetwork } from '../../src/devices/apic/apicNetwork';
import { LOCAL_APIC_BASE } from '../../src/devices/apic/localApic';
import { TestBench } from './testBench';

const SVR = 0x80f,
  ICR = 0x830,
  SELF_IPI = 0x83f;
const COUNT = 4;

/** The last one stays in xAPIC mode when `mixed`. */
function create(mixed = false): { network: ApicNetwork; pages: number[]; taken(): number[] } {
  const bench = new TestBench();
  const processor = { intr: () => {}, nmi: () => {}, smi: () => {}, init: () => {}, startUp: () => {} };
  const pages: number[] = [];
  const network = new ApicNetwork(bench.scheduler, new Array(COUNT).fill(processor), (page) => pages.push(page));
  network.apics.forEach((apic, n) => {
    apic.write(0xf0, 0x1ff);
    if (mixed && n === COUNT - 1) apic.write(0xd0, 0x08000000);
    else assert.ok(apic.configure(LOCAL_APIC_BASE, true, true));
  });
  const taken = (): number[] =>
    network.apics.flatMap((apic, n) => {
      if (!apic.intr) return [];
      apic.acknowledge();
      apic.write(0xb0, 0);
      return [n];
    });
  return { network, pages, taken };
}
const send = (network: ApicNetwork, from: number, destination: bigint, low: bigint): void => {
  assert.equal(network.apics[from].writeMsr(ICR, (destination << 32n) | low), undefined);
};

describe('x2APIC mode', () => {
  it('has destinations of 32 bits, logical ones by cluster', () => {
    const { network, taken } = create();
    send(network, 0, 2n, 0x4041n);
    assert.deepEqual(taken(), [2]);
    send(network, 1, 0x102n, 0x4041n);
    assert.deepEqual(taken(), [], 'not cut to 8 bits');
    send(network, 1, 0xffn, 0x4041n);
    assert.deepEqual(taken(), [], '255 is nobody');
    send(network, 1, 0xffffffffn, 0x4041n);
    assert.deepEqual(taken(), [0, 1, 2, 3]);
    send(network, 1, 0b1010n, 0x4841n);
    assert.deepEqual(taken(), [1, 3]);
    send(network, 1, 0x1000an, 0x4841n);
    assert.deepEqual(taken(), [], 'another cluster');
    network.apics[2].writeMsr(SELF_IPI, 0x55n);
    assert.deepEqual(taken(), [2]);
  });

  it('goes together with processors in xAPIC mode and with the I/O APIC', () => {
    const { network, taken } = create(true);
    send(network, 0, 3n, 0x4041n);
    assert.deepEqual(taken(), [3]);
    send(network, 0, 0b1001n, 0x4841n);
    assert.deepEqual(taken(), [0, 3]);
    const old = network.apics[3];
    old.write(0x310, 0xff000000);
    old.write(0x300, 0x4041);
    assert.deepEqual(taken(), [0, 1, 2, 3], '255 is everybody there');
    const io = network.io.mmio;
    const put = (register: number, value: number): void => {
      io.handler.write(io.first, 4, register);
      io.handler.write(io.first + 16, 4, value);
    };
    put(0x11, 0xff000000);
    put(0x10, 0x61);
    network.io.setPin(0, true);
    assert.deepEqual(taken(), [0, 1, 2, 3]);
  });

  it('keeps mode and identity over INIT, leaves it with RESET', () => {
    const { network } = create();
    const apic = network.apics[2];
    apic.initialize();
    assert.ok(apic.extended && apic.enabled);
    assert.deepEqual([apic.readMsr(0x802), apic.readMsr(0x80d), apic.readMsr(SVR)], [2n, 4n, 0xffn]);
    apic.reset();
    assert.ok(!apic.extended);
    assert.equal(apic.readMsr(0x802), undefined);
  });
});

describe('local APIC pages', () => {
  it('are where each processor has put them', () => {
    const { network, pages } = create();
    assert.deepEqual(pages, [-1], 'none in x2APIC mode');
    const [first, second] = network.apics;
    for (const apic of [first, second]) assert.ok(apic.configure(LOCAL_APIC_BASE, false, false));
    assert.ok(first.configure(0x80000000, true, false));
    assert.ok(second.configure(0x90000000, true, false));
    network.current = 1;
    assert.deepEqual(pages.slice(-2), [0x80000000, 0x90000000]);
    const [registers] = network.mmio;
    assert.deepEqual([registers.first, registers.last], [0x90000000, 0x90000fff]);
    registers.handler.write(0x90000080, 4, 0x30);
    assert.deepEqual([first.read(0x80), second.read(0x80)], [0, 0x30]);
    second.reset();
    assert.equal(pages.at(-1), LOCAL_APIC_BASE);
  });
});
