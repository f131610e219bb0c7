// A minimal event source and disposable, so that no layer needs a host's event classes.

export interface Disposable {
  dispose(): void;
}

export class Emitter<T> {
  private readonly listeners = new Set<(value: T) => void>();

  /** Subscribes; dispose the result to unsubscribe. */
  on(listener: (value: T) => void): Disposable {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  }

  fire(value: T): void {
    if (this.listeners.size > 0) for (const listener of [...this.listeners]) listener(value);
  }
}
