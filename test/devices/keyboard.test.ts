import assert from 'node:assert/strict';
import { KeyboardController } from '../../src/devices/keyboard/controller8042';
import { KEYS, SET2_TO_SET1 } from '../../src/devices/keyboard/keys';
import { strokeOf } from '../../src/devices/keyboard/usLayout';
import { TestBench, TestLine } from './testBench';

const setUp = () => {
  const bench = new TestBench();
  const irq1 = new TestLine();
  const irq12 = new TestLine();
  let a20 = false;
  const resets: string[] = [];
  const kbc = bench.add(
    new KeyboardController(bench.scheduler, {
      irq1,
      irq12,
      a20: { get: () => a20, set: (on) => (a20 = on) },
      onReset: (kind) => resets.push(kind),
    }),
  );
  kbc.reset();
  /** Every byte that arrives until the devices are silent. */
  const drain = (): number[] => {
    const bytes: number[] = [];
    for (;;) {
      bench.run(100_000);
      if (!(bench.in(0x64) & 1)) return bytes;
      bytes.push(bench.in(0x60));
    }
  };
  const command = (value: number, ...data: number[]): void => {
    bench.out(0x64, value);
    for (const byte of data) bench.out(0x60, byte);
  };
  const toKeyboard = (...bytes: number[]): number[] => bytes.flatMap((byte) => (bench.out(0x60, byte), drain()));
  const toMouse = (...bytes: number[]): number[] => bytes.flatMap((byte) => (command(0xd4, byte), drain()));
  return { bench, kbc, irq1, irq12, resets, drain, command, toKeyboard, toMouse, a20: () => a20 };
};

const hexOf = (bytes: number[]): string => bytes.map((b) => b.toString(16).padStart(2, '0')).join(' ');

describe('8042', () => {
  it('answers its own commands at once', () => {
    const { bench, command } = setUp();
    const ask = (value: number): number => {
      command(value);
      assert.equal(bench.in(0x64) & 1, 1);
      return bench.in(0x60);
    };
    assert.equal(ask(0xaa), 0x55);
    assert.equal(ask(0xab), 0);
    assert.equal(ask(0xa9), 0);
    assert.equal(ask(0xa4), 0xf1);
    assert.equal(ask(0xc0), 0x80);
    command(0x60, 0x47);
    assert.equal(ask(0x20), 0x47);
    command(0xad);
    assert.equal(ask(0x20), 0x57);
    command(0x65, 0x99);
    assert.equal(ask(0x25), 0x99);
    assert.equal(bench.in(0x64) & 0x1d, 0x1c);
  });

  it('drives A20 and reset', () => {
    const { command, resets, a20, bench } = setUp();
    assert.equal(a20(), true);
    command(0xd1, 0xdd);
    assert.equal(a20(), false);
    command(0xd0);
    assert.equal(bench.in(0x60) & 3, 1);
    command(0xdf);
    assert.equal(a20(), true);
    command(0xdd);
    assert.equal(a20(), false);
    command(0xfe);
    command(0xff);
    command(0xd1, 0x02);
    assert.deepEqual([resets, a20()], [['cpu', 'cpu'], true]);
  });

  it('translates to set 1 and interrupts once a byte', () => {
    const { bench, kbc, irq1, drain } = setUp();
    kbc.press('KeyA');
    assert.equal(irq1.level, false);
    bench.run(50_000);
    assert.equal(irq1.level, true);
    assert.equal(bench.in(0x64) & 0x21, 1);
    assert.equal(bench.in(0x60), 0x1e);
    assert.equal(irq1.level, false);
    assert.equal(bench.in(0x60), 0x1e); // the output buffer keeps its value
    kbc.release('KeyA');
    assert.deepEqual(drain(), [0x9e]);
    kbc.press('ArrowUp');
    kbc.release('ArrowUp');
    assert.equal(hexOf(drain()), 'e0 48 e0 c8');
    assert.equal(irq1.rises, 6);
    assert.equal(kbc.press('Nonsense'), false);
  });

  it('every key gives its set-1 code when translated, its set-2 code when not', () => {
    const { kbc, drain, command } = setUp();
    const prefixed = (v: number, ...before: number[]): string =>
      hexOf([...(v > 0xff ? [0xe0] : []), ...before, v & 0xff]);
    for (const translate of [true, false]) {
      command(0x60, translate ? 0x65 : 0x25);
      for (const [code, { set1, set2 }] of KEYS) {
        if (!set2) continue;
        kbc.press(code);
        assert.equal(hexOf(drain()), prefixed(translate ? set1 : set2), code);
        kbc.release(code);
        assert.equal(hexOf(drain()), translate ? prefixed(set1 | 0x80) : prefixed(set2, 0xf0), code);
      }
    }
  });

  it('Print Screen and Pause follow the modifiers', () => {
    const { kbc, drain } = setUp();
    const tap = (...codes: string[]): string => {
      for (const code of codes) kbc.press(code);
      const down = hexOf(drain());
      for (const code of codes.reverse()) kbc.release(code);
      return `${down} / ${hexOf(drain())}`;
    };
    assert.equal(tap('PrintScreen'), 'e0 2a e0 37 / e0 b7 e0 aa');
    assert.equal(tap('AltLeft', 'PrintScreen'), '38 54 / d4 b8');
    assert.equal(tap('ControlLeft', 'PrintScreen'), '1d e0 37 / e0 b7 9d');
    assert.equal(tap('Pause'), 'e1 1d 45 e1 9d c5 / ');
    assert.equal(tap('ControlLeft', 'Pause'), '1d e0 46 e0 c6 / 9d');
  });

  it('the translation table gives every byte below 0x80 a code of its own', () => {
    const images = new Set(SET2_TO_SET1.subarray(1, 0x80));
    assert.equal(images.size, 0x7f);
    assert.equal(SET2_TO_SET1[0xfa], 0xfa);
    assert.equal(SET2_TO_SET1[0xe0], 0xe0);
  });

  it('keyboard commands: echo, identify, LEDs, rate, sets, resend, reset, nonsense', () => {
    const { kbc, toKeyboard, drain, command } = setUp();
    assert.deepEqual(toKeyboard(0xee), [0xee]);
    assert.equal(hexOf(toKeyboard(0xf2)), 'fa ab 41');
    assert.equal(hexOf(toKeyboard(0xed, 0x05)), 'fa fa');
    assert.equal(kbc.leds, 5);
    assert.equal(hexOf(toKeyboard(0xf3, 0x00)), 'fa fa');
    assert.equal(hexOf(toKeyboard(0xf0, 0x00)), 'fa fa 41');
    assert.equal(hexOf(toKeyboard(0xfe)), '41');
    assert.equal(hexOf(toKeyboard(0x13)), 'fe');
    assert.equal(hexOf(toKeyboard(0xed, 0xf2)), 'fa fa ab 41'); // a command cancels the wait for an argument
    command(0x60, 0x25);
    assert.equal(hexOf(toKeyboard(0xf0, 0x03)), 'fa fa');
    kbc.press('ArrowUp');
    kbc.release('ArrowUp');
    assert.equal(hexOf(drain()), '63 f0 63');
    toKeyboard(0xf0, 0x01);
    kbc.press('ArrowUp');
    kbc.release('ArrowUp');
    assert.equal(hexOf(drain()), 'e0 48 e0 c8');
    assert.equal(hexOf(toKeyboard(0xff)), 'fa aa');
    kbc.press('KeyA');
    assert.equal(hexOf(drain()), '1c');
  });

  it('stops scanning on F5, starts with an empty queue on F4', () => {
    const { kbc, toKeyboard, drain } = setUp();
    assert.deepEqual(toKeyboard(0xf5), [0xfa]);
    kbc.press('KeyB');
    assert.deepEqual(drain(), []);
    assert.deepEqual(toKeyboard(0xf4), [0xfa]);
    kbc.press('KeyC');
    assert.deepEqual(drain(), [0x2e]);
  });

  it('a disabled interface holds its bytes', () => {
    const { kbc, command, drain } = setUp();
    command(0xad);
    kbc.press('KeyA');
    assert.deepEqual(drain(), []);
    command(0xae);
    assert.deepEqual(drain(), [0x1e]);
  });

  it('an overflowing queue ends with the overrun code', () => {
    const { kbc, command, drain } = setUp();
    command(0x60, 0x25);
    for (let i = 0; i < 30; i++) kbc.press('KeyA');
    assert.equal(hexOf(drain()), `${'1c '.repeat(16)}00`);
  });

  it('types text on the US layout, losing nothing to a slow guest', () => {
    const { bench, kbc } = setUp();
    assert.equal(kbc.type('aB\né'), 'é');
    const bytes: number[] = [];
    while (kbc.typing || bench.in(0x64) & 1) {
      bench.run(33e6);
      if (bench.in(0x64) & 1) bytes.push(bench.in(0x60));
    }
    assert.equal(hexOf(bytes), '1e 9e 2a 30 b0 aa 1c 9c');
    for (let c = 32; c < 127; c++) assert.ok(strokeOf(String.fromCharCode(c)), String.fromCharCode(c));
    assert.deepEqual(
      [strokeOf('('), strokeOf('A'), strokeOf('7')],
      [['ShiftLeft', 'Digit9'], ['ShiftLeft', 'KeyA'], ['Digit7']],
    );
    assert.deepEqual(strokeOf('\x03'), ['ControlLeft', 'KeyC']);
  });

  it('writes into both output buffers on request', () => {
    const { bench, command, irq12 } = setUp();
    command(0xd2, 0x77);
    assert.equal(bench.in(0x64) & 0x21, 0x01);
    assert.equal(bench.in(0x60), 0x77);
    command(0x60, 0x47);
    command(0xd3, 0x78);
    assert.equal(bench.in(0x64) & 0x21, 0x21);
    assert.equal(irq12.level, true);
    assert.equal(bench.in(0x60), 0x78);
    assert.equal(irq12.level, false);
  });
});

describe('PS/2 mouse', () => {
  const enabled = () => {
    const all = setUp();
    all.command(0x60, 0x47);
    return all;
  };

  it('identifies, reports status, resets', () => {
    const { toMouse } = enabled();
    assert.equal(hexOf(toMouse(0xff)), 'fa aa 00');
    assert.equal(hexOf(toMouse(0xf2)), 'fa 00');
    assert.equal(hexOf(toMouse(0xe8, 3, 0xe7, 0xf4)), 'fa fa fa fa');
    assert.equal(hexOf(toMouse(0xe9)), 'fa 30 03 64');
    assert.equal(hexOf(toMouse(0xee, 0x12, 0xf2, 0xec)), 'fa 12 f2 fa');
    assert.equal(hexOf(toMouse(0x01)), 'fe');
  });

  it('sends movement only when asked to, with signs and buttons, on IRQ 12', () => {
    const { kbc, toMouse, drain, irq12, bench } = enabled();
    kbc.moveMouse(5, 5, 0, 0);
    assert.deepEqual(drain(), []);
    toMouse(0xf6, 0xf4);
    kbc.moveMouse(10, 3, 0, 1);
    bench.run(50_000);
    assert.equal(irq12.level, true);
    assert.equal(bench.in(0x64) & 0x20, 0x20);
    assert.equal(hexOf(drain()), '29 0a fd');
    kbc.moveMouse(-300, 0, 0, 0);
    assert.equal(hexOf(drain()), '18 00 00 18 d4 00');
    toMouse(0xf0);
    kbc.moveMouse(1, 0, 0, 0);
    assert.deepEqual(drain(), []);
    assert.equal(hexOf(toMouse(0xeb)), 'fa 08 01 00');
  });

  it('becomes a wheel mouse after the knock', () => {
    const { kbc, toMouse, drain } = enabled();
    toMouse(0xf3, 200, 0xf3, 100, 0xf3, 80);
    assert.equal(hexOf(toMouse(0xf2)), 'fa 03');
    toMouse(0xf4);
    kbc.moveMouse(0, 0, -1, 0);
    assert.equal(hexOf(drain()), '08 00 00 ff');
  });
});
