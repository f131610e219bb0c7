// Helpers in the manner of rust-analyzer: a source with `$0` where the cursor is, and several files in one text, each
// begun by a line `//- /path`.
import { Project } from '../../../src/language/project/project';
import type { LanguageSettings } from '../../../src/language/project/settings';
import type { Range } from '../../../src/language/position';

export interface Fixture {
  project: Project;
  /** File and place of the cursor; the first file's start when there is none. */
  path: string;
  line: number;
  character: number;
  files: ReadonlyMap<string, string>;
}

const MARK = '$0';

export function fixture(text: string, settings: Partial<LanguageSettings> = {}): Fixture {
  const parts = /^\/\/- /m.test(text)
    ? text
        .split(/^\/\/- /m)
        .slice(1)
        .map((part) => [part.slice(0, part.indexOf('\n')).trim(), part.slice(part.indexOf('\n') + 1)] as const)
    : [['/w/main.asm', text] as const];
  const project = new Project();
  project.folders = ['/w'];
  project.settings = { ...project.settings, ...settings };
  const files = new Map<string, string>();
  let cursor: { path: string; line: number; character: number } | undefined;
  for (const [path, marked] of parts) {
    const at = marked.indexOf(MARK);
    const before = at < 0 ? '' : marked.slice(0, at);
    if (at >= 0) cursor = { path, line: before.split('\n').length - 1, character: at - before.lastIndexOf('\n') - 1 };
    const content = marked.replace(MARK, '');
    files.set(path, content);
    if (at >= 0 || parts.length === 1) project.open(path, content);
    else project.put(path, new TextEncoder().encode(content));
  }
  for (const path of project.wanted) project.put(path, undefined);
  return { project, files, ...(cursor ?? { path: parts[0]![0], line: 0, character: 0 }) };
}

/** The text that a range covers. */
export function textAt({ files }: Fixture, path: string, { start, end }: Range): string {
  const lines = files
    .get(path)!
    .split('\n')
    .slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1)!.slice(0, end.character);
  lines[0] = lines[0]!.slice(start.character);
  return lines.join('\n');
}
