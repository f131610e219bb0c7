// Starts a worker as soon as a session is foreseen, so that it loads while the editor still prepares to launch.
import type { Uri } from 'vscode';
import type { Host, WorkerLink } from './host';

/** Milliseconds that a worker waits for its session: it holds some 30 MB. */
const PATIENCE = 300_000;

export class WorkerPool {
  private ready: Promise<WorkerLink> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(
    private readonly host: Host,
    private readonly extension: Uri,
  ) {}

  prepare(): void {
    if (this.closed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.drop(), PATIENCE);
    if (this.ready) return;
    const ready = (this.ready = this.host.startWorker(this.extension));
    ready.then(
      // one that dies while it waits is not given to anybody
      (link) => link.onFailure(() => this.ready === ready && this.drop()),
      () => undefined, // told to whoever takes it
    );
  }

  take(): Promise<WorkerLink> {
    const ready = this.ready ?? this.host.startWorker(this.extension);
    clearTimeout(this.timer);
    this.ready = undefined;
    return ready;
  }

  dispose(): void {
    this.closed = true;
    this.drop();
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.ready?.then(
      (link) => link.terminate(),
      () => undefined,
    );
    this.ready = undefined;
  }
}
