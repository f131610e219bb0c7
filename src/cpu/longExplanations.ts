// Why something was refused in long mode, or by what came with it. Part of explanations.ts.
import type { Explanation } from './explanation';
import type { FaultReason } from './fault';
import { hexLinear } from './linear';

type Data = FaultReason['data'];

const address = (v: unknown): string => `0x${hexLinear(Number(v))}`;
const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'];
const CANONICAL = 'vol. 1, "Canonical Addressing"';
const GATES = 'vol. 3, "64-Bit Mode IDT"';
const STACKS = 'vol. 3, "Stack Switching in IA-32e Mode"';

const text = (sentence: (d: Data) => string, section: string): Explanation => ({ text: sentence, section });

export const LONG_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'non-canonical': text(
    (d) =>
      `The ${String(d['access'])} of ${String(d['size'])} bytes through ${SEGMENTS[Number(d['segment'])]} is at an address whose bits 63 to 47 are not all equal.`,
    CANONICAL,
  ),
  'code-not-canonical': text(
    (d) => `There is no code at ${address(d['ip'])}: the address is not canonical.`,
    CANONICAL,
  ),
  'branch-not-canonical': text(() => 'The branch leads to an address that is not canonical.', CANONICAL),
  'stack-not-canonical': text((d) => `The stack pointer ${address(d['sp'])} is not canonical.`, STACKS),
  'handler-not-canonical': text(
    (d) => `The gate of vector ${String(d['vector'])} leads to ${address(d['offset'])}, which is not canonical.`,
    GATES,
  ),
  'handler-not-64-bit': text(
    (d) =>
      `In long mode a gate has to lead to 64-bit code (L set, D clear); the code segment of vector ${String(d['vector'])} is another kind.`,
    GATES,
  ),
};
