// `stackTrace`: the reconstructed call stack, in pages. Loading it in two parts is not announced (supportsDelayedStackTraceLoading):
// all frames are found at once, and VS Code often shows the first one only with the others, 420 ms later.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { countOf } from '../arguments';
import { frameBodies } from '../frames';
import { request } from '../handler';

export const stackTrace = request<DebugProtocol.StackTraceArguments>({
  command: 'stackTrace',
  handle(session, args) {
    const { debug } = session.thread('stackTrace', args.threadId);
    const all = frameBodies(session, debug);
    const start = countOf('stackTrace', args, 'startFrame', 1e6, 0);
    const levels = countOf('stackTrace', args, 'levels', 1e6, 0) || all.length;
    return { stackFrames: all.slice(start, start + levels), totalFrames: all.length };
  },
});
