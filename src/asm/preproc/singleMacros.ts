// Single-line macros: the table that %define and its kin fill (NASM manual, "Single-Line Macros").
import type { Token } from '../token/token';
import { NameMap, names } from './nameMap';

export interface MacroParameter {
  /** Absent when the body does not use it. */
  name?: string;
  /** `=`: evaluate the argument to a number. */
  evaluate: boolean;
  /** `&`: quote the argument; `&&`: only when it is not a string already. */
  quote: false | 'always' | 'unlessString';
  /** `!`: keep white space and braces. */
  keep: boolean;
  /** `+`: takes the rest of the call, commas included. */
  greedy: boolean;
  optional: boolean;
  /** Takes any number of arguments (functions only). */
  variadic: boolean;
  fallback?: readonly Token[];
}

export const plainParameter: MacroParameter = {
  evaluate: false,
  quote: false,
  keep: false,
  greedy: false,
  optional: false,
  variadic: false,
};

export interface MacroCall {
  /** The macro's name as written at the call. */
  name: Token;
  arguments: readonly (readonly Token[])[];
}

export interface SingleMacro {
  name: string;
  caseSensitive: boolean;
  /** With tokens of kind 'arg' for parameters. An alias has one token: the name it stands for. */
  body: readonly Token[];
  parameters: readonly MacroParameter[];
  /** Fewest arguments that match. */
  least: number;
  /** The last parameter takes any number. */
  open: boolean;
  alias: boolean;
  /** May expand within its own expansion (functions). */
  recursive: boolean;
  native?: (call: MacroCall) => readonly Token[];
  /** Expansions of this macro under way. */
  active: number;
}

export interface MacroDefinition {
  name: string;
  caseSensitive: boolean;
  body: readonly Token[];
  parameters?: readonly MacroParameter[];
  alias?: boolean;
  recursive?: boolean;
  native?: SingleMacro['native'];
}

export type MacroWarning = (code: string, message: string) => void;

export class SingleMacroTable {
  /** By lower-cased name, newest definition first. */
  private readonly macros = new NameMap<SingleMacro[]>();
  private readonly lowered = new Map<string, string>();
  /** What `candidates` answered, by the name as written; null for none. Forgotten when a name comes or goes. */
  private readonly answers = new Map<string, readonly SingleMacro[] | null>();
  private aliasesOff = false;

  /** `%aliases off`. */
  get ignoreAliases(): boolean {
    return this.aliasesOff;
  }

  set ignoreAliases(off: boolean) {
    names.definitions++;
    this.aliasesOff = off;
  }

  private key(name: string): string {
    let key = this.lowered.get(name);
    if (key === undefined) this.lowered.set(name, (key = name.toLowerCase()));
    return key;
  }

  /** All macros that might match the name, newest first. */
  candidates(name: string): readonly SingleMacro[] | undefined {
    const known = this.answers.get(name);
    if (known !== undefined) return known ?? undefined;
    const found = this.macros.get(this.key(name));
    this.answers.set(name, found ?? null);
    return found;
  }

  private setList(key: string, list: SingleMacro[]): void {
    this.answers.clear();
    if (list.length > 0) this.macros.set(key, list);
    else this.macros.delete(key);
  }

  /** Definition that `%define` of that shape would replace, or that %ifdef sees (`count` -1). */
  find(name: string, count: number, caseSensitive: boolean, wantAlias: boolean): SingleMacro | undefined {
    for (let target = name, hops = 0; hops < 100; hops++) {
      const match = this.candidates(target)?.find(
        (macro) =>
          (macro.caseSensitive && caseSensitive ? macro.name === target : this.key(macro.name) === this.key(target)) &&
          (count <= 0 ||
            macro.parameters.length === 0 ||
            (count >= macro.least && (macro.open || count <= macro.parameters.length))),
      );
      if (!match || !match.alias || wantAlias) return match;
      if (this.ignoreAliases) return undefined;
      target = match.body[0]!.text;
    }
    return undefined;
  }

  isDefined(name: string): boolean {
    return this.find(name, -1, true, false) !== undefined;
  }

  define(definition: MacroDefinition, warn: MacroWarning, hops = 0): void {
    const { name, caseSensitive, parameters = [], alias = false } = definition;
    const count = parameters.length;
    let old = this.find(name, count, caseSensitive, true);
    if (old?.alias && !alias && !this.ignoreAliases) {
      if (hops > 100) warn('other', 'macro alias loop');
      else this.define({ ...definition, name: old.body[0]!.text }, warn, hops + 1);
      return;
    }
    if (old && old.caseSensitive !== caseSensitive) {
      const sense = (value: boolean): string => (value ? '' : 'in');
      const message =
        `case ${sense(caseSensitive)}sensitive definition of macro \`${name}' ` +
        `will shadow ${sense(old.caseSensitive)}sensitive macro \`${old.name}'`;
      warn('pp-macro-def-case-single', message);
      old = undefined;
    } else if (old && count > 0 !== old.parameters.length > 0) {
      warn('pp-macro-def-param-single', `macro \`${name}' defined both with and without parameters`);
      old = undefined;
    } else if (old && old.parameters.length < count) {
      warn('pp-macro-def-greedy-single', `defining macro \`${name}' shadows previous greedy definition`);
      old = undefined;
    }
    const last = parameters.at(-1);
    let least = count;
    while (least > 1 && parameters[least - 1]!.optional) least--;
    const macro: SingleMacro = {
      name,
      caseSensitive,
      body: definition.body,
      parameters,
      least,
      open: last !== undefined && (last.greedy || last.variadic),
      alias,
      recursive: definition.recursive ?? false,
      native: definition.native,
      active: 0,
    };
    const key = this.key(name);
    const list = this.macros.get(key);
    if (!list) this.setList(key, [macro]);
    else if (old) list[list.indexOf(old)] = macro;
    else list.unshift(macro);
    names.definitions++;
  }

  /** Removes every definition of the name; through aliases unless `aliases` asks for the alias itself. */
  undefine(name: string, aliases: boolean, hops = 0): void {
    const key = this.key(name);
    const list = this.macros.get(key);
    if (!list) return;
    const matches = (macro: SingleMacro): boolean =>
      macro.caseSensitive ? macro.name === name : this.key(macro.name) === key;
    for (const macro of list) {
      if (matches(macro) && macro.alias && !aliases && !this.ignoreAliases && hops < 100) {
        this.undefine(macro.body[0]!.text, false, hops + 1);
      }
    }
    const kept = list.filter((macro) => !matches(macro) || (macro.alias && !aliases));
    this.setList(key, kept);
  }

  /** `%clear`: macros, aliases or both. */
  clear(macros: boolean, aliases: boolean): void {
    for (const [key, list] of this.macros) {
      const kept = list.filter((macro) => (macro.alias ? !aliases : !macros));
      this.setList(key, kept);
    }
  }
}
