// `setFunctionBreakpoints`: breakpoints on labels, or on any address (`08:1234`, `print+4`).

import type { DebugProtocol } from '@vscode/debugprotocol';
import { arrayOf, stringOf } from '../arguments';
import { breakpointBody } from '../breakpointBody';
import { request } from '../handler';
import { conditionOf } from './breakpointConditions';

const COMMAND = 'setFunctionBreakpoints';

export const setFunctionBreakpoints = request<DebugProtocol.SetFunctionBreakpointsArguments>({
  command: COMMAND,
  capabilities: { supportsFunctionBreakpoints: true },
  handle(session, args) {
    const { debug } = session.get(COMMAND);
    const wanted = arrayOf(COMMAND, args, 'breakpoints').map((item) => ({
      name: stringOf(COMMAND, item, 'name'),
      ...conditionOf(COMMAND, item),
    }));
    const statuses = debug.breakpoints.setFunctions(wanted, debug.context());
    session.breakpointsChanged();
    return { breakpoints: statuses.map((status) => breakpointBody(session, status)) };
  },
});
