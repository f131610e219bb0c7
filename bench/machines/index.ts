// All machines of the benchmark, in the order of the table. Ringside comes first: it counts the instructions.
import { bochs } from './bochs';
import { qemu } from './qemu';
import { ringside } from './ringside';
import type { BenchMachine } from './types';
import { v86WithJit, v86WithoutJit } from './v86';

export const MACHINES: readonly BenchMachine[] = [ringside, v86WithoutJit, bochs, v86WithJit, qemu];
