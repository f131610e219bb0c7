// Assembles a program whose files can only be had asynchronously: the assembler asks for files as it meets them, so it is
// run again with what was missing until nothing more is. A run takes milliseconds; includes are rarely nested deeply.

import { assemble } from '../../asm/assemble';
import { looksGnu } from '../../asm/dialect';
import { decodeSource } from '../../asm/text/bytes';
import type { AssembleInput, AssembleResult, Diagnostic, Optimization, OutputFormat } from '../../asm/types';
import { folderOf, isUri, joinPath, normalize } from '../../base/paths';
import { Program } from '../program';
import type { FileSystem } from './files';
import { GNU_ORIGIN, gnuProgram, type GnuBuild } from './gnu';
import { fileMissing, sourceErrors } from './loadError';

export interface BuildOptions {
  includePaths?: readonly string[];
  defines?: Readonly<Record<string, string>>;
  compat?: '2.16' | '3';
  /** Default a flat binary. */
  format?: OutputFormat;
  /** Line information in an ELF object. */
  debug?: 'dwarf';
  optimize?: Optimization;
}

export interface Built {
  program: Program;
  /** Warnings and notes. */
  diagnostics: readonly Diagnostic[];
}

/** Runs until every file is known; a source that keeps asking for new ones is cut short. */
const MOST_RUNS = 100;

/** Rejects with LoadError when the source has errors. */
export async function build(path: string, name: string, files: FileSystem, options: BuildOptions = {}): Promise<Built> {
  const result = await assembleFile(path, files, options);
  if (!result.ok) {
    const gnu = await gnuBuild(path, files, options);
    if (!gnu) throw sourceErrors(name, result.diagnostics);
    const { diagnostics } = gnu.built;
    if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) throw sourceErrors(name, diagnostics);
    return { program: gnuProgram(name, path, gnu.built, gnu.source), diagnostics };
  }
  return { program: Program.fromAssembly(name, result), diagnostics: result.diagnostics };
}

/** By the GNU assembler, when the source is one for it and programs can be started here. */
export async function gnuBuild(
  path: string,
  files: FileSystem,
  options: BuildOptions,
): Promise<{ built: GnuBuild; source: string } | undefined> {
  // Programs cannot open what only a workspace without a disk has.
  const bytes = files.assembleGnu && !isUri(path) ? await files.read(path) : undefined;
  const source = bytes && textOf(bytes);
  if (source === undefined || !looksGnu(source)) return undefined;
  const { includePaths = [], defines = {} } = options;
  const built = await files.assembleGnu!(path, source, { includePaths, defines, origin: GNU_ORIGIN });
  return { built, source };
}

/** Assembles whatever the outcome; rejects with LoadError when the source itself does not exist. */
export async function assembleFile(
  path: string,
  files: FileSystem,
  options: BuildOptions = {},
): Promise<AssembleResult> {
  const main = await files.read(path);
  if (!main) throw fileMissing(path, 'source');
  const known = new Map<string, Uint8Array | undefined>([[path, main]]);
  for (let run = 0; ; run++) {
    const missing = new Set<string>();
    const binary = (wanted: string): Uint8Array | undefined => {
      const at = normalize(wanted);
      if (!known.has(at)) missing.add(at);
      return known.get(at);
    };
    const input: AssembleInput = {
      file: path,
      source: textOf(main),
      read: (wanted) => {
        const bytes = binary(wanted);
        return bytes && textOf(bytes);
      },
      readBinary: binary,
      resolve: (from, wanted) => joinPath(folderOf(from), wanted),
      includePaths: options.includePaths ?? [],
      defines: options.defines ?? {},
      compat: options.compat ?? '2.16',
      format: options.format ?? 'bin',
      debug: options.debug,
      optimize: options.optimize,
    };
    const result = assemble(input);
    if (missing.size === 0 || run >= MOST_RUNS) return result;
    await Promise.all([...missing].map(async (at) => known.set(at, await files.read(at))));
  }
}

/** UTF-8; bytes that are none are kept, so that strings in old code pages are assembled as they are. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return decodeSource(bytes);
  }
}
