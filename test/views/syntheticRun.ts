// A made-up run: a list of transitions, and windows of it as the debugger would answer them.
import { FrozenRun } from '../../src/views/ring/frozenRun';
import type { Lane, TimeWindow, Transition, WindowQuery } from '../../src/views/ring/protocol';

export class SyntheticRun {
  readonly transitions: Transition[] = [];
  now = 0;

  add(after: number, kind: string, to: Lane, vector?: number): this {
    this.now += after;
    const from = this.transitions.at(-1)?.to ?? 'real';
    const index = this.transitions.length;
    this.transitions.push({ index, icount: this.now, kind, from, to, ...(vector === undefined ? {} : { vector }) });
    return this;
  }

  window(query: WindowQuery): TimeWindow {
    const { now, transitions } = this;
    const total = transitions.length;
    const whole = {
      from: 0,
      to: now + 1,
      now,
      total,
      count: total,
      lane: 'real',
      here: 'real',
      keptFrom: 0,
      kinds: {},
    } as const;
    return new FrozenRun({ ...whole, transitions }, new Map()).window(query);
  }
}

/** Like the sample `rings`: system calls, a call gate with a system call inside, two faults. */
export const ringsRun = (): SyntheticRun => {
  const run = new SyntheticRun();
  run.add(1830, 'mode-change', 'ring0').add(5, 'mode-change', 'ring0').add(3110, 'mode-change', 'ring0');
  run.add(720, 'iret', 'ring3').add(3, 'software-int', 'ring0', 0x80).add(480, 'iret', 'ring3');
  run.add(2, 'call-gate', 'ring1').add(5, 'software-int', 'ring0', 0x80).add(8, 'iret', 'ring1');
  run.add(3, 'far-return', 'ring3').add(2, 'exception', 'ring0', 13).add(590, 'iret', 'ring3');
  run.add(3, 'software-int', 'ring0', 0x80).add(690, 'iret', 'ring3').add(2, 'exception', 'ring0', 14);
  run.now += 1250;
  return run;
};

/** A kernel with a timer tick and system calls, long enough that it must be summed up. */
export const busyRun = (rounds: number): SyntheticRun => {
  const run = new SyntheticRun();
  run.add(20_000, 'mode-change', 'ring0').add(40_000, 'iret', 'ring3');
  for (let i = 0; i < rounds; i++) {
    const busy = 1 + Math.sin(i / 300) ** 2 * 8;
    run.add(Math.round(400 * busy), 'software-int', 'ring0', 0x80).add(Math.round(1200 / busy), 'iret', 'ring3');
    if (i % 7 === 0) run.add(300, 'interrupt', 'ring0', 0x20).add(150, 'iret', 'ring3');
    if (i % 97 === 0) run.add(50, 'exception', 'ring0', 14).add(900, 'iret', 'ring3');
    if (i % 331 === 0) run.add(20, 'v86-enter', 'v8086').add(4000, 'v86-exit', 'ring0', 13).add(100, 'iret', 'ring3');
  }
  run.now += 500;
  return run;
};
