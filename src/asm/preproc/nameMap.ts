// Names of macros, and counts of what happens to them. Most words of a source are no macro's, line after line: a line that has none
// keeps the number of the state of all names in which it was looked through, and is not looked through again before another name
// comes. A line with macros gives the same again until one of them is defined anew.

export const names = {
  /** Another number whenever a macro gets a name that none had. */
  state: 1,
  /** Another number whenever a macro becomes another one, comes or goes. */
  definitions: 1,
};

/** Macros by name. */
export class NameMap<T> extends Map<string, T> {
  override set(name: string, value: T): this {
    if (!this.has(name)) names.state++;
    names.definitions++;
    return super.set(name, value);
  }

  override delete(name: string): boolean {
    names.definitions++;
    return super.delete(name);
  }

  override clear(): void {
    names.definitions++;
    super.clear();
  }
}
