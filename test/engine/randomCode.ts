// Random programs that rewrite themselves, for comparing ways to execute them.

export interface CodeKind {
  bits: 16 | 32;
  /** What is written changes where instructions begin and end. */
  lengths: boolean;
}

/** A small generator with a fixed seed, so that a failure repeats. */
export function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SLOT = 24;

/**
 * A loop of slots of 24 bytes: arithmetic, flags, jumps, stores into operands, opcodes and padding of other slots, some right
 * behind the store, and a procedure that is generated with STOS and called. SI, DI and CX are the generator's and the loop's.
 */
export function randomCode(seed: number, { bits, lengths }: CodeKind): string {
  const random = generator(seed);
  const pick = <T>(list: readonly T[]): T => list[random(list.length)];
  const e = bits === 32 ? 'e' : '';
  const word = bits === 32 ? 'dd' : 'dw';
  const immediate = (): number => random(bits === 32 ? 2 ** 31 : 2 ** 15);
  const REGISTERS = ['ax', 'bx', 'dx', 'bp'].map((name) => e + name);
  /** ModRM of group 1 (ADD OR ADC SBB AND SUB XOR CMP) on AX, BX, DX, BP. */
  const group1 = (): number => 0xc0 + 8 * random(8) + pick([0, 2, 3, 5]);
  const slots = 10 + random(5);
  const lines = [`mov ${e}cx, 60`, 'again:'];
  const ONE = [0x90, 0x40, 0x43, 0x4a, 0xf5, 0xf9, 0x98, 0x99, 0x9f];
  for (let i = 0; i < slots; i++) {
    const register = pick(REGISTERS);
    const target = random(4) === 0 ? Math.min(i, slots - 1) : random(slots);
    const place = (offset: number): string => `[slot${target} + ${offset}]`;
    lines.push(`align ${SLOT / 3}, db 0x90`, `times (${SLOT} - ($ - $$) % ${SLOT}) % ${SLOT} nop`, `slot${i}:`);
    switch (random(10)) {
      case 0:
        lines.push(`mov byte ${place(2)}, ${random(256)}`);
        break;
      case 1:
        lines.push(`mov ${place(2)}, ${register}`);
        break;
      case 2:
        lines.push(`mov byte ${place(1)}, ${group1()}`, `rcl ${register}, 1`);
        break;
      case 3:
        lines.push(`mov byte ${place(17)}, ${pick(ONE)}`, `not ${register}`);
        break;
      case 4:
        lines.push(`mov ${place(17)}, ${pick(['al', 'bl', 'dl'])}`, `and byte ${place(17)}, 7`);
        lines.push(`or byte ${place(17)}, ${pick([0x40, 0x90])}`); // INC, or XCHG with the accumulator: may be SP
        break;
      case 5:
        lines.push(`rol ${register}, ${1 + random(bits - 1)}`, `adc ${pick(REGISTERS)}, ${register}`, 'out 0x80, al');
        break;
      case 6: // right behind itself
        lines.push(`mov byte [$ + ${bits === 32 ? 8 : 6}], ${random(256)}`, `xor al, ${random(256)}`);
        break;
      case 7:
        if (lengths)
          lines.push(`xor byte ${place(0)}, 2`); // 81 and 83: a long and a short immediate
        else lines.push(`xor byte ${place(2)}, ${random(256)}`);
        lines.push(`j${pick(['c', 'nz', 's', 'po'])} $ + 3`, `inc ${register}`);
        break;
      case 8:
        if (lengths) lines.push(`mov word ${place(18)}, ${pick([0x01b0, 0x9090, 0x03eb, 0xc001, 0x26f8])}`);
        else lines.push(`sbb ${register}, ${pick(REGISTERS)}`);
        break;
      default:
        lines.push(`db 0x81, ${group1()}`, `${word} ${immediate()}`);
    }
    if (random(3) === 0) lines.push(`db 0x81, ${group1()}`, `${word} ${immediate()}`);
  }
  lines.push(`times (${SLOT} - ($ - $$) % ${SLOT}) % ${SLOT} nop`);
  lines.push('test cl, 3', 'jnz near over', 'call generate', 'call made', 'over:');
  lines.push(`dec ${e}cx`, 'jnz near again', 'hlt');
  const steps = 5;
  lines.push('generate:', `mov ${e}di, made`, `mov ${e}si, ${steps}`, 'cld', '.one:');
  lines.push('push ax', `mov al, 0x81`, 'stosb', `mov al, bl`, 'and al, 0x3b', 'or al, 0xc0');
  lines.push(
    'and al, 0xfb',
    'stosb',
    'pop ax',
    bits === 32 ? 'stosd' : 'stosw',
    `rol ${e}bx, 3`,
    `dec ${e}si`,
    'jnz .one',
  );
  lines.push('push ax', 'mov al, 0xc3', 'stosb', 'pop ax', 'ret');
  lines.push('times 64 nop', `made: times ${steps * 8} nop`, 'ret');
  return lines.join('\n');
}
