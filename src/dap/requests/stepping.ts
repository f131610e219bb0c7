// What `next`, `stepIn` and `stepOut` share.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { noCaller } from '../errors';
import { Reply, type Session } from '../session';

export type StepArguments = { threadId?: number; granularity?: DebugProtocol.SteppingGranularity };

/** `statement` and `line` are the same in assembly. */
export function step(session: Session, command: string, kind: 'in' | 'over' | 'out', args: StepArguments): Reply {
  const { debug } = session.thread(command, args.threadId);
  session.running(command);
  if (session.dead) return new Reply(undefined, () => void session.endIfDead());
  const problem = debug.step(kind, args.granularity === 'instruction' ? 'instruction' : 'line');
  if (problem) throw noCaller(problem);
  return new Reply(undefined, () => {
    session.loop.watchStep();
    session.resume(false);
  });
}
