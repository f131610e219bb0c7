// Types a prepared text on the guest's keyboard in virtual time, so that a run with the same text is the same run. The text
// may name keys in angle brackets and wait: `hi<enter><wait 2s><esc>`, `<ctrl-c>`; `<lt>` is the character itself.

import { namedStroke } from './keyNames';

export type KeyAction = { text: string } | { stroke: readonly string[] } | { wait: number };

/** What a typist types on. */
export interface Keyboard {
  /** Answers the characters that the layout cannot type. */
  typeText(text: string): string;
  /** Holds keys down together, then releases them. */
  strike(codes: readonly string[]): void;
  /** What was given so far has not all been typed yet. */
  readonly typing: boolean;
}

/** Virtual nanoseconds. */
const MS = 1e6;
/** Firmware must be through with its start, and a program with taking over the keyboard. */
const FIRST = 300 * MS;
const BETWEEN = 20 * MS;

/** The actions of a text, or a sentence saying what is wrong with it. */
export function keyActions(text: string): KeyAction[] | string {
  const actions: KeyAction[] = [];
  for (const [whole, bracketed] of text.matchAll(/<([^<>\s][^<>]{0,20})>|[^<]+|</g)) {
    const name = bracketed?.trim();
    if (name === undefined) {
      actions.push({ text: whole.replaceAll('\r\n', '\n') });
      continue;
    }
    const wait = /^wait (\d+) ?(ms|s)$/i.exec(name);
    const stroke = namedStroke(name);
    if (wait) actions.push({ wait: Number(wait[1]) * (wait[2]!.toLowerCase() === 's' ? 1000 : 1) * MS });
    else if (name.toLowerCase() === 'lt') actions.push({ text: '<' });
    else if (stroke) actions.push({ stroke });
    else return `there is no key <${name}>; the character < is written <lt>`;
  }
  return actions;
}

export class Typist {
  private queue: KeyAction[] = [];
  /** Virtual time of the next action. */
  private at = 0;
  /** Characters that could not be typed. */
  untyped = '';

  constructor(private readonly keyboard: Keyboard) {}

  /** Begins a while after virtual time `now`, for a machine that has just been switched on. */
  type(actions: readonly KeyAction[], now: number): void {
    if (this.queue.length === 0) this.at = now + FIRST;
    this.queue.push(...actions);
  }

  /** When something is to be done next, in virtual nanoseconds; Infinity when there is nothing. */
  get due(): number {
    return this.queue.length ? this.at : Infinity;
  }

  /** Does what is due. */
  pump(now: number): void {
    while (this.queue.length && now >= this.at) {
      this.at = now + BETWEEN;
      if (this.keyboard.typing) return;
      const next = this.queue.shift()!;
      if ('wait' in next) this.at = now + next.wait;
      else if ('stroke' in next) this.keyboard.strike(next.stroke);
      else this.untyped += this.keyboard.typeText(next.text);
    }
  }

  clear(): void {
    this.queue = [];
  }
}
