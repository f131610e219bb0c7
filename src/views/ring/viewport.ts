// Which part of the run the view shows. Pure: the page gives it wheel, keys and new states, and draws what it says.
//   whole   from the beginning to now, growing with the run
//   follow  the last `span` instructions, moving with the run
//   fixed   a part that stays put

export type ViewMode = 'whole' | 'follow' | 'fixed';

/** Fewest instructions that fill the view. */
const LEAST = 8;

export class Viewport {
  mode: ViewMode = 'whole';
  from = 0;
  to = 1;
  private now = 0;

  get span(): number {
    return this.to - this.from;
  }

  reset(): void {
    this.mode = 'whole';
    this.from = 0;
    this.to = 1;
    this.now = 0;
  }

  /** The run has come to `now`. */
  advance(now: number): void {
    this.now = now;
    const end = this.end();
    if (this.mode === 'whole') [this.from, this.to] = [0, end];
    else if (this.mode === 'follow') [this.from, this.to] = [Math.max(0, end - this.span), end];
  }

  whole(): void {
    this.mode = 'whole';
    this.advance(this.now);
  }

  follow(): void {
    if (this.mode === 'whole') return;
    this.mode = 'follow';
    this.advance(this.now);
  }

  /** Makes the view `factor` times wider (< 1: closer), keeping `anchor` where it is. At the end of the run it follows. */
  zoom(factor: number, anchor: number): void {
    const end = this.end();
    const span = Math.min(end, Math.max(Math.min(LEAST, end), this.span * factor));
    if (span >= end) return this.whole();
    const share = this.span > 0 ? (anchor - this.from) / this.span : 0.5;
    const atEnd = this.mode !== 'fixed' && share > 0.98;
    this.place(anchor - share * span, span);
    if (atEnd) this.follow();
  }

  /** Moves by a share of the view's width. */
  pan(share: number): void {
    if (this.mode === 'whole') return;
    this.place(this.from + share * this.span, this.span);
  }

  /** Shows [from, from + span), moved as little as needed to stay inside the run. */
  place(from: number, span: number): void {
    const end = this.end();
    if (span >= end) return this.whole();
    this.mode = 'fixed';
    this.from = Math.min(end - span, Math.max(0, from));
    this.to = this.from + span;
  }

  /** Moves as little as needed to show `icount` with some room around it. */
  reveal(icount: number): void {
    const room = this.span * 0.1;
    if (icount < this.from + room && this.from > 0) this.place(icount - room, this.span);
    else if (icount > this.to - room && this.to < this.end()) this.place(icount - this.span + room, this.span);
  }

  /** End of the run, with room so that the last transition does not stick to the border. */
  private end(): number {
    return Math.max(1, this.now + Math.max(1, Math.ceil(this.now * 0.02)));
  }
}
