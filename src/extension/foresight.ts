// What people do before they press F5: they set a breakpoint in an assembly file, save one, or end a session. The worker for the
// next session starts then.
import * as vscode from 'vscode';
import { DEBUG_TYPE } from './configurationProvider';
import { isAssembly } from './languages';

/** Milliseconds from the end of a session, which has work of its own. */
const AFTER_SESSION = 500;

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
    vscode.debug.onDidTerminateDebugSession(({ type }) => {
      if (type === DEBUG_TYPE) setTimeout(() => workers.prepare(), AFTER_SESSION);
    }),
  );
