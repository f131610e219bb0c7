// The tables: millions of guest instructions a second, how Ringside compares, and what single events cost.
import type { Guest } from './guests';
import { median, type Measurement } from './measure';
import type { BenchMachine } from './machines/types';

export interface Cell extends Measurement {
  mips: number;
  /** Instructions that Ringside counted for `count`. */
  instructions: number;
}
export type Result = Cell | { error: string } | { unable: string };

export interface Row {
  guest: Guest;
  /** By machine id; machines that are missing have none. */
  results: Record<string, Result>;
}

export interface Target {
  rival: string;
  factor: number;
}
/** What this tier promises on every workload. */
export const TARGETS: readonly Target[] = [
  { rival: 'v86-nojit', factor: 3 },
  { rival: 'bochs', factor: 1 },
];

export const isCell = (result: Result | undefined): result is Cell => result !== undefined && 'mips' in result;

/** Ringside's speed over the rival's, the median of the rounds; undefined when one of them has no figure. */
export function ratio(row: Row, rival: string): number | undefined {
  const own = row.results.ringside;
  const other = row.results[rival];
  if (!isCell(own) || !isCell(other)) return undefined;
  const work = own.instructions / other.instructions;
  return median(own.rounds.map((seconds, i) => (work * other.rounds[i]) / seconds));
}

export const missesTarget = (row: Row, { rival, factor }: Target): boolean => {
  const value = ratio(row, rival);
  return value !== undefined && value < factor;
};

const number = (value: number): string =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);

function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: readonly string[]): string =>
    row.map((text, i) => (i === 0 ? text.padEnd(widths[i]) : text.padStart(widths[i]))).join('  ');
  return [line(rows[0]), widths.map((w) => '-'.repeat(w)).join('  '), ...rows.slice(1).map(line)].join('\n');
}

const show = (result: Result | undefined): string =>
  result === undefined ? 'missing' : isCell(result) ? number(result.mips) : 'unable' in result ? 'not able' : 'ERROR';

export const describeResult = (result: Result): string =>
  isCell(result)
    ? `${result.mips.toFixed(1)} MIPS`
    : 'unable' in result
      ? `not able: ${result.unable}`
      : `ERROR: ${result.error}`;

export function speedTable(rows: readonly Row[], machines: readonly BenchMachine[]): string {
  const rivals = machines.filter((machine) => machine.id !== 'ringside');
  const head = ['MIPS', ...machines.map((m) => m.title), ...rivals.map((m) => `/ ${m.title}`)];
  const compare = (row: Row, id: string): string => {
    const value = ratio(row, id);
    if (value === undefined) return '-';
    const target = TARGETS.find((each) => each.rival === id);
    return `${number(value)}x${target && missesTarget(row, target) ? ' !' : ''}`;
  };
  const body = rows.map((row) => [
    row.guest.name,
    ...machines.map((m) => show(row.results[m.id])),
    ...rivals.map((m) => compare(row, m.id)),
  ]);
  const means = rivals.map((m) => {
    const values = rows.map((row) => ratio(row, m.id)).filter((value) => value !== undefined);
    if (values.length === 0) return '-';
    return `${number(Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length))}x`;
  });
  return table([head, ...body, ['geometric mean', ...machines.map(() => ''), ...means]]);
}

export function eventTable(rows: readonly Row[], machines: readonly BenchMachine[]): string | undefined {
  const priced = rows.filter((row) => row.guest.event);
  if (priced.length === 0) return undefined;
  const cost = (row: Row, id: string): string => {
    const cell = row.results[id];
    return isCell(cell) ? ((cell.seconds / cell.count / row.guest.event!.perCount) * 1e9).toFixed(0) : '-';
  };
  const body = priced.map((row) => [
    `${row.guest.name}: ${row.guest.event!.name}`,
    ...machines.map((m) => cost(row, m.id)),
  ]);
  return table([['ns per event', ...machines.map((m) => m.title)], ...body]);
}
