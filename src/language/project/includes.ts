// Which file an %include means, and which sources include a file: what a file is judged in is the program that reads it.
import { folderOf, joinPath, normalize } from '../../base/paths';

export interface IncludeContext {
  has(path: string): boolean;
  /** Every path known. */
  paths(): Iterable<string>;
  /** Searched after the including file's own folder. */
  folders: readonly string[];
}

/** The file that a written path means, or undefined when none is known. */
export function resolveInclude(written: string, from: string, context: IncludeContext): string | undefined {
  const near = joinPath(folderOf(from), written);
  if (context.has(near)) return near;
  for (const folder of context.folders) {
    const candidate = joinPath(folder, written);
    if (context.has(candidate)) return candidate;
  }
  // The folder that the build runs in is not known: a file whose path ends like this is meant.
  const ending = `/${normalize(written.replaceAll('\\', '/')).replace(/^(\.\.?\/)+/, '')}`;
  let best: string | undefined;
  for (const path of context.paths()) {
    if (path.endsWith(ending) && (!best || path.length < best.length)) best = path;
  }
  return best;
}

/** Folder to search in so that `written` is found as `path`; undefined when the two do not fit. */
export function folderFor(written: string, path: string): string | undefined {
  const tail = `/${written.replaceAll('\\', '/')}`;
  return path.endsWith(tail) ? path.slice(0, -tail.length) || '/' : undefined;
}

export interface FileMention {
  /** As written. */
  path: string;
  kind: 'include' | 'incbin';
}

const MENTION = /^[ \t]*(?:(%include)|(?:[\w.$#@~?]+[ \t]*:?[ \t]+)?(?:times[^\n;]*)?(incbin))[ \t]+(["'`])(.*?)\3/gim;

/** Files that a source names, by its lines alone: quicker than its syntax, which diagnostics do without. */
export const mentionsIn = (text: string): FileMention[] =>
  [...text.matchAll(MENTION)].map((match) => ({ path: match[4]!, kind: match[1] ? 'include' : 'incbin' }));

export interface IncludingFile {
  path: string;
  mentions: readonly FileMention[];
}

export class IncludeGraph {
  private readonly includes = new Map<string, readonly string[]>();
  private readonly includers = new Map<string, Set<string>>();

  constructor(files: Iterable<IncludingFile>, resolve: (written: string, from: string) => string | undefined) {
    for (const file of files) {
      const targets = file.mentions
        .filter(({ kind }) => kind === 'include')
        .map(({ path }) => resolve(path, file.path))
        .filter((path) => path !== undefined && path !== file.path) as string[];
      this.includes.set(file.path, targets);
      for (const target of targets) {
        const set = this.includers.get(target) ?? new Set();
        this.includers.set(target, set.add(file.path));
      }
    }
  }

  includersOf(path: string): readonly string[] {
    return [...(this.includers.get(path) ?? [])];
  }

  /** Sources that nothing includes and from which `path` is reached; itself when nothing includes it. */
  rootsOf(path: string): string[] {
    const roots: string[] = [];
    const seen = new Set([path]);
    const queue = [path];
    for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
      const above = this.includersOf(at);
      if (above.length === 0) roots.push(at);
      for (const next of above) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
    return roots.length > 0 ? roots.sort() : [path];
  }

  /** The file and all it includes, directly or not. */
  reachedFrom(path: string): Set<string> {
    const seen = new Set([path]);
    for (const at of seen) for (const next of this.includes.get(at) ?? []) seen.add(next);
    return seen;
  }
}
