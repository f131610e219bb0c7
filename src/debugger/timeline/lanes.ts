// Lanes of the ring view: where the guest spends its time.

import type { Mode } from '../../machine/types';

export type Lane = 'ring3' | 'ring2' | 'ring1' | 'ring0' | 'real' | 'v8086' | 'smm';

/** Order of the lanes wherever there is a number per lane. */
export const LANES: readonly Lane[] = ['ring3', 'ring2', 'ring1', 'ring0', 'real', 'v8086', 'smm'];

export const laneOf = (mode: Mode, cpl: number): Lane =>
  mode === 'real' || mode === 'v8086' || mode === 'smm' ? mode : (`ring${cpl & 3}` as Lane);
