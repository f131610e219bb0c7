// `cancel`: a request that still waits, or work that shows as progress.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { request } from '../handler';

export const cancel = request<DebugProtocol.CancelArguments>({
  command: 'cancel',
  capabilities: { supportsCancelRequest: true },
  urgent: true,
  handle(session, { requestId, progressId }) {
    if (typeof requestId === 'number') session.cancelQueued(requestId);
    if (typeof progressId === 'string') session.cancelProgress(progressId);
  },
});
