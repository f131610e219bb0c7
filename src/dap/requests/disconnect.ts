// `disconnect`: the client leaves; the guest belongs to the session and goes with it.

import { request } from '../handler';
import { Reply } from '../session';

export const disconnect = request<unknown>({
  command: 'disconnect',
  urgent: true,
  handle(session) {
    session.loop.stop();
    return new Reply(undefined, () => session.close());
  },
});
