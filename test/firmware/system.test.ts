// INT 11h, 12h, 14h, 15h, 1Ah against SeaBIOS: registers, memory map, waits, clock.
import assert from 'node:assert/strict';
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

const service = (name: string, vector: number, ax: number, registers: Registers = {}): string =>
  call(name, vector, { ax, ...registers });

const SMAP = '0x534d4150';

/** Walks the whole map, one line an entry. */
const WALK = `
  zero
map_next:
  mov eax, 0xe820
  mov edx, ${SMAP}
  mov ecx, 20
  mov di, entry_buffer
  int 0x15
  jc map_done
  push ebx
  name 'entry'
  mov si, entry_buffer
  mov cx, 20
  call dump
  pop ebx
  test ebx, ebx
  jnz map_next
map_done:
  jmp finish
entry_buffer: times 24 db 0
`;

interface MapEntry {
  base: number;
  length: number;
  type: number;
}

function walkMap(memory: number): MapEntry[] {
  const { output } = runOurs(assembleProgram(WALK), 'ide', {
    memory,
    drives: [{ image: assembleProgram(WALK), kind: 'ide', name: 'map.img' }],
  });
  return output
    .trimEnd()
    .split('\n')
    .filter((line) => line.startsWith('entry '))
    .map((line) => {
      const bytes = new DataView(Uint8Array.from(Buffer.from(line.split(' ')[1], 'hex')).buffer);
      return {
        base: Number(bytes.getBigUint64(0, true)),
        length: Number(bytes.getBigUint64(8, true)),
        type: bytes.getUint32(16, true),
      };
    });
}

describe('INT 15h', () => {
  it('agrees with SeaBIOS', () => {
    const body = [
      service('e820-signature', 0x15, 0xe820, { edx: 1, ecx: 20, di: 'buffer' }),
      service('e820-short', 0x15, 0xe820, { edx: SMAP, ecx: 19, di: 'buffer' }),
      service('e820-end', 0x15, 0xe820, { edx: SMAP, ecx: 20, ebx: 99, di: 'buffer' }),
      service('e801', 0x15, 0xe801),
      service('88', 0x15, 0x8800),
      service('c0', 0x15, 0xc000),
      service('c1', 0x15, 0xc100),
      service('a20', 0x15, 0x2402),
      service('a20-off', 0x15, 0x2400),
      service('a20-is-off', 0x15, 0x2402),
      service('a20-on', 0x15, 0x2401),
      service('a20-is-on', 0x15, 0x2402),
      service('a20-ways', 0x15, 0x2403),
      service('key-intercept', 0x15, 0x4f1e),
      service('apm', 0x15, 0x5300),
      service('apm-connect', 0x15, 0x5301),
      service('apm-version', 0x15, 0x530e, { cx: 0x0102 }),
      service('apm-power', 0x15, 0x530a, { bx: 1 }),
      service('apm-event', 0x15, 0x530b),
      service('busy', 0x15, 0x9000),
      service('post', 0x15, 0x9100),
      service('unknown', 0x15, 0xff00),
      service('joystick', 0x15, 0x8400),
      '  mov dword [0x5000], 0x56781234',
      service('move', 0x15, 0x8700, { si: 'descriptors', cx: 2 }),
      dumpMemory('moved', 0x5100, 4),
      service('wait', 0x15, 0x8600, { dx: 5000 }),
      service('event', 0x15, 0x8300, { bx: 'event_flag', dx: 3000 }),
      service('event-again', 0x15, 0x8300, { bx: 'event_flag', dx: 3000 }),
      '.wait: test byte [event_flag], 0x80\n  jz .wait',
      dumpMemory('event-flag', 'event_flag', 1),
      `  jmp finish
buffer: times 24 db 0
event_flag: db 0
descriptors: dq 0, 0
  dw 0xffff, 0x5000, 0x9300, 0
  dw 0xffff, 0x5100, 0x9300, 0
  dq 0, 0`,
    ].join('\n');
    compareWithQemu(body, 'ide', {
      'e801.bx': 'QEMU keeps 128 KB at the top for its ACPI tables',
      'e801.dx': 'QEMU keeps 128 KB at the top for its ACPI tables',
      '88.ax': 'QEMU keeps 128 KB at the top for its ACPI tables',
      'apm.cx': 'only the real-mode interface is offered',
    });
  });

  it('describes memory without gaps or overlaps, and all of it', () => {
    for (const memory of [1, 2, 16, 64, 200].map((megabytes) => megabytes * 2 ** 20)) {
      const map = walkMap(memory);
      let end = 0;
      for (const { base, length } of map) {
        assert.ok(base >= end, `${base.toString(16)} overlaps what comes before`);
        end = base + length;
      }
      const usable = map.filter(({ type }) => type === 1).reduce((sum, { length }) => sum + length, 0);
      assert.equal(usable, memory - 2 ** 20 + 639 * 1024);
    }
  });

  it('waits as long as it is asked to', () => {
    const image = assembleProgram(`  sti\n${service('wait', 0x15, 0x8600, { cx: 1, dx: 0 })}`);
    const { machine } = runOurs(image, 'ide');
    const seconds = machine.timeNs / 1e9;
    assert.ok(seconds > 0.0645 && seconds < 0.067, `65.5 ms became ${seconds * 1000} ms`);
  });

  it('switches the machine off through APM', () => {
    const image = assembleProgram('  mov ax, 0x5307\n  mov bx, 1\n  mov cx, 3\n  int 0x15');
    assert.deepEqual(runOurs(image, 'ide').stop, { kind: 'shutdown', cause: 'port' });
  });
});

/** QEMU's time by instructions: by the wall's, a tick may come between setting the clock and reading it. */
const COUNTED_TIME = ['-icount', 'shift=6,sleep=off', '-rtc', 'base=2025-01-01,clock=vm'];

describe('INT 1Ah', () => {
  it('agrees with SeaBIOS', () => {
    const time = (name: string, ax: number, registers: Registers = {}): string => service(name, 0x1a, ax, registers);
    const body = [
      time('set-ticks', 0x0100, { cx: 0x17, dx: 0xfff0 }),
      time('ticks', 0x0000),
      time('set-clock', 0x0300, { cx: 0x1234, dx: 0x5600 }),
      time('clock', 0x0200),
      time('set-date', 0x0500, { cx: 0x2026, dx: 0x0315 }),
      time('date', 0x0400),
      time('alarm', 0x0600, { cx: 0x1259, dx: 0x3000 }),
      time('alarm-again', 0x0600, { cx: 0x1259, dx: 0x3000 }),
      time('no-alarm', 0x0700),
      time('unknown', 0x9900),
    ].join('\n');
    const apart = { 'no-alarm.ax': 'AL is what was written to register B, whose other bits differ' };
    compareWithQemu(body, 'ide', apart, {}, COUNTED_TIME);
  });

  it('counts 18.2 ticks a second and calls INT 1Ch', () => {
    const image = assembleProgram(`
  mov word [0x1c*4], user_tick
  mov word [0x1c*4+2], 0
  xor bx, bx
.wait:
  hlt
  cmp word [count], 182
  jb .wait
  jmp finish
user_tick:
  inc word [cs:count]
  iret
count: dw 0`);
    const { machine, stop } = runOurs(image, 'ide');
    assert.equal(stop.kind, 'debug-exit');
    const seconds = machine.timeNs / 1e9;
    assert.ok(Math.abs(seconds - 10) < 0.06, `182 ticks took ${seconds} s`);
  });

  it('starts the tick count from the clock, and wraps it at midnight', () => {
    const image = assembleProgram(`
  mov ah, 0
  int 0x1a
  name 'start'
  mov ax, cx
  call hex16
  mov ax, dx
  call hex16
  call newline
.wait:
  hlt
  mov ah, 0
  int 0x1a
  test al, al
  jz .wait
  name 'wrapped'
  mov ax, dx
  call hex16
  call newline`);
    const { output } = runOurs(image, 'ide', {
      startTime: 1735689600 + 86400 - 2,
      drives: [{ image, kind: 'ide', name: 'midnight.img' }],
    });
    const report = lines(output);
    const start = parseInt(report.get('start')!, 16);
    assert.ok(Math.abs(start - (86398 * 0x1800b0) / 86400) < 2, `ticks at 23:59:58: ${start}`);
    assert.equal(report.get('wrapped'), '0000');
  });
});

describe('INT 14h and INT 11h, 12h', () => {
  it('agrees with SeaBIOS about the serial port and memory size', () => {
    const body = [
      service('initialize', 0x14, 0x00e3),
      service('status', 0x14, 0x0300),
      service('absent', 0x14, 0x0300, { dx: 3 }),
      service('memory', 0x12, 0),
    ].join('\n');
    compareWithQemu(body, 'ide');
  });

  it('sends and receives through COM1, and times out', () => {
    const image = assembleProgram(`
  mov ax, 0x0141
  xor dx, dx
  int 0x14
${service('receive', 0x14, 0x0200)}
${service('nothing', 0x14, 0x0200)}`);
    const serial: number[] = [];
    const { machine } = runOurs(image, 'ide');
    machine.reset();
    let output = '';
    machine.onSerial.on(({ byte }) => serial.push(byte));
    machine.onDebugByte.on((byte) => (output += String.fromCharCode(byte)));
    machine.sendSerial(1, [0x5a]);
    machine.run(100e6);
    assert.deepEqual(serial, [0x41]);
    const report = lines(output);
    assert.equal(fields(report.get('receive')!).ax, '0000005A');
    assert.equal(parseInt(fields(report.get('nothing')!).ax.slice(4, 6), 16) & 0x80, 0x80);
    assert.ok(machine.timeNs > 1e9 && machine.timeNs < 3e9, 'gave up after about two seconds');
  });

  it('describes the equipment', () => {
    const run = (kind: 'floppy' | 'ide'): number =>
      parseInt(
        fields(lines(runOurs(assembleProgram(service('equipment', 0x11, 0)), kind).output).get('equipment')!).ax,
        16,
      );
    assert.equal(run('floppy') & 0xc1, 0x01, 'one floppy drive');
    assert.equal(run('ide') & 1, 0);
    assert.equal((run('ide') >> 9) & 7, 2, 'two serial ports');
    assert.equal(run('ide') & 2, 2, 'an x87');
  });
});
