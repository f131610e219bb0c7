// All that a local APIC holds, as data.
import type { ApicTimerState } from './apicTimer';
import type { VectorSet } from './vectorSet';

export interface LocalApicState {
  /** IA32_APIC_BASE: address of the register page, bits 11 and 10. */
  base: number;
  enabled: boolean;
  extended: boolean;
  id: number;
  taskPriority: number;
  logicalDestination: number;
  destinationFormat: number;
  spurious: number;
  inService: VectorSet;
  triggerMode: VectorSet;
  requests: VectorSet;
  errors: number;
  pendingErrors: number;
  command: [low: number, high: number];
  /** Timer, thermal, performance, LINT0, LINT1, error. */
  lvt: number[];
  lint0: boolean;
  timer: ApicTimerState;
}
