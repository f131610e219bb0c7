// `stepIn`: steps into what the instruction calls.

import { request } from '../handler';
import { step, type StepArguments } from './stepping';

export const stepIn = request<StepArguments>({
  command: 'stepIn',
  handle: (session, args) => step(session, 'stepIn', 'in', args),
});
