// The language server on a connection: documents, files, settings and diagnostics. What the features answer is in handlers/.
import {
  type Connection,
  type Diagnostic,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocuments,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { problemsOf, type Problem } from '../language/features/diagnostics';
import { Project } from '../language/project/project';
import { type FileAccess, findSources } from './fileAccess';
import type { ClientOptions, Handler, ServerContext } from './handler';
import { readSettings } from './settings';
import { Uris } from './uris';

/** Milliseconds after the last key before a program is assembled again. */
const PAUSE = 120;
const SHORTEST_PAUSE = 20;
/** Sources read when the workspace is opened. */
const SCAN = { files: 2000, depth: 6 };
/** Rounds of fetching what the assembler asked for; includes are rarely nested deeply. */
const MOST_ROUNDS = 100;

const SEVERITY = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
} as const;

export class Server implements ServerContext {
  readonly project = new Project();
  readonly uris = new Uris();
  readonly documents = new TextDocuments(TextDocument);
  private started: Promise<void>;
  private begin: () => void = () => undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly published = new Map<string, string>();
  private canConfigure = false;
  private canWatch = false;
  /** Settings of clients that cannot be asked for them. */
  private given: unknown;
  options: ClientOptions = {};
  /** Features of the client that answers depend on. */
  client: InitializeParams['capabilities'] = {};

  constructor(
    readonly connection: Connection,
    private readonly files: FileAccess,
    private readonly handlers: readonly Handler[],
  ) {
    this.started = new Promise((resolve) => (this.begin = resolve));
    connection.onInitialize((params) => this.initialize(params));
    connection.onInitialized(
      () =>
        void this.start()
          .catch((error) => connection.console.error(String(error)))
          .finally(this.begin),
    );
    connection.onDidChangeConfiguration(({ settings }) => {
      if (!this.canConfigure) this.given = (settings as { ringside?: unknown } | undefined)?.ringside ?? settings;
      void this.configure().then(() => this.refresh());
    });
    connection.onDidChangeWatchedFiles(({ changes }) => {
      for (const { uri } of changes) {
        const path = this.uris.toPath(uri);
        if (!this.project.isOpen(path)) this.project.forget(path);
        this.project.wanted.add(path);
      }
      this.schedule();
    });
    this.documents.onDidChangeContent(({ document }) => {
      this.project.open(this.uris.toPath(document.uri, true), document.getText());
      this.schedule();
    });
    this.documents.onDidClose(({ document }) => {
      const path = this.uris.toPath(document.uri);
      this.project.forget(path);
      this.project.wanted.add(path);
      this.schedule();
    });
    for (const handler of handlers) handler.register(this);
    this.documents.listen(connection);
  }

  ready(): Promise<void> {
    return this.started;
  }

  private initialize(params: InitializeParams): InitializeResult {
    const { capabilities, workspaceFolders, initializationOptions } = params;
    this.client = capabilities;
    this.canConfigure = capabilities.workspace?.configuration === true;
    this.canWatch = capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    this.given = initializationOptions;
    for (const command of ['showReferences', 'startAt'] as const) {
      const named: unknown = initializationOptions?.[command];
      if (typeof named === 'string') this.options = { ...this.options, [command]: named };
    }
    const rootUri = (params as { rootUri?: string | null }).rootUri;
    const folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
    this.project.folders = folders.map((uri) => this.uris.toPath(uri).replace(/\/$/, ''));
    return {
      serverInfo: { name: 'Ringside' },
      capabilities: Object.assign(
        { textDocumentSync: TextDocumentSyncKind.Incremental },
        ...this.handlers.map((handler) => handler.capabilities),
      ),
    };
  }

  private async start(): Promise<void> {
    if (this.canWatch) {
      const watchers = [{ globPattern: '**/*.{asm,nasm,inc,mac,s,S,ASM,INC}' }];
      void this.connection.client
        .register(DidChangeWatchedFilesNotification.type, { watchers })
        .catch((error) => this.connection.console.warn(String(error)));
    }
    await this.configure();
    for (const folder of this.project.folders) {
      for (const { path, bytes } of await findSources(folder, this.files, SCAN)) this.project.put(path, bytes);
    }
    this.schedule(0);
  }

  private async configure(): Promise<void> {
    let section = this.given;
    if (this.canConfigure) {
      try {
        section = await this.connection.workspace.getConfiguration('ringside');
      } catch {
        // the client could not say: what it gave at the start still holds
      }
    }
    this.project.settings = readSettings(section, this.project.folders);
  }

  /** After a change of settings: the editor asks again for what it shows. */
  private refresh(): void {
    this.schedule(0);
    const { workspace } = this.client;
    if (workspace?.inlayHint?.refreshSupport) void this.connection.languages.inlayHint.refresh().catch(() => undefined);
    if (workspace?.codeLens?.refreshSupport)
      void this.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  }

  /** Milliseconds that the last publication took: small programs need not wait long for the next key. */
  private cost = PAUSE;

  private schedule(pause = Math.min(PAUSE, Math.max(SHORTEST_PAUSE, this.cost / 2))): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      void this.publish().catch((error) => this.connection.console.error(String(error?.stack ?? error)));
    }, pause);
  }

  /** Fetches what the program of a file needs; resolves when nothing more is wanted. */
  async settle(paths: readonly string[]): Promise<void> {
    await this.started;
    for (let round = 0; round < MOST_ROUNDS; round++) {
      for (const path of paths) this.project.analysis(path);
      const wanted = [...this.project.wanted];
      if (wanted.length === 0) return;
      await Promise.all(wanted.map(async (path) => this.project.put(path, await this.files.read(path))));
    }
  }

  private async publish(): Promise<void> {
    const open = this.documents.all().map(({ uri }) => this.uris.toPath(uri));
    const begin = Date.now();
    await this.settle(open);
    const problems = problemsOf(this.project, open);
    this.cost = Date.now() - begin;
    for (const path of this.published.keys()) if (!problems.has(path)) problems.set(path, []);
    for (const [path, list] of problems) {
      const diagnostics = list.map((problem) => this.diagnostic(problem));
      const text = JSON.stringify(diagnostics);
      if ((this.published.get(path) ?? '[]') === text) continue;
      if (diagnostics.length > 0) this.published.set(path, text);
      else this.published.delete(path);
      await this.connection.sendDiagnostics({ uri: this.uris.toUri(path), diagnostics });
    }
  }

  private diagnostic({ severity, message, range, code, related }: Problem): Diagnostic {
    return {
      severity: SEVERITY[severity],
      message,
      range,
      source: 'Ringside',
      ...(code === undefined ? {} : { code }),
      ...(related.length === 0
        ? {}
        : {
            relatedInformation: related.map((place) => ({
              message: place.message,
              location: { uri: this.uris.toUri(place.path), range: place.range },
            })),
          }),
    };
  }
}
