// `launch`: assembles or reads the program, makes the machine, and asks the client for its breakpoints.

import { objectOf } from '../arguments';
import { alreadyLaunched } from '../errors';
import { request } from '../handler';
import { launchGuest } from '../launchGuest';
import { Reply } from '../session';

export const launch = request<unknown>({
  command: 'launch',
  async handle(session, args) {
    if (session.launched) throw alreadyLaunched();
    await launchGuest(session, objectOf('launch', args));
    return new Reply(undefined, () => session.event('initialized'));
  },
});
