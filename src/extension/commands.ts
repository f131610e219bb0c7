// The commands of the palette, the editor's run menu and the views.
import * as vscode from 'vscode';
import { breakAtLabel } from './breakAtLabel';
import { DEBUG_TYPE } from './configurationProvider';
import { newBootSector } from './newBootSector';
import { toSessionPath } from './paths';
import type { RingView } from '../views/ring/provider';
import type { GuestScreen } from '../views/screen/provider';
import type { SerialTerminals } from './serialTerminals';
import type { SessionViews } from './sessionViews';

interface Parts {
  sessions: SessionViews;
  rings: RingView;
  screen: GuestScreen;
  serial: SerialTerminals;
}

/** Starts the file of a menu's entry, or else whatever F5 would start. */
const startFile = async (file: vscode.Uri | undefined, noDebug: boolean): Promise<void> => {
  const uri = file instanceof vscode.Uri ? file : undefined;
  const folder = uri ? vscode.workspace.getWorkspaceFolder(uri) : vscode.workspace.workspaceFolders?.[0];
  const name = uri ? `${noDebug ? 'Run' : 'Debug'} ${vscode.workspace.asRelativePath(uri, false)}` : 'Ringside';
  const program = uri && { program: toSessionPath(uri) };
  await vscode.debug.startDebugging(folder, { type: DEBUG_TYPE, request: 'launch', name, ...program }, { noDebug });
};

const typeText = async ({ sessions, screen }: Parts): Promise<void> => {
  if (!sessions.current)
    return void vscode.window.showInformationMessage('Start a program first: there is no guest to type to.');
  const prompt = 'Typed on the guest keyboard (US layout). \\n is Enter, \\t is Tab, \\e is Escape.';
  const text = await vscode.window.showInputBox({ title: 'Type Text in the Guest', prompt });
  if (text) await screen.type(text.replaceAll('\\n', '\n').replaceAll('\\t', '\t').replaceAll('\\e', '\x1b'));
};

export const registerCommands = (parts: Parts): vscode.Disposable => {
  const { sessions, rings, screen, serial } = parts;
  const commands: Record<string, (...args: never[]) => unknown> = {
    'ringside.debugFile': (file?: vscode.Uri) => startFile(file, false),
    'ringside.runFile': (file?: vscode.Uri) => startFile(file, true),
    'ringside.openScreen': () => screen.open(vscode.ViewColumn.Beside, false),
    'ringside.captureKeyboard': () => screen.capture(true),
    'ringside.typeText': () => typeText(parts),
    'ringside.focusRings': () => vscode.commands.executeCommand('ringside.rings.focus'),
    'ringside.openRings': () => rings.openPanel(),
    'ringside.openSerial': () => serial.show(1, sessions.current),
    'ringside.breakAtLabel': () => breakAtLabel(),
    'ringside.newBootSector': () => newBootSector(),
  };
  return vscode.Disposable.from(
    ...Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run)),
  );
};
