// The debugger in 64-bit code: samples/long-mode, whose kernel runs in the upper half of the address space.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stop } from '../../src/debugger/execution';
import { SCOPES } from '../../src/debugger/scopes/scopes';
import type { VariableNode } from '../../src/debugger/scopes/node';
import { DebugGuest, FILE } from './support/debugGuest';

const SOURCE = readFileSync(path.resolve(import.meta.dirname, '../../samples/long-mode/boot.asm'), 'utf8');
const HIGH = -0x80000000;

describe('debugging 64-bit code', function () {
  this.timeout(20_000);
  let guest: DebugGuest;
  beforeEach(async () => {
    guest = await DebugGuest.boot(SOURCE);
  });

  /** Runs to a line by a breakpoint of the source. */
  const toLine = (text: string): Stop => {
    const { breakpoints } = guest.debug;
    const [status] = breakpoints.setSource(FILE, [{ line: guest.line(text) }]);
    assert.equal(status!.verified, true, status!.message);
    guest.debug.breakpointsChanged();
    const stop = guest.go();
    assert.equal(stop.kind, 'breakpoint');
    breakpoints.setSource(FILE, []);
    guest.debug.breakpointsChanged();
    return stop;
  };
  const scope = (id: string): Record<string, VariableNode> =>
    Object.fromEntries(
      SCOPES.find((s) => s.id === id)!
        .variables(guest.debug.context())
        .map((node) => [node.name, node]),
    );
  const child = (node: VariableNode, name: string): VariableNode => node.children!.list().find((n) => n.name === name)!;

  it('stops where code that was loaded low runs high', () => {
    toLine('mov rsp, HIGH + KSTACK');
    assert.equal(guest.debug.code.pc, HIGH + 0x7e0c);
    assert.equal(guest.here, 'mov rsp, HIGH + KSTACK');
    assert.equal(guest.debug.labelText(guest.debug.code.pc), 'kernel');
    assert.deepEqual(guest.stack, ['kernel']);
    assert.equal(guest.value('$'), 0xffffffff80007e0cn);
    assert.equal(guest.value('rip'), 0xffffffff80007e0cn);
    guest.step('over');
    assert.equal(guest.here, 'mov ax, KDATA');
    assert.equal(guest.value('rsp'), 0xffffffff80020000n);
  });

  it('steps over a call in the upper half, and in and out of it', () => {
    toLine('call set_gate');
    const before = guest.debug.code.pc;
    guest.step('over');
    assert.equal(guest.here, 'mov rdi, HIGH + idt + 13 * 16');
    assert.equal(guest.debug.code.pc, before + 5);
    toLine('call print');
    guest.step('in');
    assert.equal(guest.here, 'push rax');
    assert.deepEqual(guest.stack, ['print', 'kernel+0xd3']);
    guest.step('out');
    assert.equal(
      guest.here,
      'mov ecx, USER           ; SYSRET: RIP from RCX, RFLAGS from R11'.replace(/;.*/, '').trim(),
    );
  });

  it('finds the way back through SYSCALL, a fault and an interrupt stack', () => {
    toLine('mov rbx, rsp');
    assert.equal(guest.debug.code.pc, HIGH + Number(guest.value('system_call')));
    assert.deepEqual(guest.stack, ['system_call', '— SYSCALL, ring 3 → ring 0 —', 'user+0xd']);
    toLine('lea rsi, [text_gp]');
    assert.deepEqual(guest.stack, [
      'general_protection+0x1',
      '— #GP general protection, ring 3 → ring 0 —',
      'user+0xe',
    ]);
    toLine('lea rsi, [text_df]');
    assert.deepEqual(guest.stack, [
      'double_fault',
      '— #DF double fault on IST1 —',
      'system_call.lose_stack+0x7',
      '— SYSCALL, ring 3 → ring 0 —',
      'user+0x23',
    ]);
    const frames = guest.debug.stack();
    assert.deepEqual(
      frames.map(({ mode, cpl }) => `${mode} ${cpl}`),
      ['64-bit 0', '64-bit 0', '64-bit 3'],
    );
    assert.equal(frames[2]!.sp, 0x40002000);
    const up = guest.debug.evaluate('rsp', 2, true);
    assert.equal(up.ok && up.value.value, 0x40002000n);
  });

  it('shows the registers of 64-bit code', () => {
    toLine('call print');
    const general = scope('general');
    assert.equal(general['RSP']!.value, '0xffffffff80020000 (18446744071562199040)');
    assert.equal(general['R8']!.value, '0x0000000000000000');
    assert.deepEqual(child(general['RAX']!, 'EAX').name, 'EAX');
    assert.equal(general['RIP']!.value, '0xffffffff80007edb');
    assert.equal(general['RIP']!.type, '0008:ffffffff80007edb, kernel+0xcf');
    assert.equal(general['RIP']!.memory, HIGH + 0x7edb);
    assert.equal(general['R15']!.set!('0xffff_8000_0000_1234'), undefined);
    assert.equal(guest.value('r15'), 0xffff800000001234n);
    assert.equal(guest.value('r15d'), 0x1234n);
    assert.match(general['RIP']!.set!('0x800000000000')!, /not a canonical address/);
    assert.equal(scope('segments')['CS']!.type, 'flat, 64-bit code, readable, accessed, DPL 0');
    assert.match(scope('segments')['FS']!.type!, /^base 00000000, no limit/);
    assert.equal(scope('segments')['GSBASE']!.set!('0xffff888000000000'), undefined);
    assert.equal(guest.value('gs.base'), 0xffff888000000000n);
    assert.match(scope('segments')['KERNELGSBASE']!.set!('1 << 63')!, /cannot have the value/);
    const control = scope('control');
    assert.equal(control['EFER']!.type, 'SCE LME LMA NXE');
    assert.equal(control['CR3']!.type, 'PML4 at physical 00010000');
    assert.equal(control['CR8']!.set!('5'), undefined);
    assert.equal(guest.value('cr8'), 5n);
    assert.match(child(control['CR4']!, 'PAE').set!('0')!, /cannot be cleared in long mode/);
    assert.equal(child(control['XCR0']!, 'X87').value, '1');
    const msrs = scope('msrs');
    assert.equal(msrs['LSTAR']!.type, 'SYSCALL in 64-bit code: system_call');
    assert.equal(msrs['STAR']!.type, 'SYSCALL: CS 0008, SS 0010; SYSRET: CS 002b, SS 0023');
    assert.equal(msrs['FMASK']!.type, 'SYSCALL clears TF IF DF');
    assert.equal(guest.value('xcr0'), 1n);
  });

  it('shows gates of 16 bytes with their stacks, the TSS and the page walk', () => {
    toLine('lea rsi, [text_kernel]');
    const tables = scope('tables');
    assert.equal(tables['GDTR']!.value, 'base ffffffff80007d40, limit 003f');
    const gdt = tables['GDT']!.children!.list().map(({ value }) => value);
    assert.equal(gdt[1], '64-bit code, readable, accessed, DPL 0, base 00000000, limit ffffffff');
    assert.match(gdt[6]!, /^64-bit TSS, busy, DPL 0, base ffffffff8000[0-9a-f]{4}, limit 00000067$/);
    assert.equal(gdt[7], 'upper half of [0030]');
    assert.equal(tables['IDT']!.value, '256 gates');
    const idt = tables['IDT']!.children!.list(8, 1)[0]!;
    assert.match(idt.value, /^64-bit interrupt gate, DPL 0, to 0008:ffffffff8000[0-9a-f]{4}, on stack IST1$/);
    assert.equal(child(idt, 'upper').value, '0xffffffff');
    const tss = tables['TR']!;
    assert.equal(child(tss, 'IST1').value, '0xffffffff80021000');
    assert.equal(child(tss, 'RSP0').value, '0xffffffff80020000');
    assert.equal(tables['Page tables']!.value, 'PML4 at physical 00010000');
    const walk = child(tables['Page tables']!, 'RIP');
    assert.match(walk.value, /^ffffffff80007[0-9a-f]{3}: physical 00007[0-9a-f]{3}, writable, supervisor, 2 MB page$/);
    assert.deepEqual(
      walk.children!.list().map(({ name, value }) => `${name} ${value}`),
      [
        'PML4 [511] 0000000000013023: present, writable, supervisor, accessed, PDPT at 00013000',
        'PDPT [510] 0000000000012023: present, writable, supervisor, accessed, page directory at 00012000',
        'page directory [0] 00000000000000e3: present, writable, supervisor, accessed, dirty, 2 MB page, to 00000000',
      ],
    );
  });

  it('shows why a page cannot be used, and lets an entry be changed', () => {
    toLine('mov eax, 2');
    const walk = (address: string): VariableNode[] => {
      const [, node] = guest.debug.evaluate(address, 0, true).ok
        ? [0, scope('tables')['Page tables']!]
        : [0, undefined];
      return node!.children!.list();
    };
    assert.match(walk('rsp')[1]!.value, /^40002000: not mapped: page table entry not present$/);
    const rip = walk('rip')[0]!;
    assert.match(rip.value, /physical 000090[0-9a-f]{2}, read only, user$/);
    const entry = rip.children!.list().at(-1)!;
    assert.equal(entry.name, 'page table [0]');
    assert.equal(entry.set!('0x8000000000009005'), undefined);
    const stop = (guest.debug.setFilters({ exceptions: new Set([14]) }), guest.go());
    assert.equal(stop.kind, 'exception');
    const text = guest.debug.exception()!;
    assert.match(text.description, /^#PF page fault: .*may not be executed/);
  });

  it('breaks at addresses, labels and on data in the upper half', () => {
    const { breakpoints } = guest.debug;
    // named while the guest is still in real mode
    breakpoints.setInstruction([{ linear: HIGH + 0x7e0c }]);
    guest.debug.breakpointsChanged();
    assert.equal(guest.go().kind, 'breakpoint');
    assert.equal(guest.here, 'mov rsp, HIGH + KSTACK');
    breakpoints.setInstruction([]);
    const [named, wrong] = breakpoints.setFunctions(
      [{ name: '0xffffffff80007e0c + 7', condition: 'rsp == 0xffffffff80020000' }, { name: '0x1234567812345678' }],
      guest.debug.context(),
    );
    assert.equal(named!.verified, true);
    assert.match(wrong!.message!, /0x1234567812345678 is not a canonical address/);
    guest.debug.breakpointsChanged();
    assert.equal(guest.go().kind, 'breakpoint');
    assert.equal(guest.here, 'mov ax, KDATA');
    breakpoints.setFunctions([], guest.debug.context());
    breakpoints.setData([{ linear: HIGH + 0xa000 + 8 * 16, length: 8, access: 'write' }]);
    guest.debug.breakpointsChanged();
    guest.debug.continue();
    const stop = guest.wait();
    assert.equal(stop.kind === 'watchpoint' && stop.linear, HIGH + 0xa000 + 8 * 16);
  });

  it('reads, writes and computes with 64 bits', () => {
    toLine('lea rsi, [text_kernel]');
    assert.equal(guest.value('byte [text_kernel]'), 0x72n);
    assert.equal(guest.value('[rsp - 8]'), guest.value('qword [0xffffffff8001fff8]'));
    assert.equal(guest.value('rsp == HIGH + KSTACK'), 1n);
    assert.equal(guest.value('qword [tss + 4]'), 0xffffffff80020000n);
    assert.equal(guest.value('0xffffffff80000000 >> 12 & 0x1ff'), 0n);
    assert.equal(guest.debug.evaluate('qword [0xffffffff80008000] = 0x1122334455667788').ok, true);
    assert.equal(guest.value('dword [0x8004]'), 0x11223344n);
    const refused = (text: string): string => {
      const result = guest.debug.evaluate(text);
      assert.equal(result.ok, false);
      return result.ok ? '' : result.error.message;
    };
    assert.equal(
      refused('[0x8000_0000_0000]'),
      '0x800000000000 is not a canonical address: bits 63 to 47 must be equal',
    );
    assert.equal(refused('byte [0xffff_8000_0000_0000]'), 'nothing is mapped at linear address 0xffff800000000000');
    assert.match(refused('rax = 1 << 64'), /does not fit into rax \(64 bits\)/);
  });

  it('disassembles in both directions as 64-bit code', () => {
    toLine('lea rax, [double_fault]');
    const lines = guest.debug.disassembler.around(guest.debug.code.pc, -3, 6).map(({ linear, text, bits }) => `${linear - HIGH} ${bits} ${text}`); // prettier-ignore
    assert.equal(lines[3], `${guest.debug.code.pc - HIGH} 64 lea rax, [rel double_fault]`);
    assert.match(lines[2]!, /64 mov rdi, -0x7fff5f80$/);
    assert.match(lines[1]!, /64 rep stosq$/);
    assert.match(lines[5]!, /64 call set_gate$/);
    const end = guest.debug.disassembler.around(-2, 0, 3).map(({ text }) => text);
    assert.deepEqual(end, ['(not mapped)', '(not mapped)', '(not mapped)']);
  });
});
