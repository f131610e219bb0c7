// What F5 starts, and which labels are offered.
import assert from 'node:assert/strict';
import { bootFileOf, rootOf } from '../../src/asm/bootFile';
import { labelsOf } from '../../src/extension/labels';

const BOOT = 'org 0x7c00\n times 510-($-$$) db 0\n dw 0xaa55\n';

describe('what F5 starts', () => {
  it('is the file with the boot signature, whatever its name', () => {
    const files = [
      { path: 'aaa.asm', text: 'mov ax, 1' },
      { path: 'src/start.asm', text: 'db 0x55, 0xAA' },
      { path: 'boot.asm', text: '; ends with 0xaa55\n mov ax, 1' },
    ];
    assert.equal(bootFileOf(files), 'src/start.asm');
  });

  it('prefers boot.asm among equals, then the shallower file', () => {
    assert.equal(
      bootFileOf([
        { path: 'x.asm', text: BOOT },
        { path: 'boot.asm', text: BOOT },
      ]),
      'boot.asm',
    );
    assert.equal(
      bootFileOf([
        { path: 'a/b/x.asm', text: BOOT },
        { path: 'y.asm', text: BOOT },
      ]),
      'y.asm',
    );
  });

  it('is the only source there is, or an image, or nothing', () => {
    assert.equal(bootFileOf([{ path: 'only.asm', text: 'nop' }]), 'only.asm');
    assert.equal(bootFileOf([{ path: 'disk.img' }]), 'disk.img');
    assert.equal(bootFileOf([]), undefined);
  });

  it('is the source that includes the open file, over any number of steps', () => {
    const files = [
      { path: 'boot.asm', text: `${BOOT}%include "kernel/main.asm"` },
      { path: 'kernel/main.asm', text: '%include "print.inc"\n' },
      { path: 'kernel/print.inc', text: 'print: ret' },
      { path: 'other.asm', text: BOOT },
    ];
    assert.equal(rootOf('kernel/print.inc', files), 'boot.asm');
    assert.equal(rootOf('kernel/main.asm', files), 'boot.asm');
    assert.equal(rootOf('other.asm', files), 'other.asm');
  });

  it('does not go in circles', () => {
    const files = [
      { path: 'a.asm', text: '%include "b.asm"' },
      { path: 'b.asm', text: '%include "a.asm"' },
    ];
    assert.equal(rootOf('a.asm', files), 'a.asm');
  });
});

describe('labels of a source', () => {
  it('finds labels, local ones with their parent, and data', () => {
    const text =
      'start:\n.loop: jmp .loop\ncount dw 3\n  ; no: comment\nmain: ; x\n.end:\n  mov ax, es:di\n times 3 db 0\nbuffer: resb 4';
    assert.deepEqual(
      labelsOf(text).map(({ name, line }) => `${name} ${line}`),
      ['start 0', 'start.loop 1', 'count 2', 'main 4', 'main.end 5', 'buffer 8'],
    );
  });
});
