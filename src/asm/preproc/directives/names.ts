// Names of the preprocessor's directives: what each stem is, its case-insensitive twin, and the whole %if family.

export const CONDITIONS = [
  '',
  'ctx',
  'def',
  'defalias',
  'difi',
  'empty',
  'env',
  'id',
  'idn',
  'idni',
  'macro',
  'num',
  'str',
  'token',
  'usable',
  'using',
] as const;
export type Condition = (typeof CONDITIONS)[number];

/** Directives with a twin whose name gets an `i` in front: %idefine. */
const TWINS = [
  'assign',
  'defalias',
  'define',
  'defstr',
  'deftok',
  'macro',
  'pathsearch',
  'rmacro',
  'strcat',
  'strlen',
  'substr',
  'xdefine',
] as const;
const OTHERS = [
  'aliases',
  'arg',
  'clear',
  'depend',
  'else',
  'endif',
  'endmacro',
  'endrep',
  'error',
  'exitmacro',
  'exitrep',
  'fatal',
  'include',
  'line',
  'local',
  'null',
  'pop',
  'pragma',
  'push',
  'rep',
  'repl',
  'require',
  'rotate',
  'stacksize',
  'undef',
  'undefalias',
  'unmacro',
  'use',
  'warning',
] as const;

export type DirectiveName = 'if' | 'elif' | (typeof TWINS)[number] | (typeof OTHERS)[number];

export interface Directive {
  name: DirectiveName;
  caseSensitive: boolean;
  /** For %if and %elif. */
  condition?: Condition;
  negated?: boolean;
}

function build(): Map<string, Directive> {
  const table = new Map<string, Directive>();
  for (const name of OTHERS) table.set(`%${name}`, { name, caseSensitive: true });
  for (const name of TWINS) {
    table.set(`%${name}`, { name, caseSensitive: true });
    table.set(`%i${name}`, { name, caseSensitive: false });
  }
  table.set('%ixdefine', { name: 'xdefine', caseSensitive: false });
  table.set('%endm', { name: 'endmacro', caseSensitive: true });
  table.set('%unimacro', { name: 'unmacro', caseSensitive: false });
  for (const name of ['if', 'elif'] as const) {
    for (const condition of CONDITIONS) {
      table.set(`%${name}${condition}`, { name, caseSensitive: true, condition, negated: false });
      table.set(`%${name}n${condition}`, { name, caseSensitive: true, condition, negated: true });
    }
  }
  return table;
}

const DIRECTIVES = build();
export const directiveNamed = (text: string): Directive | undefined =>
  DIRECTIVES.get(text) ?? DIRECTIVES.get(text.toLowerCase());
