// Definitions and uses by name over the files of a program; names declared `extern` are looked up in the other programs too.
import type { Location } from '../position';
import type { Definition, FileSyntax, Name } from '../syntax/types';

export interface DefinedName {
  path: string;
  definition: Definition;
}

export interface NamePlace extends Location {
  name: Name;
  defines: boolean;
}

export class NameIndex {
  private readonly byKey = new Map<string, DefinedName[]>();
  /** Macros that match in any letter case, by lower-case name. */
  private readonly insensitive = new Map<string, DefinedName[]>();

  constructor(
    readonly files: readonly FileSyntax[],
    private readonly others: () => readonly FileSyntax[],
  ) {
    const calls: DefinedName[] = [];
    for (const file of files) {
      for (const definition of file.definitions) {
        const entry = { path: file.path, definition };
        if (definition.perhapsCall) calls.push(entry);
        else this.add(entry);
      }
    }
    for (const entry of calls) if (!this.isMacro(entry.definition.key)) this.add(entry);
  }

  private add(entry: DefinedName): void {
    const { key, insensitive } = entry.definition;
    const [map, name] = insensitive ? [this.insensitive, key.toLowerCase()] : [this.byKey, key];
    const list = map.get(name);
    if (list) list.push(entry);
    else map.set(name, [entry]);
  }

  isMacro(key: string): boolean {
    return this.own(key).some(({ definition }) => definition.kind === 'macro' || definition.kind === 'constant');
  }

  /** Definitions in the program's own files. */
  own(key: string): readonly DefinedName[] {
    const exact = this.byKey.get(key) ?? [];
    const folded = this.insensitive.get(key.toLowerCase());
    return folded ? [...exact, ...folded] : exact;
  }

  /** Definitions, in other modules too when this program only declares the name or does not know it. */
  definitions(key: string): readonly DefinedName[] {
    const own = this.own(key);
    if (own.some(({ definition }) => definition.kind !== 'extern')) return own;
    const elsewhere = this.others().flatMap((file) =>
      file.definitions
        .filter((d) => d.key === key && ['label', 'data', 'equ'].includes(d.kind) && isGlobal(file, key))
        .map((definition) => ({ path: file.path, definition })),
    );
    return own.length === 0 || elsewhere.length > 0 ? elsewhere : own;
  }

  all(): DefinedName[] {
    return [...this.byKey.values(), ...this.insensitive.values()].flat();
  }

  /** Every place where the name stands. */
  places(key: string): NamePlace[] {
    const own = this.own(key);
    const folded = own.some(({ definition }) => definition.insensitive);
    const shared =
      own.some(({ definition }) => definition.kind === 'extern') || this.files.some((file) => isGlobal(file, key));
    const files = shared
      ? [...this.files, ...this.others().filter((file) => isGlobal(file, key) || declares(file, key))]
      : this.files;
    const low = key.toLowerCase();
    const same = (name: Name): boolean => name.key === key || (folded && name.key.toLowerCase() === low);
    return files.flatMap((file) => [
      ...file.definitions.filter(same).map((name) => this.place(file, name, true)),
      ...file.uses.filter(same).map((name) => this.place(file, name, false)),
    ]);
  }

  private place(file: FileSyntax, name: Name, defines: boolean): NamePlace {
    const isCall = defines && (name as Definition).perhapsCall === true && this.isMacro(name.key);
    // `main.loop` elsewhere than below main: only the part after the scope is the name's own text.
    return { path: file.path, range: name.range, name, defines: defines && !isCall };
  }
}

/** Whether a file shows a name to other modules, or asks for it: `global`, `common`, `.globl`. */
const isGlobal = (file: FileSyntax, key: string): boolean =>
  file.lines.some(
    ({ head, tokens }) =>
      head !== undefined && /^(\.?global|\.globl|common)$/i.test(head.text) && tokens.some(({ text }) => text === key),
  );

const declares = (file: FileSyntax, key: string): boolean =>
  file.definitions.some((definition) => definition.kind === 'extern' && definition.key === key);
