// Ringside itself: the machine as the product uses it, in a Node process, in slices of some milliseconds.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../root';
import { ChildSession } from './childSession';
import type { BenchMachine } from './types';

export const ringside: BenchMachine = {
  id: 'ringside',
  title: 'Ringside',
  missing: () => undefined,
  version: () =>
    `Ringside ${JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version}, interpreter tier`,
  open: () => new ChildSession(path.join(ROOT, 'out/bench/ringsideChild.mjs'), {}),
};
