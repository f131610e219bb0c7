// Figures of a run.

import type { Debugger } from '../debugger/debugger';
import { exceptionVector } from '../debugger/vectors';

export interface RunFigures {
  /** Real time. */
  seconds: number;
  code: number;
  words: string;
  /** Exceptions delivered, by vector. */
  faults: Readonly<Record<string, number>>;
  /** Changes of ring or mode. */
  changes: number;
}

export function statistics(
  { target, timeline }: Debugger,
  { seconds, code, words, faults, changes }: RunFigures,
): object {
  const instructions = target.icount;
  const names = Object.entries(faults).map(([vector, count]) => [
    exceptionVector(Number(vector))?.mnemonic ?? `vector ${vector}`,
    count,
  ]);
  return {
    instructions,
    seconds: Number(seconds.toFixed(6)),
    mips: seconds > 0 ? Number((instructions / seconds / 1e6).toFixed(3)) : 0,
    virtualSeconds: target.timeNs / 1e9,
    tiers: { interpreter: instructions },
    faults: Object.fromEntries(names) as Record<string, number>,
    transitions: { changes, recorded: target.transitions.count, kinds: timeline.kinds() },
    end: { code, words },
  };
}
