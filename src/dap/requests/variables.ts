// `variables`: children of a scope or variable, tables in pages.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { countOf, numberOf } from '../arguments';
import { request } from '../handler';
import { variableBody } from '../variableBody';

export const variables = request<DebugProtocol.VariablesArguments>({
  command: 'variables',
  capabilities: { supportsValueFormattingOptions: false },
  handle(session, args) {
    session.stopped('variables');
    const children = session.expand(numberOf('variables', args, 'variablesReference'));
    const start = countOf('variables', args, 'start', 1e6, 0);
    const count = countOf('variables', args, 'count', 1e6, 0);
    const list = children.list(start, count || undefined);
    const page = 'indexed' in children ? list : list.slice(start, count ? start + count : undefined);
    return { variables: page.map((node) => variableBody(session, node)) };
  },
});
