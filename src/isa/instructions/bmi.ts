// BMI1 and BMI2 (Intel SDM vol. 2): bit manipulation with VEX prefixes, on general registers. TZCNT: extensions.ts.
import type { Row } from '../types';
import type { Facts } from './row';
import { byW } from './vexRows';

const LOGIC: Facts = { cpu: 'bmi1', flags: { w: 'sz', u: 'ap', c: 'oc' } };
const LOWEST: Facts = { cpu: 'bmi1', flags: { w: 'szc', u: 'ap', c: 'o' } };
const BMI2: Facts = { cpu: 'bmi2' };

export const BMI_ROWS: readonly Row[] = [
  ...byW('andn', 'r32, r32vex, rm32', 'lz', 'np 0f38 w f2 /r', LOGIC),
  ...byW('bextr', 'r32, rm32, r32vex', 'lz', 'np 0f38 w f7 /r', { cpu: 'bmi1', flags: { w: 'z', u: 'sap', c: 'oc' } }),
  ...byW('blsr', 'r32vex, rm32', 'lz', 'np 0f38 w f3 /1', LOWEST),
  ...byW('blsmsk', 'r32vex, rm32', 'lz', 'np 0f38 w f3 /2', { cpu: 'bmi1', flags: { w: 'sc', u: 'ap', c: 'oz' } }),
  ...byW('blsi', 'r32vex, rm32', 'lz', 'np 0f38 w f3 /3', LOWEST),
  ...byW('bzhi', 'r32, rm32, r32vex', 'lz', 'np 0f38 w f5 /r', { cpu: 'bmi2', flags: { w: 'szc', u: 'ap', c: 'o' } }),
  ...byW('mulx', 'r32, r32vex, rm32', 'lz', 'f2 0f38 w f6 /r', BMI2),
  ...byW('pdep', 'r32, r32vex, rm32', 'lz', 'f2 0f38 w f5 /r', BMI2),
  ...byW('pext', 'r32, r32vex, rm32', 'lz', 'f3 0f38 w f5 /r', BMI2),
  ...byW('rorx', 'r32, rm32, imm8u', 'lz', 'f2 0f3a w f0 /r ib', BMI2),
  ...byW('sarx', 'r32, rm32, r32vex', 'lz', 'f3 0f38 w f7 /r', BMI2),
  ...byW('shlx', 'r32, rm32, r32vex', 'lz', '66 0f38 w f7 /r', BMI2),
  ...byW('shrx', 'r32, rm32, r32vex', 'lz', 'f2 0f38 w f7 /r', BMI2),
];

export const BMI_DOCS: Readonly<Record<string, string>> = {
  andn: 'Bitwise AND of the second source and the inverted first one.',
  bextr: 'Extracts the bits that start (bits 7-0) and length (bits 15-8) in the second source name.',
  blsr: 'Clears the lowest set bit.',
  blsmsk: 'Sets all bits up to and including the lowest set one.',
  blsi: 'Keeps only the lowest set bit.',
  bzhi: 'Clears the bits from the index in the second source on.',
  mulx: 'Multiplies EDX by the source without changing flags; high half to the first operand, low half to the second.',
  pdep: 'Spreads the low bits of the first source to the places that the mask has set.',
  pext: 'Gathers the bits at the places that the mask has set.',
  rorx: 'Rotates right by a constant without changing flags.',
  sarx: 'Shifts right, filling with the sign, without changing flags.',
  shlx: 'Shifts left without changing flags.',
  shrx: 'Shifts right, filling with zeros, without changing flags.',
};
