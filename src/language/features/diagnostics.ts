// What the assembler says of the programs that are being worked on, by file. A file is judged in the program that reads it.
import type { Diagnostic } from '../../asm/types';
import { type Flavour, FLAVOUR_NAMES } from '../flavour';
import { lineRange, type Location, type Range } from '../position';
import type { Project } from '../project/project';

export interface Problem {
  severity: Diagnostic['severity'];
  message: string;
  range: Range;
  /** Warning class, as `label-orphan`. */
  code?: string;
  related: readonly (Location & { message: string })[];
}

/** Problems of every file in the programs of `paths`; files without any have an empty list. */
export function problemsOf(project: Project, paths: readonly string[]): Map<string, Problem[]> {
  const found = new Map<string, Problem[]>(paths.map((path) => [path, []]));
  if (!project.settings.diagnostics) return found;
  for (const path of paths) {
    const flavour = project.flavour(path);
    if (flavour === 'masm' || flavour === 'fasm') found.set(path, [foreignProblem(flavour)]);
  }
  const roots = new Set(paths.map((path) => project.rootOf(path)));
  for (const root of roots) {
    const analysis = project.assembled(root);
    if (!analysis) continue;
    const owned = new Map<string, boolean>();
    const owns = (path: string): boolean => {
      let own = owned.get(path);
      if (own === undefined) {
        const judge = project.rootOf(path);
        owned.set(path, (own = judge === root || !roots.has(judge)));
      }
      return own;
    };
    for (const file of analysis.result.files) if (owns(file) && !found.has(file)) found.set(file, []);
    for (const diagnostic of analysis.diagnostics()) {
      if (!owns(diagnostic.file)) continue;
      const list = found.get(diagnostic.file) ?? [];
      list.push(problemOf(diagnostic));
      found.set(diagnostic.file, list);
    }
  }
  return found;
}

/** Instead of an error on every line. */
const foreignProblem = (flavour: Flavour): Problem => ({
  severity: 'info',
  message: `This looks like a source for ${FLAVOUR_NAMES[flavour]}: it is not checked, since only NASM's dialect is assembled here.`,
  range: lineRange(0, 0, 0),
  related: [],
});

function problemOf(diagnostic: Diagnostic): Problem {
  const { severity, message, line, column, endColumn, code, macroStack } = diagnostic;
  return {
    severity,
    message,
    range: lineRange(Math.max(0, line - 1), Math.max(0, column - 1), Math.max(column, endColumn - 1)),
    ...(code === undefined ? {} : { code }),
    related: macroStack.map((frame) => ({
      path: frame.file,
      range: lineRange(Math.max(0, frame.line - 1), 0, 0),
      message: `in the expansion of macro ${frame.macro}`,
    })),
  };
}
