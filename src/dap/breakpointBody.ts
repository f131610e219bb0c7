// A breakpoint in the protocol's words.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointStatus } from '../debugger/breakpoints/types';
import { referenceOf } from './addresses';
import type { Session } from './session';

export function breakpointBody(session: Session, status: BreakpointStatus): DebugProtocol.Breakpoint {
  const { id, verified, message, file, line, column, linear } = status;
  return {
    id,
    verified,
    ...(message === undefined ? {} : { message }),
    ...(file === undefined ? {} : { source: session.source(file) }),
    ...(line === undefined ? {} : { line: session.toClientLine(line) }),
    ...(column === undefined ? {} : { column: session.toClientColumn(column) }),
    ...(linear === undefined ? {} : { instructionReference: referenceOf(linear) }),
  };
}
