import assert from 'node:assert/strict';
import { FlatGuest, ORIGIN } from './flatGuest';

/** So many instructions are compared at most: programs that overwrite themselves may run wild. */
const LIMIT = 1500;

/** With everything forgotten before each instruction: what a processor without any cache of decoded code does. */
function runUncached(guest: FlatGuest): string {
  for (let i = 0; i < LIMIT; i++) {
    guest.engine.flushAll();
    const why = guest.engine.run(1);
    if (why !== 'limit') return why;
  }
  return 'limit';
}

function compare(source: string, what: string): void {
  const cached = new FlatGuest(source);
  const why = cached.engine.run(LIMIT);
  const uncached = new FlatGuest(source);
  assert.equal(runUncached(uncached), why, what);
  assert.deepEqual(cached.summary(), uncached.summary(), what);
}

/** A small generator with a fixed seed, so that a failure repeats. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const REGISTERS = ['eax', 'ebx', 'edx', 'esi', 'edi', 'ebp'];

/** A loop of slots of 16 bytes: arithmetic, and stores into operands, opcodes and padding of other slots. */
function randomProgram(seed: number): string {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)];
  const slots = 12 + random(8);
  const lines = ['mov ecx, 12', 'mov eax, 1', 'again:'];
  for (let i = 0; i < slots; i++) {
    const register = pick(REGISTERS);
    const target = random(slots);
    const place = (offset: number): string => `[slot${target} + ${offset}]`;
    lines.push('align 16, db 0x90', `slot${i}:`);
    switch (random(7)) {
      case 0:
        lines.push(`mov byte ${place(2)}, ${random(256)}`); // operand of ADD r, imm32, or padding
        break;
      case 1:
        lines.push(`mov dword ${place(2)}, ${register}`);
        break;
      case 2:
        lines.push(`mov byte ${place(1)}, ${0xc0 + 8 * pick([0, 1, 4, 5, 6]) + pick([0, 2, 3, 6, 7])}`);
        break;
      case 3:
        lines.push(`mov byte ${place(12)}, ${pick([0x90, 0x40, 0x43, 0x4a, 0xf5, 0xf9])}`); // one-byte instructions
        break;
      case 4:
        lines.push(`rol ${register}, ${1 + random(31)}`, `adc ${pick(REGISTERS)}, ${register}`);
        break;
      default:
        lines.push(`db 0x81, ${0xc0 + 8 * pick([0, 1, 4, 5, 6]) + pick([0, 2, 3, 6, 7])}`, `dd ${random(2 ** 31)}`);
    }
  }
  lines.push('align 16, db 0x90', 'dec ecx', 'jnz near again', 'hlt');
  return lines.join('\n');
}

describe('self-modifying code', () => {
  it('gives what a processor without caches gives, in random programs that rewrite themselves', () => {
    for (let seed = 1; seed <= 15; seed++) compare(randomProgram(seed), `program ${seed}:\n${randomProgram(seed)}`);
  });

  it('finishes an instruction that overwrites itself as it was, and executes the new one afterwards', () => {
    compare(
      `mov ebp, 3
      again:
      mov eax, 0x90901f87 ; xchg [edi], ebx
      mov edi, self
      self: xchg [edi], eax
      nop
      nop
      dec ebp
      jnz again
      hlt`,
      'xchg',
    );
    compare('mov ecx, 40\nmov esi, source\nmov edi, here\nhere: rep movsb\nhlt\nsource: times 40 db 0x90', 'rep movsb');
  });

  it('keeps the block when an operand is rewritten in it again and again', () => {
    const guest = new FlatGuest(`
      mov ecx, 5000
      again: mov [patch + 1], ecx
      patch: mov eax, 0
      add ebx, eax
      dec ecx
      jnz again
      hlt`);
    guest.runToHalt();
    assert.equal(guest.engine.cpu.reg32(3), (5000 * 5001) / 2);
    assert.ok(guest.engine.statistics().blocksDecoded < 10, JSON.stringify(guest.engine.statistics()));
  });

  it('does not take a store right behind or before an instruction for a change of it', () => {
    const guest = new FlatGuest(`
      mov ecx, 5000
      jmp again
      before: db 0
      again: inc byte [before]
      inc byte [after]
      dec ecx
      jnz again
      hlt
      after: db 0`);
    guest.runToHalt();
    assert.ok(guest.engine.statistics().blocksDecoded < 10);
    assert.equal(guest.ram[ORIGIN + 7], 5000 & 0xff);
  });
});
