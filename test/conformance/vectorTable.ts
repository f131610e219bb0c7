// Counts the outcomes of CPU test vectors by instruction family and mode, as a Markdown table.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { decode } from '../../src/isa/decode';
import type { Vector, VectorHeader } from '../../src/machine/vectors/format';
import { VectorReplay, type Outcome } from '../../src/machine/vectors/replay';
import { familyOf } from './families';

type Counts = Record<Outcome, number>;
const MODES = [16, 32, 64] as const;
/** Vectors of several instructions count as what they are made for. */
const SEQUENCES = /^(mmxseq|sseseq|x87seq|fpuseq|seq)/;

export class VectorTable {
  private readonly cells = new Map<string, Map<number, Counts>>();

  replay(file: string): void {
    const text = gunzipSync(readFileSync(file)).toString('utf8');
    new VectorReplay().run(text.split('\n'), (header, vector, outcome) => this.count(header, vector, outcome));
  }

  private count({ mode }: VectorHeader, vector: Vector, outcome: Outcome): void {
    const family = this.family(vector, mode);
    let row = this.cells.get(family);
    if (!row) this.cells.set(family, (row = new Map()));
    let counts = row.get(mode);
    if (!counts) row.set(mode, (counts = { passed: 0, failed: 0, uncovered: 0 }));
    counts[outcome]++;
  }
  private family(vector: Vector, mode: 16 | 32 | 64): string {
    if (SEQUENCES.test(vector.n) || (vector.k ?? 1) > 1) return 'sequences of several instructions';
    return familyOf(decode(Buffer.from(vector.b, 'hex'), 0, mode).row);
  }

  total(outcome: Outcome): number {
    return [...this.cells.values()].flatMap((row) => [...row.values()]).reduce((sum, c) => sum + c[outcome], 0);
  }

  markdown(): string {
    const cell = (c: Counts | undefined): string => {
      if (!c) return '–';
      const rest = [c.failed ? `**${c.failed} failed**` : '', c.uncovered ? `${c.uncovered} not covered` : ''];
      return [String(c.passed), ...rest.filter(Boolean)].join(', ');
    };
    const lines = [...this.cells]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([family, row]) => `| ${family} | ${MODES.map((mode) => cell(row.get(mode))).join(' | ')} |`);
    return ['| family | 16-bit | 32-bit | 64-bit |', '|---|---|---|---|', ...lines].join('\n');
  }
}
