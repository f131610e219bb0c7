// The exception filters of the breakpoints view: one per vector worth having, triple faults, ring and mode changes.

import { EXCEPTION_VECTORS } from '../debugger/vectors';

export interface ExceptionFilter {
  filter: string;
  label: string;
  description: string;
  /** On from the start. */
  on: boolean;
  vector?: number;
  /** A condition can be given. */
  conditional: boolean;
}

export const TRIPLE_FAULT = 'triple-fault';
export const RING_CHANGE = 'ring-change';
export const MODE_CHANGE = 'mode-change';

/** NMI is an interrupt; a machine check cannot happen on this board. */
const LEFT_OUT = new Set([2, 18]);

export const EXCEPTION_FILTERS: readonly ExceptionFilter[] = [
  {
    filter: TRIPLE_FAULT,
    label: 'Triple fault',
    description: 'Stops where the processor shuts down; otherwise the machine resets, as a PC does.',
    on: true,
    conditional: false,
  },
  {
    filter: RING_CHANGE,
    label: 'Any ring change',
    description: 'Stops after every change of the privilege level.',
    on: false,
    conditional: true,
  },
  {
    filter: MODE_CHANGE,
    label: 'Mode change',
    description: 'Stops after every change between real, protected and v8086 mode.',
    on: false,
    conditional: true,
  },
  ...EXCEPTION_VECTORS.filter(({ vector }) => !LEFT_OUT.has(vector)).map(({ vector, mnemonic, name, meaning }) => ({
    filter: `vector-${vector}`,
    label: `${mnemonic} ${name}`,
    description: `Vector ${vector}: ${meaning}. Stops before it is delivered.`,
    on: false,
    conditional: true,
    vector,
  })),
];
