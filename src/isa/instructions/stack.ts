// The stack: PUSH, POP, ENTER, LEAVE and their relatives (Intel SDM vol. 1, "Stack Manipulation Instructions").
import { type Row, Seg } from '../types';
import { type Facts, row } from './row';

const NAMES: readonly ['es' | 'cs' | 'ss' | 'ds' | 'fs' | 'gs', Seg, string, string][] = [
  ['es', Seg.ES, '06', '07'],
  ['cs', Seg.CS, '0e', ''],
  ['ss', Seg.SS, '16', '17'],
  ['ds', Seg.DS, '1e', '1f'],
  ['fs', Seg.FS, '0f a0', '0f a1'],
  ['gs', Seg.GS, '0f a8', '0f a9'],
];

const segmentRows = NAMES.flatMap(([name, sreg, push, pop]) => {
  const facts: Facts = sreg < Seg.FS ? { modes: 'no64' } : { cpu: '386' };
  const both: Facts = { ...facts, sreg, usesOpSize: true };
  return [
    row('push', name, `d64 ${push}`, { ...both, sem: 'push_sreg' }),
    ...(pop ? [row('pop', name, `d64 ${pop}`, { ...both, sem: 'pop_sreg', ends: true })] : []),
  ];
});

const FLAGS_ALL = 'oszapctidnlrv';
const PUSHF: Facts = { sem: 'pushf', flags: { r: FLAGS_ALL } };
const POPF: Facts = { sem: 'popf', flags: { w: FLAGS_ALL }, ends: true };

export const STACK: readonly Row[] = [
  row('push', 'ov', 'd64 50+r'),
  row('push', 'rmv', 'd64 ff /6'),
  ...segmentRows,
  row('push', 'imm8s', 'd64 6a ib', { cpu: '186', usesOpSize: true }),
  row('push', 'immz', 'd64 68 iz', { cpu: '186', usesOpSize: true }),
  row('pop', 'ov', 'd64 58+r'),
  row('pop', 'rmv', 'd64 8f /0'),

  row('pusha', '', 'odf 60', { cpu: '186', modes: 'no64' }),
  row('pushaw', '', 'o16 60', { sem: 'pusha', cpu: '186', modes: 'no64' }),
  row('pushad', '', 'o32 60', { sem: 'pusha', cpu: '386', modes: 'no64' }),
  row('popa', '', 'odf 61', { cpu: '186', modes: 'no64' }),
  row('popaw', '', 'o16 61', { sem: 'popa', cpu: '186', modes: 'no64' }),
  row('popad', '', 'o32 61', { sem: 'popa', cpu: '386', modes: 'no64' }),

  row('pushf', '', 'odf d64 9c', PUSHF),
  row('pushfw', '', 'o16 d64 9c', PUSHF),
  row('pushfd', '', 'o32 9c', { ...PUSHF, cpu: '386', modes: 'no64' }),
  row('pushfq', '', 'o64 d64 9c', { ...PUSHF, modes: 'only64', only: 'asm' }),
  row('popf', '', 'odf d64 9d', POPF),
  row('popfw', '', 'o16 d64 9d', POPF),
  row('popfd', '', 'o32 9d', { ...POPF, cpu: '386', modes: 'no64' }),
  row('popfq', '', 'o64 d64 9d', { ...POPF, modes: 'only64', only: 'asm' }),

  row('enter', 'imm16, imm8u', 'd64 c8 iw ib', { cpu: '186', usesOpSize: true }),
  row('leave', '', 'd64 c9', { cpu: '186', usesOpSize: true }),
  row('bound', 'rv, mv2', '62 /r', { cpu: '186', modes: 'no64' }),
];

export const STACK_DOCS: Readonly<Record<string, string>> = {
  push: 'Pushes the operand on the stack.',
  pop: 'Pops the top of the stack into the operand.',
  pusha: 'Pushes the eight general registers: (E)AX (E)CX (E)DX (E)BX, the old (E)SP, (E)BP (E)SI (E)DI.',
  pushaw: 'Pushes the eight 16-bit general registers.',
  pushad: 'Pushes the eight 32-bit general registers.',
  popa: 'Pops the general registers that PUSHA pushed; the stored (E)SP is dropped.',
  popaw: 'Pops the eight 16-bit general registers; the stored SP is dropped.',
  popad: 'Pops the eight 32-bit general registers; the stored ESP is dropped.',
  pushf: 'Pushes the flags.',
  pushfw: 'Pushes the low 16 bits of the flags.',
  pushfd: 'Pushes EFLAGS.',
  pushfq: 'Pushes RFLAGS.',
  popf: 'Pops the flags; IF and IOPL change only as far as CPL and IOPL allow.',
  popfw: 'Pops the low 16 bits of the flags.',
  popfd: 'Pops EFLAGS.',
  popfq: 'Pops RFLAGS.',
  enter: 'Makes a stack frame with room for locals, and copies outer frame pointers for nested procedures.',
  leave: 'Releases the stack frame: (E)SP = (E)BP, then pops (E)BP.',
  bound: 'Raises #BR when the signed index is outside the pair of bounds in memory.',
};
