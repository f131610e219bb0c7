// Names of files as the debug session knows them: a file path where the workspace is on a disk, else the URI as a string.
// They are also the names that VS Code itself sends with breakpoints, so the two compare equal.
import * as vscode from 'vscode';

/** Two letters at least, or a Windows drive would look like a scheme. */
const SCHEME = /^[a-z][a-z0-9+.-]+:/i;

export const toSessionPath = (uri: vscode.Uri): string => (uri.scheme === 'file' ? uri.fsPath : uri.toString());

export const fromSessionPath = (path: string): vscode.Uri =>
  SCHEME.test(path) ? vscode.Uri.parse(path) : vscode.Uri.file(path);

const isAbsolute = (path: string): boolean => /^([\\/]|[a-z]:[\\/])/i.test(path);

/** A name that says where the file is; any other is relative to something the host does not know. */
export const isSessionPath = (path: string): boolean => SCHEME.test(path) || isAbsolute(path);

/**
 * Turns a path of a launch configuration into a session path. In a folder that is not on a disk `${workspaceFolder}` has
 * lost its scheme, so absolute paths are taken to lie beside `base`.
 */
export const resolvePath = (path: string, base: vscode.Uri | undefined): string => {
  if (SCHEME.test(path)) return toSessionPath(vscode.Uri.parse(path));
  if (isAbsolute(path)) {
    const file = vscode.Uri.file(path);
    return toSessionPath(
      !base || base.scheme === 'file' ? file : base.with({ path: file.path.replace(/^\/\/+/, '/') }),
    );
  }
  return base ? toSessionPath(vscode.Uri.joinPath(base, path)) : path;
};
