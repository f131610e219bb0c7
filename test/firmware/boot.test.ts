// What a boot sector finds: registers, interrupt vectors, data areas, devices; and the ways back into the firmware.
import assert from 'node:assert/strict';
import { Machine } from '../../src/machine/machine';
import { assembleProgram, compareWithQemu, dumpMemory, lines, nasm, runOurs, runQemu } from './support/program';

/** A boot sector that reports the registers it was entered with, before it touches any. */
const ENTRY = nasm(`
  org 0x7c00
  mov [cs:save], sp
  mov sp, 0x7000
  pushfd
  push eax
  mov eax, cr0
  xchg eax, [esp]
  push gs
  push fs
  push ds
  push es
  push ss
  push cs
  pushad
  mov bp, sp
  mov cx, 26
.next:
  mov ax, [bp]
  add bp, 2
  call hex16
  loop .next
  mov ax, [save]
  call hex16
  mov al, 10
  out 0xe9, al
  mov dx, 0xf4
  xor ax, ax
  out dx, al
  hlt
save: dw 0
hex16:
  push ax
  mov al, ah
  call hex8
  pop ax
hex8:
  push ax
  aam 16
  push ax
  mov al, ah
  call digit
  pop ax
  call digit
  pop ax
  ret
digit:
  cmp al, 10
  sbb al, 0x69
  das
  out 0xe9, al
  ret
  times 510-($-$$) db 0
  dw 0xaa55`);

describe('Boot', () => {
  for (const medium of ['floppy', 'ide'] as const) {
    it(`enters the boot sector of a ${medium} with the registers that SeaBIOS leaves`, () => {
      const image = new Uint8Array(1474560);
      image.set(ENTRY);
      let ours = '';
      const machine = new Machine({ drives: [{ image, kind: medium, name: 'entry.img' }] });
      machine.onDebugByte.on((byte) => (ours += String.fromCharCode(byte)));
      machine.run(1e6);
      assert.equal(ours, runQemu(image, medium, [], ''));
    });
  }

  it('leaves vectors and BIOS data where SeaBIOS leaves them', () => {
    const body = [
      '  mov al, 0x20\n  out 0x64, al\n  in al, 0x60',
      dumpMemory('ebda-segment', 0x40e, 2),
      dumpMemory('memory-size', 0x413, 2),
      dumpMemory('key-buffer', 0x480, 4),
      dumpMemory('video-1', 0x449, 30),
      dumpMemory('video-2', 0x484, 7),
      dumpMemory('disks', 0x475, 1),
      dumpMemory('key-mode', 0x496, 1),
      dumpMemory('com-timeouts', 0x47c, 2),
      dumpMemory('vector-09', 0x09 * 4, 4),
      dumpMemory('vector-08', 0x08 * 4, 4),
      dumpMemory('vector-16', 0x16 * 4, 4),
      dumpMemory('vector-13', 0x13 * 4, 4),
      dumpMemory('vector-15', 0x15 * 4, 4),
      dumpMemory('vector-1a', 0x1a * 4, 4),
      dumpMemory('vector-12', 0x12 * 4, 4),
      dumpMemory('vector-41', 0x41 * 4, 4),
      dumpMemory('vectors-60', 0x60 * 4, 28),
      dumpMemory('vectors-20', 0x20 * 4, 32),
      `  name 'disk-table'
  push ds
  lds si, [0x41*4]
  mov cx, 15
  call dump
  pop ds`,
      `  name 'masks'
  in al, 0x21
  call hex8
  in al, 0xa1
  call hex8
  call newline`,
      `  name 'clock'
  mov al, 0x0b
  out 0x70, al
  in al, 0x71
  call hex8
  mov al, 0x0a
  out 0x70, al
  in al, 0x71
  call hex8
  call newline`,
      `  name 'model'
  push ds
  push word 0xf000
  pop ds
  mov si, 0xfffe
  mov cx, 1
  call dump
  pop ds`,
    ].join('\n');
    compareWithQemu(body, 'ide', {
      'com-timeouts': 'QEMU has no COM2 here',
      'video-1': 'SeaBIOS has written its messages, so the cursor is elsewhere',
    });
  });

  it('clears the screen in mode 3 with the cursor at its start', () => {
    const image = assembleProgram('');
    const machine = new Machine({ drives: [{ image, kind: 'floppy', name: 'x.img' }] });
    const frame = machine.frame();
    assert.equal(machine.icount, 0);
    assert.equal(machine.pc, 0x7c00);
    assert.equal(machine.screenText(), '');
    assert.ok(frame.kind === 'text' && frame.cursor);
    assert.deepEqual([frame.cursor.row, frame.cursor.col], [0, 0]);
    assert.ok(frame.cells.every((cell) => cell === 0x0720));
  });

  it('starts again through INT 19h, the reset vector and the keyboard controller', () => {
    const ways = [
      'int 0x19',
      'jmp 0xffff:0',
      'mov al, 0xfe\n  out 0x64, al\n  hlt',
      'mov dx, 0xcf9\n  mov al, 6\n  out dx, al\n  hlt',
    ];
    for (const way of ways) {
      const { output } = runOurs(
        assembleProgram(`
  cmp dword [0x9ff00], 0x600df00d
  je .again
  mov dword [0x9ff00], 0x600df00d
  ${way}
.again:
  name 'again'
  call newline`).map((byte) => byte),
        'floppy',
      );
      assert.equal(output, 'again \nend \n', way);
    }
  });

  it('comes back from a reset to where the program wants, by the shutdown byte', () => {
    const { output } = runOurs(
      assembleProgram(`
  mov word [0x467], back
  mov word [0x469], 0
  mov al, 0x0f
  out 0x70, al
  mov al, 0x0a
  out 0x71, al
  mov al, 0xfe
  out 0x64, al
  hlt
back:
  xor ax, ax
  mov ds, ax
  mov ss, ax
  mov sp, 0x7000
  name 'back'
  call newline`),
      'floppy',
    );
    assert.equal(output, 'back \nend \n');
  });

  it('boots the second drive when the first is not bootable, and says so when none is', () => {
    const blank = { image: new Uint8Array(1474560), kind: 'floppy', name: 'blank.img' } as const;
    const good = {
      image: assembleProgram(
        '  mov al, [boot_drive]\n  name "drive"\n  mov al, [boot_drive]\n  call hex8\n  call newline',
      ),
      kind: 'ide',
      name: 'good.img',
    } as const;
    const { output } = runOurs(good.image, 'ide', { drives: [blank, good] });
    assert.equal(lines(output).get('drive'), '80');
    const machine = new Machine({ drives: [blank] });
    machine.run(1e6, 1e9);
    assert.match(machine.screenText(), /^No bootable device\./);
    assert.ok(machine.halted);
  });

  it('runs INT 18h when a program finds nothing to do', () => {
    const machine = new Machine({ drives: [{ image: assembleProgram('  int 0x18'), kind: 'floppy', name: 'x.img' }] });
    machine.run(1e6, 1e9);
    assert.match(machine.screenText(), /No bootable device\./);
  });
});
