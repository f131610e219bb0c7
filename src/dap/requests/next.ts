// `next`: steps over calls, interrupts, repeated instructions and loops.

import { request } from '../handler';
import { step, type StepArguments } from './stepping';

export const next = request<StepArguments>({
  command: 'next',
  capabilities: { supportsSteppingGranularity: true },
  handle: (session, args) => step(session, 'next', 'over', args),
});
