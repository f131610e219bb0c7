// Paths inside %include "..." and incbin "...".
import { folderOf, joinPath } from '../../base/paths';
import type { Project } from '../project/project';
import type { Proposal } from './proposal';

const OPEN = /^\s*(?:[\w.$#@~?]+:?\s+)?(%include|incbin|%pathsearch\s+\w+)\s+["'`]([^"'`]*)$/i;

/** Undefined when the cursor is in no such string; `typed` is the part after the last slash. */
export function includeCompletions(
  project: Project,
  path: string,
  text: string,
): { typed: string; proposals: Proposal[] } | undefined {
  const match = OPEN.exec(text);
  if (!match) return undefined;
  const isInclude = /include/i.test(match[1]!);
  const written = match[2]!;
  const folder = written.slice(0, written.lastIndexOf('/') + 1);
  const bases = [folderOf(path), ...project.settings.includePaths, ...project.folders];
  const proposals = new Map<string, Proposal>();
  for (const base of bases) {
    const home = `${joinPath(base, folder || '.').replace(/\/$/, '')}/`;
    for (const known of project.paths()) {
      if (!known.startsWith(home) || known === path) continue;
      const [name, ...below] = known.slice(home.length).split('/');
      if (!name || proposals.has(name)) continue;
      const kind = below.length > 0 ? 'folder' : 'file';
      const likely = /\.(inc|mac|asm|nasm)$/i.test(name) === isInclude;
      proposals.set(name, {
        label: name,
        kind,
        rank: kind === 'folder' ? 2 : likely ? 1 : 3,
        text: below.length > 0 ? `${name}/` : name,
      });
    }
  }
  return { typed: written.slice(folder.length), proposals: [...proposals.values()] };
}
