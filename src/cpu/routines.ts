// Every system routine by the `sem` name of its rows. The engine calls these where it has no lowering of its own.
import { AMD_ROUTINES } from './routines/amdRoutines';
import { CONTROL_ROUTINES } from './routines/control';
import { EXTENDED_ROUTINES } from './routines/extendedRoutines';
import { LONG_ROUTINES } from './routines/longRoutines';
import { FLAG_ROUTINES } from './routines/flagRoutines';
import { FPU_ARITHMETIC_ROUTINES } from './routines/fpuArithmetic';
import { FPU_COMPARE_ROUTINES } from './routines/fpuCompare';
import { FPU_CONTROL_ROUTINES } from './routines/fpuControl';
import { FPU_FUNCTION_ROUTINES } from './routines/fpuFunctions';
import { FPU_MOVE_ROUTINES } from './routines/fpuMoves';
import { FXSAVE_ROUTINES } from './routines/fxsave';
import { PORT_ROUTINES } from './routines/portRoutines';
import { PROCESSOR_ROUTINES } from './routines/processorRoutines';
import { SEGMENT_ROUTINES } from './routines/segmentRoutines';
import { STACK_ROUTINES } from './routines/stackRoutines';
import { TABLE_ROUTINES } from './routines/tables';
import { TRANSFER_ROUTINES } from './routines/transferRoutines';
import { VIRTUALIZATION_ROUTINES } from './routines/virtualizationRoutines';
import { VECTOR_ROUTINES } from './routines/vectorRoutines';
import { XSAVE_ROUTINES } from './routines/xsave';
import type { SysRoutine } from './sys';

export const SYS_ROUTINES: Readonly<Record<string, SysRoutine>> = {
  ...AMD_ROUTINES,
  ...CONTROL_ROUTINES,
  ...EXTENDED_ROUTINES,
  ...FLAG_ROUTINES,
  ...LONG_ROUTINES,
  ...FPU_ARITHMETIC_ROUTINES,
  ...FPU_COMPARE_ROUTINES,
  ...FPU_CONTROL_ROUTINES,
  ...FPU_FUNCTION_ROUTINES,
  ...FPU_MOVE_ROUTINES,
  ...FXSAVE_ROUTINES,
  ...PORT_ROUTINES,
  ...PROCESSOR_ROUTINES,
  ...SEGMENT_ROUTINES,
  ...STACK_ROUTINES,
  ...TABLE_ROUTINES,
  ...TRANSFER_ROUTINES,
  ...VECTOR_ROUTINES,
  ...VIRTUALIZATION_ROUTINES,
  ...XSAVE_ROUTINES,
};
