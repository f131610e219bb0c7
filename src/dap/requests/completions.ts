// `completions`: in the debug console.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { completions as complete, type Completion } from '../../debugger/console/completions';
import { numberOf, stringOf } from '../arguments';
import { request } from '../handler';

const KINDS: Readonly<Record<Completion['kind'], DebugProtocol.CompletionItemType>> = {
  register: 'variable',
  label: 'function',
  constant: 'value',
  keyword: 'keyword',
  command: 'method',
};

export const completions = request<DebugProtocol.CompletionsArguments>({
  command: 'completions',
  capabilities: { supportsCompletionsRequest: true },
  handle(session, args) {
    const { debug } = session.stopped('completions');
    const text = stringOf('completions', args, 'text');
    const column = session.fromClientColumn(numberOf('completions', args, 'column'));
    const line = text.split('\n')[session.fromClientLine(args.line ?? session.toClientLine(1)) - 1] ?? '';
    const found = complete(debug, line, Math.max(0, Math.min(column - 1, line.length)));
    const targets = found.map(({ text: label, kind, start, length }): DebugProtocol.CompletionItem => ({
      label,
      type: KINDS[kind],
      start: session.toClientColumn(start + 1),
      length,
    }));
    return { targets };
  },
});
