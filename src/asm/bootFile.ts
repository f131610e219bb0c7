// Which file of a folder a person means by "start this project": judged by what the files say, not only by their names.
// Pure: reading and listing is the caller's (the extension for F5, the command for a folder).
import { isImageName, isSourceName } from './fileNames';

export interface Candidate {
  /** Path relative to the folder, with `/`. */
  path: string;
  /** Text of a source; undefined for images. */
  text?: string;
}

/** `dw 0xaa55`, `db 0x55, 0xaa`, and their other spellings. */
const SIGNATURE = /\bdw\s+(0x|\$0?|0)?aa55h?\b|\bdb\s+(0x|0)?55h?\s*,\s*(0x|0)?aah?\b/i;
const ORIGIN = /^\s*\[?\s*org\s+(0x7c00|07c00h|7c00h|\$7c00|31744)\b/im;
const INCLUDE = /^\s*(?:%include|\[include|include)\s+["'<]?([^"'>\]\s]+)/gim;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1).toLowerCase();

/** Without comments, so that a mention of the signature is not one. */
const code = (text: string): string => text.replace(/;.*$/gm, '');

/** A source with the boot signature. */
export const isBootSource = (text: string): boolean => SIGNATURE.test(code(text));

const score = ({ path, text }: Candidate): number => {
  const name = baseName(path);
  let points = -path.split('/').length;
  if (text !== undefined) {
    if (isBootSource(text)) points += 40;
    if (ORIGIN.test(code(text))) points += 20;
  }
  if (/^boot(sect(or)?|load(er)?)?\./.test(name)) points += 10;
  else if (/boot/.test(name)) points += 6;
  else if (/^(main|start|kernel|stage1)\./.test(name)) points += 4;
  return points;
};

const includesOf = (text: string): string[] =>
  [...code(text).matchAll(INCLUDE)].map((match) => baseName(match[1]!.replaceAll('\\', '/')));

/**
 * The source that boots a project when `path` is the file open in the editor: itself, or the boot source that includes it,
 * directly or not, when it cannot boot alone.
 */
export const rootOf = (path: string, candidates: readonly Candidate[]): string => {
  const own = candidates.find((c) => c.path === path);
  if (own?.text !== undefined && isBootSource(own.text)) return path;
  const reached = new Set([path]);
  const queue = [path];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    for (const { path: other, text } of candidates) {
      if (text === undefined || reached.has(other) || !includesOf(text).includes(baseName(at))) continue;
      if (isBootSource(text)) return other;
      reached.add(other);
      queue.push(other);
    }
  }
  return path;
};

/** The best candidate, or undefined when nothing looks as if it could boot. */
export const bootFileOf = (candidates: readonly Candidate[]): string | undefined => {
  const sources = candidates.filter((c) => isSourceName(c.path));
  const included = new Set(sources.flatMap((c) => (c.text === undefined ? [] : includesOf(c.text))));
  const roots = sources.filter((c) => !included.has(baseName(c.path)));
  const rank = (list: readonly Candidate[]) =>
    [...list].sort((a, b) => score(b) - score(a) || a.path.localeCompare(b.path))[0];
  const best = rank(roots.filter((c) => score(c) > 0)) ?? (roots.length === 1 ? roots[0] : undefined);
  return (best ?? rank(candidates.filter((c) => isImageName(c.path))) ?? roots[0])?.path;
};
