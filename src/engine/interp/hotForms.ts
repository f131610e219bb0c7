// The forms that get a case of their own in the interpreter's main loop: what compilers and people write most, in flat 32-bit
// and in 16-bit code. All other forms run as functions called through a table, at a third of the speed. Measured with about
// 700 cases: the loop keeps nine tenths of the speed it has with forty. Written as products because a list would hide the rule.
import type { Addressing } from '../form';

const keys = new Set<string>();

interface Parts {
  memory?: Addressing;
  stack?: 'F' | 'S';
  address?: number;
  cc?: number;
  marks?: string;
}
function hot(sem: string, size: number, shapes: string, parts: Parts = {}): void {
  const { memory = '', stack = '', address = 0, cc = -1, marks = '' } = parts;
  keys.add([sem, size, shapes, memory, stack, address, cc, 0, marks].join(','));
}
/** The form with its flags kept, and with its flags unused. */
function both(sem: string, size: number, shapes: string, parts: Parts = {}): void {
  hot(sem, size, shapes, parts);
  hot(sem, size, shapes, { ...parts, marks: 'nf' });
}

const MEMORY: readonly Addressing[] = ['F', 'FX', 'S', 'SX'];

function moves(size: number): void {
  const r = `r${size}`;
  const m = `m${size}`;
  hot('mov', size, `${r}.${r}`);
  hot('mov', size, `${r}.i`);
  for (const memory of MEMORY) {
    hot('mov', size, `${r}.${m}`, { memory });
    hot('mov', size, `${m}.${r}`, { memory });
    hot('mov', size, `${m}.i`, { memory });
  }
}

function arithmetic(size: number): void {
  const r = `r${size}`;
  const m = `m${size}`;
  for (const sem of ['add', 'sub', 'cmp', 'and', 'or', 'xor', 'test']) {
    both(sem, size, `${r}.${r}`);
    both(sem, size, `${r}.i`);
    for (const memory of MEMORY) {
      if (sem !== 'test') both(sem, size, `${r}.${m}`, { memory });
      both(sem, size, `${m}.${r}`, { memory });
      hot(sem, size, `${m}.i`, { memory });
    }
  }
  for (const sem of ['adc', 'sbb']) {
    hot(sem, size, `${r}.${r}`);
    hot(sem, size, `${r}.i`);
    for (const memory of ['F', 'S'] as const)
      for (const source of [r, 'i']) hot(sem, size, `${m}.${source}`, { memory });
  }
  for (const sem of ['inc', 'dec']) {
    both(sem, size, r);
    for (const memory of ['F', 'S'] as const) hot(sem, size, m, { memory });
  }
  both('neg', size, r);
  hot('not', size, r);
}

/** Word and doubleword instructions: 16-bit code with 16-bit stack and addresses, or flat 32-bit code. */
function general(size: 2 | 4): void {
  const r = `r${size}`;
  const m = `m${size}`;
  const stack = size === 4 ? 'F' : 'S';
  const memory = stack;
  const checked = size === 4 ? 'fc' : '';
  for (const sem of ['shl', 'shr', 'sar', 'rol', 'ror']) {
    both(sem, size, `${r}.i`);
    hot(sem, size, `${r}.r1`);
  }
  for (let cc = 2; cc < 16; cc++) if (cc !== 10 && cc !== 11) hot('jcc', size, 'j', { cc });
  hot('jmp', size, 'j');
  hot('loop', size, 'j', { address: size });
  for (const shape of [r, 'i']) hot('push', size, shape, { stack });
  hot('push', size, m, { stack, memory });
  hot('pop', size, r, { stack });
  hot('call', size, 'j', { stack });
  hot('ret', size, '', { stack, marks: checked });
  hot('call_ind', size, r, { stack, marks: checked });
  hot('jmp_ind', size, r, { marks: checked });
  for (const pointer of size === 4 ? (['F', 'FX'] as const) : (['S', 'SX'] as const)) {
    hot('call_ind', size, m, { memory: pointer, stack, marks: checked });
    hot('jmp_ind', size, m, { memory: pointer, marks: checked });
  }
  hot('leave', size, '', { stack });
  for (const sem of ['cwd', 'cbw', 'nop', 'clc', 'stc', 'cld']) hot(sem, size, '');
  for (const sem of ['div', 'idiv']) hot(sem, size, r);
  for (const sem of ['mul', 'imul']) both(sem, size, r);
  both('imul2', size, `${r}.${r}`);
  both('imul2', size, `${r}.${m}`, { memory });
  both('imul3', size, `${r}.${r}.i`);
  hot('xchg', size, `${r}.${r}`);
  hot('xchg', size, `${r}.${m}`, { memory });
  for (const sem of ['movs', 'stos', 'lods'])
    for (const each of [1, size]) hot(sem, each, '', { memory, address: size });
  for (const lea of size === 4 ? (['F', 'FX'] as const) : (['S', 'SX'] as const)) {
    hot('lea', size, `${r}.m0`, { memory: lea, address: size });
  }
}

/** What kernels and drivers do besides. */
function system(size: 2 | 4): void {
  const stack = size === 4 ? 'F' : 'S';
  for (const sem of ['push_sreg', 'pop_sreg']) hot(sem, size, 'x', { stack });
  for (const sem of ['pushf', 'popf']) hot(sem, size, '', { stack });
  for (const sem of ['cli', 'sti', 'iret']) hot(sem, size, '');
  hot('int', size, 'i');
  hot('mov_to_sreg', 2, `x.r${size}`);
  hot('mov_to_sreg', 2, 'x.m2', { memory: stack });
  hot('out', size, 'i.r1');
}

for (const size of [4, 1, 2]) {
  moves(size);
  arithmetic(size);
}
general(4);
general(2);
system(4);
system(2);
/** What compilers wrote for the x87: numbers in memory and in the register stack; a quarter faster than as functions. */
function floatingPoint(): void {
  const size = 10;
  for (const memory of ['F', 'FX'] as const)
    for (const sem of ['fld', 'fstp', 'fadd', 'fmul']) hot(sem, 8, 'm8', { memory });
  for (const sem of ['fld', 'fstp', 'fxch']) hot(sem, size, 'x');
  for (const sem of ['fadd', 'fmul', 'faddp', 'fmulp', 'fsubp']) hot(sem, size, 'x.x');
}
floatingPoint();
hot('in', 1, 'r1.i');
hot('in', 1, 'r1.r2');
hot('out', 2, 'r2.r1');
for (const sem of ['call_far', 'jmp_far']) hot(sem, 2, 'x');
hot('retf', 2, '');
for (const memory of ['F', 'FX'] as const) hot('invlpg', 4, 'm0', { memory });
both('mov_from_cr', 4, 'r4.x');
hot('mov_from_sreg', 2, 'r2.x');
hot('mov_from_sreg', 2, 'm2.x', { memory: 'S' });
for (const sem of ['movzx', 'movsx']) {
  for (const from of [1, 2]) {
    hot(sem, 4, `r4.r${from}`);
    for (const memory of ['F', 'FX'] as const) hot(sem, 4, `r4.m${from}`, { memory });
  }
}
for (const sem of ['shl', 'shr']) hot(sem, 1, 'r1.i');
for (const sem of ['mul', 'div']) hot(sem, 1, 'r1');
for (let cc = 2; cc < 8; cc++) hot('setcc', 1, 'r1', { cc });

export const HOT_FORMS: readonly string[] = [...keys];
