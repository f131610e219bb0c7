// "Break at Label": a breakpoint by name, which stays right when the code moves.
import * as vscode from 'vscode';
import { labelsOf } from './labels';
import { isAssembly } from './languages';

interface Item extends vscode.QuickPickItem {
  name: string;
}

const openSources = (): vscode.TextDocument[] =>
  vscode.workspace.textDocuments.filter((d) => !d.isClosed && isAssembly(d));

export const breakAtLabel = async (): Promise<void> => {
  const items = openSources().flatMap((document) =>
    labelsOf(document.getText()).map(({ name, line }): Item => {
      const place = `${vscode.workspace.asRelativePath(document.uri, false)}:${line + 1}`;
      return { label: name, name, description: place, detail: document.lineAt(line).text.trim() };
    }),
  );
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = 'Break at Label';
  pick.placeholder = 'A label, or an address: 0x7c00 (linear), 07c0:0000 (segment:offset), 08:1234 (selector:offset)';
  pick.matchOnDescription = true;
  const typed = (): Item[] => {
    const text = pick.value.trim();
    return text && !items.some(({ name }) => name === text)
      ? [{ label: text, name: text, description: 'as typed' }]
      : [];
  };
  pick.items = items;
  pick.onDidChangeValue(() => (pick.items = [...items, ...typed()]));
  pick.onDidAccept(() => {
    const [chosen] = pick.activeItems;
    if (chosen) vscode.debug.addBreakpoints([new vscode.FunctionBreakpoint(chosen.name)]);
    pick.dispose();
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
};
