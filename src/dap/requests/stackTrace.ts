// `stackTrace`: the reconstructed call stack, in pages.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { countOf } from '../arguments';
import { unknownThread } from '../errors';
import { frameBodies } from '../frames';
import { request } from '../handler';
import { THREAD } from '../session';

export const stackTrace = request<DebugProtocol.StackTraceArguments>({
  command: 'stackTrace',
  capabilities: { supportsDelayedStackTraceLoading: true },
  handle(session, args) {
    if (args.threadId !== undefined && args.threadId !== THREAD) throw unknownThread(args.threadId);
    const { debug } = session.stopped('stackTrace');
    const all = frameBodies(session, debug);
    const start = countOf('stackTrace', args, 'startFrame', 1e6, 0);
    const levels = countOf('stackTrace', args, 'levels', 1e6, 0) || all.length;
    return { stackFrames: all.slice(start, start + levels), totalFrames: all.length };
  },
});
