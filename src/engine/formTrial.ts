// For replays of recorded instructions: what runs first with its forms as functions runs again with the same forms as cases of
// the loop, since a guest meets both kinds. No tuner is at work meanwhile.
import { caseCost } from './interp/caseCost';
import { formNumbers } from './interp/formNumbers';
import { CASE_VALUES } from './tuner';

export class FormTrial {
  private readonly asked: [Set<number>, Set<number>] = [new Set(), new Set()];
  private values = 0;
  private collecting = false;

  /** @param use has a loop with these forms as cases run from now on. */
  constructor(private readonly use: (long: boolean, keys: readonly string[]) => void) {}

  /** The function of a form was asked for. */
  note(handler: number, long: boolean): void {
    const asked = this.asked[long ? 1 : 0];
    if (!this.collecting || asked.has(handler)) return;
    const cost = caseCost(formNumbers(long).key(handler)!);
    if (cost === undefined) return;
    asked.add(handler);
    this.values += cost;
  }

  /** As many forms have been collected as a loop should have cases. */
  get full(): boolean {
    return this.values >= CASE_VALUES;
  }

  /** From now on all forms are functions, and collected. Decoded code has to be forgotten before. */
  functions(): void {
    for (const asked of this.asked) asked.clear();
    this.values = 0;
    this.collecting = true;
    for (const long of [false, true]) this.use(long, []);
  }

  /** From now on the collected forms are cases. */
  cases(): void {
    this.collecting = false;
    this.asked.forEach((asked, i) => {
      const keys = [...asked].sort((a, b) => a - b).map((handler) => formNumbers(i === 1).key(handler)!);
      if (keys.length > 0) this.use(i === 1, keys);
    });
  }
}
