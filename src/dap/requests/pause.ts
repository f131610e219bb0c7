// `pause`: stops the guest between two instructions.

import { request } from '../handler';
import { Reply, THREAD } from '../session';

export const pause = request<{ threadId?: number }>({
  command: 'pause',
  urgent: true,
  handle(session, args) {
    session.running('pause');
    session.pauseThread = (args.threadId ?? THREAD) - THREAD;
    return new Reply(undefined, () => session.loop.pause());
  },
});
