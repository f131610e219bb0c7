// Disk services against SeaBIOS on the same image, and what SeaBIOS cannot show: copy-on-write, write protection, translation.
import assert from 'node:assert/strict';
import { Machine } from '../../src/machine/machine';
import {
  assembleProgram,
  call,
  compareWithQemu,
  dumpMemory,
  fields,
  lines,
  runOurs,
  type Registers,
} from './support/program';

const DL = '[boot_drive]';
const disk = (name: string, ax: number, registers: Registers = {}): string =>
  call(name, 0x13, { ax, dl: DL, ...registers });

const PACKETS = `
  jmp finish
packet: db 16, 0
  dw 2, 0x5000, 0
  dq 1
beyond: db 16, 0
  dw 2, 0x5000, 0
  dq 0x100000
short_packet: db 8, 0
  dw 2, 0x5000, 0
  dq 1
result: dw 0x1e
  times 40 db 0xcc
result_1a: dw 0x1a
  times 40 db 0xcc
`;

const everything = (absent: number): string =>
  [
    disk('reset', 0x0000),
    disk('status', 0x0100),
    disk('parameters', 0x0800),
    disk('type', 0x1500),
    disk('read', 0x0201, { cx: 1, bx: 0x5000 }),
    dumpMemory('sector', 0x51e0, 32),
    disk('read-none', 0x0200, { cx: 1, bx: 0x5000 }),
    disk('sector-0', 0x0201, { bx: 0x5000 }),
    disk('status-bad', 0x0100),
    disk('sector-63', 0x0201, { cx: 63, bx: 0x5000 }),
    disk('head-200', 0x0201, { cx: 1, dh: 200, bx: 0x5000 }),
    disk('cylinder-1023', 0x0201, { cx: 0xffc1, bx: 0x5000 }),
    disk('verify', 0x0401, { cx: 1 }),
    disk('unknown', 0x7700),
    disk('edd-check', 0x4100, { bx: 0x55aa }),
    disk('change', 0x1600),
    disk('seek', 0x0c00, { cx: 1 }),
    disk('ready', 0x1000),
    disk('alternate-reset', 0x0d00),
    disk('recalibrate', 0x1100),
    disk('diagnose', 0x1400),
    disk('set-parameters', 0x0900),
    disk('edd-read', 0x4200, { si: 'packet' }),
    dumpMemory('edd-packet', 'packet', 16),
    disk('edd-beyond', 0x4200, { si: 'beyond' }),
    dumpMemory('edd-beyond-packet', 'beyond', 16),
    disk('edd-verify', 0x4400, { si: 'packet' }),
    disk('edd-seek', 0x4700, { si: 'packet' }),
    disk('edd-parameters', 0x4800, { si: 'result' }),
    dumpMemory('edd-result', 'result', 28),
    disk('edd-parameters-1a', 0x4800, { si: 'result_1a' }),
    dumpMemory('edd-result-1a', 'result_1a', 32),
    disk('absent-read', 0x0201, { cx: 1, bx: 0x5000, dl: absent }),
    disk('absent-type', 0x1500, { dl: absent }),
    disk('absent-parameters', 0x0800, { dl: absent }),
    disk('absent-reset', 0x0000, { dl: absent }),
    disk('absent-edd', 0x4100, { bx: 0x55aa, dl: absent }),
    PACKETS,
  ].join('\n');

const ABSENT_TYPE = 'AH=0 without carry is the documented answer for "no such drive"; SeaBIOS reports an error';

describe('INT 13h', () => {
  it('agrees with SeaBIOS on a hard disk', () => {
    compareWithQemu(everything(0x81), 'ide', {
      'absent-type.ax': ABSENT_TYPE,
      'absent-type.cf': ABSENT_TYPE,
      'edd-result': 'no device parameter table extension: the pointer is FFFF:FFFF',
    });
  });

  it('agrees with SeaBIOS on a floppy', () => {
    compareWithQemu(everything(0x01), 'floppy', {
      'parameters.di': 'the diskette table lies elsewhere',
      'absent-type.ax': ABSENT_TYPE,
      'absent-type.cf': ABSENT_TYPE,
    });
  });

  const fill = `
  mov di, 0x5000
  mov cx, 256
  mov ax, 0x5aa5
  rep stosw
`;

  it('writes to the copy and leaves the image alone', () => {
    const body = [
      fill,
      disk('write', 0x0301, { cx: 30, bx: 0x5000 }),
      disk('edd-write', 0x4300, { si: 'packet40' }),
      disk('read', 0x0201, { cx: 30, bx: 0x5200 }),
      dumpMemory('back', 0x5200, 4),
      'jmp finish\npacket40: db 16, 0\n  dw 1, 0x5000, 0\n  dq 2000',
    ].join('\n');
    const image = assembleProgram(body);
    const before = image.slice();
    const { machine, output } = runOurs(image, 'ide');
    const report = lines(output);
    assert.equal(fields(report.get('write')!).cf, '00');
    assert.equal(fields(report.get('edd-write')!).cf, '00');
    assert.equal(report.get('back'), 'A55AA55A');
    assert.deepEqual(image, before);
    const sector = new Uint8Array(512);
    machine.drives[0].read(2000, sector);
    assert.deepEqual([...sector.subarray(508)], [0xa5, 0x5a, 0xa5, 0x5a]);
    machine.reset();
    machine.drives[0].read(2000, sector);
    assert.equal(sector[508], 0, 'power-on gives the image as it was');
  });

  it('refuses to write to a protected disk with status 03', () => {
    const image = assembleProgram(disk('write', 0x0301, { cx: 1, bx: 0x5000 }));
    const drives = [{ image, kind: 'floppy', name: 'test.img', readOnly: true } as const];
    const { output } = runOurs(image, 'floppy', { drives });
    const { ax, cf } = fields(lines(output).get('write')!);
    assert.deepEqual([ax.slice(4, 6), cf], ['03', '01']);
  });

  it('formats a floppy track with F6', () => {
    const image = assembleProgram(
      [
        disk('format', 0x0512, { cx: 0x4f01, dh: 1 }),
        disk('read', 0x0201, { cx: 0x4f12, dh: 1, bx: 0x5000 }),
        dumpMemory('fill', 0x51fe, 2),
      ].join('\n'),
    );
    const report = lines(runOurs(image, 'floppy').output);
    assert.equal(fields(report.get('format')!).cf, '00');
    assert.equal(report.get('fill'), 'F6F6');
  });

  it('reads above 1 MB through a flat 64-bit address', () => {
    const image = assembleProgram(
      `${disk('read', 0x4200, { si: 'flat' })}\n  jmp finish\nflat: db 24, 0\n  dw 1, 0xffff, 0xffff\n  dq 0, 0x150000`,
    );
    const { machine, output } = runOurs(image, 'ide');
    assert.equal(fields(lines(output).get('read')!).cf, '00');
    assert.deepEqual(machine.guestMemory.readPhysical(0x150000, 512), new Uint8Array(image.subarray(0, 512)));
  });

  it('translates a large disk to at most 1,024 cylinders', () => {
    const image = new Uint8Array(assembleProgram(disk('parameters', 0x0800)));
    const large = new Uint8Array(2 * 2 ** 30);
    large.set(image);
    const machine = new Machine({ drives: [{ image: large, kind: 'ide', name: 'large.img' }], memory: 0x400000 });
    let output = '';
    machine.onDebugByte.on((byte) => (output += String.fromCharCode(byte)));
    machine.run(1e6);
    // 2 GB are 4,161 physical cylinders of 16 heads and 63 sectors: 128 heads make 520 logical ones; the last is reserved.
    const { cx, dx } = fields(lines(output).get('parameters')!);
    assert.equal(dx.slice(4), '7F01');
    const cylinders = (parseInt(cx.slice(4, 6), 16) | ((parseInt(cx.slice(6), 16) & 0xc0) << 2)) + 2;
    assert.equal(cylinders, Math.floor((4 * 2 ** 20) / (128 * 63)));
  });
});
