// `pause`: stops the guest between two instructions.

import { request } from '../handler';
import { Reply } from '../session';

export const pause = request<unknown>({
  command: 'pause',
  urgent: true,
  handle(session) {
    session.running('pause');
    return new Reply(undefined, () => session.loop.pause());
  },
});
