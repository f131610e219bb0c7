// When the Debug Console opens. The editor by itself opens it as soon as the guest is launched, which in a fresh window keeps it
// busy for a quarter of a second while the first stop waits; so it is told not to, and the console opens with our views
// after that stop, if the person's setting or launch configuration lets it.
import * as vscode from 'vscode';

type When = 'neverOpen' | 'openOnSessionStart' | 'openOnFirstSessionStart';

/** In a configuration: what was asked of the editor. Attributes of this form are the editor's and its extensions' own. */
const ASKED = '__internalConsoleOptions';

/** Changes a configuration that is about to be launched. */
export const postponeDebugConsole = (
  configuration: vscode.DebugConfiguration,
  folder: vscode.WorkspaceFolder | undefined,
): void => {
  if (configuration[ASKED]) return; // launched once more
  const settings = vscode.workspace.getConfiguration('debug', folder);
  configuration[ASKED] =
    configuration.internalConsoleOptions ?? settings.get<When>('internalConsoleOptions', 'openOnFirstSessionStart');
  configuration.internalConsoleOptions = 'neverOpen' satisfies When;
};

/** `first` in this window. */
export const openDebugConsole = (configuration: vscode.DebugConfiguration, first: boolean): void => {
  const asked = configuration[ASKED] as When | undefined;
  if (asked === 'openOnSessionStart' || (asked === 'openOnFirstSessionStart' && first))
    void vscode.commands.executeCommand('workbench.panel.repl.view.focus', { preserveFocus: true });
};
