// The scopes of a frame, in the order in which they are shown.

import type { EvaluationContext } from '../expression/value';
import type { DebugTarget } from '../target';
import { controlScope, debugScope } from './control';
import { flagsScope, generalScope } from './general';
import { floatingPointScope } from './floatingPoint';
import { hasModelSpecific, modelSpecificScope } from './modelSpecific';
import type { VariableNode } from './node';
import { segmentsScope } from './segmentRegisters';
import { tablesScope } from './tables';
import { vectorScope } from './vector';

export interface Scope {
  name: string;
  /** Stable identifier. */
  id: 'general' | 'segments' | 'flags' | 'control' | 'debug' | 'msrs' | 'tables' | 'fpu' | 'sse';
  /** Absent: on every processor. */
  exists?(target: DebugTarget): boolean;
  variables(context: EvaluationContext): VariableNode[];
}

export const SCOPES: readonly Scope[] = [
  { name: 'General', id: 'general', variables: generalScope },
  { name: 'Segments', id: 'segments', variables: segmentsScope },
  { name: 'Flags', id: 'flags', variables: flagsScope },
  { name: 'Control', id: 'control', variables: controlScope },
  { name: 'Debug', id: 'debug', variables: debugScope },
  { name: 'MSRs', id: 'msrs', exists: hasModelSpecific, variables: modelSpecificScope },
  { name: 'System tables', id: 'tables', variables: tablesScope },
  { name: 'FPU', id: 'fpu', variables: floatingPointScope },
  { name: 'SSE', id: 'sse', exists: (target) => target.getRegister('mxcsr') !== undefined, variables: vectorScope },
];
