// Paths as the language features know them, from and to the URIs of the protocol. Files on a disk are plain paths with
// forward slashes; anything else keeps scheme and authority, with its path decoded.

const PARTS = /^([a-z][a-z0-9+.-]+):(\/\/[^/]*)?(.*)$/i;

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const encode = (path: string): string => path.split('/').map(encodeURIComponent).join('/');

/** Drive letters are lower-case, or one file would have two names. */
const lowerDrive = (path: string): string => path.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());

export class Uris {
  /** As the client spells them. */
  private readonly spelled = new Map<string, string>();

  /** `remember`: the client uses this spelling; it gets it back. */
  toPath(uri: string, remember = false): string {
    const path = pathOf(uri);
    if (remember) this.spelled.set(path, uri);
    return path;
  }

  toUri(path: string): string {
    return this.spelled.get(path) ?? uriOf(path);
  }
}

export function pathOf(uri: string): string {
  const [, scheme, authority = '', rest = ''] = PARTS.exec(uri) ?? [];
  if (!scheme) return uri;
  if (scheme !== 'file') return `${scheme}:${authority}${decode(rest)}`;
  const path = decode(rest);
  const host = authority.slice(2);
  return host ? `//${host}${path}` : lowerDrive(path.replace(/^\/(?=[a-z]:)/i, ''));
}

export function uriOf(path: string): string {
  const other = PARTS.exec(path);
  if (other) return `${other[1]}:${other[2] ?? ''}${encode(other[3] ?? '')}`;
  const slashed = path.replaceAll('\\', '/');
  if (slashed.startsWith('//')) return `file:${encode(slashed)}`;
  return `file://${slashed.startsWith('/') ? '' : '/'}${encode(slashed)}`;
}
