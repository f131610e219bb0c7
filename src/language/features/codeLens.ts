// Code lenses above labels: how often they are used, and how many bytes lie below them.
import type { Range } from '../position';
import type { Project } from '../project/project';
import type { NamePlace } from '../project/nameIndex';
import { plural } from '../text';

export interface CodeLens {
  range: Range;
  title: string;
  /** Places to show, for a lens that counts them. */
  places?: readonly NamePlace[];
}

export function codeLenses(project: Project, path: string): CodeLens[] {
  const { references, size } = project.settings.codeLens;
  const syntax = project.syntax(path);
  if (!syntax || (!references && !size)) return [];
  const index = project.names(path);
  const analysis = size ? project.analysis(path) : undefined;
  const counts = references ? usesByKey(project, path) : undefined;
  const blocks = analysis ? blockSizes(project, path) : undefined;
  return syntax.definitions.flatMap((definition): CodeLens[] => {
    const { kind, key, range } = definition;
    if (kind !== 'label' && kind !== 'macro') return [];
    if (definition.perhapsCall && index.isMacro(key)) return [];
    const lenses: CodeLens[] = [];
    const places = counts?.get(key) ?? [];
    if (counts) lenses.push({ range, title: plural(places.length, 'reference'), places });
    const bytes = blocks?.get(key);
    if (bytes !== undefined) lenses.push({ range, title: plural(bytes, 'byte') });
    return lenses;
  });
}

function usesByKey(project: Project, path: string): Map<string, NamePlace[]> {
  const uses = new Map<string, NamePlace[]>();
  for (const file of project.names(path).files) {
    for (const name of file.uses) {
      const list = uses.get(name.key) ?? [];
      list.push({ path: file.path, range: name.range, name, defines: false });
      uses.set(name.key, list);
    }
  }
  return uses;
}

/** Bytes from each label that is not local to the next one, its local ones included. */
function blockSizes(project: Project, path: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { name, size, section, kind } of project.analysis(path)?.result.symbols ?? []) {
    if (kind !== 'label' || section === undefined || size === undefined) continue;
    const owner = name.startsWith('..') ? name : name.split('.')[0]!;
    sizes.set(owner, (sizes.get(owner) ?? 0) + size);
  }
  return sizes;
}
