// The state of the guest in one line: for a status bar and for live views.

import { laneOf } from '../debugger/timeline/lanes';
import { SegIndex } from '../debugger/target';
import { farText } from '../debugger/text';
import type { StateBody } from './customTypes';
import type { Launched } from './launched';

export function stateBody({ debug }: Launched, running: boolean): StateBody {
  const { target, code } = debug;
  const cs = target.segment(SegIndex.CS);
  return {
    running,
    icount: target.icount,
    mode: target.mode,
    cpl: target.cpl,
    lane: laneOf(target.mode, target.cpl),
    paging: target.paging,
    where: farText(cs.selector, code.ip, cs.big),
    transitions: target.transitions.count,
  };
}
