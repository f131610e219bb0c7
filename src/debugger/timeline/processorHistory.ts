// The transitions of one of several processors, as a history of its own: positions in the whole history, found by reading every
// entry once. Entries keep their index of the whole; positions in this history are what the sums count with.

import type { ScanVisitor, TransitionHistory, TransitionTotals, TransitionView } from '../target';

export class ProcessorHistory implements TransitionHistory {
  /** Of the whole history, entries that are no longer kept included. */
  private positions: number[] = [];
  private seen = 0;
  /** Entries at the beginning that are no longer kept. */
  private gone = 0;

  constructor(
    private readonly whole: () => TransitionHistory,
    private readonly processor: number,
  ) {}

  /** Reads what is new; to be called before anything is asked. */
  refresh(): void {
    const whole = this.whole();
    if (whole.count < this.seen) {
      this.positions = [];
      this.seen = this.gone = 0;
    }
    whole.scan(this.seen, whole.count, (index, _icount, _kind, _from, _to, processor) => {
      if (processor === this.processor) this.positions.push(index);
    });
    this.seen = whole.count;
    while (this.gone < this.positions.length && this.positions[this.gone]! < whole.dropped) this.gone++;
  }

  get kinds(): readonly string[] {
    return this.whole().kinds;
  }
  get count(): number {
    return this.positions.length;
  }
  get dropped(): number {
    return this.gone;
  }

  get(position: number): TransitionView | undefined {
    const index = this.positions[position];
    return index === undefined ? undefined : this.whole().get(index);
  }

  indexAt(icount: number): number {
    const first = this.whole().indexAt(icount);
    let low = this.gone;
    let high = this.positions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.positions[middle]! < first) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  scan(first: number, end: number, visit: ScanVisitor): void {
    const whole = this.whole();
    const last = Math.min(end, this.positions.length);
    for (let position = Math.max(first, this.gone); position < last; position++) {
      const index = this.positions[position]!;
      whole.scan(index, index + 1, (_index, icount, kind, from, to, processor) =>
        visit(position, icount, kind, from, to, processor),
      );
    }
  }

  /** Of a single processor only what is kept is known. */
  allTotals(): readonly TransitionTotals[] {
    return [];
  }
}
