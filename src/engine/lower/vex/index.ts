// The semantics of all instructions with a VEX prefix, with the checks that come before them.
import type { Lowering } from '../lowering';
import { BMI } from './bmi';
import { FUSED } from './fused';
import { MASKED } from './masked';
import { MOVES } from './moves';
import { OPERATIONS } from './operations';

const withChecks = ([name, body]: [string, Lowering]): [string, Lowering] => [
  name,
  (c) => {
    c.vexUsable();
    c.deferFloatFlags();
    body(c);
  },
];

export const VEX: Readonly<Record<string, Lowering>> = {
  ...BMI,
  ...Object.fromEntries(Object.entries({ ...OPERATIONS, ...FUSED, ...MASKED, ...MOVES }).map(withChecks)),
};
