// `terminate` and `disconnect`: the guest goes away with its session.

import { request } from '../handler';
import { Reply } from '../session';

export const terminate = request<unknown>({
  command: 'terminate',
  capabilities: { supportsTerminateRequest: true },
  urgent: true,
  handle(session) {
    session.loop.stop();
    return new Reply(undefined, () => session.terminated());
  },
});
