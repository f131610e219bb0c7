// Compares the reports of a guest line by line: Ringside with QEMU, and with Bochs. Where they differ for a reason, the reason is
// a row of docs/differences.md, named here; differences that nobody names, and names without a difference, fail.
import assert from 'node:assert/strict';
import type { MachineOptions } from '../../../src/machine/types';
import { assembleGuest, onBochs, onQemu, onRingside } from './oracles';

/** By line: the row of docs/differences.md. */
export type Apart = Readonly<Record<string, string>>;

export interface Comparison {
  readonly guest: string;
  readonly define?: readonly string[];
  readonly options?: MachineOptions;
  readonly qemu?: { cpu?: string; program?: string; apart?: Apart };
  readonly bochs?: { cpu?: string; apart?: Apart };
  /** Our lines where no oracle is left to say the same, as the manual has them; `*` stands for anything. */
  readonly manual?: Readonly<Record<string, string>>;
}

/** QEMU's translator sets no RF in the flags that a fault saves: row `fault-rf`. */
const withoutRf = (line: string): string =>
  line.replace(/ fl ([0-9a-f]{8})/g, (_, flags: string) => {
    const value = parseInt(flags, 16) & ~0x10000;
    return ` fl ${value.toString(16).padStart(8, '0')}`;
  });

const linesOf = (report: string): Map<string, string> =>
  new Map(report.split('\n').map((line): [string, string] => [line.split(' ', 1)[0]!, line]));

/** These lines differ for the reason that a row of docs/differences.md gives. */
export const row = (id: string, ...lines: string[]): Apart => Object.fromEntries(lines.map((line) => [line, id]));

export function compareGuest({ guest, define = [], options, qemu, bochs, manual = {} }: Comparison): void {
  const image = assembleGuest(guest, define);
  const ours = linesOf(onRingside(image, options).report);
  const problems: string[] = [];
  const confirmed = new Set<string>();
  const against = (who: string, report: string, apart: Apart, same: (a: string, b: string) => boolean): void => {
    const theirs = linesOf(report);
    for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
      const [a, b] = [ours.get(name) ?? 'absent', theirs.get(name) ?? 'absent'];
      const equal = same(a, b);
      if (equal) confirmed.add(name);
      if (equal && apart[name] !== undefined) problems.push(`${name} is the same on ${who}: the excuse is not needed`);
      if (!equal && apart[name] === undefined) problems.push(`${name} differs:\n  Ringside ${a}\n  ${who} ${b}`);
    }
    for (const name of Object.keys(apart))
      if (!ours.has(name)) problems.push(`${name} is excused on ${who}, but there is no such line`);
  };
  if (qemu) {
    const { cpu, program, apart = {} } = qemu;
    against('QEMU', onQemu(image, cpu, [], program), apart, (a, b) => withoutRf(a) === withoutRf(b));
  }
  if (bochs) against('Bochs', onBochs(image, bochs.cpu), bochs.apart ?? {}, (a, b) => a === b);
  for (const [name, line] of ours) {
    const expected = manual[name];
    if (expected !== undefined) {
      const parts = expected.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
      const fits = new RegExp(`^${parts.join('.*')}$`).test(line);
      if (!fits) problems.push(`${name} is not as the manual has it:\n  Ringside ${line}\n  expected ${expected}`);
    } else if (!confirmed.has(name))
      problems.push(`${name} is confirmed by nobody: say what the manual has\n  ${line}`);
  }
  assert.ok(problems.length === 0, problems.join('\n'));
}
