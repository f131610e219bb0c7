// Call hierarchy: who calls or jumps to a label, and where its own code goes. A label's code reaches up to the next label
// that is not local.
import type { Position, Range } from '../position';
import type { DefinedName } from '../project/nameIndex';
import type { Project } from '../project/project';
import type { Definition, FileSyntax, Name } from '../syntax/types';

export interface CallItem {
  name: string;
  path: string;
  range: Range;
  selection: Range;
}

export interface Call {
  item: CallItem;
  /** In the caller. */
  ranges: Range[];
}

const isTransfer = (text: string): boolean => /^(call|j[a-z]+|loop\w*|jmp)$/i.test(text);

const itemOf = ({ path, definition }: DefinedName): CallItem => ({
  name: definition.key,
  path,
  range: definition.range,
  selection: definition.range,
});

const isCode = ({ kind }: Definition): boolean => kind === 'label' || kind === 'local' || kind === 'extern';

export function callItemAt(project: Project, path: string, { line, character }: Position): CallItem | undefined {
  const name = project.nameAt(path, line, character);
  const found =
    name &&
    project
      .names(path)
      .definitions(name.key)
      .find(({ definition }) => isCode(definition));
  return found && itemOf(found);
}

/** Uses in jumps and calls, with the file they are in. */
function transfers(project: Project, path: string): { file: FileSyntax; use: Name; scope: string }[] {
  return project.names(path).files.flatMap((file) =>
    file.uses.flatMap((use) => {
      const line = file.lines[use.index];
      return line?.head && line.kind === 'instruction' && isTransfer(line.head.text)
        ? [{ file, use, scope: line.scope }]
        : [];
    }),
  );
}

function group(calls: readonly { item: CallItem; range: Range }[]): Call[] {
  const groups = new Map<string, Call>();
  for (const { item, range } of calls) {
    const key = `${item.path} ${item.name}`;
    const known = groups.get(key);
    if (known) known.ranges.push(range);
    else groups.set(key, { item, ranges: [range] });
  }
  return [...groups.values()];
}

const START = '(start of file)';

export function incomingCalls(project: Project, { path, name }: CallItem): Call[] {
  const calls = transfers(project, path).filter(({ use }) => use.key === name);
  return group(
    calls.map(({ file, use, scope }) => {
      const home = project.names(file.path).own(scope)[0];
      const top = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
      const item = home ? itemOf(home) : { name: START, path: file.path, range: top, selection: top };
      return { item, range: use.range };
    }),
  );
}

export function outgoingCalls(project: Project, { path, name }: CallItem): Call[] {
  const index = project.names(path);
  const inside = transfers(project, path).filter(
    ({ file, scope }) => file.path === path && scope === name.split('.')[0],
  );
  return group(
    inside.flatMap(({ use }) => {
      const target = index.definitions(use.key).find(({ definition }) => isCode(definition));
      // Jumps to the label's own local labels are no calls.
      return target && target.definition.kind !== 'local' ? [{ item: itemOf(target), range: use.range }] : [];
    }),
  );
}
