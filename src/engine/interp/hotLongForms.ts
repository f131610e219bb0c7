// The forms with a case of their own in the loop for 64-bit code: what compilers write for the System V and Windows calling
// conventions. The other loop's list is hotForms.ts, which says why there is a list at all.
import type { Addressing } from '../form';

const keys = new Set<string>();

interface Parts {
  memory?: Addressing;
  stack?: 'Q';
  address?: number;
  cc?: number;
}
function hot(sem: string, size: number, shapes: string, parts: Parts = {}, marks = ''): void {
  const { memory = '', stack = '', address = 0, cc = -1 } = parts;
  keys.add([sem, size, shapes, memory, stack, address, cc, 0, marks].join(','));
}
/** The form with its flags kept, and with its flags unused. */
function both(sem: string, size: number, shapes: string, parts: Parts = {}): void {
  hot(sem, size, shapes, parts);
  hot(sem, size, shapes, parts, 'nf');
}

const MEMORY: readonly Addressing[] = ['Q', 'QX'];

for (const size of [8, 4, 1, 2]) {
  const r = `r${size}`;
  const m = `m${size}`;
  hot('mov', size, `${r}.${r}`);
  hot('mov', size, `${r}.i`);
  if (size === 8) hot('mov', size, 'r8.I');
  for (const memory of MEMORY) {
    hot('mov', size, `${r}.${m}`, { memory });
    hot('mov', size, `${m}.${r}`, { memory });
    hot('mov', size, `${m}.i`, { memory });
  }
  for (const sem of ['add', 'sub', 'cmp', 'and', 'or', 'xor', 'test']) {
    both(sem, size, `${r}.${r}`);
    both(sem, size, `${r}.i`);
    for (const memory of MEMORY) {
      if (sem !== 'test') both(sem, size, `${r}.${m}`, { memory });
      hot(sem, size, `${m}.${r}`, { memory });
      hot(sem, size, `${m}.i`, { memory });
    }
  }
  for (const sem of ['inc', 'dec']) {
    both(sem, size, r);
    hot(sem, size, m, { memory: 'Q' });
  }
  both('neg', size, r);
  hot('not', size, r);
  for (const sem of ['movs', 'stos']) hot(sem, size, '', { memory: 'Q', address: 8 });
}
for (const size of [8, 4]) {
  const r = `r${size}`;
  const m = `m${size}`;
  for (const sem of ['adc', 'sbb']) for (const source of [r, 'i', m]) hot(sem, size, `${r}.${source}`, source === m ? { memory: 'Q' } : {}); // prettier-ignore
  for (const sem of ['shl', 'shr', 'sar', 'rol', 'ror']) {
    both(sem, size, `${r}.i`);
    hot(sem, size, `${r}.r1`);
  }
  for (const memory of MEMORY) {
    hot('lea', size, `${r}.m0`, { memory, address: 8 });
    both('imul2', size, `${r}.${m}`, { memory });
    for (const from of [1, 2]) for (const sem of ['movzx', 'movsx']) hot(sem, size, `${r}.m${from}`, { memory });
  }
  for (const from of [1, 2]) for (const sem of ['movzx', 'movsx']) hot(sem, size, `${r}.r${from}`);
  both('imul2', size, `${r}.${r}`);
  both('imul3', size, `${r}.${r}.i`);
  for (const sem of ['mul', 'imul']) both(sem, size, r);
  for (const sem of ['cwd', 'cbw', 'nop']) hot(sem, size, '');
  hot('xchg', size, `${r}.${r}`);
  hot('bswap', size, r);
  for (let cc = 2; cc < 16; cc++) if (cc !== 10 && cc !== 11) hot('cmovcc', size, `${r}.${r}`, { cc });
}
for (const sem of ['div', 'idiv']) hot(sem, 4, 'r4');
hot('movsxd', 8, 'r8.r4');
for (const memory of MEMORY) hot('movsxd', 8, 'r8.m4', { memory });
for (let cc = 2; cc < 16; cc++) {
  if (cc === 10 || cc === 11) continue;
  hot('jcc', 8, 'j', { cc });
  hot('setcc', 1, 'r1', { cc });
}
hot('jmp', 8, 'j');
hot('call', 8, 'j', { stack: 'Q' });
hot('ret', 8, '', { stack: 'Q' });
hot('leave', 8, '', { stack: 'Q' });
for (const sem of ['push', 'pop']) hot(sem, 8, 'r8', { stack: 'Q' });
hot('push', 8, 'i', { stack: 'Q' });
hot('push', 8, 'm8', { stack: 'Q', memory: 'Q' });
hot('call_ind', 8, 'r8', { stack: 'Q' });
hot('jmp_ind', 8, 'r8');
for (const memory of MEMORY) {
  hot('call_ind', 8, 'm8', { stack: 'Q', memory });
  hot('jmp_ind', 8, 'm8', { memory });
}
// what kernels reach through GS
for (const size of [8, 4]) {
  hot('mov', size, `r${size}.m${size}`, { memory: 'H' });
  hot('mov', size, `m${size}.r${size}`, { memory: 'H' });
}

export const HOT_LONG_FORMS: readonly string[] = [...keys];
