// The machine's own parts: ports, bus, display window, A20, drives, geometry, virtual clock.
import assert from 'node:assert/strict';
import { RAM_BASE, VRAM_BASE } from '../../src/cpu/layout';
import type { Device } from '../../src/devices/contract';
import { Drive } from '../../src/machine/drive';
import { driveGeometry } from '../../src/machine/geometry';
import { PortSpace } from '../../src/machine/ports';
import { VirtualClock } from '../../src/machine/virtualClock';
import { bootSector, machineOf } from './guests';

function fakeDevice(first: number, last: number, width: 1 | 2 | 4, log: string[]): Device {
  return {
    name: `fake${first}`,
    ports: [
      {
        range: { first, last, width },
        handler: {
          in: (port, size) => {
            log.push(`in ${port} ${size}`);
            return port & 0xff;
          },
          out: (port, size, value) => log.push(`out ${port} ${size} ${value}`),
        },
      },
    ],
    reset: () => {},
    getState: () => ({}),
    setState: () => {},
  };
}

describe('Ports', () => {
  it('splits accesses that are wider than the handler, low byte first', () => {
    const log: string[] = [];
    const ports = new PortSpace();
    ports.add(fakeDevice(0x10, 0x13, 1, log));
    ports.add(fakeDevice(0x20, 0x23, 2, log));
    assert.equal(ports.in(0x10, 4), 0x13121110);
    ports.out(0x10, 2, 0xabcd);
    ports.out(0x20, 4, 0x12345678);
    ports.out(0x20, 1, 0x1ff);
    assert.deepEqual(log.slice(4), ['out 16 1 205', 'out 17 1 171', 'out 32 2 22136', 'out 34 2 4660', 'out 32 1 255']);
  });

  it('reads ones where nobody answers, also beside a device', () => {
    const ports = new PortSpace();
    ports.add(fakeDevice(0x10, 0x10, 1, []));
    assert.equal(ports.in(0x300, 4), 0xffffffff);
    assert.equal(ports.in(0x10, 2), 0xff10);
    ports.out(0x300, 2, 1);
  });

  it('refuses two devices at one port', () => {
    const ports = new PortSpace();
    ports.add(fakeDevice(0x10, 0x13, 1, []));
    assert.throws(() => ports.add(fakeDevice(0x13, 0x14, 1, [])), /claimed twice/);
  });
});

describe('Bus', () => {
  const machine = machineOf(bootSector('  jmp $'));
  const { bus } = machine.board;

  it('knows RAM, ROM, display and holes', () => {
    assert.equal(bus.hostPage(0x1000, true), RAM_BASE + 0x1000);
    assert.equal(bus.hostPage(0xf1000, false), RAM_BASE + 0xf1000);
    assert.equal(bus.hostPage(0xf1000, true), -1);
    assert.equal(bus.hostPage(0xfffff000, false), RAM_BASE + 0xff000, 'the ROM again at the end of 4 GB');
    assert.equal(bus.hostPage(0xd0000, false), -1);
    assert.equal(bus.hostPage(0x400000, false), -1, 'beyond RAM');
    assert.equal(bus.read(0xd0000, 4), 0xffffffff);
    bus.write(0xf1000, 1, 0);
    assert.notEqual(bus.read(0xffff0, 1), 0);
  });

  it('maps the display as plain memory in text mode and in mode 13h only where it is linear', () => {
    assert.equal(bus.hostPage(0xb8000, true), VRAM_BASE);
    assert.equal(bus.hostPage(0xa0000, true), -1);
    const graphics = machineOf(bootSector('  mov ax, 0x13\n  int 0x10\n  jmp $'));
    graphics.run(20);
    assert.equal(graphics.board.bus.hostPage(0xa0000, true), VRAM_BASE);
    assert.equal(graphics.board.bus.hostPage(0xb8000, true), -1);
    const planar = machineOf(bootSector('  mov ax, 0x12\n  int 0x10\n  jmp $'));
    planar.run(20);
    assert.equal(planar.board.bus.hostPage(0xa0000, true), -1);
  });

  it('lets a guest write to the screen through stale-free translations when the mode changes', () => {
    const guest = machineOf(
      bootSector(`
  push word 0xa000
  pop es
  push word 0xb800
  pop fs
  mov byte [fs:0], 'T'
  mov ax, 0x13
  int 0x10
  mov byte [es:5], 77
  mov al, [es:5]
  mov [0x500], al
  mov ax, 3
  int 0x10
  mov byte [fs:2], 'U'
  jmp $`),
    );
    guest.run(50);
    assert.equal(guest.guestMemory.readLinear(0x500, 1)[0], 77);
    assert.equal(guest.screenText(), ' U');
  });

  it('wraps addresses at 1 MB when A20 is off', () => {
    const guest = machineOf(
      bootSector(`
  xor ax, ax
  mov ds, ax
  dec ax
  mov es, ax
  mov byte [0x500], 1
  mov ax, 0x2400
  int 0x15
  mov byte [es:0x510], 2
  mov al, [0x500]
  mov ah, [es:0x510]
  push ax
  mov ax, 0x2401
  int 0x15
  pop ax
  mov bl, [es:0x510]
  jmp $`),
    );
    guest.run(60);
    assert.equal(guest.getRegister('ax'), 0x0202n, 'FFFF:0510 is 0000:0500');
    assert.equal(guest.getRegister('bl'), 0n, 'and 100500 again afterwards');
  });

  it('reads the display memory of planar modes through the adapter', () => {
    const guest = machineOf(
      bootSector(`
  mov ax, 0x12
  int 0x10
  mov dx, 0x3c4
  mov ax, 0x0402
  out dx, ax
  push word 0xa000
  pop es
  mov byte [es:0], 0x80
  mov ax, 0x0d00
  xor cx, cx
  xor dx, dx
  int 0x10
  jmp $`),
    );
    guest.run(60);
    assert.equal(guest.getRegister('al'), 4n);
    const frame = guest.frame();
    assert.ok(frame.kind === 'graphics');
    assert.deepEqual(
      [frame.width, frame.height, frame.pixels[0], frame.pixels[1]],
      [640, 480, frame.pixels[0], frame.pixels[2]],
    );
    assert.equal(frame.palette[frame.pixels[0]], 0xaa0000);
  });
});

describe('Drives', () => {
  it('has the geometry of each floppy format, and the smallest that holds an odd size', () => {
    const shape = (bytes: number): number[] => {
      const { cylinders, heads, sectorsPerTrack, cmosType } = driveGeometry('floppy', bytes);
      return [cylinders, heads, sectorsPerTrack, cmosType];
    };
    assert.deepEqual(shape(360 * 1024), [40, 2, 9, 1]);
    assert.deepEqual(shape(1200 * 1024), [80, 2, 15, 2]);
    assert.deepEqual(shape(720 * 1024), [80, 2, 9, 3]);
    assert.deepEqual(shape(1440 * 1024), [80, 2, 18, 4]);
    assert.deepEqual(shape(2880 * 1024), [80, 2, 36, 5]);
    assert.deepEqual(shape(512), [80, 2, 18, 4]);
    assert.deepEqual(shape(2e6), [80, 2, 36, 5]);
  });

  it('gives hard disks 16 heads and 63 sectors, up to 16,383 cylinders', () => {
    assert.equal(driveGeometry('ide', 10 * 2 ** 20).cylinders, 20);
    assert.equal(driveGeometry('ide', 512).cylinders, 2);
    assert.equal(driveGeometry('ide', 100 * 2 ** 30).cylinders, 16383);
  });

  it('reads zeros past the end of the image and keeps writes apart', () => {
    const image = new Uint8Array(700).fill(7);
    const drive = new Drive({ image, kind: 'floppy', name: 'odd.img' });
    assert.equal(drive.sectors, 2880);
    const sector = new Uint8Array(1024).fill(1);
    drive.read(1, sector, 256);
    assert.deepEqual(
      [sector[255], sector[256], sector[256 + 187], sector[256 + 188], sector[767], sector[768]],
      [1, 7, 7, 0, 0, 1],
    );
    drive.write(1, new Uint8Array(512).fill(9));
    drive.read(1, sector);
    assert.equal(sector[0], 9);
    assert.equal(image[512], 7);
  });
});

describe('Virtual clock', () => {
  it('finds exactly the instruction at which a time is reached', () => {
    for (const rate of [100e6, 33_333_333, 1e6, 3, 4.77e6, 2.5e9]) {
      let icount = 0;
      const clock = new VirtualClock(() => icount, rate);
      clock.idleNs = 17;
      for (const time of [18, 1000, 54_925_493, 1e9, 1e9 + 1, 3_600e9 + 7]) {
        const wait = clock.instructionsUntil(time);
        icount += wait;
        assert.ok(clock.now() >= time, `rate ${rate}: ${clock.now()} < ${time}`);
        if (wait > 0) {
          icount--;
          assert.ok(clock.now() < time, `rate ${rate}: one instruction less is enough for ${time}`);
          icount++;
        }
      }
    }
  });
});
