// `continue`: runs until something stops the guest.

import { request } from '../handler';
import { Reply } from '../session';

export const continueRequest = request<unknown>({
  command: 'continue',
  handle(session) {
    session.running('continue');
    if (session.loop.active) return { allThreadsContinued: true };
    return new Reply({ allThreadsContinued: true }, () => {
      if (session.endIfDead()) return;
      session.launched!.debug.continue();
      session.resume(false);
    });
  },
});
