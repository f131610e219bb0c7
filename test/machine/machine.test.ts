// The machine as the debugger uses it: running, stopping, stepping, looking inside, changing things.
import assert from 'node:assert/strict';
import { Machine } from '../../src/machine/machine';
import type { StopReason } from '../../src/machine/types';
import { bootSector, machineOf, sample } from './guests';

const spin = bootSector('  mov ax, 1\n  inc ax\n  jmp $-1'); // 7C00 mov, 7C03 inc, 7C04 jmp

describe('Machine: running', () => {
  it('executes exactly as many instructions as asked', () => {
    const machine = machineOf(spin);
    assert.deepEqual(machine.run(1001), { kind: 'limit' });
    assert.equal(machine.icount, 1001);
    assert.equal(machine.timeNs, 10010);
    assert.equal(machine.getRegister('ax'), 501n);
    assert.deepEqual(machine.run(0), { kind: 'limit' });
    assert.equal(machine.icount, 1001);
  });

  it('does not go past a virtual time', () => {
    const machine = machineOf(spin, { instructionsPerSecond: 1e6 });
    assert.deepEqual(machine.run(1e9, 2.5e6), { kind: 'limit' });
    assert.equal(machine.icount, 2500);
    const halting = machineOf(bootSector('  sti\n  hlt\n  jmp $-1'));
    halting.run(1e9, 20e6);
    assert.equal(halting.timeNs, 20e6, 'time goes on in HLT');
    assert.ok(halting.halted);
    assert.ok(halting.icount < 100);
  });

  it('tells apart the ways to end', () => {
    const ways: [string, StopReason][] = [
      ['cli\n  hlt', { kind: 'halted' }],
      ['mov dx, 0xf4\n  mov al, 0x31\n  out dx, al\n  jmp $', { kind: 'debug-exit', code: 0x31 }],
      ['mov dx, 0x604\n  mov ax, 0x2000\n  out dx, ax\n  jmp $', { kind: 'shutdown', cause: 'port' }],
      ['lidt [empty]\n  int3\nempty: dw 0\n  dd 0', { kind: 'shutdown', cause: 'triple-fault' }],
    ];
    for (const [code, stop] of ways) assert.deepEqual(machineOf(bootSector(`  ${code}`)).run(1e5), stop, code);
  });

  it('stays in shutdown until it is reset', () => {
    const machine = machineOf(sample('triple'));
    const stop = machine.run(1e6);
    assert.deepEqual(stop, { kind: 'shutdown', cause: 'triple-fault' });
    const { icount } = machine;
    assert.deepEqual(machine.run(1e6), stop);
    assert.equal(machine.icount, icount);
    machine.reset();
    assert.deepEqual(machine.run(10), { kind: 'limit' });
  });

  it('resets the guest after a triple fault when told to', () => {
    const machine = machineOf(bootSector('  inc byte [0x500]\n  lidt [0x7e00]\n  int3'));
    machine.setStopFilters({ tripleFault: false });
    machine.run(40);
    assert.ok(machine.guestMemory.readLinear(0x500, 1)[0] > 2);
  });

  it('ends a run in which no handler ever gets to execute', () => {
    const machine = machineOf(bootSector('  xor ax, ax\n  mov ds, ax\n  mov dword [0x18], 0xd0001000\n  ud2'));
    const reason = machine.run(1e9);
    assert.equal(reason.kind, 'limit');
    assert.equal(machine.stops.lastFault?.fault.vector, 6);
  });

  it('stops on request from a callback, right after the instruction', () => {
    const machine = machineOf(bootSector("  mov al, 'x'\n  out 0xe9, al\n  inc ax\n  jmp $-1"));
    machine.onDebugByte.on(() => machine.requestStop());
    assert.deepEqual(machine.run(1e6), { kind: 'paused' });
    assert.equal(machine.icount, 2);
    assert.deepEqual(machine.run(1), { kind: 'limit' });
  });

  it('tells of resets, performs them, and stops for them when asked', () => {
    const machine = machineOf(bootSector('  mov al, 0xfe\n  out 0x64, al\n  jmp $'));
    const resets: string[] = [];
    machine.onGuestReset.on((kind) => resets.push(kind));
    machine.setStopFilters({ reset: true });
    assert.deepEqual(machine.run(1e5), { kind: 'reset' });
    assert.equal(machine.pc, 0xfffffff0);
    assert.deepEqual(resets, ['cpu']);
    machine.setStopFilters({});
    machine.run(20);
    assert.ok(resets.length > 1, 'and it goes on through the firmware');
  });
});

describe('Machine: breakpoints and steps', () => {
  it('stops before the instruction, at entry too, and goes on past it', () => {
    const machine = machineOf(spin);
    machine.setBreakpoints(new Set([0x7c00, 0x7c03]));
    assert.deepEqual(machine.run(1e6), { kind: 'breakpoint', linear: 0x7c00 });
    assert.equal(machine.icount, 0);
    for (const icount of [1, 3, 5]) {
      assert.deepEqual(machine.run(1e6), { kind: 'breakpoint', linear: 0x7c03 });
      assert.equal(machine.icount, icount);
    }
    machine.setBreakpoints(new Set());
    assert.deepEqual(machine.run(100), { kind: 'limit' });
  });

  it('counts a breakpoint at which a slice happened to end', () => {
    const machine = machineOf(spin);
    machine.setBreakpoints(new Set([0x7c03]));
    assert.deepEqual(machine.run(1), { kind: 'limit' });
    assert.deepEqual(machine.run(1e6), { kind: 'breakpoint', linear: 0x7c03 });
    assert.equal(machine.icount, 1);
  });

  it('survives the code being overwritten, and stops in new code', () => {
    const machine = machineOf(
      bootSector(
        '  xor ax, ax\n  mov ds, ax\n  mov word [0x8000], 0x9090\n  mov word [0x8002], 0xfeeb\n  jmp 0:0x8000',
      ),
    );
    machine.setBreakpoints(new Set([0x8001]));
    assert.deepEqual(machine.run(1e6), { kind: 'breakpoint', linear: 0x8001 });
    assert.equal(machine.icount, 6);
  });

  it('stops at the first instruction of an interrupt handler', () => {
    const machine = machineOf(
      bootSector(
        '  xor ax, ax\n  mov ds, ax\n  mov word [0x20], handler\n  mov [0x22], ax\n  sti\n  jmp $\nhandler:\n  iret',
      ),
    );
    const handler = machine.guestMemory.readLinear(0x7c00, 32).lastIndexOf(0xcf) + 0x7c00;
    machine.setBreakpoints(new Set([handler]));
    assert.deepEqual(machine.run(1e9), { kind: 'breakpoint', linear: handler });
    assert.equal(machine.transitions.count, 1);
  });

  it('steps one instruction, past a breakpoint under it', () => {
    const machine = machineOf(spin);
    machine.setBreakpoints(new Set([0x7c03]));
    assert.deepEqual(machine.step(), { kind: 'limit' });
    assert.equal(machine.pc, 0x7c03);
    assert.deepEqual(machine.step(), { kind: 'limit' });
    assert.equal(machine.pc, 0x7c04);
    machine.step();
    assert.equal(machine.pc, 0x7c03);
    assert.deepEqual(machine.run(2), { kind: 'limit' }, 'a step that ended on it has been seen');
  });

  it('ends a step over a faulting instruction at its handler', () => {
    const machine = machineOf(
      bootSector('  xor ax, ax\n  mov ds, ax\n  mov word [0], handler\n  mov [2], ax\n  div al\nhandler:\n  jmp $'),
    );
    machine.run(4);
    const before = machine.icount;
    assert.deepEqual(machine.step(), { kind: 'limit' });
    assert.equal(machine.icount, before, 'nothing retired');
    assert.equal(machine.pc, 0x7c00 + machine.guestMemory.readLinear(0x7c00, 64).lastIndexOf(0xeb));
    assert.equal(machine.stops.lastFault?.fault.vector, 0);
  });

  it('steps over HLT to the handler of the interrupt that ends it', () => {
    const machine = machineOf(bootSector('  sti\n  hlt\n  jmp $-1'));
    machine.run(1);
    machine.step();
    assert.ok(machine.halted);
    machine.step();
    assert.equal(machine.pc >>> 16, 0xf, 'in the timer stub of the ROM');
  });
});

describe('Machine: watchpoints and filters', () => {
  const writer = bootSector(
    '  xor ax, ax\n  mov ds, ax\n  mov word [0x5000], 1\n  mov bx, [0x5001]\n  mov [0x4fff], ax\n  jmp $',
  );

  it('stops after the access, with what it was', () => {
    const machine = machineOf(writer);
    machine.setWatchpoints([{ linear: 0x5000, length: 2, access: 'readWrite' }]);
    const access = (): string => {
      const stop = machine.run(1e6);
      assert.ok(stop.kind === 'watchpoint');
      const { linear, size, access, pc, before, value } = stop;
      return `${access} ${size} at ${linear.toString(16)} by ${pc.toString(16)}: ${before?.join() ?? ''} ${value.join()}`;
    };
    assert.equal(access(), 'write 2 at 5000 by 7c04: 0,0 1,0');
    assert.equal(machine.icount, 3);
    assert.equal(access(), 'read 2 at 5001 by 7c0a:  0,0');
    assert.equal(access(), 'write 2 at 4fff by 7c0e: 0,1 0,0');
    machine.setWatchpoints([]);
    assert.deepEqual(machine.run(10), { kind: 'limit' });
  });

  it('tells reads from writes', () => {
    const machine = machineOf(writer);
    machine.setWatchpoints([{ linear: 0x5001, length: 1, access: 'read' }]);
    const stop = machine.run(1e6);
    assert.ok(stop.kind === 'watchpoint' && stop.access === 'read');
  });

  it('sees what the firmware writes for the guest', () => {
    const machine = machineOf(bootSector('  mov ax, 0x0201\n  mov cx, 1\n  mov bx, 0x6000\n  int 0x13\n  jmp $'));
    machine.setWatchpoints([{ linear: 0x61fe, length: 2, access: 'write' }]);
    const stop = machine.run(1e6);
    assert.ok(stop.kind === 'watchpoint' && stop.pc >= 0xf0000);
  });

  it('stops before an exception is delivered, then delivers it', () => {
    const machine = machineOf(
      bootSector('  xor ax, ax\n  mov ds, ax\n  mov word [0], handler\n  mov [2], ax\n  div al\nhandler:\n  jmp $'),
    );
    machine.setStopFilters({ exceptions: new Set([0]) });
    assert.deepEqual(machine.run(1e6), { kind: 'exception', vector: 0 });
    assert.equal(machine.icount, 4);
    assert.deepEqual(machine.run(10), { kind: 'limit' });
    assert.equal(machine.guestMemory.readLinear(machine.pc, 1)[0], 0xeb);
  });

  it('can be reset while it holds an exception back', () => {
    const machine = machineOf(bootSector('  xor ax, ax\n  div al'));
    machine.setStopFilters({ exceptions: new Set([0]) });
    assert.deepEqual(machine.run(1e6), { kind: 'exception', vector: 0 });
    machine.reset();
    assert.deepEqual(machine.run(1e6), { kind: 'exception', vector: 0 });
    assert.equal(machine.icount, 1);
  });

  it('stops for INT3 as the breakpoint exception', () => {
    const machine = machineOf(bootSector('  nop\n  int3\n  jmp $'));
    machine.setStopFilters({ exceptions: new Set([3]) });
    assert.deepEqual(machine.run(1e6), { kind: 'exception', vector: 3 });
    assert.deepEqual(machine.run(10), { kind: 'limit' });
  });

  it('stops after changes of ring and of mode', () => {
    const stops = (filters: object): string[] => {
      const machine = machineOf(sample('rings'));
      machine.setStopFilters(filters);
      const edges: string[] = [];
      for (let stop = machine.run(1e6); stop.kind === 'transition'; stop = machine.run(1e6)) {
        const { from, to, icount } = machine.transitions.get(stop.index)!;
        edges.push(`${from.mode} ${from.cpl} ${to.mode} ${to.cpl}`);
        assert.ok(machine.icount - icount <= 1, 'right after it');
      }
      return edges;
    };
    const rings = stops({ ringChange: true });
    assert.ok(rings.length >= 8, `${rings.length} ring changes`);
    assert.ok(rings.every((edge) => edge.split(' ')[1] !== edge.split(' ')[3]));
    const modes = stops({ modeChange: true });
    assert.deepEqual(modes[0], 'real 0 protected16 0');
    assert.ok(modes.every((edge) => edge.split(' ')[0] !== edge.split(' ')[2]));
  });
});

describe('Machine: registers and memory', () => {
  const machine = machineOf(sample('rings'));
  machine.setBreakpoints(new Set());
  machine.run(1e6);

  it('gives every width of a register', () => {
    machine.setRegister('rax', 0x1122334455667788n);
    assert.deepEqual(
      ['rax', 'eax', 'ax', 'al', 'ah'].map((name) => machine.getRegister(name)),
      [0x1122334455667788n, 0x55667788n, 0x7788n, 0x88n, 0x77n],
    );
    machine.setRegister('ah', 0xaan);
    assert.equal(machine.getRegister('eax'), 0x5566aa88n);
    assert.equal(machine.getRegister('xyz'), undefined);
    assert.match(machine.setRegister('xyz', 0n)!, /no register 'xyz'/);
  });

  it('gives and sets the flags', () => {
    machine.setRegister('eflags', 0x246n);
    assert.equal(machine.getRegister('eflags'), 0x246n);
    machine.setRegister('flags', 0x8d7n);
    assert.equal(machine.getRegister('flags'), 0x8d7n);
  });

  it('gives segment caches, and loads segments as the processor would', () => {
    assert.equal(machine.mode, 'protected32');
    const ds = machine.getRegister('ds')!;
    assert.equal(machine.getRegister('ds.limit'), 0xffffffffn);
    assert.match(machine.setRegister('ds', 0xfff8n)!, /no descriptor/);
    assert.match(machine.setRegister('cs', ds)!, /code segment/);
    assert.match(machine.setRegister('ss', 0n)!, /null selector/);
    assert.equal(machine.setRegister('ds', ds), undefined);
    assert.match(machine.setRegister('cpl', 3n)!, /load CS/);
    machine.setRegister('fs.base', 0x1234n);
    assert.equal(machine.getRegister('fs.base'), 0x1234n);
  });

  it('loads paragraphs in real mode', () => {
    const real = machineOf(spin);
    real.setRegister('es', 0xb800n);
    assert.equal(real.getRegister('es.base'), 0xb8000n);
    assert.match(real.setRegister('ldtr', 8n)!, /protected mode/);
  });

  it('goes on at an address that was set, with breakpoints there', () => {
    const real = machineOf(bootSector('  jmp $\n  mov ax, 0x77\n  jmp $'));
    real.run(5);
    real.setRegister('eip', 0x7c02n);
    real.setBreakpoints(new Set([0x7c02]));
    assert.equal(real.run(5).kind, 'breakpoint');
    real.run(3);
    assert.equal(real.getRegister('ax'), 0x77n);
  });

  it('translates as the page tables say', () => {
    assert.equal(machine.guestMemory.translate(0x7c00), 0x7c00);
    assert.equal(machine.guestMemory.translate(0xc0000000), undefined);
    assert.equal(machine.guestMemory.readLinear(0xc0000000, 4).length, 0);
  });

  it('writes code that then runs, and refuses ROM', () => {
    const real = machineOf(spin);
    real.run(50);
    assert.equal(real.writeLinear(0x7c03, Uint8Array.of(0x48)), 1); // dec ax
    const before = real.getRegister('ax')!;
    real.run(20);
    assert.equal(real.getRegister('ax'), before - 10n);
    assert.equal(real.writeLinear(0xfffff, Uint8Array.of(0)), 0);
    assert.equal(real.writePhysical(0x5000, Uint8Array.of(1, 2)), 2);
    assert.deepEqual([...real.guestMemory.readPhysical(0x5000, 2)], [1, 2]);
    assert.deepEqual(real.inputs.map(({ event }) => event.kind), ['linear', 'physical']); // prettier-ignore
  });

  it('reads memory without side effects and stops where there is none', () => {
    const real = machineOf(spin);
    assert.equal(real.guestMemory.readPhysical(0x3ffffe, 8).length, 2, 'the end of 4 MB');
    assert.equal(real.guestMemory.readLinear(0xf0000 - 2, 4).length, 0, 'the hole before the ROM');
    assert.equal(real.guestMemory.readLinear(0xfffffff0, 1)[0], 0xea, 'the ROM at the end of 4 GB');
  });
});

describe('Machine: options', () => {
  it('refuses memory sizes that cannot be had, in words', () => {
    for (const memory of [0, 0x80000, 0x100001, 0x80000000]) {
      assert.throws(() => new Machine({ memory }), /choose between 1M and 1024M/);
    }
  });

  it('refuses a speed that makes no sense', () => {
    for (const instructionsPerSecond of [0, -1, NaN, Infinity]) {
      assert.throws(() => new Machine({ memory: 0x400000, instructionsPerSecond }), /choose between 1 and/);
    }
  });

  it('has memory as large as asked', () => {
    const machine = machineOf(spin, { memory: 0x200000 });
    assert.equal(machine.guestMemory.readPhysical(0x1fffff, 2).length, 1);
  });

  it('starts a firmware image of the user at the reset vector', () => {
    const bios = new Uint8Array(0x20000).fill(0x90);
    bios.set([0xea, 0x00, 0x00, 0x00, 0xe0], 0x1fff0); // jmp E000:0000
    const machine = new Machine({ bios, memory: 0x400000 });
    assert.equal(machine.pc, 0xfffffff0);
    machine.run(3);
    assert.equal(machine.pc, 0xe0002);
  });

  it('takes its clock from the start time', () => {
    const machine = machineOf(bootSector('  mov ah, 4\n  int 0x1a\n  jmp $'), { startTime: 951782400 });
    machine.run(20);
    assert.deepEqual([machine.getRegister('cx'), machine.getRegister('dx')], [0x2000n, 0x0229n]);
  });
});
