// `configurationDone`: breakpoints are set, the guest starts.

import { request } from '../handler';
import { Reply } from '../session';

export const configurationDone = request<unknown>({
  command: 'configurationDone',
  capabilities: { supportsConfigurationDoneRequest: true },
  handle(session) {
    const { debug, args } = session.running('configurationDone');
    return new Reply(undefined, () => {
      if (args.stopOnEntry && !args.noDebug) debug.runToEntry();
      else debug.continue();
      session.resume(false);
    });
  },
});
