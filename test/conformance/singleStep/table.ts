// SingleStepTests of the 80286 in real mode, replayed on the 80386 model and counted by what the instructions do, as a Markdown table.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decode } from '../../../src/isa/decode';
import { newerMeaning, restartsString } from './generations';
import { testsOf, type MooTest } from './moo';
import { SingleStepReplay } from './replay';

interface Form {
  /** Flags that the manuals define. */
  readonly 'flags-mask'?: number;
  readonly reg?: Readonly<Record<string, Form>>;
}

const GENERAL_PROTECTION = 13;
const SUFFIX = '.MOO.gz';
const VISIBLE_FAILURES = 20;

export type Verdict = 'passed' | 'failed' | { readonly newer: string };

/** The verdict on one test, and what differs. */
export function judge(replay: SingleStepReplay, test: MooTest, mask: number): { verdict: Verdict; problems: string[] } {
  const newer = newerMeaning(test);
  if (newer !== undefined) return { verdict: { newer }, problems: [] };
  const problems = replay.run(test, mask);
  if (problems.length === 0) return { verdict: 'passed', problems };
  if (test.exception?.vector === GENERAL_PROTECTION) {
    const otherwise = replay.run(test, mask, true);
    if (otherwise.length === 0) return { verdict: { newer: 'beyond the limit of the stack: #SS' }, problems };
    if (restartsString(test, otherwise))
      return { verdict: { newer: 'string instructions can be restarted after a fault' }, problems };
  }
  return { verdict: 'failed', problems };
}

export class SingleStepTable {
  private readonly replay = new SingleStepReplay('386');
  private readonly rows = new Map<string, { passed: number; failed: number }>();
  private readonly newer = new Map<string, number>();
  private files = 0;
  readonly failures: string[] = [];

  /** At most `limit` tests of each file. */
  run(folder: string, limit: number): void {
    const forms = (
      JSON.parse(readFileSync(path.join(folder, 'metadata.json'), 'utf8')) as { opcodes: Record<string, Form> }
    ).opcodes;
    for (const file of readdirSync(folder).filter((name) => name.endsWith(SUFFIX))) {
      const [opcode, extension] = file.slice(0, -SUFFIX.length).split('.');
      const form = forms[opcode!];
      const mask = (form?.reg?.[extension ?? ''] ?? form)?.['flags-mask'] ?? 0xffff;
      this.files++;
      let left = limit;
      for (const test of testsOf(gunzipSync(readFileSync(path.join(folder, file))))) {
        if (left-- === 0) break;
        this.count(test, mask);
      }
    }
  }

  private count(test: MooTest, mask: number): void {
    const { verdict, problems } = judge(this.replay, test, mask);
    if (typeof verdict === 'object') {
      this.newer.set(verdict.newer, (this.newer.get(verdict.newer) ?? 0) + 1);
      return;
    }
    const mnemonic = decode(test.bytes, 0, 16).row?.mn.toUpperCase() ?? 'undefined';
    let row = this.rows.get(mnemonic);
    if (!row) this.rows.set(mnemonic, (row = { passed: 0, failed: 0 }));
    row[verdict]++;
    if (verdict === 'failed' && this.failures.length < VISIBLE_FAILURES)
      this.failures.push(`${test.name} [${Buffer.from(test.bytes).toString('hex')}]: ${problems.join('; ')}`);
  }

  summary(): string {
    const sum = (of: 'passed' | 'failed'): number => [...this.rows.values()].reduce((all, row) => all + row[of], 0);
    const newer = [...this.newer.values()].reduce((all, count) => all + count, 0);
    return `${this.files} files: ${sum('passed')} tests passed, ${sum('failed')} failed, ${newer} in which the 80386 differs by design.`;
  }

  markdown(): string {
    const reasons = [...this.newer].map(([what, count]) => `| ${what} | ${count} |`);
    const cell = ({ passed, failed }: { passed: number; failed: number }): string =>
      failed === 0 ? `${passed}` : `${passed}, **${failed} failed**`;
    const counts = [...this.rows]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([mnemonic, row]) => `${mnemonic} ${cell(row)}`);
    return [
      `Passed, by instruction: ${counts.join('; ')}.`,
      '',
      '| in which the 80386 differs | tests |',
      '|---|---|',
      ...reasons,
    ].join('\n');
  }
}
