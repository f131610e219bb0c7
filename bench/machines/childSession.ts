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
  readonly warmsUp = true;
  private child: ChildProcess | undefined;

  constructor(
    private readonly script: string,
    private readonly options: Record<string, unknown>,
  ) {}

  /** A process that died, or was ended because it took too long, is followed by a new one. */
  private living(): ChildProcess {
    const { child } = this;
    if (child?.connected && child.exitCode === null && child.signalCode === null) return child;
    return (this.child = fork(this.script, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    }));
  }

  run(image: Uint8Array): Promise<ImageRun> {
    return new Promise((resolve, reject) => {
      const child = this.living();
      const done = (act: () => void): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        child.on('error', () => undefined); // a late one concerns nobody
        act();
      };
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        this.child = undefined;
        done(() => reject(new Error(`did not end within ${RUN_TIMEOUT} s`)));
      }, RUN_TIMEOUT * 1000);
      child.once('message', (reply: RunReply) =>
        done(() => ('error' in reply ? reject(new Error(reply.error)) : resolve(reply))),
      );
      child.once('exit', (code, signal) => done(() => reject(new Error(`the process ended (${signal ?? code})`))));
      child.on('error', (error) => done(() => reject(error)));
      child.send({ image, options: this.options } satisfies RunRequest, (error) => {
        if (error) done(() => reject(error));
      });
    });
  }

  close(): void {
    this.child?.kill();
    this.child = undefined;
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
