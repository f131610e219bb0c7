// How long the guest stayed where, from the transitions of a window.
import { LANES, type Lane, type TimeWindow } from './protocol';

export interface Span {
  lane: Lane;
  from: number;
  to: number;
}

/** Stays in lanes, in order of time, up to `now` or the window's end. Transitions within a lane do not end a stay. */
export const spansOf = (window: TimeWindow, now: number): Span[] => {
  const end = Math.min(window.to, Math.max(now, window.from));
  const spans: Span[] = [];
  let { lane, from } = { lane: window.lane, from: window.from };
  for (const t of window.transitions ?? []) {
    if (t.to === lane) continue;
    spans.push({ lane, from, to: t.icount });
    lane = t.to;
    from = t.icount;
  }
  spans.push({ lane, from, to: Math.max(from, end) });
  return spans;
};

/** Instructions in each lane in the window, in the order of LANES. */
export const timeInLanes = (window: TimeWindow): number[] => {
  const time = LANES.map(() => 0);
  if (window.transitions)
    for (const { lane, from, to } of spansOf(window, window.now)) time[LANES.indexOf(lane)]! += to - from;
  for (const bucket of window.buckets ?? []) bucket.time.forEach((t, i) => (time[i]! += t));
  return time;
};
