import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '../../src/debugger/console/commands';
import { completions } from '../../src/debugger/console/completions';
import { SCOPES } from '../../src/debugger/scopes/scopes';
import type { VariableNode } from '../../src/debugger/scopes/node';
import { DebugGuest } from './support/debugGuest';

const RINGS = readFileSync(path.resolve(import.meta.dirname, '../../samples/rings/boot.asm'), 'utf8');

function scope(g: DebugGuest, id: string): VariableNode[] {
  return SCOPES.find((s) => s.id === id)!.variables(g.debug.context());
}
function node(g: DebugGuest, id: string, ...names: string[]): VariableNode {
  let list = scope(g, id);
  let found: VariableNode | undefined;
  for (const name of names) {
    found = list.find((n) => n.name === name);
    assert.ok(found, `${id}: no ${name} in ${list.map((n) => n.name).join()}`);
    list = found.children?.list() ?? [];
  }
  return found!;
}

describe('scopes', () => {
  let g: DebugGuest;
  before(async () => {
    g = await DebugGuest.boot(RINGS);
    g.runTo('user');
  });

  it('show general registers with their parts', () => {
    assert.match(node(g, 'general', 'ESP').value, /^0x0000a000/);
    assert.match(node(g, 'general', 'EIP').type!, /^002b:00009000, user$/);
    assert.deepEqual(node(g, 'general', 'EAX').children!.list().map((n) => n.name), ['AX', 'AH', 'AL']); // prettier-ignore
  });

  it('show segment caches in words', () => {
    const cs = node(g, 'segments', 'CS');
    assert.equal(cs.value, '0x002b');
    assert.equal(cs.type, 'base 00000000, limit ffffffff, 32-bit code, readable, accessed, DPL 3');
    assert.equal(node(g, 'segments', 'CS', 'RPL').value, '3');
    assert.equal(node(g, 'segments', 'FS').type, 'null: not usable');
  });

  it('show control and debug registers bit by bit', () => {
    assert.match(node(g, 'control', 'CR0').type!, /PE .*WP .*PG/);
    assert.equal(node(g, 'control', 'CR0', 'PG').value, '1');
    assert.equal(node(g, 'control', 'CPL').value, '3');
    assert.equal(node(g, 'debug', 'DR0').type, 'disabled');
  });

  it('show the descriptor tables, the TSS and page tables', () => {
    const gdt = node(g, 'tables', 'GDT');
    assert.equal(gdt.children!.indexed, 9);
    const gate = gdt.children!.list(8, 1)[0]!;
    assert.equal(gate.name, '[0040]');
    assert.equal(gate.value, '32-bit call gate, DPL 3, to 0019:00007f0b, copies 1 parameter');
    const idt = node(g, 'tables', 'IDT').children!.list(0x80, 1)[0]!;
    assert.equal(idt.value, '32-bit interrupt gate, DPL 3, to 0008:00007e82');
    assert.equal(node(g, 'tables', 'TR', 'ESP0').value, '0x00020000');
    assert.equal(node(g, 'tables', 'LDTR').type, 'no local descriptor table');
    const walk = node(g, 'tables', 'Page tables', 'CS:EIP');
    assert.match(walk.value, /^00009000: physical 00009000, writable, user$/);
    assert.match(walk.children!.list()[1]!.value, /present, writable, user, .*to 00009000$/);
  });

  it('show the vector table in real mode', async () => {
    const real = await DebugGuest.boot(RINGS);
    real.runTo('start');
    const ivt = node(real, 'tables', 'IVT');
    assert.equal(ivt.children!.indexed, 256);
    assert.match(ivt.children!.list(0x10, 1)[0]!.value, /^f000:[0-9a-f]{4}$/);
    assert.equal(node(real, 'tables', 'Page tables').value, 'paging is off: linear addresses are physical');
  });

  it('set registers, flags, bits, table entries and TSS fields', async () => {
    const changed = await DebugGuest.boot(RINGS);
    changed.runTo('user');
    const set = (id: string, names: string[], text: string): string | undefined =>
      node(changed, id, ...names).set!(text);
    assert.equal(set('general', ['EAX'], '0x11223344'), undefined);
    assert.equal(set('general', ['EAX', 'AH'], "'A'"), undefined);
    assert.equal(changed.value('eax'), 0x11224144n);
    assert.equal(set('flags', ['DF'], '1'), undefined);
    assert.equal(changed.value('df'), 1n);
    assert.equal(set('flags', ['IOPL'], '3'), undefined);
    assert.equal(changed.value('iopl'), 3n);
    assert.equal(set('control', ['CR0', 'AM'], '1'), undefined);
    assert.equal((changed.value('cr0') >> 18n) & 1n, 1n);
    assert.equal(set('debug', ['DR0'], 'user'), undefined);
    assert.equal(changed.value('dr0'), 0x9000n);
    assert.equal(set('segments', ['DS'], '0x10'), undefined);
    assert.match(node(changed, 'segments', 'DS').type!, /DPL 0/);
    assert.equal(set('segments', ['ES', 'base'], '0x1000'), undefined);
    assert.equal(set('segments', ['ES', 'limit'], '0xffff'), undefined);
    assert.match(node(changed, 'segments', 'ES').type!, /^base 00001000, limit 0000ffff/);
    assert.equal(changed.value('es.base'), 0x1000n);
    assert.match(set('segments', ['DS'], '0x8888')!, /no descriptor/);
    assert.equal(set('tables', ['TR', 'ESP0'], '0x1f800'), undefined);
    assert.equal(changed.value('dword [tss+4]'), 0x1f800n);
    assert.equal(set('tables', ['IDTR', 'limit'], '0x3ff'), undefined);
    assert.equal(changed.value('idtr.limit'), 0x3ffn);
    assert.match(set('flags', ['CF'], '2')!, /does not fit/);
    assert.match(set('general', ['EAX'], 'nothing')!, /not a register/);
  });

  it('show XMM registers in every width, and set them', async () => {
    const sse = await DebugGuest.boot('org 0x7c00\nbits 16\nstart: jmp start\ntimes 510-($-$$) db 0\ndw 0xaa55\n');
    const set = (names: string[], text: string): string | undefined => node(sse, 'sse', ...names).set!(text);
    assert.equal(scope(sse, 'sse').length, 9);
    assert.equal(set(['XMM1', 'float', '[2]'], '-1.5'), undefined);
    assert.equal(sse.value('xmm1'), 0xbfc00000n << 64n);
    assert.equal(set(['XMM1', 'double', '[0]'], '0.1'), undefined);
    assert.equal(node(sse, 'sse', 'XMM1', 'double', '[0]').value, '0.1');
    assert.equal(set(['XMM1', 'float', '[3]'], '0.1'), undefined);
    assert.equal(node(sse, 'sse', 'XMM1', 'float', '[3]').value, '0.1');
    assert.equal(set(['XMM1', 'words', '[7]'], '0x1234'), undefined);
    assert.equal(node(sse, 'sse', 'XMM1').value, '0x1234cccdbfc000003fb999999999999a');
    assert.equal(set(['XMM7'], '1'), undefined);
    assert.equal(node(sse, 'sse', 'XMM7', 'bytes', '[0]').value, '0x01');
    assert.match(set(['XMM7', 'bytes', '[0]'], '300')!, /does not fit/);
    assert.match(set(['XMM7', 'float', '[0]'], 'x')!, /not a number/);
    assert.equal(node(sse, 'sse', 'MXCSR').type, 'no exceptions; all exceptions masked; round to nearest');
    assert.equal(set(['MXCSR', 'RC'], '3'), undefined);
    assert.equal(sse.value('mxcsr'), 0x7f80n);
    assert.match(set(['MXCSR'], '0x12345')!, /reserved/);
  });

  it('show the x87 stack as numbers, its words decoded, and set them', async () => {
    const x87 = await DebugGuest.boot(
      'org 0x7c00\nbits 16\nstart: fninit\nfldpi\nfld1\nfchs\nfldz\ndone: jmp done\ntimes 510-($-$$) db 0\ndw 0xaa55\n',
    );
    x87.runTo('done');
    const list = (): string[] => scope(x87, 'fpu').slice(0, 4).map((n) => n.value); // prettier-ignore
    assert.deepEqual(list(), ['0', '-1', '3.1415926535897932385', 'empty (0)']);
    assert.equal(node(x87, 'fpu', 'ST2').type, 'valid, 4000 c90fdaa22168c235');
    assert.equal(node(x87, 'fpu', 'ST0').type, 'zero, 0000 0000000000000000');
    assert.match(node(x87, 'fpu', 'FCW').type!, /^all exceptions masked; 64-bit precision, round to nearest$/);
    assert.equal(node(x87, 'fpu', 'FSW').type, 'TOP 5; no exceptions');
    assert.match(node(x87, 'fpu', 'FTW').type!, /R4 empty, R5 zero, R6 valid, R7 valid$/);
    assert.match(node(x87, 'fpu', 'FCS:FIP').value, /^0000:00007c0/);
    for (const [text, value] of [
      ['-2.5e10', '-25000000000'],
      ['1e-4000', '1e-4000'],
      ['0.1', '0.1'],
      ['-inf', '-infinity'],
      ['nan', 'NaN'],
      ['7', '7'],
      ['0x3fff8000000000000000', '1'],
      ['st2', '3.1415926535897932385'],
    ] as const) {
      assert.equal(node(x87, 'fpu', 'ST0').set!(text), undefined, text);
      assert.equal(node(x87, 'fpu', 'ST0').value, value);
    }
    assert.match(node(x87, 'fpu', 'ST0').set!('nothing')!, /not a register/);
    assert.equal(node(x87, 'fpu', 'FCW', 'ZM').set!('0'), undefined);
    assert.match(node(x87, 'fpu', 'FCW').type!, /^unmasked: division by zero/);
    assert.equal(node(x87, 'fpu', 'FSW', 'ZE').set!('1'), undefined);
    assert.match(node(x87, 'fpu', 'FSW').type!, /division by zero; pending: the next waiting instruction raises #MF/);
    assert.equal(x87.value('st1'), 0xbfff8000000000000000n);
    assert.equal(node(x87, 'fpu', 'ST3').set!('1.5'), undefined);
    assert.equal(node(x87, 'fpu', 'ST3').value, '1.5', 'writing fills an empty register');
  });
});

describe('debug console', () => {
  let g: DebugGuest;
  before(async () => {
    g = await DebugGuest.boot(RINGS);
    g.runTo('user');
  });
  const run = (text: string): string => {
    const result = runCommand(g.debug, text, 0);
    return result ? `${result.ok ? '' : 'error: '}${result.text}` : '(expression)';
  };

  it('dumps memory in several units', () => {
    assert.equal(run('x/4xb text_user'), '0000902d  72 69 6e 67  ring');
    assert.equal(run('x/2xh text_user'), '0000902d  6972 676e');
    assert.equal(run('x/1xw text_user'), '0000902d  676e6972');
    assert.equal(run('x/s text_user'), `0000902d  ${JSON.stringify('ring 3: hello through int 0x80\r\n')}`);
    assert.match(run('x/20xb text_user'), /^0000902d(  )([0-9a-f]{2} ){16} ring 3: hello th\n0000903d {2}/);
    assert.equal(run('x/2db 0x9000'), '00009000  -80 1');
    assert.match(run('x/2i user'), /^user:\n00009000 {2}b001 +mov al, 1\n00009002 {2}be2d900000 +mov esi, 0x902d$/);
    assert.match(run('x/4xb phys:0x9000'), /^00009000/);
    assert.match(run('x/4xb 0x80000000'), /nothing is mapped/);
    assert.match(run('x'), /^error: x needs an address/);
  });

  it('shows tables and state', () => {
    assert.match(run('info gdt'), /\[0040\] +32-bit call gate/);
    assert.match(run('info registers'), /ESP +0x0000a000/);
    assert.match(run('info stack'), /#0 00009000 user/);
    assert.match(run('info transitions'), /mode-change +1/);
    assert.match(run('info tss'), /ESP0 +0x00020000/);
    assert.match(run('info symbols'), /00009000 code +user/);
    assert.match(run('info vectors'), /13 #GP/);
    assert.match(run('info nothing'), /^error: info needs one of/);
    assert.match(run('info ivt'), /^error/);
    assert.match(run('walk 0x9000'), /page table \[9\]/);
    assert.match(run('where user+4'), /boot\.asm:335 \(user\+0x4\)/);
    assert.match(run('disassemble'), /mov al, 1/);
    assert.match(run('help'), /x\/16xb ADDRESS/);
  });

  it('leaves expressions alone', () => {
    assert.equal(run('eax + 1'), '(expression)');
    assert.equal(run('user'), '(expression)');
  });

  it('completes commands, registers and labels', () => {
    const found = (text: string): string[] => completions(g.debug, text, text.length).map((c) => c.text);
    assert.ok(found('ea').includes('eax'));
    assert.ok(found('us').includes('user'));
    assert.ok(found('inf').includes('info'));
    assert.deepEqual(found('info gd'), ['gdt']);
    assert.ok(found('byte [text_').includes('text_user'));
    assert.ok(found('.ne').includes('.never'), 'local labels of the present scope');
    assert.ok(!found('r1').includes('r16'));
    const [first] = completions(g.debug, 'ax + te', 7);
    assert.deepEqual([first!.start, first!.length], [5, 2]);
  });
});
