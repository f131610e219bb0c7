// Opens the Debug Console as the setting debug.internalConsoleOptions or the launch configuration asks, but once the first
// stop is on the screen. The editor itself would open it before, and takes nearly a second for that when it is the first time.
import * as vscode from 'vscode';

type When = 'neverOpen' | 'openOnSessionStart' | 'openOnFirstSessionStart';

/** Launch attributes that begin so are the editor's and ours, not the program's. */
const OPEN = '__openDebugConsole';

export class DebugConsole {
  private opened = false;
  private readonly seen = new WeakSet<vscode.DebugSession>();

  /** Takes the opening from the editor. */
  defer(configuration: vscode.DebugConfiguration): void {
    if (OPEN in configuration) return;
    const setting = vscode.workspace.getConfiguration('debug').get<When>('internalConsoleOptions');
    const asked = configuration.internalConsoleOptions as When | undefined;
    configuration[OPEN] = asked ?? setting ?? 'openOnFirstSessionStart';
    configuration.internalConsoleOptions = 'neverOpen' satisfies When;
  }

  /** The session has something to show, or has ended without. */
  open(session: vscode.DebugSession): void {
    if (this.seen.has(session)) return;
    this.seen.add(session);
    const when = session.configuration[OPEN] as When | undefined;
    if (when !== 'openOnSessionStart' && (when !== 'openOnFirstSessionStart' || this.opened)) return;
    this.opened = true;
    void vscode.commands.executeCommand('workbench.panel.repl.view.focus', { preserveFocus: true });
  }
}
