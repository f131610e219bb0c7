// The form of an explanation: a sentence made of a fault's data, and where Intel's manual describes it.
import { hex0x } from '../base/bits';
import type { FaultReason } from './fault';

export type Data = FaultReason['data'];

export interface Explanation {
  text: (d: Data) => string;
  section: string;
}

/** Numbers in hexadecimal. */
export const h = (v: unknown): string => (typeof v === 'number' ? hex0x(v) : String(v));
