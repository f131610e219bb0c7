// `setBreakpoints`: source breakpoints of one file, with condition, hit count and log message.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { arrayOf, countOf, optionalString, stringOf } from '../arguments';
import { breakpointBody } from '../breakpointBody';
import { badArgument } from '../errors';
import { request } from '../handler';
import { conditionOf } from './breakpointConditions';

export const setBreakpoints = request<DebugProtocol.SetBreakpointsArguments>({
  command: 'setBreakpoints',
  capabilities: {
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
  },
  handle(session, args) {
    const { debug } = session.get('setBreakpoints');
    const path = optionalString('setBreakpoints', (args.source ?? {}) as Record<string, unknown>, 'path');
    if (path === undefined) throw badArgument('setBreakpoints', '"source.path" must be a string');
    stringOf('setBreakpoints', args.source, 'path');
    const wanted = arrayOf('setBreakpoints', args, 'breakpoints').map((item) => ({
      line: session.fromClientLine(countOf('setBreakpoints', item, 'line', 1e9)),
      ...conditionOf('setBreakpoints', item),
    }));
    const statuses = debug.breakpoints.setSource(path, wanted);
    session.breakpointsChanged();
    return { breakpoints: statuses.map((status) => breakpointBody(session, status)) };
  },
});
