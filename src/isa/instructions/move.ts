// Data movement between registers and memory (Intel SDM vol. 1, "Data Transfer Instructions").
// Segment register loads are here; control, debug and test registers are in system.ts.
import { type Row, Seg } from '../types';
import { conditional, row } from './row';

const farLoad = (mn: string, opcode: string, sreg: Seg, facts: { cpu?: string; modes?: 'no64' }): Row =>
  row(mn, 'rv, m16:v', `${opcode} /r`, { sem: 'lds_far', sreg, ends: true, ...facts });

export const MOVE: readonly Row[] = [
  row('mov', 'rmr64, sreg', '8c /r', { sem: 'mov_from_sreg', modes: 'only64', only: 'asm' }),
  row('mov', 'rv/m16, sreg', '8c /r', { sem: 'mov_from_sreg' }),
  row('mov', 'dsreg, rm16', '8e /r', { sem: 'mov_to_sreg', ends: true }),
  row('mov', 'dsreg, rmr32', '8e /r', { sem: 'mov_to_sreg', ends: true, only: 'asm', cpu: '386' }),
  row('mov', 'dsreg, rmr64', '8e /r', { sem: 'mov_to_sreg', ends: true, only: 'asm', modes: 'only64' }),
  row('mov', 'm64, sreg', 'w 8c /r', { sem: 'mov_from_sreg', modes: 'only64', only: 'asm' }),
  row('mov', 'dsreg, m64', 'w 8e /r', { sem: 'mov_to_sreg', ends: true, only: 'asm', modes: 'only64' }),
  row('mov', 'al, moffs8', 'a0'),
  row('mov', 'accv, moffsv', 'a1'),
  row('mov', 'moffs8, al', 'a2'),
  row('mov', 'moffsv, accv', 'a3'),
  row('mov', 'rm8, r8', '88 /r'),
  row('mov', 'rmv, rv', '89 /r'),
  row('mov', 'r8, rm8', '8a /r'),
  row('mov', 'rv, rmv', '8b /r'),
  row('mov', 'o8, imm8', 'b0+r ib'),
  row('mov', 'ov, immv', 'b8+r iv'),
  row('mov', 'rm8, imm8', 'c6 /0 ib'),
  row('mov', 'rmv, immz', 'c7 /0 iz'),
  row('movzx', 'rv, rm8', '0f b6 /r', { cpu: '386' }),
  row('movzx', 'rv, rm16', 'o32 o64 0f b7 /r', { cpu: '386' }),
  row('movzx', 'rv, rm16', 'o16 0f b7 /r', { cpu: '386', only: 'decode' }),
  row('movsx', 'rv, rm8', '0f be /r', { cpu: '386' }),
  row('movsx', 'rv, rm16', 'o32 o64 0f bf /r', { cpu: '386' }),
  row('movsx', 'rv, rm16', 'o16 0f bf /r', { cpu: '386', only: 'decode' }),
  row('movsxd', 'r64, rm32', 'o64 63 /r', { modes: 'only64' }),
  row('movsxd', 'r32, rm32', 'o32 63 /r', { modes: 'only64', only: 'decode' }),
  row('movsxd', 'r16, rm16', 'o16 63 /r', { modes: 'only64', only: 'decode' }),
  row('movsx', 'r64, rm32', 'o64 63 /r', { sem: 'movsxd', modes: 'only64', only: 'asm' }),

  row('lea', 'rv, m', '8d /r'),
  farLoad('les', 'c4', Seg.ES, { modes: 'no64' }),
  farLoad('lds', 'c5', Seg.DS, { modes: 'no64' }),
  farLoad('lss', '0f b2', Seg.SS, { cpu: '386' }),
  farLoad('lfs', '0f b4', Seg.FS, { cpu: '386' }),
  farLoad('lgs', '0f b5', Seg.GS, { cpu: '386' }),

  row('xchg', 'accv, ov', '90+r'),
  row('xchg', 'ov, accv', '90+r', { only: 'asm' }),
  row('xchg', 'r8, rm8', '86 /r', { lock: true }),
  row('xchg', 'rv, rmv', '87 /r', { lock: true }),
  row('xchg', 'm8, r8', '86 /r', { lock: true, only: 'asm' }),
  row('xchg', 'mv, rv', '87 /r', { lock: true, only: 'asm' }),
  row('xlatb', '', 'd7', { sem: 'xlat', size: 1, usesAddrSize: true }),
  row('xlat', '', 'd7', { size: 1, usesAddrSize: true, only: 'asm' }),

  ...conditional('cmov', 'rv, rmv', '0f 40+cc /r', { sem: 'cmovcc', cpu: 'cmov' }),
  ...conditional('set', 'rm8', '0f 90+cc /any', { sem: 'setcc', cpu: '386' }),
];

export const MOVE_DOCS: Readonly<Record<string, string>> = {
  mov: 'Copies the source to the destination.',
  movzx: 'Copies and zero-extends to the size of the destination.',
  movsx: 'Copies and sign-extends to the size of the destination.',
  movsxd: 'Copies 32 bits and sign-extends to 64.',
  lea: 'Loads the offset of the memory operand, without reading memory.',
  les: 'Loads a far pointer from memory into ES and a register.',
  lds: 'Loads a far pointer from memory into DS and a register.',
  lss: 'Loads a far pointer from memory into SS and a register.',
  lfs: 'Loads a far pointer from memory into FS and a register.',
  lgs: 'Loads a far pointer from memory into GS and a register.',
  xchg: 'Exchanges the operands; with memory it is always locked.',
  xlatb: 'Table look-up: loads AL with the byte at DS:(E)BX + AL.',
  xlat: 'Table look-up: loads AL with the byte at DS:(E)BX + AL.',
  cmov: 'Copies the source when the condition holds.',
  set: 'Stores 1 when the condition holds, else 0.',
};
