// The scopes of a frame, in the order in which they are shown.

import type { EvaluationContext } from '../expression/value';
import { controlScope, debugScope } from './control';
import { flagsScope, generalScope } from './general';
import { floatingPointScope } from './floatingPoint';
import type { VariableNode } from './node';
import { segmentsScope } from './segmentRegisters';
import { tablesScope } from './tables';
import { vectorScope } from './vector';

export interface Scope {
  name: string;
  /** Stable identifier. */
  id: 'general' | 'segments' | 'flags' | 'control' | 'debug' | 'tables' | 'fpu' | 'sse';
  variables(context: EvaluationContext): VariableNode[];
}

export const SCOPES: readonly Scope[] = [
  { name: 'General', id: 'general', variables: generalScope },
  { name: 'Segments', id: 'segments', variables: segmentsScope },
  { name: 'Flags', id: 'flags', variables: flagsScope },
  { name: 'Control', id: 'control', variables: controlScope },
  { name: 'Debug', id: 'debug', variables: debugScope },
  { name: 'System tables', id: 'tables', variables: tablesScope },
  { name: 'FPU', id: 'fpu', variables: floatingPointScope },
  { name: 'SSE', id: 'sse', variables: vectorScope },
];
