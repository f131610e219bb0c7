// The shape of one explanation of a failed check (explanations.ts).
import { hex0x } from '../base/bits';
import type { FaultReason } from './fault';
import { hexLinear } from './linear';

export interface Explanation {
  text: (d: FaultReason['data']) => string;
  /** The manual's section. */
  section: string;
}

/** Negative ones are addresses of the upper half. */
export const numberText = (v: unknown): string =>
  typeof v === 'number' ? (v < 0 ? `0x${hexLinear(v)}` : hex0x(v)) : String(v);
