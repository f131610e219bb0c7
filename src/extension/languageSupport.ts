// The language server's end in the editor: started when the first assembly source is opened, ended with the setting that
// switches it off. Files come from VS Code's file systems, so that it works in any workspace.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { FILE_REQUEST, type FileQuery, type FileReply } from '../lsp/fileAccess';
import { DEBUG_TYPE } from './configurationProvider';
import type { Diagnostics } from './diagnostics';
import { answerFileRequest } from './fileServer';
import type { Host, LanguageServerLink } from './host';
import { foretell } from './inlineValues';
import { SERVED_LANGUAGES } from './languages';
import { resolvePath, toSessionPath } from './paths';

const ENABLED = 'language.enable';

/** Not in the palette: code lenses run them. */
const SHOW_REFERENCES = 'ringside.showReferences';
const START_AT = 'ringside.startAt';

const isServed = ({ languageId }: vscode.TextDocument): boolean => SERVED_LANGUAGES.includes(languageId);

const answer = async ({ operation, path }: FileQuery): Promise<FileReply> => {
  const { bytes, entries } = await answerFileRequest({ type: 'file', id: 0, operation, path });
  return { ...(bytes ? { bytes } : {}), ...(entries ? { entries } : {}) };
};

interface PlainPosition {
  line: number;
  character: number;
}

interface PlainLocation {
  uri: string;
  range: { start: PlainPosition; end: PlainPosition };
}

const showReferences = (uri: string, at: PlainPosition, places: readonly PlainLocation[]): Thenable<unknown> => {
  const position = ({ line, character }: PlainPosition) => new vscode.Position(line, character);
  const locations = places.map(
    ({ uri: of, range }) =>
      new vscode.Location(vscode.Uri.parse(of), new vscode.Range(position(range.start), position(range.end))),
  );
  return vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), position(at), locations);
};

/** Debugs a program from a label on, with the attributes of the first launch configuration that names it. */
const startAt = (program: string, label: string): Thenable<boolean> => {
  const uri = vscode.Uri.parse(program);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  const path = toSessionPath(uri);
  const names = (configuration: vscode.DebugConfiguration): boolean =>
    configuration.type === DEBUG_TYPE &&
    configuration.request === 'launch' &&
    typeof configuration.program === 'string' &&
    resolvePath(configuration.program.replace(/^\$\{workspaceFolder\}\/?/, ''), folder?.uri) === path;
  const known = vscode.workspace.getConfiguration('launch', uri).get<vscode.DebugConfiguration[]>('configurations', []);
  const name = `${vscode.workspace.asRelativePath(uri, false)} from ${label}`;
  const configuration = { ...known.find(names), type: DEBUG_TYPE, request: 'launch', name, program: path };
  return vscode.debug.startDebugging(folder, { ...configuration, startAt: label });
};

export class LanguageSupport implements vscode.Disposable {
  private client: BaseLanguageClient | undefined;
  private link: LanguageServerLink | undefined;
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly host: Host,
    private readonly extension: vscode.Uri,
    private readonly diagnostics: Diagnostics,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.commands.registerCommand(SHOW_REFERENCES, showReferences),
      vscode.commands.registerCommand(START_AT, startAt),
      vscode.workspace.onDidOpenTextDocument((document) => isServed(document) && this.update()),
      vscode.workspace.onDidChangeConfiguration(
        (change) => change.affectsConfiguration(`ringside.${ENABLED}`) && this.update(),
      ),
    );
    this.update();
  }

  private update(): void {
    const enabled = vscode.workspace.getConfiguration('ringside').get<boolean>('language.enable', true);
    if (!enabled) void this.stop();
    else if (!this.client && vscode.workspace.textDocuments.some(isServed)) this.start();
  }

  private start(): void {
    const connect = async (): Promise<LanguageServerLink> =>
      (this.link = await this.host.startLanguageServer(this.extension));
    const client = this.host.languageClient(connect, {
      documentSelector: SERVED_LANGUAGES.map((language) => ({ language })),
      synchronize: { configurationSection: 'ringside' },
      initializationOptions: { showReferences: SHOW_REFERENCES, startAt: START_AT },
      markdown: { isTrusted: false, supportHtml: false },
      middleware: {
        provideInlineValues: (document, viewPort, context, token, next) =>
          foretell(next(document, viewPort, context, token), context),
        handleDiagnostics: (uri, diagnostics, next) => {
          this.diagnostics.forget(uri);
          next(uri, diagnostics);
        },
      },
    });
    client.onRequest(FILE_REQUEST, answer);
    this.client = client;
    client.start().catch((error: unknown) => {
      void vscode.window.showErrorMessage(
        `Ringside's language server could not start: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  private async stop(): Promise<void> {
    const { client, link } = this;
    this.client = undefined;
    this.link = undefined;
    try {
      await client?.stop();
    } catch {
      // it had not started, or is gone already
    }
    link?.terminate();
  }

  dispose(): void {
    this.subscriptions.dispose();
    void this.stop();
  }
}
