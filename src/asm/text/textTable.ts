// Things that hang on a piece of text, found without cutting the piece out of the text that it stands in.

export class TextTable<T extends { readonly text: string }> {
  /** Open addressing; a power of two, at most half full. */
  private slots: (T | undefined)[] = new Array<T | undefined>(1024).fill(undefined);
  private hashes = new Int32Array(1024);
  size = 0;

  constructor(private readonly make: (text: string) => T) {}

  /** What belongs to the text from `start` to `end` of `source`; made when it comes for the first time. */
  at(source: string, start: number, end: number): T {
    let hash = end - start;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + source.charCodeAt(i)) | 0;
    const { slots, hashes } = this;
    const mask = slots.length - 1;
    let slot = spread(hash) & mask;
    for (let found = slots[slot]; found; found = slots[(slot = (slot + 1) & mask)]) {
      if (hashes[slot] === hash && same(found.text, source, start, end)) return found;
    }
    const made = this.make(ownCopy(source.slice(start, end)));
    slots[slot] = made;
    hashes[slot] = hash;
    if (++this.size * 2 > slots.length) this.grow();
    return made;
  }

  clear(): void {
    this.slots.fill(undefined);
    this.size = 0;
  }

  private grow(): void {
    const { slots, hashes } = this;
    const mask = slots.length * 2 - 1;
    this.slots = new Array<T | undefined>(mask + 1).fill(undefined);
    this.hashes = new Int32Array(mask + 1);
    for (let i = 0; i < slots.length; i++) {
      if (!slots[i]) continue;
      let slot = spread(hashes[i]!) & mask;
      while (this.slots[slot]) slot = (slot + 1) & mask;
      this.slots[slot] = slots[i];
      this.hashes[slot] = hashes[i]!;
    }
  }
}

/** A slice of a string keeps the whole of it in memory; one of a string that was put together keeps only that. */
const ownCopy = (text: string): string => ` ${text}`.slice(1);

const spread = (hash: number): number => hash ^ (hash >>> 15);

function same(text: string, source: string, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== source.charCodeAt(start + i)) return false;
  return true;
}
