// `threads`: a processor is a thread.

import { request } from '../handler';
import { THREAD } from '../session';

export const threads = request<unknown>({
  command: 'threads',
  handle: () => ({ threads: [{ id: THREAD, name: 'vCPU 0' }] }),
});
