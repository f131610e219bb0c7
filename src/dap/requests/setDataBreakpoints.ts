// `setDataBreakpoints`: stops after an access to watched memory.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { linearOfValue } from '../../debugger/linear';
import { arrayOf, optionalString, stringOf } from '../arguments';
import { breakpointBody } from '../breakpointBody';
import { badArgument } from '../errors';
import { request } from '../handler';
import { conditionOf } from './breakpointConditions';

const COMMAND = 'setDataBreakpoints';

export const setDataBreakpoints = request<DebugProtocol.SetDataBreakpointsArguments>({
  command: COMMAND,
  handle(session, args) {
    const { debug } = session.get(COMMAND);
    const wanted = arrayOf(COMMAND, args, 'breakpoints').map((item) => {
      const id = stringOf(COMMAND, item, 'dataId');
      const match = /^(0x[0-9a-f]{1,16})\/(\d{1,4})$/i.exec(id);
      const linear = match ? linearOfValue(BigInt(match[1]!)) : undefined;
      if (!match || linear === undefined || match[2] === '0')
        throw badArgument(COMMAND, `"${id}" is not an identifier that dataBreakpointInfo gave`);
      const access = optionalString(COMMAND, item, 'accessType') ?? 'write';
      if (access !== 'read' && access !== 'write' && access !== 'readWrite')
        throw badArgument(COMMAND, `"accessType" must be read, write or readWrite, not ${access}`);
      const place = { linear, length: Number(match[2]), access } as const;
      return { ...place, ...conditionOf(COMMAND, item) };
    });
    const statuses = debug.breakpoints.setData(wanted);
    session.breakpointsChanged();
    return { breakpoints: statuses.map((status) => breakpointBody(session, status)) };
  },
});
