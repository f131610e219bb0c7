// Instructions that are rewritten again and again, which are compared with their bytes at every execution: they must do exactly
// what a processor without any cache of decoded code does, however the run is cut up.
import assert from 'node:assert/strict';
import { FlatGuest, ORIGIN } from './flatGuest';
import { generator, randomCode, type CodeKind } from './randomCode';

const LIMIT = 2500;

/** What may be done between two pieces of a run, as often as one likes. */
type Disturbance = (guest: FlatGuest, executed: number) => void;

/** In pieces of the given sizes. */
function run(source: string, kind: CodeKind, pieces: readonly number[], disturb?: Disturbance): FlatGuest {
  const guest = new FlatGuest(source, kind.bits);
  guest.engine.setModel('x86-64');
  for (let i = 0, executed = 0; executed < LIMIT; i++) {
    const piece = Math.min(pieces[i % pieces.length], LIMIT - executed);
    const why = guest.engine.run(piece);
    executed = guest.engine.icount;
    disturb?.(guest, executed);
    if (why !== 'limit' && why !== 'breakpoint') break;
  }
  return guest;
}
/** With everything forgotten before each instruction. */
const forgetful = (source: string, kind: CodeKind): FlatGuest =>
  run(source, kind, [1], (guest) => guest.engine.flushAll());

const facts = (guest: FlatGuest): unknown => ({ ...guest.summary(), ports: guest.ports });

describe('volatile code', function () {
  const KINDS: readonly CodeKind[] = [
    { bits: 32, lengths: false },
    { bits: 32, lengths: true },
    { bits: 16, lengths: false },
    { bits: 16, lengths: true },
  ];

  for (const kind of KINDS) {
    const name = `${kind.bits}-bit code${kind.lengths ? ' whose instructions change their length' : ''}`;
    it(`does in ${name} what a processor without caches does`, () => {
      for (let seed = 1; seed <= 3; seed++) {
        const source = randomCode(seed, kind);
        const expected = facts(forgetful(source, kind));
        const random = generator(seed + 77);
        const placed = new Set<number>();
        const ways: Record<string, FlatGuest> = {
          'in one piece': run(source, kind, [LIMIT]),
          'one by one': run(source, kind, [1]),
          'in small pieces': run(
            source,
            kind,
            Array.from({ length: 97 }, () => 1 + random(20)),
          ),
          'breakpoints come and go': run(source, kind, [25, 8, 1, 60], (guest, executed) => {
            const place = ORIGIN + 8 + random(320);
            if (executed % 3 === 0) placed.add(place);
            else placed.delete(place);
            guest.engine.setBreakpoints(new Set(placed), new Set());
          }),
          'forgets everything now and then': run(source, kind, [500, 3, 250], (guest) => guest.engine.flushAll()),
        };
        for (const [way, guest] of Object.entries(ways)) {
          assert.deepEqual(facts(guest), expected, `program ${seed}, ${way}:\n${source}`);
        }
      }
    });
  }

  it('decodes an instruction with changing operands and opcodes a few times only', () => {
    const guest = new FlatGuest(`
      mov ecx, 5000
      again:
      mov [operand + 2], ecx
      mov [place + 2], ecx
      and dword [place + 2], 0xff
      add dword [place + 2], table
      mov edx, ecx
      and edx, 3
      mov dl, [opcodes + edx]
      mov [opcode], dl
      operand: add ebx, 0x11111111
      place: mov esi, [0x11111111]
      opcode: add ebx, esi
      dec ecx
      jnz near again
      hlt
      opcodes: db 1, 0x31, 0x29, 9
      table: times 300 dd 0x12345678`);
    guest.runToHalt();
    assert.ok(guest.engine.statistics().blocksDecoded < 60, JSON.stringify(guest.engine.statistics()));
  });

  it('comes back to whole blocks when the code has been quiet for long', () => {
    const guest = new FlatGuest(`
      mov edi, 20
      fill:
      mov [one + 2], edi
      mov [two + 2], edi
      mov [three + 2], edi
      mov ecx, 20
      cmp edi, 2
      ja loops
      mov ecx, 20000
      loops:
      one: add ebx, 0x11111111
      two: xor ebx, 0x11111111
      three: sub ebx, 0x11111111
      dec ecx
      jnz loops
      dec edi
      jnz fill
      hlt`);
    const decoded = (): number => guest.engine.statistics().blocksDecoded;
    guest.engine.run(6000); // the first long loop has begun
    const before = decoded();
    guest.engine.run(10_000);
    assert.equal(decoded(), before, 'executed as sites');
    guest.engine.run(30_000);
    const after = decoded();
    assert.ok(after > before && after <= before + 4, 'the three became a part of a block');
    guest.runToHalt();
    assert.ok(decoded() < after + 20);
    let ebx = 0;
    for (let edi = 20; edi > 0; edi--) {
      for (let i = edi > 2 ? 20 : 20000; i > 0; i--) ebx = (((ebx + edi) ^ edi) - edi) | 0;
    }
    assert.equal(guest.engine.cpu.reg32(3) | 0, ebx);
  });

  /** A loop that changes the operand of an instruction at `patched`, 200 times. */
  const COUNTED = `
    mov ecx, 200
    again: mov [patched + 2], ecx
    patched: add ebx, 0x11111111
    loop again
    hlt`;
  const PATCHED = ORIGIN + 11;

  it('stops at a breakpoint on such an instruction each time, and reports the count', () => {
    const guest = new FlatGuest(COUNTED);
    guest.engine.run(100); // it is volatile by now
    guest.engine.setBreakpoints(new Set([PATCHED]), new Set());
    let hits = 0;
    while (guest.engine.run(10_000) === 'breakpoint') {
      assert.equal(guest.engine.cpu.eip, PATCHED);
      assert.equal((guest.engine.icount - 2) % 3, 0);
      if (++hits === 100) guest.engine.setBreakpoints(new Set(), new Set());
    }
    assert.equal(hits, 100);
    assert.equal(guest.engine.cpu.reg32(3), (200 * 201) / 2);
  });

  it('sees bytes that change from outside', () => {
    const guest = new FlatGuest(COUNTED);
    guest.engine.run(100);
    // SUB instead of ADD, as a debugger, a device or another processor would write it
    guest.ram[PATCHED + 1] = 0xeb;
    guest.engine.dropCode(PATCHED + 1, 1);
    const before = guest.engine.cpu.reg32(3);
    const left = guest.engine.cpu.reg32(1);
    guest.runToHalt();
    assert.equal(guest.engine.cpu.reg32(3) | 0, before - (left * (left + 1)) / 2);
  });

  it('raises faults with nothing done, and with the count exact', () => {
    const source = `
      mov ecx, 100
      mov esi, 7
      again:
      mov byte [patched + 1], 0xf6          ; DIV ESI
      mov edx, 0
      mov eax, ecx
      cmp ecx, 40
      jne go
      mov byte [patched + 1], 0xf3          ; DIV EBX, which is 0
      go:
      patched: div esi
      add edi, eax
      loop again
      hlt`;
    const faults = (guest: FlatGuest): unknown[] => {
      guest.engine.faultFilter = () => true;
      assert.equal(guest.engine.run(2000), 'exception');
      return [guest.engine.cpu.fault?.vector, guest.engine.icount, guest.engine.cpu.eip, guest.summary()];
    };
    const stepped = new FlatGuest(source);
    stepped.engine.faultFilter = () => true;
    let why = 'limit';
    while (why === 'limit') {
      stepped.engine.flushAll();
      why = stepped.engine.run(1);
    }
    assert.deepEqual(faults(new FlatGuest(source)), [
      stepped.engine.cpu.fault?.vector,
      stepped.engine.icount,
      stepped.engine.cpu.eip,
      stepped.summary(),
    ]);
  });

  it('follows an instruction across the end of a page, and one whose second half only is rewritten', () => {
    const source = `
      mov ecx, 300
      jmp again
      times 0x8000 - ${ORIGIN} - 20 - ($ - $$) nop
      again:
      mov [0x7fff], ecx
      jmp target
      times 0x7ffd - ${ORIGIN} - ($ - $$) nop
      target: add ebx, 0x11111111
      dec ecx
      jnz again
      hlt`;
    const kind: CodeKind = { bits: 32, lengths: false };
    assert.deepEqual(facts(run(source, kind, [LIMIT])), facts(forgetful(source, kind)));
  });

  it('is not confused by the same bytes in 16 and in 32-bit code', () => {
    // B8 imm with the operand size of the code segment: 3 bytes and CALL 0xABCD..., or 5 bytes
    const source = `
      lgdt [gdtr]
      mov ecx, 50
      again:
      mov [shared + 1], ecx
      mov word [shared + 1], 0x4243 ; as 16-bit code: INC BX, INC DX follow when the immediate is 2 bytes
      mov [shared + 1], cl
      call shared
      add ebx, eax
      call 24:far16
      add ebx, eax
      dec ecx
      jnz again
      hlt
      shared:
      mov eax, 0x11114342
      inc esi
      ret
      bits 16
      far16:
      call shared
      db 0x66
      retf
      bits 32
      align 8
      gdt: dq 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x008f9a000000ffff
      gdtr: dw $ - gdt - 1
      dd gdt`;
    const kind: CodeKind = { bits: 32, lengths: false };
    const guest = run(source, kind, [LIMIT]);
    assert.deepEqual(facts(guest), facts(forgetful(source, kind)));
    assert.ok(guest.engine.cpu.halted, 'the guest ran to its end');
  });

  it('follows 64-bit code that is rewritten through another mapping of its page, in more ways than it keeps', () => {
    const source = `
      ALIAS equ 0x200000
      mov dword [0x80000], 0x81003
      mov dword [0x81000], 0x82003
      mov dword [0x82000], 0x83         ; 2 MB pages: both are the first one
      mov dword [0x82008], 0x83
      mov eax, cr4
      or eax, 0x20
      mov cr4, eax
      mov eax, 0x80000
      mov cr3, eax
      mov ecx, 0xc0000080
      mov eax, 0x100
      xor edx, edx
      wrmsr
      mov eax, cr0
      or eax, 0x80000000
      mov cr0, eax
      lgdt [gdtr]
      jmp 8:code64
      bits 64
      code64:
      mov ecx, 50
      xor ebx, ebx
      again:
      mov [abs ALIAS + operand + 2], ecx
      xor byte [abs ALIAS + operand + 1], 0x28 ; ADD, SUB
      mov [abs wide + 2], rbx
      xor byte [abs ALIAS + relative + 3], 8
      mov [abs ALIAS + based + 3], ecx
      mov [abs ALIAS + placed + 3], ecx  ; the same form and length, but RIP counts
      operand: add ebx, 0x11111111
      wide: mov rax, 0x1111111111111111
      add rbx, rax
      relative: add rbx, [rel data]
      based: lea rdx, [rdi + 0x11111111]
      add rbx, rdx
      placed: lea rdx, [rel $ + 0x11111111]
      add rbx, rdx
      mov [abs ALIAS + branch + 1], cl
      and byte [abs ALIAS + branch + 1], 3
      branch: jmp short $ + 2
      stc                                ; one to four of them
      cmc
      cmc
      clc
      adc ebx, ebp
      rcl rbx, 7
      dec ecx
      jnz again
      hlt
      align 16
      data: dq 0x123456789abcdef, 0xfedcba987654321
      gdt: dq 0, 0x00af9a000000ffff
      gdtr: dw $ - gdt - 1
      dd gdt`;
    const kind: CodeKind = { bits: 32, lengths: false };
    const expected = forgetful(source, kind);
    assert.ok(expected.engine.cpu.halted, 'the guest ran to its end');
    for (const pieces of [[LIMIT], [1], [7, 90, 3]]) {
      assert.deepEqual(facts(run(source, kind, pieces)), facts(expected), pieces.join());
    }
  });
});
