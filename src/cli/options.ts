// Command-line options: `--name value`, `--name=value`, `-x value`, `-xvalue`, `--` before names that begin with a dash.

export interface OptionSpec {
  /** Takes a value. */
  value?: true;
  /** May be given several times. */
  many?: true;
}

export interface ParsedOptions {
  /** Values by option name (without dashes); a flag has ''. */
  values: ReadonlyMap<string, readonly string[]>;
  positionals: readonly string[];
}

/** A mistake on the command line. */
export class UsageError extends Error {}

/** Throws UsageError. Option names are written with their dashes in the table. */
export function parseOptions(argv: readonly string[], table: Readonly<Record<string, OptionSpec>>): ParsedOptions {
  const values = new Map<string, string[]>();
  const positionals: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i]!;
    if (argument === '--') {
      positionals.push(...argv.slice(i + 1));
      break;
    }
    if (!argument.startsWith('-') || argument === '-') {
      positionals.push(argument);
      continue;
    }
    const { name, attached } = split(argument, table);
    const spec = table[name];
    if (!spec) throw new UsageError(`there is no option ${name}${suggestion(name, Object.keys(table))}`);
    const list = values.get(name) ?? [];
    if (list.length > 0 && !spec.many) throw new UsageError(`${name} is given twice`);
    if (!spec.value && attached !== undefined) throw new UsageError(`${name} takes no value`);
    const value = spec.value ? (attached ?? argv[++i]) : '';
    if (value === undefined) throw new UsageError(`${name} needs a value`);
    values.set(name, [...list, value]);
  }
  return { values, positionals };
}

/** Option name, and the value that is written in the same word. */
function split(
  argument: string,
  table: Readonly<Record<string, OptionSpec>>,
): { name: string; attached: string | undefined } {
  if (argument.startsWith('--')) {
    const equals = argument.indexOf('=');
    return equals < 0
      ? { name: argument, attached: undefined }
      : { name: argument.slice(0, equals), attached: argument.slice(equals + 1) };
  }
  const name = argument.slice(0, 2);
  return argument.length > 2 && table[name]
    ? { name, attached: argument.slice(2) }
    : { name: argument, attached: undefined };
}

function suggestion(name: string, known: readonly string[]): string {
  const near = known.find((k) => distance(k, name) <= 2);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

/** Edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
