// `breakpointLocations`: lines of a range that have code.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { fileInProgram } from '../../debugger/breakpoints/lines';
import { countOf, optionalString, type Fields } from '../arguments';
import { badArgument } from '../errors';
import { request } from '../handler';

const COMMAND = 'breakpointLocations';
const MOST_LINES = 10_000;

export const breakpointLocations = request<DebugProtocol.BreakpointLocationsArguments>({
  command: COMMAND,
  capabilities: { supportsBreakpointLocationsRequest: true },
  handle(session, args) {
    const { debug } = session.get(COMMAND);
    const path = optionalString(COMMAND, (args.source ?? {}) as unknown as Fields, 'path');
    if (path === undefined) throw badArgument(COMMAND, '"source.path" must be a string');
    const first = session.fromClientLine(countOf(COMMAND, args, 'line', 1e9));
    const last = session.fromClientLine(countOf(COMMAND, args, 'endLine', 1e9, session.toClientLine(first)));
    const { program } = debug;
    const file = program && fileInProgram(program, path);
    const breakpoints: DebugProtocol.BreakpointLocation[] = [];
    for (let line = first; file !== undefined && line <= Math.min(last, first + MOST_LINES); line++) {
      const entry = program!.map!.ofLine(file, line).find((e) => e.kind === 'code' && e.length > 0);
      if (entry)
        breakpoints.push({
          line: session.toClientLine(line),
          column: session.toClientColumn(entry.file === file && entry.line === line ? entry.column : 1),
        });
    }
    return { breakpoints };
  },
});
