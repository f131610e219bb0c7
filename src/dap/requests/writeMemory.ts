// `writeMemory`: changes guest memory; breakpoints are not in memory, so nothing else changes.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { placeOf, referenceOf } from '../addresses';
import { numberOf, stringOf } from '../arguments';
import { fromBase64 } from '../base64';
import { badArgument, notWritable } from '../errors';
import { request } from '../handler';

const COMMAND = 'writeMemory';

export const writeMemory = request<DebugProtocol.WriteMemoryArguments>({
  command: COMMAND,
  capabilities: { supportsWriteMemoryRequest: true },
  handle(session, args) {
    const launched = session.running(COMMAND);
    const reference = stringOf(COMMAND, args, 'memoryReference');
    const { space, at } = placeOf(launched, reference, numberOf(COMMAND, args, 'offset', 0));
    const bytes = fromBase64(stringOf(COMMAND, args, 'data'));
    if (!bytes) throw badArgument(COMMAND, '"data" must be base64');
    const { target } = launched.debug;
    if (space === 'linear' && args.allowPartial !== true && target.readLinear(at, bytes.length).length < bytes.length)
      throw notWritable(reference);
    const written = space === 'linear' ? target.writeLinear(at, bytes) : target.writePhysical(at, bytes);
    if (written < bytes.length && (args.allowPartial !== true || written === 0))
      throw notWritable(referenceOf(at + written));
    if (session.client.supportsMemoryEvent)
      session.event('memory', { memoryReference: referenceOf(at), offset: 0, count: written });
    session.stateChanged();
    return { offset: 0, bytesWritten: written };
  },
});
