// Names of macros. Most words of a source are no macro's, line after line: a line that has none keeps the number of the state of
// all names in which it was looked through, and is not looked through again before another name comes.

/** Another number whenever a macro gets a name that none had. */
export const names = { state: 1 };

/** Macros by name. */
export class NameMap<T> extends Map<string, T> {
  override set(name: string, value: T): this {
    if (!this.has(name)) names.state++;
    return super.set(name, value);
  }
}
