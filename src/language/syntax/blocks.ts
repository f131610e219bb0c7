// Collects what can be folded: preprocessor blocks, structures, runs of comments, `; region` marks, the code below a label.
import type { Block, BlockKind, Definition } from './types';

const OPENERS: readonly [RegExp, BlockKind][] = [
  [/^i?r?macro$/, 'macro'],
  [/^if/, 'if'],
  [/^(rep|while)$/, 'rep'],
];
const CLOSERS: Readonly<Record<string, BlockKind>> = {
  endmacro: 'macro',
  endm: 'macro',
  endif: 'if',
  endrep: 'rep',
  endwhile: 'rep',
};

export class Blocks {
  private readonly done: Block[] = [];
  private readonly stack: { kind: BlockKind; start: number }[] = [];
  private commentStart = -1;
  private lastComment = -1;
  private lastCode = -1;

  open(kind: BlockKind, line: number): void {
    this.stack.push({ kind, start: line });
  }

  close(kind: BlockKind, line: number): void {
    const at = this.stack.findLastIndex((block) => block.kind === kind);
    if (at < 0) return;
    const { start } = this.stack[at]!;
    this.stack.length = at;
    if (line > start) this.done.push({ kind, start, end: line });
  }

  directive(name: string, line: number): void {
    const opener = OPENERS.find(([pattern]) => pattern.test(name));
    if (opener) return this.open(opener[1], line);
    if (/^(el|else)/.test(name)) {
      this.close('if', line - 1);
      this.open('if', line);
      return;
    }
    const closer = CLOSERS[name];
    if (closer) this.close(closer, closer === 'if' ? line : line);
  }

  /** Sees every line's text, in order. */
  comments(line: number, text: string): void {
    const comment = /^\s*;\s*(#?(?:end)?region\b)?/i.exec(text);
    const mark = comment?.[1]?.toLowerCase().replace('#', '');
    if (mark === 'region') this.open('region', line);
    else if (mark === 'endregion') this.close('region', line);
    if (comment && !mark) {
      if (this.commentStart < 0) this.commentStart = line;
      this.lastComment = line;
      return;
    }
    this.endComment();
    if (text.trim() !== '') this.lastCode = line;
  }

  private endComment(): void {
    if (this.commentStart >= 0 && this.lastComment > this.commentStart)
      this.done.push({ kind: 'comment', start: this.commentStart, end: this.lastComment });
    this.commentStart = -1;
  }

  /** Adds the code below each label that is not local, up to the line of code before the next one. */
  finish(last: number, definitions: readonly Definition[]): Block[] {
    this.endComment();
    const starts = definitions.filter((d) => d.kind === 'label' && !d.perhapsCall).map((d) => d.range.start.line);
    starts.forEach((start, i) => {
      let end = Math.min((starts[i + 1] ?? last + 1) - 1, Math.max(this.lastCode, start));
      const comment = this.done.find((block) => block.kind === 'comment' && block.end === end);
      if (comment && starts[i + 1] !== undefined) end = comment.start - 1;
      if (end > start) this.done.push({ kind: 'label', start, end });
    });
    return this.done.sort((a, b) => a.start - b.start);
  }
}
