// How much a limit on time has to grow on a machine that does other things.
import { cpus, loadavg } from 'node:os';

/** Running programs for each processor, at least 1. */
export const crowd = (): number => Math.max(1, loadavg()[0]! / cpus().length);
