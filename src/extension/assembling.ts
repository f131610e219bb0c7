// "Assemble Current File" as a command and as a task: the flat binary beside the source, mistakes in the Problems view.
import * as vscode from 'vscode';
import type { AssembleArguments, AssembleResponse, DiagnosticItem } from '../dap/customTypes';
import { Diagnostics } from './diagnostics';
import { isAssembly } from './languages';
import { fromSessionPath, resolvePath, toSessionPath } from './paths';
import { WorkerAdapter } from './workerAdapter';
import type { WorkerPool } from './workerPool';

export interface AssembleTask extends vscode.TaskDefinition {
  file?: string;
  output?: string;
  includePaths?: string[];
  defines?: Record<string, string>;
}

/** `boot.asm:3:9: error: ...`, as the problem matcher reads it. */
export const diagnosticLine = (item: DiagnosticItem): string =>
  `${item.path}:${item.line}:${item.column}: ${item.severity}: ${item.message}`;

const outputOf = (source: vscode.Uri): vscode.Uri => source.with({ path: source.path.replace(/(\.\w+)?$/, '.bin') });

const openSource = (): vscode.Uri | undefined => {
  const document = vscode.window.activeTextEditor?.document;
  return document && !document.isUntitled && isAssembly(document) ? document.uri : undefined;
};

interface Outcome {
  /** What happened, a sentence. */
  summary: string;
  items: readonly DiagnosticItem[];
  firstError: DiagnosticItem | undefined;
}

export class Assembling {
  constructor(
    private readonly workers: WorkerPool,
    private readonly diagnostics: Diagnostics,
  ) {}

  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.commands.registerCommand('ringside.assembleFile', () => this.command()),
      vscode.tasks.registerTaskProvider('ringside', {
        provideTasks: () => [this.task({ type: 'ringside' }, 'assemble the open file')],
        resolveTask: (task) => this.task(task.definition as AssembleTask, task.name, task.scope),
      }),
    );
  }

  private async command(): Promise<void> {
    const source = openSource();
    if (!source) return void vscode.window.showInformationMessage('Open an assembly source first.');
    try {
      const { summary, firstError } = await this.assemble(source, outputOf(source), {});
      if (!firstError) return void vscode.window.showInformationMessage(summary);
      await Diagnostics.reveal(firstError);
      void vscode.window.showErrorMessage(summary);
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
  }

  /** Rejects when the source cannot be read or the binary not be written. */
  private async assemble(
    source: vscode.Uri,
    output: vscode.Uri,
    options: Partial<AssembleArguments>,
  ): Promise<Outcome> {
    await vscode.workspace.saveAll(false);
    const adapter = new WorkerAdapter(this.workers.take());
    try {
      const args: AssembleArguments = { ...options, path: toSessionPath(source) };
      const found = await adapter.request<AssembleResponse>('ringside/assemble', args);
      const firstError = this.diagnostics.publish(found);
      const { items } = found;
      const name = vscode.workspace.asRelativePath(source);
      if (!found.ok) {
        const errors = items.filter(({ severity }) => severity === 'error').length;
        return {
          summary: `${name} was not assembled: ${errors === 1 ? 'an error' : `${errors} errors`}.`,
          items,
          firstError,
        };
      }
      const bytes = Uint8Array.from(atob(found.bytes), (c) => c.charCodeAt(0));
      await vscode.workspace.fs.writeFile(output, bytes);
      const summary = `${vscode.workspace.asRelativePath(output)}: ${bytes.length.toLocaleString('en-US')} bytes.`;
      return { summary, items, firstError: undefined };
    } finally {
      adapter.dispose();
    }
  }

  private task(definition: AssembleTask, name: string, scope?: vscode.Task['scope']): vscode.Task {
    const run = new vscode.CustomExecution(async (resolved) => this.terminal(resolved as AssembleTask));
    const task = new vscode.Task(definition, scope ?? vscode.TaskScope.Workspace, name, 'ringside', run);
    task.group = vscode.TaskGroup.Build;
    task.presentationOptions = { reveal: vscode.TaskRevealKind.Silent, clear: true };
    return task;
  }

  /** The task's terminal: what the assembler says, then the exit code. */
  private terminal(definition: AssembleTask): vscode.Pseudoterminal {
    const written = new vscode.EventEmitter<string>();
    const closed = new vscode.EventEmitter<number>();
    const say = (text: string) => written.fire(`${text.replaceAll('\n', '\r\n')}\r\n`);
    const run = async (): Promise<number> => {
      const base = vscode.workspace.workspaceFolders?.[0]?.uri;
      const absolute = (path: string) => resolvePath(path, base);
      const source = definition.file ? fromSessionPath(absolute(definition.file)) : openSource();
      if (!source) {
        say('Open an assembly source first, or name one in the task with "file".');
        return 2;
      }
      const output = definition.output ? fromSessionPath(absolute(definition.output)) : outputOf(source);
      const { includePaths, defines } = definition;
      const options = {
        ...(includePaths ? { includePaths: includePaths.map(absolute) } : {}),
        ...(defines ? { defines } : {}),
      };
      const { summary, items, firstError } = await this.assemble(source, output, options);
      for (const item of items) say(diagnosticLine(item));
      say(summary);
      return firstError ? 1 : 0;
    };
    return {
      onDidWrite: written.event,
      onDidClose: closed.event,
      open: () =>
        void run().then(
          (code) => closed.fire(code),
          (error) => {
            say(error instanceof Error ? error.message : String(error));
            closed.fire(2);
          },
        ),
      close: () => undefined,
    };
  }
}
