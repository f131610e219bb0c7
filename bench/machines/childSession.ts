// A session in a Node process of its own: images go there one by one, results come back. The process stays between runs, so
// that compiling the emulator's own WebAssembly is paid once, and the run's processor time is the process's.
import { fork, type ChildProcess } from 'node:child_process';
import { RUN_TIMEOUT, type ImageRun, type Session } from './types';

export interface RunRequest {
  image: Uint8Array;
  options: Record<string, unknown>;
}
export type RunReply = ImageRun | { error: string };

export class ChildSession implements Session {
  private readonly child: ChildProcess;

  constructor(
    script: string,
    private readonly options: Record<string, unknown>,
  ) {
    this.child = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  }

  run(image: Uint8Array): Promise<ImageRun> {
    return new Promise((resolve, reject) => {
      const { child } = this;
      const done = (act: () => void): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        act();
      };
      const timer = setTimeout(() => {
        done(() => reject(new Error(`the guest did not end within ${RUN_TIMEOUT} s`)));
        child.kill('SIGKILL');
      }, RUN_TIMEOUT * 1000);
      child.once('message', (reply: RunReply) =>
        done(() => ('error' in reply ? reject(new Error(reply.error)) : resolve(reply))),
      );
      child.once('exit', (code, signal) => done(() => reject(new Error(`the process ended (${signal ?? code})`))));
      child.send({ image, options: this.options } satisfies RunRequest);
    });
  }

  close(): void {
    this.child.kill();
  }
}

/** The other end: answers each request with what `run` makes of it. */
export function serve(run: (request: RunRequest) => Promise<ImageRun>): void {
  process.on('message', (request: RunRequest) => {
    run(request).then(
      (reply) => process.send!(reply),
      (error: unknown) => process.send!({ error: error instanceof Error ? error.message : String(error) }),
    );
  });
}

/** Processor time of this process so far, all threads, in seconds. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
