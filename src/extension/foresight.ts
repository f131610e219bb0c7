// What people do before they press F5: they look at an assembly file, set a breakpoint in one, save one, or end a session. The
// worker for the next session starts then.
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

export const foresight = (workers: { prepare(): void }): vscode.Disposable => {
  const look = (editor: vscode.TextEditor | undefined): void => {
    // a session changes editors by itself, at each stop
    if (editor && isAssembly(editor.document) && vscode.debug.activeDebugSession?.type !== DEBUG_TYPE)
      workers.prepare();
  };
  look(vscode.window.activeTextEditor);
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveTextEditor(look),
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
};
