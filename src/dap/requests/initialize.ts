// `initialize`: what the adapter can do. Exception filters are fixed here: VS Code never asks again.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { EXCEPTION_FILTERS } from '../exceptionFilters';
import { objectOf } from '../arguments';
import { request } from '../handler';

export const initialize = request<DebugProtocol.InitializeRequestArguments>({
  command: 'initialize',
  handle(session, args) {
    session.client = { ...(objectOf('initialize', args) as object) };
    const capabilities: DebugProtocol.Capabilities = {
      exceptionBreakpointFilters: EXCEPTION_FILTERS.map(({ filter, label, description, on, conditional }) => ({
        filter,
        label,
        description,
        default: on,
        supportsCondition: conditional,
        ...(conditional ? { conditionDescription: 'expression that must not be 0, such as cpl == 3' } : {}),
      })),
    };
    for (const handler of session.requests) Object.assign(capabilities, handler.capabilities);
    return capabilities;
  },
});
