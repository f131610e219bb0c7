// `readMemory`: guest memory by linear address (or `phys:` address), up to the first byte that is not mapped.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { isLong, LINEAR_TOP } from '../../debugger/linear';
import type { DebugTarget } from '../../debugger/target';
import { placeOf, referenceOf, type Place } from '../addresses';
import { countOf, numberOf, stringOf } from '../arguments';
import { toBase64 } from '../base64';
import { request } from '../handler';

const COMMAND = 'readMemory';
const MOST = 1 << 24;

/** The part of the address space that an address is in: first address, and the one behind the last. */
function spaceAround(target: DebugTarget, space: Place['space'], at: number): [number, number] {
  if (space === 'physical') return [0, 2 ** 52];
  if (at < 0) return [-LINEAR_TOP, 0];
  return [0, isLong(target) ? LINEAR_TOP : 2 ** 32];
}

export const readMemory = request<DebugProtocol.ReadMemoryArguments>({
  command: COMMAND,
  capabilities: { supportsReadMemoryRequest: true },
  handle(session, args) {
    const launched = session.get(COMMAND);
    const { space, at: start } = placeOf(launched, stringOf(COMMAND, args, 'memoryReference'));
    const at = start + numberOf(COMMAND, args, 'offset', 0);
    const count = countOf(COMMAND, args, 'count', MOST);
    const { target } = launched.debug;
    const [first, end] = spaceAround(target, space, start);
    // Below the first address and above the last one there is nothing.
    if (at < first || at >= end) return { address: referenceOf(Math.max(at, first)), unreadableBytes: count };
    const wanted = Math.min(count, end - at);
    const bytes = space === 'linear' ? target.readLinear(at, wanted) : target.readPhysical(at, wanted);
    const missing = count - bytes.length;
    return { address: referenceOf(at), data: toBase64(bytes), ...(missing > 0 ? { unreadableBytes: missing } : {}) };
  },
});
