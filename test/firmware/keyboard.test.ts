// INT 09h and INT 16h: keys pressed on the machine's keyboard become the codes that SeaBIOS gives for the same keys (the
// table was recorded there with QEMU's sendkey), and INT 16h's functions agree with SeaBIOS.
import assert from 'node:assert/strict';
import { Machine } from '../../src/machine/machine';
import { assembleProgram, call, compareWithQemu, type Registers } from './support/program';

const keyboard = (name: string, ax: number, registers: Registers = {}): string =>
  call(name, 0x16, { ax, ...registers });

/** Prints the code of every key, and the shift states at that moment. */
const ECHO = assembleProgram(`
.next:
  mov ah, 0x10
  int 0x16
  mov dx, ax
  call hex16
  mov ah, 0x12
  int 0x16
  call hex16
  call newline
  jmp .next`);

/** Each group of keys is held down in order and released in reverse; 50 ms between events. */
function press(machine: Machine, groups: readonly (readonly string[])[]): string[] {
  let output = '';
  machine.onDebugByte.on((byte) => (output += String.fromCharCode(byte)));
  let time = machine.timeNs + 50e6;
  machine.run(1e8, time);
  for (const keys of groups) {
    const events = [
      ...keys.map((key) => [key, true] as const),
      ...[...keys].reverse().map((key) => [key, false] as const),
    ];
    for (const [key, down] of events) {
      assert.ok(machine.sendKey(key, down), `no key ${key}`);
      time += 50e6;
      machine.run(1e8, time);
    }
  }
  return output.trim().split('\n');
}

const echo = (...groups: string[][]): string[] =>
  press(new Machine({ drives: [{ image: ECHO, kind: 'floppy', name: 'echo.img' }] }), groups);
const codes = (...groups: string[][]): string[] => echo(...groups).map((line) => line.slice(0, 4));

/** Plain, Shift, Ctrl, Alt; '' where the combination gives no code. */
const TABLE: readonly (readonly [key: string, ...codes: string[]])[] = [
  ['KeyA', '1E61', '1E41', '1E01', '1E00'],
  ['KeyZ', '2C7A', '2C5A', '2C1A', '2C00'],
  ['Digit1', '0231', '0221', '', '7800'],
  ['Digit2', '0332', '0340', '0300', '7900'],
  ['Digit6', '0736', '075E', '071E', '7D00'],
  ['Digit0', '0B30', '0B29', '', '8100'],
  ['Minus', '0C2D', '0C5F', '0C1F', '8200'],
  ['Equal', '0D3D', '0D2B', '', '8300'],
  ['BracketLeft', '1A5B', '1A7B', '1A1B', '1A00'],
  ['Semicolon', '273B', '273A', '', '2700'],
  ['Backslash', '2B5C', '2B7C', '2B1C', '2B00'],
  ['Slash', '352F', '353F', '', '3500'],
  ['Space', '3920', '3920', '3920', '3920'],
  ['Tab', '0F09', '0F00', '9400', 'A500'],
  ['Enter', '1C0D', '1C0D', '1C0A', '1C00'],
  ['Backspace', '0E08', '0E08', '0E7F', '0E00'],
  ['Escape', '011B', '011B', '011B', '0100'],
  ['F1', '3B00', '5400', '5E00', '6800'],
  ['F10', '4400', '5D00', '6700', '7100'],
  ['F11', '8500', '8700', '8900', '8B00'],
  ['F12', '8600', '8800', '8A00', '8C00'],
  ['ArrowUp', '48E0', '48E0', '8DE0', '9800'],
  ['ArrowLeft', '4BE0', '4BE0', '73E0', '9B00'],
  ['Home', '47E0', '47E0', '77E0', '9700'],
  ['PageDown', '51E0', '51E0', '76E0', 'A100'],
  ['Delete', '53E0', '53E0', '93E0', 'A300'],
  ['Numpad7', '4700', '4737', '7700', undefined!],
  ['NumpadAdd', '4E2B', '4E2B', '9000', '4E00'],
  ['NumpadMultiply', '372A', '372A', '9600', '3700'],
  ['NumpadDivide', 'E02F', 'E02F', '9500', 'A400'],
  ['NumpadEnter', 'E00D', 'E00D', 'E00A', 'A600'],
  ['NumpadDecimal', '5300', '532E', '9300', ''],
  ['IntlBackslash', '565C', '567C', '', ''],
];
const MODIFIERS = [[], ['ShiftLeft'], ['ControlRight'], ['AltLeft']];

describe('Keyboard', () => {
  it('gives the code of every key with every modifier', () => {
    const expected: string[] = [];
    const groups: string[][] = [];
    for (const [key, ...row] of TABLE) {
      row.forEach((code, n) => {
        if (code === undefined) return;
        groups.push([...MODIFIERS[n], key]);
        if (code) expected.push(code);
      });
    }
    assert.deepEqual(codes(...groups), expected);
  });

  it('knows the locks', () => {
    assert.deepEqual(codes(['CapsLock'], ['KeyA'], ['ShiftLeft', 'KeyA'], ['Digit1'], ['CapsLock'], ['KeyA']), [
      '1E41',
      '1E61',
      '0231',
      '1E61',
    ]);
    assert.deepEqual(codes(['NumLock'], ['Numpad7'], ['ShiftLeft', 'Numpad7'], ['Home'], ['NumLock'], ['Numpad7']), [
      '4737',
      '4700',
      '47E0',
      '4700',
    ]);
  });

  it('reports shift states', () => {
    // AH: left Ctrl 01, left Alt 02, right Ctrl 04, right Alt 08; AL: right Shift 01, left Shift 02, Ctrl 04, Alt 08.
    const states = echo(
      ['ShiftLeft', 'KeyA'],
      ['ShiftRight', 'KeyA'],
      ['ControlLeft', 'KeyA'],
      ['ControlRight', 'KeyA'],
      ['AltRight', 'KeyA'],
    ).map((line) => line.slice(4));
    assert.deepEqual(states, ['0002', '0001', '0104', '0404', '0808']);
  });

  it('composes characters with Alt and the keypad', () => {
    assert.deepEqual(codes(['AltLeft'], ['KeyA'], ['AltLeft', 'Numpad6'], ['KeyB']), ['1E61', '0006', '3062']);
    const machine = new Machine({ drives: [{ image: ECHO, kind: 'floppy', name: 'echo.img' }] });
    const lines = press(machine, [['AltLeft', 'Numpad1'], ['KeyA']]);
    assert.deepEqual(
      lines.map((line) => line.slice(0, 4)),
      ['0001', '1E61'],
    );
  });

  it('types text', () => {
    const machine = new Machine({ drives: [{ image: ECHO, kind: 'floppy', name: 'echo.img' }] });
    let output = '';
    machine.onDebugByte.on((byte) => (output += String.fromCharCode(byte)));
    assert.equal(machine.typeText('Hello, World! 100%\né'), 'é', 'characters that the layout lacks are named');
    machine.run(1e8, 2e9);
    const typed = output.trim().split('\n').map((line) => String.fromCharCode(parseInt(line.slice(2, 4), 16))); // prettier-ignore
    assert.equal(typed.join(''), 'Hello, World! 100%\r');
  });

  it('keeps 15 codes that nobody reads and drops the rest', () => {
    const image = assembleProgram(`
  mov eax, [0x46c]
  add eax, 60
.busy:
  hlt
  cmp [0x46c], eax
  jb .busy
.next:
  mov ah, 1
  int 0x16
  jz finish
  mov ah, 0
  int 0x16
  call hex16
  call newline
  jmp .next`);
    const machine = new Machine({ drives: [{ image, kind: 'floppy', name: 'busy.img' }] });
    const groups = Array.from({ length: 20 }, (_, n) => [`Key${String.fromCharCode(65 + n)}`]);
    let output = '';
    machine.onDebugByte.on((byte) => (output += String.fromCharCode(byte)));
    assert.deepEqual(press(machine, groups), [''], 'nothing was read while the keys were pressed');
    machine.run(1e8);
    const characters = output.split('\n').filter((line) => /^[0-9A-F]{4}$/.test(line)).map((line) => line.slice(2)); // prettier-ignore
    assert.equal(String.fromCharCode(...characters.map((c) => parseInt(c, 16))), 'abcdefghijklmno');
  });

  it('calls INT 1Bh for Ctrl-Break and INT 15h AH=4F for every scan code', () => {
    const image = assembleProgram(`
  mov word [0x1b*4], on_break
  mov word [0x1b*4+2], 0
  mov eax, [0x15*4]
  mov [old_15], eax
  mov word [0x15*4], on_15
  mov word [0x15*4+2], 0
  sti
.wait:
  hlt
  jmp .wait
on_break:
  name 'break'
  call newline
  iret
on_15:
  cmp ah, 0x4f
  jne .other
  push ax
  call hex8
  call newline
  pop ax
  cmp al, 0x1e
  jne .keep
  mov al, 0x30             ; A becomes B
.keep:
  stc
  retf 2
.other:
  jmp far [cs:old_15]
old_15: dd 0`);
    const machine = new Machine({ drives: [{ image, kind: 'floppy', name: 'break.img' }] });
    const lines = press(machine, [['KeyA'], ['ControlLeft', 'Pause']]);
    assert.deepEqual(lines, ['1E', '9E', '1D', 'E0', '46', 'break ', 'E0', 'C6', '9D']);
    assert.equal(machine.guestMemory.readLinear(0x471, 1)[0], 0x80);
  });

  it('restarts the guest on Ctrl-Alt-Del', () => {
    const machine = new Machine({ drives: [{ image: ECHO, kind: 'floppy', name: 'echo.img' }] });
    const marked = machine.writeLinear(0x8000, Uint8Array.of(0xab));
    assert.equal(marked, 1);
    press(machine, [['ControlLeft', 'AltLeft', 'Delete']]);
    assert.deepEqual([...machine.guestMemory.readLinear(0x472, 2)], [0, 0], 'POST has cleared the data area');
    assert.equal(machine.guestMemory.readLinear(0x8000, 1)[0], ECHO[512 + 0x200], 'and the program was loaded again');
  });
});

describe('INT 16h', () => {
  it('agrees with SeaBIOS', () => {
    const stored = (name: string, cx: number, read: number): string =>
      [keyboard(`${name}-store`, 0x0500, { cx }), keyboard(name, read)].join('\n');
    const body = [
      keyboard('empty', 0x0100),
      keyboard('flags', 0x0200),
      keyboard('store', 0x0500, { cx: 0x1e61 }),
      keyboard('look', 0x0100),
      keyboard('read', 0x0000),
      stored('arrow-look', 0x48e0, 0x1100),
      keyboard('arrow-classic-look', 0x0100),
      keyboard('arrow', 0x1000),
      stored('keypad-enter', 0xe00d, 0x0000),
      stored('keypad-slash', 0xe02f, 0x0000),
      stored('f11', 0x8500, 0x0000),
      stored('alt-code', 0x00f0, 0x1000),
      stored('alt-code-e0', 0x00e0, 0x0000),
      stored('grey', 0x85e0, 0x0000),
      keyboard('enhanced-flags', 0x1200),
      keyboard('capabilities', 0x0900),
      keyboard('identity', 0x0a00),
      keyboard('probe-92', 0x9200),
      keyboard('unknown', 0xff00),
      ...Array.from({ length: 17 }, (_, n) => keyboard(`fill-${n}`, 0x0500, { cx: 0x1e61 + n })),
    ].join('\n');
    compareWithQemu(body, 'ide');
  });
});
