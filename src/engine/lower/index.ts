// All semantic functions by the table's `sem` name. What is not here is a routine of cpu/routines.ts.
import { ALU } from './alu';
import { BIT } from './bit';
import { CONTROL } from './control';
import { EXTENSIONS } from './extensions';
import { FLAG_ACCESS } from './flagAccess';
import type { Lowering } from './lowering';
import { VEX } from './vex/index';
import { MOVE } from './move';
import { PORT } from './port';
import { SEGMENT } from './segment';
import { SHIFT } from './shift';
import { STRING } from './string';
import { TRANSFER } from './transfer';
import { X87 } from './x87';
import { VECTOR } from './vector';

/** Those whose ordinary cases only are here: the rest is done by the routine. */
export const SYSTEM_LOWERINGS: Readonly<Record<string, Lowering>> = {
  ...FLAG_ACCESS,
  ...PORT,
  ...SEGMENT,
  ...TRANSFER,
  ...X87,
};

export const LOWERINGS: Readonly<Record<string, Lowering>> = {
  ...ALU,
  ...BIT,
  ...CONTROL,
  ...EXTENSIONS,
  ...MOVE,
  ...SHIFT,
  ...STRING,
  ...VEX,
  ...VECTOR,
  ...SYSTEM_LOWERINGS,
};
