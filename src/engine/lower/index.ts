// All semantic functions by the table's `sem` name. What is not here is a routine of cpu/routines.ts.
import { ALU } from './alu';
import { BIT } from './bit';
import { CONTROL } from './control';
import type { Lowering } from './lowering';
import { MOVE } from './move';
import { SHIFT } from './shift';
import { STRING } from './string';

export const LOWERINGS: Readonly<Record<string, Lowering>> = {
  ...ALU,
  ...BIT,
  ...CONTROL,
  ...MOVE,
  ...SHIFT,
  ...STRING,
};
