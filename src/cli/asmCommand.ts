// `ringside asm`: assembles a source to a flat binary or an ELF object, with listing and map on request.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { nodeFiles } from '../dap/nodeFiles';
import type { Optimization, OutputFormat } from '../asm/types';
import { assembleFile, gnuBuild } from '../debugger/load/build';
import type { GnuBuild } from '../debugger/load/gnu';
import { diagnosticText } from '../debugger/load/loadError';
import { BUILD_OPTIONS, buildOptions } from './buildOptions';
import { parseOptions, UsageError } from './options';

/** Names of output formats, nasm's aliases among them. */
const FORMATS: Readonly<Record<string, OutputFormat>> = {
  bin: 'bin',
  elf: 'elf32',
  elf32: 'elf32',
  elf64: 'elf64',
  obj: 'obj',
};
const SOURCE_ERRORS = 1;

export async function asmCommand(argv: readonly string[]): Promise<number> {
  const options = parseOptions(argv, {
    ...BUILD_OPTIONS,
    '-f': { value: true },
    '-o': { value: true },
    '-l': { value: true },
    '--map': { value: true },
    '-g': {},
    '-F': { value: true },
    '-O': { value: true },
  });
  const { values, positionals } = options;
  if (positionals.length !== 1) throw new UsageError(positionals.length ? 'one source at a time' : 'name a source');
  const file = positionals[0]!;
  const named = values.get('-f')?.[0] ?? 'bin';
  const format = Object.hasOwn(FORMATS, named) ? FORMATS[named] : undefined;
  if (!format) throw new UsageError(`there is no output format ${named}: take bin, elf32, elf64 or obj`);
  const debug = debugFormat(values, format);
  const result = await assembleFile(file, nodeFiles, {
    ...buildOptions(options),
    format,
    debug,
    ...optimization(values),
  });
  if (!result.ok && format === 'bin') {
    const gnu = await gnuBuild(file, nodeFiles, buildOptions(options));
    if (gnu) return writeGnu(gnu.built, values.get('-o')?.[0] ?? defaultOutput(file, format));
  }
  for (const diagnostic of result.diagnostics) process.stderr.write(`${diagnosticText(diagnostic)}\n`);
  const listing = values.get('-l')?.[0];
  if (listing !== undefined) writeFileSync(listing, result.listing());
  if (!result.ok) return SOURCE_ERRORS;
  const map = values.get('--map')?.[0];
  if (map !== undefined) writeFileSync(map, result.mapFile());
  const out = values.get('-o')?.[0] ?? defaultOutput(file, format);
  writeFileSync(out, result.bytes);
  return 0;
}

/** A source of the GNU assembler: its image begins at 7C00h. */
function writeGnu({ image, diagnostics }: GnuBuild, out: string): number {
  for (const diagnostic of diagnostics) process.stderr.write(`${diagnosticText(diagnostic)}\n`);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return SOURCE_ERRORS;
  writeFileSync(out, image);
  return 0;
}

/** From nasm's -O: 0, 1, or any more of them, which all mean as many passes as it takes. */
function optimization(values: ReadonlyMap<string, readonly string[]>): { optimize?: Optimization } {
  const level = values.get('-O')?.[0];
  if (level === undefined) return {};
  if (level === '0') return { optimize: 'none' };
  if (level === '1') return { optimize: 'minimal' };
  if (level === 'x' || /^\d+$/.test(level)) return { optimize: 'full' };
  throw new UsageError(`-O${level}: take -O0, -O1 or -Ox`);
}

/** From -g and -F; nasm takes -F alone for a choice without effect. */
function debugFormat(values: ReadonlyMap<string, readonly string[]>, format: OutputFormat): 'dwarf' | undefined {
  const wanted = values.get('-F')?.[0];
  if (wanted === 'stabs') throw new UsageError('-F stabs is not written: take -F dwarf, which every debugger reads');
  if (wanted !== undefined && wanted !== 'dwarf')
    throw new UsageError(`there is no debug format ${wanted}; now: dwarf`);
  if (!values.has('-g')) return undefined;
  if (!format.startsWith('elf'))
    throw new UsageError(`-g needs -f elf32 or -f elf64: ${format} output has no place for it`);
  return 'dwarf';
}

/** As nasm names it; a source without extension is not overwritten. */
function defaultOutput(file: string, format: OutputFormat): string {
  const { dir, name, ext } = path.parse(file);
  if (format !== 'bin') return path.join(dir, `${name}.${format === 'obj' ? 'obj' : 'o'}`);
  return ext === '' ? path.join(dir, `${name}.out`) : path.join(dir, name);
}
