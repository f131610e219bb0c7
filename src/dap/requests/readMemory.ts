// `readMemory`: guest memory by linear address (or `phys:` address), up to the first byte that is not mapped.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { placeOf, referenceOf } from '../addresses';
import { countOf, numberOf, stringOf } from '../arguments';
import { toBase64 } from '../base64';
import { request } from '../handler';

const COMMAND = 'readMemory';
const MOST = 1 << 24;
const TOP = 0x100000000;

export const readMemory = request<DebugProtocol.ReadMemoryArguments>({
  command: COMMAND,
  capabilities: { supportsReadMemoryRequest: true },
  handle(session, args) {
    const launched = session.get(COMMAND);
    const { space, at } = placeOf(
      launched,
      stringOf(COMMAND, args, 'memoryReference'),
      numberOf(COMMAND, args, 'offset', 0),
    );
    const count = countOf(COMMAND, args, 'count', MOST);
    const { target } = launched.debug;
    // Below address 0 and above the top there is nothing.
    if (at < 0 || at >= TOP) return { address: referenceOf(Math.max(at, 0)), unreadableBytes: count };
    const wanted = Math.min(count, TOP - at);
    const bytes = space === 'linear' ? target.readLinear(at, wanted) : target.readPhysical(at, wanted);
    const missing = count - bytes.length;
    return { address: referenceOf(at), data: toBase64(bytes), ...(missing > 0 ? { unreadableBytes: missing } : {}) };
  },
});
