// The state of the guest in one line: for a status bar and for live views. Of several processors it is about one.

import { laneOf } from '../debugger/timeline/lanes';
import { farText } from '../debugger/text';
import type { StateBody } from './customTypes';
import type { Launched } from './launched';

export function stateBody({ debug }: Launched, running: boolean, processor: number): StateBody {
  const { target } = debug;
  const { mode, cpl, paging, cs, ip, bits } = target.describe(processor);
  return {
    running,
    icount: target.icount,
    mode,
    cpl,
    lane: laneOf(mode, cpl),
    paging,
    where: farText(cs, ip, bits),
    transitions: target.transitions.count,
    processors: target.processors,
    processor,
  };
}
