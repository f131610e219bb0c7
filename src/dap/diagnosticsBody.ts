// What the assembler found, as the body of `ringside/diagnostics`.

import type { Diagnostic } from '../debugger/load/loadError';
import type { DiagnosticsBody } from './customTypes';

export interface Diagnostics {
  diagnostics: readonly Diagnostic[];
  files: readonly string[];
}

export const diagnosticsBody = ({ diagnostics, files }: Diagnostics): DiagnosticsBody => ({
  files: [...new Set([...files, ...diagnostics.map((d) => d.file)])],
  items: diagnostics.map(({ severity, message, file, line, column, endColumn, macroStack }) => ({
    severity,
    message,
    path: file,
    line,
    column,
    endColumn,
    macroStack: macroStack.map((frame) => ({ macro: frame.macro, path: frame.file, line: frame.line })),
  })),
});
