// How long the guest stayed where, from the transitions of a window. With all of several processors in it, each has its stays.
import { LANES, type Lane, type TimeWindow } from './protocol';

export interface Span {
  lane: Lane;
  from: number;
  to: number;
  /** Position of the processor among those shown. */
  row: number;
}

/** Processors shown, each in a row of its own. */
export const rowsOf = ({ lanes }: Pick<TimeWindow, 'lanes'>): number => lanes?.length ?? 1;

/** Stays in lanes, row by row in order of time, up to `now` or the window's end. Transitions within a lane do not end a stay. */
export const spansOf = (window: TimeWindow, now: number): Span[] => {
  const end = Math.min(window.to, Math.max(now, window.from));
  const open = (window.lanes ?? [window.lane]).map((lane) => ({ lane, from: window.from }));
  const spans: Span[] = [];
  for (const t of window.transitions ?? []) {
    const row = window.lanes ? (t.processor ?? 0) : 0;
    const stay = open[row];
    if (!stay || t.to === stay.lane) continue;
    spans.push({ ...stay, row, to: t.icount });
    open[row] = { lane: t.to, from: t.icount };
  }
  open.forEach((stay, row) => spans.push({ ...stay, row, to: Math.max(stay.from, end) }));
  return spans;
};

/** Instructions in each lane in the window, in the order of LANES. */
export const timeInLanes = (window: TimeWindow): number[] => {
  const time = LANES.map(() => 0);
  if (window.transitions)
    for (const { lane, from, to } of spansOf(window, window.now))
      time[LANES.indexOf(lane)]! += (to - from) / rowsOf(window);
  for (const bucket of window.buckets ?? []) bucket.time.forEach((t, i) => (time[i]! += t));
  return time;
};
