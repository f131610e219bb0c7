// What people do in assembly files before they press F5: they set a breakpoint, or save. The worker for the session starts then.
import * as vscode from 'vscode';
import { isAssembly } from './languages';

const isInAssembly = (breakpoint: vscode.Breakpoint): boolean => {
  if (!(breakpoint instanceof vscode.SourceBreakpoint)) return false;
  const { uri } = breakpoint.location;
  const languageId = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString())?.languageId;
  return isAssembly({ uri, languageId: languageId ?? '' });
};

export const foresight = (workers: { prepare(): void }): vscode.Disposable =>
  vscode.Disposable.from(
    vscode.debug.onDidChangeBreakpoints(({ added, changed }) => {
      if ([...added, ...changed].some(isInAssembly)) workers.prepare();
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      if (isAssembly(document)) workers.prepare();
    }),
  );
