// `configurationDone`: breakpoints are set, the guest starts.

import { request } from '../handler';
import { stopsAtStart } from '../launchArguments';
import { Reply } from '../session';

export const configurationDone = request<unknown>({
  command: 'configurationDone',
  capabilities: { supportsConfigurationDoneRequest: true },
  handle(session) {
    const { debug, args } = session.running('configurationDone');
    return new Reply(undefined, () => {
      if (stopsAtStart(args)) debug.runToEntry(args.startAt);
      else debug.continue();
      session.resume(false);
    });
  },
});
