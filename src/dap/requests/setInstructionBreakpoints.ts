// `setInstructionBreakpoints`: breakpoints at addresses, from the Disassembly view.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { linearOf } from '../addresses';
import { arrayOf, numberOf, stringOf } from '../arguments';
import { breakpointBody } from '../breakpointBody';
import { request } from '../handler';
import { conditionOf } from './breakpointConditions';

const COMMAND = 'setInstructionBreakpoints';

export const setInstructionBreakpoints = request<DebugProtocol.SetInstructionBreakpointsArguments>({
  command: COMMAND,
  capabilities: { supportsInstructionBreakpoints: true },
  handle(session, args) {
    const launched = session.get(COMMAND);
    const wanted = arrayOf(COMMAND, args, 'breakpoints').map((item) => {
      const reference = stringOf(COMMAND, item, 'instructionReference');
      return {
        linear: linearOf(launched, reference, numberOf(COMMAND, item, 'offset', 0)),
        ...conditionOf(COMMAND, item),
      };
    });
    const statuses = launched.debug.breakpoints.setInstruction(wanted);
    session.breakpointsChanged();
    return { breakpoints: statuses.map((status) => breakpointBody(session, status)) };
  },
});
