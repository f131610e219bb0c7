// Finds the file that F5 starts when nothing says which: the open source, the one that includes it, or the obvious boot
// file of the folder.
import * as vscode from 'vscode';
import { bootFileOf, isBootSource, rootOf, type Candidate } from './bootFile';
import { isAssembly, isImageName, isIncludeName, isSourceName } from './languages';

/** Enough for any project that can be guessed at; a larger one gets a launch.json. */
const MOST_FILES = 300;
const DEPTH = 3;
const PROJECT_FILE = 'ringside.json';
const LARGEST_SOURCE = 1_000_000;
const SKIPPED = /^(\.|node_modules$|out$|dist$|build$|target$)/;

const collect = async (folder: vscode.Uri): Promise<{ uri: vscode.Uri; path: string }[]> => {
  const found: { uri: vscode.Uri; path: string }[] = [];
  let level = [{ uri: folder, path: '' }];
  for (let depth = 0; depth < DEPTH && level.length > 0; depth++) {
    const next: typeof level = [];
    for (const at of level) {
      for (const [name, type] of await readFolder(at.uri)) {
        if (found.length >= MOST_FILES) return found;
        const entry = { uri: vscode.Uri.joinPath(at.uri, name), path: at.path ? `${at.path}/${name}` : name };
        if (type & vscode.FileType.Directory) {
          if (!SKIPPED.test(name)) next.push(entry);
        } else if (isSourceName(name) || isImageName(name) || isIncludeName(name)) found.push(entry);
      }
    }
    level = next;
  }
  return found;
};

const readFolder = async (uri: vscode.Uri): Promise<[string, vscode.FileType][]> => {
  try {
    return await vscode.workspace.fs.readDirectory(uri);
  } catch {
    return [];
  }
};

const textOf = async (uri: vscode.Uri): Promise<string | undefined> => {
  try {
    const open = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
    if (open) return open.getText();
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.length > LARGEST_SOURCE ? undefined : new TextDecoder().decode(bytes);
  } catch {
    return undefined;
  }
};

const candidatesOf = async (folder: vscode.Uri): Promise<Map<string, { uri: vscode.Uri } & Candidate>> => {
  const files = await collect(folder);
  const read = files.map(async ({ uri, path }) => {
    const text = isImageName(path) ? undefined : await textOf(uri);
    return [path, { uri, path, ...(text === undefined ? {} : { text }) }] as const;
  });
  return new Map(await Promise.all(read));
};

/** The document a person is looking at, when it is a source on some file system. */
const openSource = (): vscode.TextDocument | undefined => {
  const visible = vscode.window.visibleTextEditors.map((editor) => editor.document);
  const documents = [vscode.window.activeTextEditor?.document, ...visible].filter((d) => d !== undefined);
  return documents.find((d) => !d.isUntitled && d.uri.scheme !== 'output' && isAssembly(d));
};

/** Every file of a folder that can be started, most likely first. */
export const bootFilesIn = async (folder: vscode.Uri): Promise<vscode.Uri[]> => {
  const candidates = await candidatesOf(folder);
  const found: vscode.Uri[] = [];
  for (let left = [...candidates.values()]; found.length < 5;) {
    const best = bootFileOf(left);
    if (best === undefined) return found;
    found.push(candidates.get(best)!.uri);
    left = left.filter((c) => c.path !== best);
  }
  return found;
};

/** The folder of a program when its ringside.json says that it boots this file, and with what; else the file itself. */
export const projectOf = async (program: vscode.Uri): Promise<vscode.Uri> => {
  const folder = vscode.Uri.joinPath(program, '..');
  const text = await textOf(vscode.Uri.joinPath(folder, PROJECT_FILE));
  try {
    const project = JSON.parse(text ?? '') as { program?: unknown } | null;
    const named = typeof project?.program === 'string' && vscode.Uri.joinPath(folder, project.program);
    return named && named.toString() === program.toString() ? folder : program;
  } catch {
    return program;
  }
};

/** What to start when a configuration does not say. */
export const defaultProgram = async (folder: vscode.WorkspaceFolder | undefined): Promise<vscode.Uri | undefined> => {
  const source = openSource();
  const home = source ? vscode.workspace.getWorkspaceFolder(source.uri) : folder;
  const root = home ?? folder ?? vscode.workspace.workspaceFolders?.[0];
  if (source && !root) return source.uri;
  if (!root) return undefined;
  if (!source) return (await bootFilesIn(root.uri))[0];
  if (isBootSource(source.getText())) return source.uri;
  const candidates = await candidatesOf(root.uri);
  const path = [...candidates.values()].find((c) => c.uri.toString() === source.uri.toString())?.path;
  if (path === undefined) return source.uri;
  const start = rootOf(path, [...candidates.values()]);
  if (start !== path || isSourceName(path)) return candidates.get(start)!.uri;
  return (await bootFilesIn(root.uri))[0]; // an include that nothing includes
};
