// Code lenses above labels: how often they are used, bytes and cycles of what lies below, and a start of the debugger there.
import type { Range } from '../position';
import type { Project } from '../project/project';
import type { NamePlace } from '../project/nameIndex';
import { plural } from '../text';
import { type Block, blocksOf } from './blockFacts';

export interface CodeLens {
  range: Range;
  title: string;
  /** Places to show, for a lens that counts them. */
  places?: readonly NamePlace[];
  /** Full name of the label that a program is started at. */
  startAt?: { program: string; label: string };
}

export function codeLenses(project: Project, path: string): CodeLens[] {
  const { references, size, cycles, run } = project.settings.codeLens;
  const syntax = project.syntax(path);
  if (!syntax || (!references && !size && !cycles && !run)) return [];
  const index = project.names(path);
  const analysis = size || cycles || run ? project.analysis(path) : undefined;
  const counts = references ? usesByKey(project, path) : undefined;
  const blocks = analysis && blocksOf(analysis);
  return syntax.definitions.flatMap((definition): CodeLens[] => {
    const { kind, key, range } = definition;
    if (kind !== 'label' && kind !== 'macro') return [];
    if (definition.perhapsCall && index.isMacro(key)) return [];
    const lenses: CodeLens[] = [];
    const places = counts?.get(key) ?? [];
    if (counts) lenses.push({ range, title: plural(places.length, 'reference'), places });
    const block = kind === 'label' ? blocks?.get(key) : undefined;
    if (block && size) lenses.push({ range, title: plural(block.bytes, 'byte') });
    if (block && cycles && block.instructions > 0) lenses.push({ range, title: cyclesText(block) });
    if (analysis && block && run && analysis.format === 'bin' && analysis.symbol(key)?.content === 'code')
      lenses.push({ range, title: '\u25b7 Run from here', startAt: { program: analysis.root, label: key } });
    return lenses;
  });
}

function cyclesText({ instructions, cycles }: Block): string {
  if (!cycles) return plural(instructions, 'instruction');
  const { least, most } = cycles;
  return least === most ? `${plural(least, 'cycle')} (486)` : `${least}\u2013${most} cycles (486)`;
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
