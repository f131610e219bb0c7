// Several processors: start-up, messages and locks compared with QEMU, and the scheduler's promises: the same run whatever
// the slices, and the same continuation from a snapshot.
import assert from 'node:assert/strict';
import { Machine } from '../../src/machine/machine';
import { stateHash } from '../../src/machine/stateHash';
import { assembleProgram, compareWithQemu, runOurs } from '../firmware/support/program';
import { machineOf, sample } from './guests';
import { COUNT, START } from './startProgram';

const options = { cpu: 'x86-64', processors: COUNT } as const;

/** Everybody adds to a counter with LOCK and to another under a spin lock. */
const counters = (times: number): string => `
  start
  name 'ids'
  mov si, ids
  mov cx, 8
  call dump
  mov word [go], 1
  call work
  await ready, ${COUNT}
  name 'locked'
  mov eax, [counter]
  call hex32
  call newline
  name 'guarded'
  mov eax, [guarded]
  call hex32
  call newline
  jmp finish
guarded: dd 0
ap:
  await go, 1
  call work
.rest:
  cli
  hlt
  jmp .rest
work:
  mov ecx, ${times}
.again:
  lock inc dword [counter]
  spin_lock spin
  mov eax, [guarded]
  inc eax
  mov [guarded], eax
  spin_unlock spin
  dec ecx
  jnz .again
  lock inc word [ready]
  ret
`;

/** What is left in a processor's loop of `counters`. */
function processorsCount(machine: Machine, n: number): number {
  machine.select(n);
  return Number(machine.getRegister('ecx'));
}

describe('Several processors', function () {
  this.timeout(60_000);
  const compare = (body: string, apart: Record<string, string> = {}): void =>
    compareWithQemu(START + body, 'floppy', apart, options, ['-smp', String(COUNT)]);

  it('start by INIT and start-up messages and count together', () => compare(counters(3000)));

  it('begin at the page of the message, in the state after INIT', () =>
    compare(`
  start
  await ready, 1
  name 'state'
  mov si, seen
  mov cx, 32
  call dump
  name 'bsp'
  mov ecx, 0x1b
  rdmsr
  call hex32
  call newline
  jmp finish
seen: times 32 db 0
ap:
  spin_lock spin
  cmp bp, 2
  jne .rest
  mov [seen], di
  mov [seen + 4], esi
  mov ecx, 0x1b
  rdmsr
  mov [seen + 8], eax
  mov eax, 1
  cpuid
  shr ebx, 24
  mov [seen + 12], bl
  get 0x30
  mov [seen + 16], eax
  cmp bp, bp              ; SHR left AF undefined
  pushfd
  pop dword [seen + 20]
  lock inc word [ready]
.rest:
  spin_unlock spin
  cli
  hlt
  jmp .rest
`));

  it('send interrupts to each other, by number, by logical name and to all', () =>
    compare(`
  vector 0x41, on_41_counted
  start
  mov word [go], 1
  await ready, ${COUNT - 1}
  put 0x310, 0x02000000       ; to number 2
  put 0x300, 0x4041
  await got + 4, 1
  put 0x310, 0x0a000000       ; logical names 8 and 2
  put 0x300, 0x4841
  await got + 6, 1
  await got + 2, 1
  put 0x300, 0xc4041          ; all but itself
  await got + 2, 2
  await got + 4, 2
  await got + 6, 2
  put 0x300, 0x84041          ; all
  sti
  hlt
  cli
  await got + 2, 3
  await got + 4, 3
  await got + 6, 3
  name 'got'
  mov si, got
  mov cx, 8
  call dump
  jmp finish
got: times 4 dw 0
on_41_counted:
  push eax
  push ebx
  push ebp
  get 0x20
  shr eax, 24
  movzx ebp, al
  inc word [got + ebp * 2]
  put 0xb0, 0
  pop ebp
  pop ebx
  pop eax
  iret
ap:
  await go, 1
  mov cl, byte [cs:names + bp]
  shl ecx, 24
  mov ebx, 0xfee000d0
  mov [fs:ebx], ecx
  lock inc word [ready]
.rest:
  sti
  hlt
  jmp .rest
names: db 1, 2, 4, 8
`));

  it('have page tables of their own: the same address is other code and data for each', () =>
    compare(`
  start
  mov word [go], 1
  await ready, ${COUNT - 1}
  mov bp, 1
.report:
  call print_text
  db 'page', 0
  mov ax, bp
  call hex16
  name ' runs'
  movzx ebx, bp
  shl ebx, 12
  add ebx, 0x50000
  mov eax, [fs:ebx]
  call hex32
  name ' wrong'
  mov eax, [fs:ebx + 4]
  call hex32
  call newline
  inc bp
  cmp bp, ${COUNT}
  jb .report
  jmp finish
  align 8
flat_gdt: dq 0, 0x00cf92000000ffff, 0x00cf9a000000ffff
flat_gdtr: dw 23
  dd flat_gdt
ap:
  await go, 1
  lgdt [flat_gdtr]
  mov eax, cr0
  or al, 1
  mov cr0, eax
  jmp 16:flat
bits 32
flat:
  mov ax, 8
  mov ds, ax
  mov es, ax
  mov ss, ax
  movzx esp, sp
  mov esi, ebp
  shl esi, 13
  add esi, 0x20000              ; directory, table behind it
  lea edi, [esi + 0x1000]
  lea eax, [edi + 3]
  mov [esi], eax
  mov eax, 3
  mov ecx, 1024
.map:
  mov [edi], eax
  add eax, 0x1000
  add edi, 4
  loop .map
  mov eax, ebp
  shl eax, 12
  add eax, 0x40003              ; code at 300000, data at 301000
  mov [esi + 0x1000 + 0x300 * 4], eax
  add eax, 0x10000
  mov [esi + 0x1000 + 0x301 * 4], eax
  mov cr3, esi
  mov eax, cr0
  or eax, 0x80000000
  mov cr0, eax
  jmp .paged
.paged:
  mov byte [0x300000], 0xb8     ; mov eax, number
  mov [0x300001], ebp
  mov byte [0x300005], 0xc3     ; ret
  mov dword [0x301000], 0
  mov dword [0x301004], 0
  mov ecx, 20000
  mov ebx, 0x300000
.again:
  call ebx
  cmp eax, ebp
  je .right
  inc dword [0x301004]
.right:
  inc dword [0x301000]
  test cl, 0x7f
  jnz .next
  mov cr3, esi
  invlpg [ebx]
.next:
  dec ecx
  jnz .again
  lock inc word [ready]
.end:
  cli
  hlt
  jmp .end
bits 16
`));

  it('an NMI wakes a processor with interrupts off, and INIT puts it back to waiting', () =>
    compare(`
  vector 2, on_nmi
  start
  put 0x310, 0x01000000
  put 0x300, 0x4400           ; NMI
  await nmis, 1
  put 0x310, 0x03000000
  put 0x300, 0x4500           ; INIT
  call pause_a_while
  put 0x300, 0x4609
  await arrived, ${COUNT}
  name 'nmis'
  mov ax, [nmis]
  call hex16
  call newline
  jmp finish
nmis: dw 0
on_nmi:
  lock inc word [nmis]
  iret
ap:
  cli
  hlt
  jmp ap
`));

  it('run the sample', () => {
    const machine = machineOf(sample('smp'), options);
    let output = '';
    machine.onSerial.on(({ byte }) => (output += String.fromCharCode(byte)));
    assert.equal(machine.run(50e6).kind, 'halted');
    const others = (what: string): string[] => [1, 2, 3].map((n) => `CPU ${n} ${what}`);
    assert.deepEqual(output.trim().split('\r\n'), [
      'CPU 0 starts the others',
      ...others('is up'),
      'CPU 0 counted 3 others',
      'The counter is 4000',
      ...others('got the message'),
      'CPU 0 is done',
    ]);
  });

  describe('in turns', () => {
    const image = assembleProgram(START + counters(60000));
    const create = (): Machine => new Machine({ drives: [{ image, kind: 'floppy', name: 'test.img' }], ...options });
    const TOTAL = 2_000_000; // in the midst of the counting

    const runTo = (machine: Machine, to: number, size: () => number): void => {
      while (machine.icount < to) {
        const stop = machine.run(Math.min(size(), to - machine.icount));
        assert.equal(stop.kind, 'limit');
      }
    };
    const sizes = (seed: number): (() => number) => {
      let state = seed;
      return () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return 1 + Math.floor(2 ** ((state / 2 ** 32) * 16));
      };
    };
    let expected: string;
    before(() => {
      const machine = create();
      runTo(machine, TOTAL, () => TOTAL);
      expected = stateHash(machine);
      const counts = [0, 1, 2, 3].map((n) => processorsCount(machine, n));
      assert.ok(
        counts.every((ecx) => ecx > 0 && ecx < 60000),
        `all are at work: ${counts.join()}`,
      );
    });

    for (const seed of [1, 2, 3])
      it(`the same run in slices of sizes ${seed}`, () => {
        const machine = create();
        runTo(machine, TOTAL, sizes(seed));
        assert.equal(stateHash(machine), expected);
      });

    it('looking at the others changes nothing', () => {
      const machine = create();
      runTo(machine, TOTAL, () => {
        for (let n = 0; n < COUNT; n++) machine.select(n);
        return 31_337;
      });
      assert.equal(stateHash(machine), expected);
    });

    it('a snapshot in the middle continues the same way, in the same and in another machine', () => {
      const machine = create();
      runTo(machine, 1_234_567, sizes(7));
      const snapshot = machine.snapshot();
      runTo(machine, TOTAL, sizes(8));
      assert.equal(stateHash(machine), expected);
      machine.restore(snapshot);
      runTo(machine, TOTAL, sizes(9));
      assert.equal(stateHash(machine), expected);
      const other = create();
      other.restore(snapshot);
      runTo(other, TOTAL, () => TOTAL);
      assert.equal(stateHash(other), expected);
    });

    it('a reset begins again', () => {
      const machine = create();
      runTo(machine, 777_777, () => TOTAL);
      machine.reset();
      runTo(machine, TOTAL, sizes(4));
      assert.equal(stateHash(machine), expected);
    });

    it('transitions carry the number of their processor', () => {
      const { machine } = runOurs(image, 'floppy', options);
      const seen = new Set<number>();
      for (let i = 0; i < machine.transitions.count; i++) {
        const entry = machine.transitions.get(i);
        if (entry?.kind === 'mode-change') seen.add(entry.processor!);
      }
      assert.deepEqual([...seen].sort(), [0, 1, 2, 3]);
    });

    it('a step is the selected one’s', () => {
      const machine = create();
      runTo(machine, 1_500_000, () => TOTAL);
      for (const n of [2, 0, 3, 1]) {
        machine.select(n);
        let stop = machine.step();
        while (stop.kind === 'others') stop = machine.step();
        assert.equal(stop.kind, 'limit');
        assert.equal(machine.processor, n);
      }
    });
  });

  it('are refused without local APICs and beyond eight', () => {
    assert.throws(() => new Machine({ processors: 2, cpu: 'pentium' }), /x86-64/);
    assert.throws(() => new Machine({ processors: 9, cpu: 'x86-64' }), /between 1 and 8/);
  });
});
