// Runs a program to its end and answers its output with the processor time it took. bash's `times` reads the figure that the
// system keeps for finished children, to the millisecond.
import { spawn } from 'node:child_process';
import { RUN_TIMEOUT } from './types';

export interface Finished {
  stdout: string;
  stderr: string;
  status: number | null;
  /** User and system time of the program and its children. */
  seconds: number;
}

const SCRIPT = '"$@" 3>&- & wait $!; status=$?; times >&3; exit $status';

export function runProgram(program: string, args: readonly string[]): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['-c', SCRIPT, 'bench', program, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const texts = ['', '', '', ''];
    [1, 2, 3].forEach((fd) =>
      (child.stdio[fd] as NodeJS.ReadableStream).on('data', (data: Buffer) => (texts[fd] += data.toString('latin1'))),
    );
    const timer = setTimeout(() => {
      process.kill(-child.pid!, 'SIGKILL');
      reject(new Error(`${program} did not end within ${RUN_TIMEOUT} s; it wrote "${texts[1].trim()}"`));
    }, RUN_TIMEOUT * 1000);
    child.once('error', reject);
    child.once('close', (status) => {
      clearTimeout(timer);
      resolve({ stdout: texts[1], stderr: texts[2], status, seconds: childSeconds(texts[3]) });
    });
  });
}

/** The second line of `times`: user and system time of the shell's children, as 0m0.123s. */
function childSeconds(times: string): number {
  const line = times.trim().split('\n')[1] ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + Number(m) * 60 + Number(s), 0);
}
