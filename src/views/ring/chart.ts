// Draws lanes, time spent in them, edges and axis as SVG. Every edge (or bucket) is an element with data-* attributes and
// an accessible name, so that assistive technology and tests see what the eye sees.
import { svg } from '../../base/elements';
import { byLegendOrder, count, edgeLabel, kindColor, LANE_LABELS, LANE_NAMES, percent, plural, short } from './format';
import type { Geometry } from './geometry';
import { LANES, type Bucket, type Lane, type TimeWindow, type Transition } from './protocol';
import { stopTicks, ticks, type Scale } from './scale';
import { spansOf, timeInLanes } from './spans';

export interface ChartInput {
  geometry: Geometry;
  scale: Scale;
  /** The scale is not linear: the axis names the transitions' times. */
  compressed: boolean;
  window: TimeWindow;
  /** Kinds switched off in the legend. */
  hidden: ReadonlySet<string>;
  selected: number | undefined;
  /** Present end of the run and the lane the guest is in. */
  now: number;
  lane: Lane | undefined;
  running: boolean;
}

const half = (v: number): number => Math.round(v) + 0.5;

const lanes = ({ geometry: g, window, scale, lane: current }: ChartInput): SVGElement[] => {
  const time = timeInLanes(window);
  const all = time.reduce((sum, t) => sum + t, 0);
  return LANES.map((lane, i) => {
    const top = i * g.laneHeight;
    const share = percent(time[i]!, all);
    const text = svg(
      'text',
      {
        x: g.left - 8,
        y: g.y(lane),
        class: 'lane-name',
        'dominant-baseline': 'central',
        'font-size': Math.min(11, g.laneHeight - 1),
      },
      LANE_LABELS[lane],
    );
    const band = svg('rect', { x: g.left, y: top, width: g.plot, height: g.laneHeight, class: 'band' });
    const title = svg('title', {}, `${LANE_NAMES[lane]}: ${share} of the time shown`);
    const label = `${LANE_NAMES[lane]}, ${share} of the time shown${lane === current ? ', the guest is here' : ''}`;
    return svg(
      'g',
      {
        class: `lane ${lane === current ? 'current' : ''}`,
        role: 'img',
        'aria-label': label,
        'data-lane': lane,
        'data-time': time[i],
      },
      title,
      band,
      svg('line', {
        x1: g.left,
        x2: g.left + g.plot,
        y1: half(top + g.laneHeight),
        y2: half(top + g.laneHeight),
        class: 'rule',
      }),
      text,
      ...(scale.to > scale.from && lane === current
        ? [svg('circle', { cx: 6, cy: g.y(lane), r: 3, class: 'here' })]
        : []),
    );
  });
};

/** Bars of the time spent in each lane, from a list of transitions. */
const spanBars = ({ geometry: g, scale, window, now }: ChartInput): SVGElement[] =>
  spansOf(window, now).map(({ lane, from, to, row }) => {
    const [a, b] = [scale.x(Math.max(from, scale.from)), scale.x(Math.min(to, scale.to))];
    const several = window.lanes !== undefined;
    const height = several ? Math.max(1.5, g.rowHeight * 0.7) : Math.min(22, Math.max(6, g.laneHeight * 0.4));
    return svg('rect', {
      x: g.left + a,
      y: g.y(lane, several ? row : undefined) - height / 2,
      width: Math.max(1, b - a),
      height,
      rx: Math.min(2, Math.max(0, (b - a) / 2)),
      class: `span ${lane}`,
      'data-row': several ? row : undefined,
    });
  });

const edge = (t: Transition, input: ChartInput): SVGElement => {
  const { geometry: g, scale, selected, window } = input;
  const x = g.left + scale.x(t.icount);
  const row = window.lanes ? (t.processor ?? 0) : undefined;
  const [y1, y2] = [g.y(t.from, row), g.y(t.to, row)];
  const down = Math.sign(y2 - y1);
  const mark =
    down === 0
      ? svg('path', { d: `M${x} ${y1 - 5}l5 5l-5 5l-5 -5z`, class: 'mark' })
      : svg('path', { d: `M${x} ${y2}l-4 ${-7 * down}h8z`, class: 'mark' });
  return svg(
    'g',
    {
      class: `edge ${kindColor(t.kind)} ${t.index === selected ? 'selected' : ''}`,
      role: 'button',
      tabindex: t.index === selected ? 0 : -1,
      'aria-label': edgeLabel(t),
      'data-index': t.index,
      'data-icount': t.icount,
      'data-kind': t.kind,
      'data-vector': t.vector,
      'data-processor': t.processor,
      'data-from': t.from,
      'data-to': t.to,
    },
    svg('line', { x1: x, x2: x, y1, y2, class: 'shaft' }),
    mark,
    svg('line', { x1: x, x2: x, y1: g.stripTop, y2: g.stripTop + g.stripHeight, class: 'tick' }),
    svg('line', { x1: x, x2: x, y1: Math.min(y1, y2) - 6, y2: Math.max(y1, y2) + 6, class: 'hit' }),
  );
};

const shown = (window: TimeWindow, hidden: ReadonlySet<string>): readonly Transition[] =>
  (window.transitions ?? []).filter((t) => !hidden.has(t.kind));

const bucketMarks = (bucket: Bucket, x: number, width: number, most: number, input: ChartInput): SVGElement[] => {
  const { geometry: g, hidden } = input;
  let y = g.stripTop + g.stripHeight;
  return Object.entries(bucket.kinds)
    .filter(([kind]) => !hidden.has(kind))
    .sort(([a], [b]) => byLegendOrder(a, b))
    .map(([kind, n]) => {
      const height = Math.max(1, (n / most) * g.stripHeight);
      y -= height;
      return svg('rect', { x, y, width, height, class: `density ${kindColor(kind)}` });
    });
};

const buckets = (input: ChartInput): SVGElement[] => {
  const { geometry: g, scale, window, hidden } = input;
  const list = window.buckets ?? [];
  const size = (window.to - window.from) / list.length;
  const visible = (bucket: Bucket): number =>
    Object.entries(bucket.kinds).reduce((sum, [kind, n]) => sum + (hidden.has(kind) ? 0 : n), 0);
  const most = Math.max(1, ...list.map(visible));
  const barHeight = g.laneHeight * 0.62;
  return list.flatMap((bucket, i) => {
    const from = window.from + i * size;
    const x = g.left + scale.x(from);
    const width = g.left + scale.x(from + size) - x;
    const whole = bucket.time.reduce((sum, t) => sum + t, 0);
    if (x + width < g.left || x > g.left + g.plot || (whole === 0 && bucket.count === 0)) return [];
    const bars = LANES.flatMap((lane, l) => {
      const share = whole > 0 ? (bucket.time[l] ?? 0) / whole : 0;
      if (share === 0) return [];
      const opacity = (0.25 + 0.75 * share).toFixed(2);
      return [
        svg('rect', {
          x,
          y: g.y(lane) - barHeight / 2,
          width: width + 0.3,
          height: barHeight,
          class: `span ${lane}`,
          opacity,
        }),
      ];
    });
    const label = `${plural(bucket.count, 'transition')} between ${count(from)} and ${count(from + size)} instructions`;
    return [
      svg(
        'g',
        {
          class: 'bucket',
          role: 'button',
          tabindex: -1,
          'aria-label': label,
          'data-bucket': i,
          'data-count': visible(bucket),
        },
        ...bars,
        ...bucketMarks(bucket, x, Math.max(1, width - 0.5), most, input),
        svg('rect', { x, y: 0, width, height: g.axis, class: 'hit' }),
      ),
    ];
  });
};

const inside =
  (scale: Scale) =>
  (icount: number): boolean =>
    icount >= scale.from && icount <= scale.to;

const axis = ({ geometry: g, scale, compressed, window, hidden }: ChartInput): SVGElement[] => {
  const values = compressed
    ? stopTicks([scale.from, ...shown(window, hidden).map((t) => t.icount)].filter(inside(scale)), scale, 46)
    : ticks(scale.from, scale.to, Math.max(1, Math.floor(g.plot / 64)));
  const items = values.map((value) => {
    const x = g.left + scale.x(value);
    const anchor = x > g.left + g.plot - 16 ? 'end' : x < g.left + 10 ? 'start' : 'middle';
    return svg(
      'g',
      { class: 'tick-label' },
      svg('line', { x1: half(x), x2: half(x), y1: g.axis, y2: g.axis + 4 }),
      svg('text', { x, y: g.axis + 14, 'text-anchor': anchor }, short(value)),
    );
  });
  return [
    svg('line', { x1: g.left, x2: g.left + g.plot, y1: half(g.axis), y2: half(g.axis), class: 'axis' }),
    ...items,
  ];
};

const present = ({ geometry: g, scale, now, running }: ChartInput): SVGElement[] => {
  const x = g.left + scale.x(now);
  if (now < scale.from || x > g.left + g.plot + 1) return [];
  return [
    svg('line', {
      x1: half(x),
      x2: half(x),
      y1: 0,
      y2: g.axis,
      class: `now ${running ? 'running' : ''}`,
      'data-now': now,
    }),
  ];
};

/** Replaces the content of `target`. */
export const drawChart = (target: SVGSVGElement, input: ChartInput): void => {
  const { geometry: g, window, hidden } = input;
  target.setAttribute('width', String(g.width));
  target.setAttribute('height', String(g.height));
  const clip = svg(
    'clipPath',
    { id: 'plot' },
    svg('rect', { x: g.left - 1, y: 0, width: g.plot + 7, height: g.height }),
  );
  const body = window.transitions
    ? [...spanBars(input), ...shown(window, hidden).map((t) => edge(t, input))]
    : buckets(input);
  target.replaceChildren(
    svg('defs', {}, clip),
    svg('g', { class: 'lanes' }, ...lanes(input)),
    svg('g', { class: 'body', 'clip-path': 'url(#plot)' }, ...body, ...present(input)),
    svg('g', { class: 'axis-group', 'aria-hidden': 'true' }, ...axis(input)),
  );
};
