// Types on the guest's keyboard at a human rate in virtual time, so that no buffer of the guest overflows and a run with
// the same text is the same run. Text has keys by name in angle brackets: `hi<enter><esc>`, `<ctrl-c>`, `<wait 2s>`.

import { namedStroke, scanCodes, strokeOf, type Stroke } from './keyCodes';

/** Virtual nanoseconds. */
const MS = 1e6;
/** Firmware must be through with its start, and a program with taking over the keyboard. */
const FIRST = 300 * MS;
const BETWEEN = 30 * MS;

type Action = { wait: number } | { codes: readonly number[] };

/** The actions of a text, or a sentence saying what cannot be typed. */
export function typedText(text: string): Action[] | string {
  const actions: Action[] = [];
  const stroke = ({ code, held }: Stroke): void => {
    const keys = [...held, code];
    for (const key of keys) actions.push({ codes: scanCodes(key, true)! });
    for (const key of keys.reverse()) actions.push({ codes: scanCodes(key, false)! });
  };
  const pattern = /<([^<>]{1,20})>|\r\n|[\s\S]/gu;
  for (const [whole, name] of text.matchAll(pattern)) {
    if (name !== undefined) {
      const wait = /^wait (\d+)(ms|s)$/i.exec(name.trim());
      const named = namedStroke(name.trim());
      if (wait) actions.push({ wait: Number(wait[1]) * (wait[2]!.toLowerCase() === 's' ? 1000 : 1) * MS });
      else if (named) stroke(named);
      else return `there is no key <${name}>; a plain < is written <lt>`;
      continue;
    }
    const known = strokeOf(whole === '\r\n' ? '\n' : whole);
    if (!known) return `a US keyboard has no key for ${JSON.stringify(whole)}`;
    stroke(known);
  }
  return actions;
}

export class Typist {
  private queue: Action[] = [];
  /** Virtual time of the next action. */
  private at = 0;

  /** `ready`: the keyboard has room for more. */
  constructor(
    private readonly send: (codes: readonly number[]) => void,
    private readonly ready: () => boolean,
  ) {}

  /** Text to be typed from virtual time `now` on; `atStart`: the machine has just been switched on. */
  type(actions: readonly Action[], now: number, atStart = false): void {
    if (this.queue.length === 0) this.at = now + (atStart ? FIRST : 0);
    this.queue.push(...actions);
  }

  /** When something is to be done next, in virtual nanoseconds; Infinity when there is nothing. */
  get due(): number {
    return this.queue.length ? this.at : Infinity;
  }

  /** Does what is due. */
  pump(now: number): void {
    while (this.queue.length && now >= this.at) {
      const next = this.queue[0]!;
      if ('codes' in next && !this.ready()) {
        this.at = now + BETWEEN;
        return;
      }
      this.queue.shift();
      if ('wait' in next) this.at = now + next.wait;
      else {
        this.send(next.codes);
        this.at = now + BETWEEN;
      }
    }
  }

  clear(): void {
    this.queue = [];
  }
}
