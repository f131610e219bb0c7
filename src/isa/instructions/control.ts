// Jumps, calls, returns, interrupts (Intel SDM vol. 1, "Control Transfer Instructions").
// In 64-bit mode a 66 prefix makes near branches 16-bit, as AMD processors do it (AMD APM vol. 3, "Near Branches in
// 64-Bit Mode"); Intel processors ignore the prefix there.
import type { Row } from '../types';
import { conditional, type Facts, row } from './row';

const JUMP: Facts = { ends: true };
const NEAR: Facts = { ends: true, rep: 'bnd' };

const loop = (mn: string, opcode: string, flags: Facts): Row[] => [
  row(mn, 'rel8', `d64 ${opcode} rb`, { ...JUMP, ...flags, usesAddrSize: true, usesOpSize: true }),
  ...(['cx', 'ecx', 'rcx'] as const).map((counter, at) =>
    row(mn, `rel8, ${counter}`, `d64 a${16 << at} ${opcode} rb`, {
      ...JUMP,
      ...flags,
      sem: mn,
      only: 'asm',
      ...(at === 2 ? { modes: 'only64' as const } : at === 0 ? { modes: 'no64' as const } : {}),
    }),
  ),
];

const loops = (names: readonly string[], opcode: string, flags: Facts): Row[] =>
  names.flatMap((name, at) =>
    loop(name, opcode, flags).map((r) => ({ ...r, sem: names[0]!, ...(at > 0 ? { only: 'asm' as const } : {}) })),
  );

const IRET: Facts = { sem: 'iret', flags: { r: 'nv', w: 'oszapctidnlrv' }, ends: true };
const INT: Facts = { flags: { r: 'ldtivn', w: 'tinrv' }, ends: true };

export const CONTROL: readonly Row[] = [
  row('jmp', 'rel8', 'd64 eb rb', { ...NEAR, usesOpSize: true }),
  row('jmp', 'relz', 'd64 e9 rz', NEAR),
  row('jmp', 'rmv', 'd64 ff /4', { ...NEAR, sem: 'jmp_ind' }),
  row('jmp', 'ptr16:z', 'ea', { ...JUMP, sem: 'jmp_far', modes: 'no64' }),
  row('jmp', 'm16:v', 'ff /5', { ...JUMP, sem: 'jmp_far' }),
  ...conditional('j', 'rel8', 'd64 70+cc rb', { ...NEAR, sem: 'jcc', usesOpSize: true }),
  ...conditional('j', 'relz', 'd64 0f 80+cc rz', { ...NEAR, sem: 'jcc', cpu: '386' }),
  row('jcxz', 'rel8', 'd64 a16 e3 rb', { ...JUMP, modes: 'no64', usesOpSize: true }),
  row('jecxz', 'rel8', 'd64 a32 e3 rb', { ...JUMP, sem: 'jcxz', cpu: '386', usesOpSize: true }),
  row('jrcxz', 'rel8', 'd64 a64 e3 rb', { ...JUMP, sem: 'jcxz', modes: 'only64', usesOpSize: true }),
  ...loops(['loop'], 'e2', {}),
  ...loops(['loope', 'loopz'], 'e1', { flags: { r: 'z' } }),
  ...loops(['loopne', 'loopnz'], 'e0', { flags: { r: 'z' } }),

  row('call', 'relz', 'd64 e8 rz', NEAR),
  row('call', 'rmv', 'd64 ff /2', { ...NEAR, sem: 'call_ind' }),
  row('call', 'ptr16:z', '9a', { ...JUMP, sem: 'call_far', modes: 'no64' }),
  row('call', 'm16:v', 'ff /3', { ...JUMP, sem: 'call_far' }),
  row('ret', '', 'd64 c3', { ...NEAR, usesOpSize: true }),
  row('ret', 'imm16', 'd64 c2 iw', { ...NEAR, usesOpSize: true }),
  row('retn', '', 'd64 c3', { ...NEAR, sem: 'ret', usesOpSize: true, only: 'asm' }),
  row('retn', 'imm16', 'd64 c2 iw', { ...NEAR, sem: 'ret', usesOpSize: true, only: 'asm' }),
  ...(['ret', 'retn', 'retf'] as const).flatMap((name) =>
    (['w', 'd', 'q'] as const).flatMap((letter, at) => {
      const sem = name === 'retn' ? 'ret' : name;
      const [plain, released] = sem === 'ret' ? ['d64 c3', 'd64 c2 iw'] : ['cb', 'ca iw'];
      const facts: Facts = {
        ...(sem === 'ret' ? NEAR : JUMP),
        sem,
        usesOpSize: true,
        only: 'asm',
        ...(letter === 'q' ? { modes: 'only64' } : letter === 'd' && sem === 'ret' ? { modes: 'no64' } : {}),
      };
      return [
        row(name + letter, '', `o${16 << at} ${plain}`, facts),
        row(name + letter, 'imm16', `o${16 << at} ${released}`, facts),
      ];
    }),
  ),
  row('retf', '', 'cb', { ...JUMP, usesOpSize: true }),
  row('retf', 'imm16', 'ca iw', { ...JUMP, usesOpSize: true }),

  row('int3', '', 'cc', { ...INT, sem: 'int3' }),
  row('int1', '', 'f1', { ...INT, sem: 'int1', cpu: '386' }),
  row('icebp', '', 'f1', { ...INT, sem: 'int1', cpu: '386', only: 'asm' }),
  row('int01', '', 'f1', { ...INT, sem: 'int1', cpu: '386', only: 'asm' }),
  row('int03', '', 'cc', { ...INT, sem: 'int3', only: 'asm' }),
  row('int', 'imm8u', 'cd ib', { ...INT, sem: 'int' }),
  row('into', '', 'ce', { ...INT, sem: 'into', flags: { ...INT.flags, r: 'oldtivn' }, modes: 'no64' }),
  row('iret', '', 'odf cf', IRET),
  row('iretw', '', 'o16 cf', IRET),
  row('iretd', '', 'o32 cf', { ...IRET, cpu: '386' }),
  row('iretq', '', 'o64 cf', { ...IRET, modes: 'only64' }),
];

export const CONTROL_DOCS: Readonly<Record<string, string>> = {
  jmp: 'Jumps: near within the segment, or far through a selector, call gate or task gate.',
  j: 'Jumps when the condition holds.',
  jcxz: 'Jumps when CX is zero.',
  jecxz: 'Jumps when ECX is zero.',
  jrcxz: 'Jumps when RCX is zero.',
  loop: 'Decrements the counter (CX or ECX) and jumps unless it becomes zero; no flag changes.',
  loope: 'Decrements the counter and jumps unless it becomes zero or ZF is clear.',
  loopz: 'Decrements the counter and jumps unless it becomes zero or ZF is clear.',
  loopne: 'Decrements the counter and jumps unless it becomes zero or ZF is set.',
  loopnz: 'Decrements the counter and jumps unless it becomes zero or ZF is set.',
  call: 'Calls a procedure: near within the segment, or far through a selector, call gate or task gate.',
  ret: 'Returns from a near procedure, optionally releasing bytes of parameters.',
  retn: 'Returns from a near procedure, optionally releasing bytes of parameters.',
  retnw: 'Returns from a near procedure with a 16-bit frame.',
  retnd: 'Returns from a near procedure with a 32-bit frame.',
  retnq: 'Returns from a near procedure with a 64-bit frame.',
  retw: 'Returns from a near procedure with a 16-bit frame.',
  retd: 'Returns from a near procedure with a 32-bit frame.',
  retq: 'Returns from a near procedure with a 64-bit frame.',
  retfw: 'Returns from a far procedure with a 16-bit frame.',
  retfd: 'Returns from a far procedure with a 32-bit frame.',
  retfq: 'Returns from a far procedure with a 64-bit frame.',
  retf: 'Returns from a far procedure, possibly to an outer ring, optionally releasing bytes of parameters.',
  int3: 'Breakpoint: raises #BP (vector 3) with a one-byte instruction.',
  int1: 'Raises #DB (vector 1).',
  icebp: 'Raises #DB (vector 1).',
  int01: 'Raises #DB (vector 1).',
  int03: 'Breakpoint: raises #BP (vector 3) with a one-byte instruction.',
  int: 'Calls the interrupt handler of the given vector.',
  into: 'Raises #OF (vector 4) when the overflow flag is set.',
  iret: 'Returns from an interrupt, possibly to an outer ring, to v8086 mode or to another task.',
  iretw: 'Returns from an interrupt with a 16-bit frame.',
  iretd: 'Returns from an interrupt with a 32-bit frame.',
  iretq: 'Returns from an interrupt with a 64-bit frame.',
};
