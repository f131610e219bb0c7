// `restart`: builds the program anew and switches the machine off and on; breakpoints stay and move with the source.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { breakpointBody } from '../breakpointBody';
import { request } from '../handler';
import { stopsAtStart } from '../launchArguments';
import { launchGuest } from '../launchGuest';
import { Reply } from '../session';

export const restart = request<DebugProtocol.RestartArguments>({
  command: 'restart',
  capabilities: { supportsRestartRequest: true },
  async handle(session, args) {
    const { debug: old, args: before } = session.get('restart');
    await session.loop.halt();
    const given = args.arguments as object | undefined;
    const launched = await launchGuest(session, given ?? before, old).catch((error: unknown) => {
      // The old guest is still there, and stands.
      if (!session.ended) session.reportStop('pause');
      throw error;
    });
    session.ended = false;
    session.handles.clear();
    const { debug } = launched;
    return new Reply(undefined, () => {
      for (const status of debug.breakpoints.all())
        session.event('breakpoint', { reason: 'changed', breakpoint: breakpointBody(session, status) });
      if (stopsAtStart(launched.args)) debug.runToEntry(launched.args.startAt);
      else debug.continue();
      session.resume(true);
    });
  },
});
