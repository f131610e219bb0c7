// `exceptionInfo`: why the guest stopped, in words.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { noException } from '../errors';
import { request } from '../handler';
import { transitionWords } from '../stopped';

export const exceptionInfo = request<DebugProtocol.ExceptionInfoArguments>({
  command: 'exceptionInfo',
  capabilities: { supportsExceptionInfoRequest: true },
  handle(session) {
    const { debug } = session.stopped('exceptionInfo');
    const { stopped } = debug;
    if (stopped?.kind === 'transition') {
      const { description, text } = transitionWords(stopped.index, debug);
      return { exceptionId: description, description: text, breakMode: 'always', details: { message: text } };
    }
    const text = debug.exception();
    if (!text) throw noException();
    return {
      exceptionId: text.id,
      description: text.details,
      breakMode: 'always',
      details: { message: text.description, typeName: text.id, stackTrace: text.details },
    };
  },
});
