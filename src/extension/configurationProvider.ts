// Launch configurations: F5 without a launch.json and without a question, entries for the list of configurations, and
// paths made absolute before the session starts.
import * as vscode from 'vscode';
import { postponeDebugConsole } from './debugConsole';
import { fromSessionPath, resolvePath, toSessionPath } from './paths';
import { bootFilesIn, defaultProgram, projectOf } from './projectFiles';

export const DEBUG_TYPE = 'ringside';

type Configuration = vscode.DebugConfiguration & {
  program?: unknown;
  cwd?: unknown;
  bios?: unknown;
  drives?: unknown;
  includePaths?: unknown;
};

const NOTHING_TO_START =
  'Ringside found nothing to start: open an assembly source, or name one with "program" in launch.json.';

const nameOf = (uri: vscode.Uri): string => vscode.workspace.asRelativePath(uri, false);

const configurationFor = (uri: vscode.Uri, program: string): vscode.DebugConfiguration => ({
  type: DEBUG_TYPE,
  request: 'launch',
  name: `Debug ${nameOf(uri)}`,
  program,
});

/** A path for launch.json: relative to the folder by its variable. */
const portable = (uri: vscode.Uri): string => {
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  if (folder?.uri.toString() === uri.toString()) return '${workspaceFolder}';
  return folder ? `\${workspaceFolder}/${vscode.workspace.asRelativePath(uri, false)}` : toSessionPath(uri);
};

/** Offers the boot files of a folder in "Select and Start Debugging". */
export const dynamicConfigurations: vscode.DebugConfigurationProvider = {
  async provideDebugConfigurations(folder) {
    const root = folder ?? vscode.workspace.workspaceFolders?.[0];
    const files = root ? await bootFilesIn(root.uri) : [];
    return Promise.all(files.map(async (uri) => configurationFor(uri, portable(await projectOf(uri)))));
  },
};

const resolvePaths = (configuration: Configuration, folder: vscode.WorkspaceFolder | undefined): void => {
  const home = folder?.uri ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const base =
    typeof configuration.cwd === 'string' && configuration.cwd ? resolvePath(configuration.cwd, home) : undefined;
  if (base !== undefined) configuration.cwd = base;
  const root = base === undefined ? home : fromSessionPath(base);
  const absolute = (path: unknown): unknown =>
    typeof path === 'string' && path !== '' ? resolvePath(path, root) : path;
  configuration.program = absolute(configuration.program);
  if (configuration.bios !== 'builtin') configuration.bios = absolute(configuration.bios);
  if (Array.isArray(configuration.includePaths)) configuration.includePaths = configuration.includePaths.map(absolute);
  if (Array.isArray(configuration.drives))
    configuration.drives = configuration.drives.map((drive: unknown) =>
      typeof drive === 'object' && drive !== null && 'file' in drive
        ? { ...drive, file: absolute(drive.file) }
        : absolute(drive),
    );
};

/** `workers` gets one ready as soon as a launch is seen coming. */
export const configurationProvider = (workers: { prepare(): void }): vscode.DebugConfigurationProvider => ({
  async provideDebugConfigurations(folder) {
    const files = folder ? await bootFilesIn(folder.uri) : [];
    if (files[0]) return [configurationFor(files[0], portable(await projectOf(files[0])))];
    return [{ type: DEBUG_TYPE, request: 'launch', name: 'Debug the open assembly file', program: '${file}' }];
  },

  /** An empty configuration is F5 without a launch.json; one without a program starts what is open. */
  async resolveDebugConfiguration(folder, configuration) {
    workers.prepare();
    if (!configuration.type && !configuration.request && !configuration.name)
      Object.assign(configuration, { type: DEBUG_TYPE, request: 'launch', name: 'Ringside' });
    if (configuration.request !== 'launch' || configuration.program) return configuration;
    const program = await defaultProgram(folder);
    if (!program) {
      void vscode.window.showErrorMessage(NOTHING_TO_START, { modal: true });
      return undefined;
    }
    if (configuration.name === 'Ringside') configuration.name = `Debug ${nameOf(program)}`;
    return { ...configuration, program: toSessionPath(await projectOf(program)) };
  },

  resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
    resolvePaths(configuration, folder);
    postponeDebugConsole(configuration, folder);
    return configuration;
  },
});
