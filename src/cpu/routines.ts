// Every system routine by the `sem` name of its rows. The engine calls these where it has no lowering of its own.
import { CONTROL_ROUTINES } from './routines/control';
import { EXTENDED_ROUTINES } from './routines/extendedRoutines';
import { FLAG_ROUTINES } from './routines/flagRoutines';
import { PORT_ROUTINES } from './routines/portRoutines';
import { PROCESSOR_ROUTINES } from './routines/processorRoutines';
import { SEGMENT_ROUTINES } from './routines/segmentRoutines';
import { STACK_ROUTINES } from './routines/stackRoutines';
import { TABLE_ROUTINES } from './routines/tables';
import { TRANSFER_ROUTINES } from './routines/transferRoutines';
import type { SysRoutine } from './sys';

export const SYS_ROUTINES: Readonly<Record<string, SysRoutine>> = {
  ...CONTROL_ROUTINES,
  ...EXTENDED_ROUTINES,
  ...FLAG_ROUTINES,
  ...PORT_ROUTINES,
  ...PROCESSOR_ROUTINES,
  ...SEGMENT_ROUTINES,
  ...STACK_ROUTINES,
  ...TABLE_ROUTINES,
  ...TRANSFER_ROUTINES,
};
