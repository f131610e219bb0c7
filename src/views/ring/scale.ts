// From retired instructions to pixels and back; and which numbers to write at the axis.
// Two spacings: `time` is linear; `compressed` gives long stays less room and short ones enough to be seen, so that a
// burst of system calls can be read beside a long start-up.

export interface Scale {
  readonly from: number;
  readonly to: number;
  /** Pixels of `icount` from the left edge of the plot. */
  x(icount: number): number;
  /** Instructions at a pixel. */
  at(x: number): number;
}

export const timeScale = (from: number, to: number, width: number): Scale => {
  const span = Math.max(1, to - from);
  return { from, to, x: (icount) => ((icount - from) / span) * width, at: (x) => from + (x / width) * span };
};

/** `icounts` sorted, all inside [from, to]. Each stay gets room by the logarithm of its length. */
export const compressedScale = (from: number, to: number, width: number, icounts: readonly number[]): Scale => {
  const stops = [from, ...icounts, Math.max(to, from + 1)];
  const edges = [0];
  for (let i = 1; i < stops.length; i++) edges.push(edges[i - 1]! + 2 + Math.log2(1 + stops[i]! - stops[i - 1]!));
  const unit = width / edges.at(-1)!;
  return {
    from,
    to,
    x: (icount) => between(stops, edges, icount) * unit,
    at: (x) => between(edges, stops, x / unit),
  };
};

/** Maps `value` from sorted `keys` to `values`, linear between neighbours. Of equal keys the first counts. */
const between = (keys: readonly number[], values: readonly number[], value: number): number => {
  let low = 1;
  let high = keys.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < value) low = middle + 1;
    else high = middle;
  }
  const [a, b] = [keys[low - 1]!, keys[low]!];
  const share = b > a ? (value - a) / (b - a) : 1;
  return values[low - 1]! + share * (values[low]! - values[low - 1]!);
};

/** Those of sorted `icounts` whose labels have `room` pixels each on `scale`: the axis of a compressed scale. */
export const stopTicks = (icounts: readonly number[], scale: Scale, room: number): number[] => {
  let free = -Infinity;
  return icounts.filter((icount) => {
    const x = scale.x(icount);
    if (x < free) return false;
    free = x + room;
    return true;
  });
};

/** Round numbers inside [from, to], at most `most` of them. */
export const ticks = (from: number, to: number, most: number): number[] => {
  const raw = (to - from) / Math.max(1, most);
  if (!(raw > 0)) return [];
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, [1, 2, 5, 10].map((m) => m * power).find((s) => s >= raw) ?? 10 * power);
  const found: number[] = [];
  for (let t = Math.ceil(from / step) * step; t <= to; t += step) found.push(t);
  return found;
};
