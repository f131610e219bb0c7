// What the assembler found, in the Problems view.
import * as vscode from 'vscode';
import type { DiagnosticItem, DiagnosticsBody } from '../dap/customTypes';
import { fromSessionPath } from './paths';

const SEVERITY: Readonly<Record<DiagnosticItem['severity'], vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

const diagnosticOf = (item: DiagnosticItem): vscode.Diagnostic => {
  const line = Math.max(0, item.line - 1);
  const range = new vscode.Range(line, Math.max(0, item.column - 1), line, Math.max(item.column, item.endColumn - 1));
  const diagnostic = new vscode.Diagnostic(range, item.message, SEVERITY[item.severity]);
  diagnostic.source = 'Ringside';
  diagnostic.relatedInformation = item.macroStack.map(({ macro, path, line: at }) => {
    const position = new vscode.Position(Math.max(0, at - 1), 0);
    return new vscode.DiagnosticRelatedInformation(
      new vscode.Location(fromSessionPath(path), position),
      `in the expansion of macro ${macro}`,
    );
  });
  return diagnostic;
};

const sameProblem = (a: vscode.Diagnostic, b: vscode.Diagnostic): boolean =>
  a.message === b.message && a.range.start.isEqual(b.range.start);

export class Diagnostics implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('ringside');

  /** The language server knows more of the file now than the last build did. */
  forget(uri: vscode.Uri): void {
    this.collection.delete(uri);
  }

  /** Replaces what was known of the files of a build. Returns the first error, in the order of the source. */
  publish({ files, items }: DiagnosticsBody): DiagnosticItem | undefined {
    const byFile = new Map<string, vscode.Diagnostic[]>(files.map((file) => [file, []]));
    for (const item of items) {
      const list = byFile.get(item.path);
      if (list) list.push(diagnosticOf(item));
      else byFile.set(item.path, [diagnosticOf(item)]);
    }
    for (const [path, list] of byFile) {
      const uri = fromSessionPath(path);
      this.collection.delete(uri);
      const shown = vscode.languages.getDiagnostics(uri);
      const isNew = (diagnostic: vscode.Diagnostic) => !shown.some((other) => sameProblem(other, diagnostic));
      this.collection.set(uri, list.filter(isNew));
    }
    const order = [...byFile.keys()];
    const errors = items.filter((item) => item.severity === 'error');
    return errors.sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path) || a.line - b.line)[0];
  }

  /** Takes a person to a problem: the editor at its place, and the list of all. */
  static async reveal(item: DiagnosticItem): Promise<void> {
    const position = new vscode.Position(Math.max(0, item.line - 1), Math.max(0, item.column - 1));
    const selection = new vscode.Range(position, position);
    await vscode.window.showTextDocument(fromSessionPath(item.path), { selection });
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }

  dispose(): void {
    this.collection.dispose();
  }
}
