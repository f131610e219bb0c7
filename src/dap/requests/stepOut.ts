// `stepOut`: runs until the present procedure or handler has returned.

import { request } from '../handler';
import { step, type StepArguments } from './stepping';

export const stepOut = request<StepArguments>({
  command: 'stepOut',
  handle: (session, args) => step(session, 'stepOut', 'out', args),
});
