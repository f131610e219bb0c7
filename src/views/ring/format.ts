// Words and numbers as the ring view writes them.
import type { Bucket, Detail, Lane, Point, Transition } from './protocol';
import { LANES } from './protocol';

export const LANE_NAMES: Readonly<Record<Lane, string>> = {
  ring3: 'ring 3',
  ring2: 'ring 2',
  ring1: 'ring 1',
  ring0: 'ring 0',
  real: 'real mode',
  v8086: 'v8086 mode',
  smm: 'system management mode',
};

/** Short enough for the lane's label. */
export const LANE_LABELS: Readonly<Record<Lane, string>> = { ...LANE_NAMES, real: 'real', v8086: 'v8086', smm: 'SMM' };

/** Known kinds in the legend's order; the colour is the name of one of the editor's chart colours. */
const KINDS: Readonly<Record<string, { name: string; color: string }>> = {
  exception: { name: 'Exception', color: 'red' },
  'triple-fault': { name: 'Triple fault', color: 'red' },
  'software-int': { name: 'INT', color: 'blue' },
  interrupt: { name: 'Interrupt', color: 'orange' },
  'call-gate': { name: 'Call gate', color: 'purple' },
  iret: { name: 'IRET', color: 'green' },
  'far-return': { name: 'Far return', color: 'green' },
  'far-jump': { name: 'Far jump', color: 'yellow' },
  'task-switch': { name: 'Task switch', color: 'yellow' },
  'mode-change': { name: 'Mode change', color: 'foreground' },
  'v86-enter': { name: 'Enter v8086', color: 'purple' },
  'v86-exit': { name: 'Leave v8086', color: 'purple' },
  smi: { name: 'SMI', color: 'orange' },
  rsm: { name: 'RSM', color: 'green' },
  syscall: { name: 'SYSCALL', color: 'blue' },
  sysret: { name: 'SYSRET', color: 'green' },
  sysenter: { name: 'SYSENTER', color: 'blue' },
  sysexit: { name: 'SYSEXIT', color: 'green' },
  reset: { name: 'Reset', color: 'foreground' },
};

export const kindName = (kind: string): string =>
  KINDS[kind]?.name ?? kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('-', ' ');
export const kindColor = (kind: string): string => KINDS[kind]?.color ?? 'foreground';

/** Order of the legend: known kinds first, then the others by name. */
export const byLegendOrder = (a: string, b: string): number => {
  const order = Object.keys(KINDS);
  const [x, y] = [order.indexOf(a), order.indexOf(b)];
  return x >= 0 && y >= 0 ? x - y : x >= 0 ? -1 : y >= 0 ? 1 : a.localeCompare(b);
};

export const count = (n: number): string => Math.round(n).toLocaleString('en-US');

export const plural = (n: number, one: string): string => `${count(n)} ${one}${Math.round(n) === 1 ? '' : 's'}`;

/** `1,234`, `12.5k`, `3.2M`: at most five characters and a suffix. */
export const short = (n: number): string => {
  const [value, suffix] =
    n >= 1e12 ? [n / 1e12, 'T'] : n >= 1e9 ? [n / 1e9, 'G'] : n >= 1e6 ? [n / 1e6, 'M'] : [n / 1e3, 'k'];
  if (n < 1e4) return count(n);
  return `${Number(value.toPrecision(value >= 1000 ? 4 : 3)).toLocaleString('en-US')}${suffix}`;
};

export const percent = (part: number, whole: number): string => {
  if (whole <= 0 || part <= 0) return '0 %';
  const share = (part / whole) * 100;
  return share < 1 ? '< 1 %' : `${Math.round(share)} %`;
};

export const vectorText = (vector: number): string => `0x${vector.toString(16).padStart(2, '0')}`;

/** What caused it, in a few words: `INT 0x80`, `Exception 0x0e`, `Call gate`. */
export const cause = (t: { kind: string; vector?: number }): string =>
  t.vector === undefined ? kindName(t.kind) : `${kindName(t.kind)} ${vectorText(t.vector)}`;

export const processorName = (processor: number): string => `vCPU ${processor}`;
const processorPrefix = ({ processor }: { processor?: number }): string =>
  processor === undefined ? '' : `${processorName(processor)}: `;

/** The accessible name of an edge. */
export const edgeLabel = (t: Transition): string =>
  `${processorPrefix(t)}${cause(t)}, ${LANE_NAMES[t.from]} to ${LANE_NAMES[t.to]}, at ${plural(t.icount, 'instruction')}`;

const hex4 = (n: number): string => n.toString(16).toUpperCase().padStart(4, '0');

export const address = (cs: number, ip: string): string => `${hex4(cs)}:${ip.replace(/^0x/, '').toUpperCase()}`;

const place = (point: Point): string => {
  const where = [address(point.cs, point.ip), point.symbol].filter(Boolean).join('  ');
  const source = point.source && `${point.source.path.split(/[\\/]/).pop()}:${point.source.line}`;
  return source ? `${where}  (${source})` : where;
};

const stackOf = (point: Point): string | undefined =>
  point.ss === undefined || point.sp === undefined ? undefined : address(point.ss, point.sp);

/** Rows of the card: term and description. */
export const detailRows = (d: Detail): [string, string][] => {
  const [oldStack, newStack] = [stackOf(d.from), stackOf(d.to)];
  const rows: [string, string | undefined][] = [
    ['processor', d.processor === undefined ? undefined : processorName(d.processor)],
    ['instruction', d.instruction],
    [
      'vector',
      d.vector === undefined
        ? undefined
        : `${vectorText(d.vector)}${d.vectorName?.startsWith('#') ? `  ${d.vectorName}` : ''}`,
    ],
    ['gate', d.gate],
    ['error code', d.errorCode === undefined ? undefined : `0x${d.errorCode.toString(16).padStart(4, '0')}`],
    ['CR2', d.cr2],
    ['why', d.reason],
    ['from', place(d.from)],
    ['to', place(d.to)],
    ['stack', oldStack && newStack && (oldStack === newStack ? oldStack : `${oldStack} → ${newStack}`)],
    ['stack from', d.stack],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined && row[1] !== '');
};

/** Rows of a bucket's card. */
export const bucketRows = (bucket: Bucket): [string, string][] => {
  const width = bucket.time.reduce((sum, t) => sum + t, 0);
  const kinds = Object.entries(bucket.kinds).sort(([a], [b]) => byLegendOrder(a, b));
  const lanes = LANES.map((lane, i) => [LANE_NAMES[lane], bucket.time[i] ?? 0] as const).filter(([, time]) => time > 0);
  return [
    ...kinds.map(([kind, n]): [string, string] => [kindName(kind), count(n)]),
    ...lanes.map(([name, time]): [string, string] => [name, percent(time, width)]),
  ];
};
