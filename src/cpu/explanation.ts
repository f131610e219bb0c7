// The shape of one explanation of a failed check (explanations.ts).
import type { FaultReason } from './fault';

export interface Explanation {
  text: (d: FaultReason['data']) => string;
  /** The manual's section. */
  section: string;
}
