// A word of a source, whichever lines it stands in.

export class Word {
  /** The state of the names of macros in which it was none. */
  plainIn = 0;

  constructor(readonly text: string) {}
}
