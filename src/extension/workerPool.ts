// Starts a worker as soon as a session is foreseen, so that it loads while the editor still prepares to launch.
import type { Uri } from 'vscode';
import type { Host, WorkerLink } from './host';

/** Milliseconds that a worker waits for its session. */
const PATIENCE = 30_000;

export class WorkerPool {
  private ready: Promise<WorkerLink> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: Host,
    private readonly extension: Uri,
  ) {}

  prepare(): void {
    if (this.ready) return;
    this.ready = this.host.startWorker(this.extension);
    this.ready.catch(() => undefined); // told to whoever takes it
    this.timer = setTimeout(() => this.dispose(), PATIENCE);
  }

  take(): Promise<WorkerLink> {
    const ready = this.ready ?? this.host.startWorker(this.extension);
    clearTimeout(this.timer);
    this.ready = undefined;
    return ready;
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.ready?.then(
      (link) => link.terminate(),
      () => undefined,
    );
    this.ready = undefined;
  }
}
