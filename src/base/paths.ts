// File names as text: paths of both kinds of slash, and URIs of workspaces that are not on a disk. No file system is asked.

/** Scheme, authority and the slash after them; a scheme has two letters or more, or it would be a drive. */
const URI = /^[a-z][a-z0-9+.-]+:(\/\/[^/]*)?\//i;
const DRIVE = /^[a-z]:[\\/]/i;

export const isUri = (path: string): boolean => URI.test(path);

export const isAbsolute = (path: string): boolean => isUri(path) || /^[\\/]/.test(path) || DRIVE.test(path);

/** Drive letter and slashes in one form, for comparison. */
const canonical = (path: string): string => {
  const slashed = isUri(path) ? path : path.replaceAll('\\', '/');
  return DRIVE.test(slashed) ? slashed.toLowerCase() : slashed;
};

export const sameFile = (a: string, b: string): boolean =>
  a === b || canonical(normalize(a)) === canonical(normalize(b));

/** Scheme and authority, drive, or empty; never touched by `..`. */
function splitRoot(path: string): [root: string, rest: string] {
  const uri = URI.exec(path)?.[0];
  if (uri !== undefined) return [uri, path.slice(uri.length)];
  const drive = /^[a-z]:[\\/]/i.exec(path)?.[0];
  if (drive !== undefined) return [drive, path.slice(drive.length)];
  return path.startsWith('/') || path.startsWith('\\') ? [path[0]!, path.slice(1)] : ['', path];
}

/** Resolves `.` and `..`; keeps the kind of slash that the path uses. */
export function normalize(path: string): string {
  const [root, rest] = splitRoot(path);
  const slash =
    !isUri(path) && (root.endsWith('\\') || (root === '' && rest.includes('\\') && !rest.includes('/'))) ? '\\' : '/';
  const parts: string[] = [];
  for (const part of rest.split(isUri(path) || root === '/' ? '/' : /[\\/]/)) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || root === '') parts.push(part);
  }
  return root + parts.join(slash) || '.';
}

export const joinPath = (folder: string, path: string): string =>
  isAbsolute(path) || folder === '' ? normalize(path) : normalize(`${folder}/${path}`);

/** Folder that holds the file; empty for a bare name. */
export function folderOf(path: string): string {
  const [root, rest] = splitRoot(path);
  const cut = Math.max(rest.lastIndexOf('/'), isUri(path) ? -1 : rest.lastIndexOf('\\'));
  return cut < 0 ? root : root + rest.slice(0, cut);
}

export const baseName = (path: string): string =>
  path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);

/** With the dot, lower case; empty when there is none. */
export const extensionOf = (path: string): string => /\.[^.\\/]+$/.exec(path)?.[0].toLowerCase() ?? '';
