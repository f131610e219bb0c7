// Flag control, decimal adjustment and other one-byte instructions (Intel SDM vol. 1, "Flag Control Instructions",
// "Decimal Arithmetic Instructions"; SALC as in AMD and Intel opcode maps, undocumented).
import type { Row } from '../types';
import { row } from './row';

export const FLAGS: readonly Row[] = [
  row('clc', '', 'f8', { flags: { c: 'c' } }),
  row('stc', '', 'f9', { flags: { s: 'c' } }),
  row('cmc', '', 'f5', { flags: { r: 'c', w: 'c' } }),
  row('cld', '', 'fc', { flags: { c: 'd' } }),
  row('std', '', 'fd', { flags: { s: 'd' } }),
  row('cli', '', 'fa', { flags: { r: 'lv', w: 'i' }, cpl: 'iopl', ends: true }),
  row('sti', '', 'fb', { flags: { r: 'lv', w: 'i' }, cpl: 'iopl', ends: true }),
  row('lahf', '', '9f', { flags: { r: 'szapc' } }),
  row('sahf', '', '9e', { flags: { w: 'szapc' } }),
  row('salc', '', 'd6', { flags: { r: 'c' }, modes: 'no64' }),

  row('daa', '', '27', { flags: { r: 'ac', w: 'szapc', u: 'o' }, modes: 'no64' }),
  row('das', '', '2f', { flags: { r: 'ac', w: 'szapc', u: 'o' }, modes: 'no64' }),
  row('aaa', '', '37', { flags: { r: 'a', w: 'ac', u: 'oszp' }, modes: 'no64' }),
  row('aas', '', '3f', { flags: { r: 'a', w: 'ac', u: 'oszp' }, modes: 'no64' }),
  row('aam', 'imm8u', 'd4 ib', { flags: { w: 'szp', u: 'oac' }, modes: 'no64' }),
  row('aad', 'imm8u', 'd5 ib', { flags: { w: 'szp', u: 'oac' }, modes: 'no64' }),
  row('aam', '', 'd4 0a', { flags: { w: 'szp', u: 'oac' }, modes: 'no64', only: 'asm' }),
  row('aad', '', 'd5 0a', { flags: { w: 'szp', u: 'oac' }, modes: 'no64', only: 'asm' }),
];

export const FLAGS_DOCS: Readonly<Record<string, string>> = {
  clc: 'Clears the carry flag.',
  stc: 'Sets the carry flag.',
  cmc: 'Inverts the carry flag.',
  cld: 'Clears the direction flag: string instructions go upwards.',
  std: 'Sets the direction flag: string instructions go downwards.',
  cli: 'Clears the interrupt flag: maskable interrupts are held off.',
  sti: 'Sets the interrupt flag; interrupts are taken after the next instruction.',
  lahf: 'Loads AH with the low byte of the flags.',
  sahf: 'Stores AH into the low byte of the flags.',
  salc: 'Sets AL to FFh when the carry flag is set, else to 0 (undocumented).',
  daa: 'Decimal adjust of AL after an addition of packed BCD.',
  das: 'Decimal adjust of AL after a subtraction of packed BCD.',
  aaa: 'ASCII adjust of AX after an addition of unpacked BCD.',
  aas: 'ASCII adjust of AX after a subtraction of unpacked BCD.',
  aam: 'ASCII adjust after multiplication: AH = AL / base, AL = AL mod base (base 10 unless given).',
  aad: 'ASCII adjust before division: AL = AH * base + AL, AH = 0 (base 10 unless given).',
};
