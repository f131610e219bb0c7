// `ringside asm`: assembles a source to a flat binary, with listing and map on request.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeFiles } from '../dap/nodeFiles';
import { assembleFile } from '../debugger/load/build';
import { diagnosticText } from '../debugger/load/loadError';
import { BUILD_OPTIONS, buildOptions } from './buildOptions';
import { parseOptions, UsageError } from './options';

const FORMATS_TO_COME = ['elf32', 'elf64', 'elf'];
const SOURCE_ERRORS = 1;

export async function asmCommand(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    ...BUILD_OPTIONS,
    '-f': { value: true },
    '-o': { value: true },
    '-l': { value: true },
    '--map': { value: true },
  });
  const { values, positionals } = options;
  if (positionals.length !== 1) throw new UsageError(positionals.length ? 'one source at a time' : 'name a source');
  const file = positionals[0]!;
  const format = values.get('-f')?.[0] ?? 'bin';
  if (FORMATS_TO_COME.includes(format)) throw new UsageError(`-f ${format} comes in a later version; now: bin`);
  if (format !== 'bin') throw new UsageError(`there is no output format ${format}; now: bin`);
  const result = await assembleFile(file, nodeFiles, buildOptions(options));
  for (const diagnostic of result.diagnostics) process.stderr.write(`${diagnosticText(diagnostic)}\n`);
  const listing = values.get('-l')?.[0];
  if (listing !== undefined) writeFileSync(listing, result.listing());
  if (!result.ok) return SOURCE_ERRORS;
  const map = values.get('--map')?.[0];
  if (map !== undefined) writeFileSync(map, result.mapFile());
  const out = values.get('-o')?.[0] ?? defaultOutput(file);
  writeFileSync(out, result.bytes);
  return 0;
}

/** As nasm names it; a source without extension is not overwritten. */
function defaultOutput(file: string): string {
  const { dir, name, ext } = path.parse(file);
  return ext === '' ? path.join(dir, `${name}.out`) : path.join(dir, name);
}
