// Options of the assembler that several commands take.

import path from 'node:path';
import type { BuildOptions } from '../debugger/load/build';
import { UsageError, type OptionSpec, type ParsedOptions } from './options';

export const BUILD_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  '-I': { value: true, many: true },
  '-D': { value: true, many: true },
  '--compat': { value: true },
};

export function buildOptions({ values }: ParsedOptions): BuildOptions {
  const compat = values.get('--compat')?.[0];
  if (compat !== undefined && compat !== '2.16' && compat !== '3')
    throw new UsageError(`--compat must be 2.16 or 3, not ${compat}`);
  const defines = (values.get('-D') ?? []).map((text): [string, string] => {
    const equals = text.indexOf('=');
    const [name, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    if (!/^[A-Za-z_.?@][\w.?@#$~]*$/.test(name))
      throw new UsageError(`-D ${text}: "${name}" cannot be the name of a macro`);
    return [name, value];
  });
  return {
    defines: Object.fromEntries(defines),
    includePaths: (values.get('-I') ?? []).map((folder) => path.resolve(folder)),
    ...(compat === undefined ? {} : { compat }),
  };
}
