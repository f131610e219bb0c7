// Local APIC and I/O APIC as a guest programs them, compared with QEMU: the register page through a flat FS in real mode.
import { APIC_SET_UP } from './apicProgram';
import { assembleProgram, compareWithQemu, runOurs } from '../firmware/support/program';
import assert from 'node:assert/strict';

describe('APIC', function () {
  this.timeout(60_000);
  const compare = (body: string, apart: Record<string, string> = {}): void =>
    compareWithQemu(APIC_SET_UP + body, 'floppy', apart, { cpu: 'x86-64' });

  it('is as the firmware leaves it, and keeps what can be written', () =>
    compare(
      `
  show 'id', 0x20
  show 'version', 0x30
  show 'tpr', 0x80
  show 'spurious', 0xf0
  show 'lint0', 0x350
  show 'lint1', 0x360
  show 'timer', 0x320
  show 'error', 0x370
  put 0xd0, 0xffffffff
  show 'ldr', 0xd0
  put 0xe0, 0x12345678
  show 'dfr', 0xe0
  put 0x310, 0xffffffff
  show 'icr-high', 0x310
  put 0x3e0, 0xb
  show 'divide', 0x3e0
  put 0x320, 0x10041
  show 'timer2', 0x320
  put 0x370, 0x55
  show 'error2', 0x370
  io_show 'io-version', 1
  io_put 0x10, 0x1a950
  io_put 0x11, 0x01000000
  io_show 'io-low', 0x10
  io_show 'io-high', 0x11
`,
      {
        'icr-high': 'bits 0 to 23 are reserved (SDM vol. 3, "Interrupt Command Register (ICR)")',
        'io-version': 'of the 82093AA; QEMU has a later one with an EOI register',
      },
    ));

  it('takes interrupts by priority, above the task priority', () =>
    compare(`
  put 0x80, 0x50
  put 0x300, 0x40041        ; to itself
  put 0x300, 0x40062
  put 0x300, 0x40055
  show 'irr1', 0x210
  show 'irr2', 0x220
  show 'irr3', 0x230
  name 'order'
  sti
  nop
  nop
  cli
  call newline
  show 'irr2-after', 0x220
  show 'ppr', 0xa0
  name 'lower'
  put 0x80, 0x40
  sti
  nop
  nop
  cli
  call newline
  name 'lowest'
  put 0x80, 0
  sti
  nop
  nop
  cli
  call newline
  show 'irr-end', 0x220
`));

  it('counts down once, and again and again', () =>
    compare(`
  mov al, 0xff              ; no ticks of the 8254
  out 0x21, al
  put 0x3e0, 0xb
  put 0x320, 0x70
  put 0x380, 20000
  name 'once'
  sti
.wait:
  cmp byte [taken], 0
  je .wait
  cli
  call newline
  show 'left', 0x390
  show 'initial', 0x380
  put 0x320, 0x20070
  put 0x380, 5000000        ; longer than QEMU takes for a handler
  name 'thrice'
  mov ecx, 3
.again:
  sti
  hlt
  cli
  loop .again
  put 0x380, 0
  call newline
  show 'stopped', 0x390
`));

  it('redirects the timer and the clock through the I/O APIC', () =>
    compare(`
  mov al, 0xff
  out 0x21, al
  out 0xa1, al
  io_put 0x14, 0x55         ; input 2: the 8254
  io_put 0x15, 0
  name 'ticks'
  mov ecx, 2
.again:
  sti
  hlt
  cli
  loop .again
  call newline
  io_put 0x14, 0x10055      ; masked
  mov al, 0x0b              ; the clock's periodic interrupt on input 8
  out 0x70, al
  in al, 0x71
  or al, 0x40
  mov ah, al
  mov al, 0x0b
  out 0x70, al
  mov al, ah
  out 0x71, al
  io_put 0x20, 0x8063       ; level-triggered
  io_put 0x21, 0
  name 'clock'
  sti
  hlt
  cli
  call newline
  io_put 0x20, 0x18063
  io_show 'remote', 0x20
`));

  it('can be switched off and on by its base register', () =>
    compare(
      `
  mov ecx, 0x1b
  rdmsr
  name 'base'
  call hex32
  call newline
  and ah, 0xf7
  wrmsr
  rdmsr
  name 'off'
  call hex32
  call newline
  or ah, 8
  wrmsr
  show 'lint0', 0x350
  show 'id', 0x20
`,
      { lint0: 'switched on again, it is as after reset (SDM vol. 3, "Enabling or Disabling the Local APIC")' },
    ));

  it('interrupts at the boundary after the write, however the run is sliced', () => {
    const image = assembleProgram(`${APIC_SET_UP}
  vector 0x41, seen
  xor ecx, ecx
  sti
  put 0x300, 0x40041        ; to itself
  inc ecx
  inc ecx
  cli
  jmp finish
seen:
  name 'count'
  mov al, cl
  call hex8
  call newline
  put 0xb0, 0
  iret
`);
    assert.match(runOurs(image, 'floppy', { cpu: 'x86-64' }).output, /^count 00$/m);
  });

  it('reports errors', () => {
    const { output } = runOurs(
      assembleProgram(`${APIC_SET_UP}
  put 0x370, 0x10055
  put 0x300, 0x40005        ; a vector below 16
  put 0x280, 0
  show 'sent', 0x280
  put 0x280, 0
  show 'cleared', 0x280
  get 0x290
  put 0x280, 0
  show 'register', 0x280
`),
      'floppy',
      { cpu: 'x86-64' },
    );
    assert.match(output, /sent 00000020\ncleared 00000000\nregister 00000080/);
  });
});
