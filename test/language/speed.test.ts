// How long diagnostics take after a key in a source of 5,000 lines: measured, printed, and held below 200 ms at the 95th
// percentile. Other programs on the machine lengthen the time on the clock, so that the limit is on the lesser of it and the processor time,
// helper threads of the garbage collector included, and the best of a few rounds counts; both are printed. On a machine
// with more running programs than processors even that grows (shared caches), and the limit with it.
import assert from 'node:assert/strict';
import { problemsOf } from '../../src/language/features/diagnostics';
import { Project } from '../../src/language/project/project';
import { crowd } from '../crowd';
import { bigSource, percentile } from './support/bigSource';

const LINES = 5000;
const EDITS = 40;
const ROUNDS = 4;
const LIMIT_MS = 200;
const FILE = '/w/big.asm';

interface Time {
  clock: number;
  cpu: number;
}

describe('language: speed', function () {
  this.timeout(120_000);

  it(`diagnostics of ${LINES} lines while typing take less than ${LIMIT_MS} ms`, () => {
    const lines = bigSource(LINES);
    const project = new Project();
    const type = (line: number, text: string): Time => {
      lines[line] = text;
      const whole = lines.join('\n');
      const begin = performance.now();
      const cpu = process.cpuUsage();
      project.open(FILE, whole);
      const found = problemsOf(project, [FILE]).get(FILE)!;
      const used = process.cpuUsage(cpu);
      const time = { clock: performance.now() - begin, cpu: (used.user + used.system) / 1000 };
      const wrong = text.includes('nowhere') ? 1 : 0;
      assert.equal(found.length, wrong, JSON.stringify(found.slice(0, 3)));
      return time;
    };
    for (let i = 0; i < 10; i++) type(2505, `  mov ax, ${i}`); // warms up
    const said = (times: readonly Time[], name: keyof Time): string => {
      const list = times.map((time) => time[name]);
      return `median ${percentile(list, 0.5).toFixed(0)} ms, 95th percentile ${percentile(list, 0.95).toFixed(0)} ms`;
    };
    const programs = crowd();
    const limit = LIMIT_MS * programs;
    let best = Infinity;
    for (let round = 0; round < ROUNDS && best >= limit; round++) {
      const times = Array.from({ length: EDITS }, (_, i) =>
        type(2505, i % 4 === 3 ? '  mov ax, nowhere' : `  mov ax, ${'1234'.slice(0, (i % 4) + 1)}`),
      );
      const summary = `on the clock ${said(times, 'clock')}; processor ${said(times, 'cpu')}`;
      console.log(`      ${lines.length} lines, ${EDITS} edits: ${summary}`);
      for (const name of ['clock', 'cpu'] as const)
        best = Math.min(
          best,
          percentile(
            times.map((time) => time[name]),
            0.95,
          ),
        );
    }
    if (programs > 1)
      console.log(`      ${programs.toFixed(1)} programs for each processor: the limit is ${limit.toFixed(0)} ms`);
    assert.ok(best < limit, `${best.toFixed(0)} ms at the 95th percentile`);
  });
});
