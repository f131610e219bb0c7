// Access to included files: the including file's folder when the caller knows how, the path as written, the include path,
// and the main source's folder (where a makefile would have started the assembler).
import { decodeSource } from './text/bytes';
import { storedLines, type StoredLine } from './preproc/state';
import type { FileAccess } from './emit/state';
import type { KnownLines } from './knownLines';
import type { AssembleInput } from './types';

const join = (folder: string, path: string): string =>
  folder === '' || folder.endsWith('/') ? folder + path : `${folder}/${path}`;

/** U+FFFD: the text was decoded with losses; the bytes themselves are better. A byte-order mark is dropped. */
function exactText(text: string, path: string, input: AssembleInput): string {
  const bytes = text.includes('\ufffd') ? input.readBinary(path) : undefined;
  const exact = bytes ? decodeSource(bytes) : text;
  return exact.startsWith('\ufeff') ? exact.slice(1) : exact;
}

export const mainSource = (input: AssembleInput): string => exactText(input.source, input.file, input);

export function fileAccess(input: AssembleInput, lines: KnownLines): FileAccess {
  const used = new Set([input.file]);
  const sources = new Map<string, { path: string; lines: StoredLine[] } | undefined>();
  const binaries = new Map<string, { path: string; bytes: Uint8Array } | undefined>();
  const find = <T>(
    cache: Map<string, T | undefined>,
    path: string,
    from: string,
    open: (candidate: string) => T | undefined,
  ): T | undefined => {
    const key = `${input.resolve ? from : ''}\n${path}`;
    if (cache.has(key)) return cache.get(key);
    const near = input.resolve ? [input.resolve(from, path)] : [];
    const main = input.resolve ? [input.resolve(input.file, path)] : [];
    const included = (input.includePaths ?? []).map((folder) => join(folder, path));
    const candidates = new Set([...near, path, ...included, ...main]);
    for (const candidate of candidates) {
      const found = open(candidate);
      if (found === undefined) continue;
      used.add(candidate);
      cache.set(key, found);
      return found;
    }
    cache.set(key, undefined);
    return undefined;
  };
  return {
    source: (path, from) =>
      find(sources, path, from, (candidate) => {
        const text = input.read(candidate);
        return text === undefined
          ? undefined
          : { path: candidate, lines: storedLines(candidate, exactText(text, candidate, input), lines) };
      }),
    binary: (path, from) =>
      find(binaries, path, from, (candidate) => {
        const bytes = input.readBinary(candidate);
        return bytes && { path: candidate, bytes };
      }),
    get used() {
      return [...used];
    },
  };
}
