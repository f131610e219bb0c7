// As much of the module `vscode` as parts of the extension need to run without an editor: what it tells them is fired by the
// test, and the commands that they ask for are kept. To be imported before the parts.
import Module from 'node:module';
import type * as vscode from 'vscode';

type Listener<T> = (value: T) => unknown;

class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): vscode.Disposable => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
  get heard(): boolean {
    return this.listeners.size > 0;
  }
}

class SourceBreakpoint {
  constructor(readonly location: { uri: vscode.Uri }) {}
}

const events = {
  activeTextEditor: new EventEmitter<vscode.TextEditor | undefined>(),
  breakpoints: new EventEmitter<vscode.BreakpointsChangeEvent>(),
  saved: new EventEmitter<vscode.TextDocument>(),
  activeSession: new EventEmitter<vscode.DebugSession | undefined>(),
  activeStackItem: new EventEmitter<vscode.DebugStackFrame | vscode.DebugThread | undefined>(),
  sessionEnded: new EventEmitter<vscode.DebugSession>(),
};

const fake = {
  EventEmitter,
  SourceBreakpoint,
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  ViewColumn: { Active: -1, Beside: -2 },
  Disposable: {
    from: (...all: vscode.Disposable[]): vscode.Disposable => ({
      dispose: () => all.forEach((each) => each.dispose()),
    }),
  },
  window: {
    activeTextEditor: undefined as vscode.TextEditor | undefined,
    onDidChangeActiveTextEditor: events.activeTextEditor.event,
  },
  workspace: {
    textDocuments: [] as vscode.TextDocument[],
    onDidSaveTextDocument: events.saved.event,
    getConfiguration: () => ({ get: (key: string, otherwise: unknown) => settings.get(key) ?? otherwise }),
  },
  debug: {
    activeDebugSession: undefined as vscode.DebugSession | undefined,
    onDidChangeBreakpoints: events.breakpoints.event,
    onDidChangeActiveDebugSession: events.activeSession.event,
    onDidChangeActiveStackItem: events.activeStackItem.event,
    onDidTerminateDebugSession: events.sessionEnded.event,
  },
  commands: {
    executeCommand(...command: unknown[]): Promise<void> {
      commands.push(command);
      return Promise.resolve();
    },
  },
};

/** By name without its section. */
const settings = new Map<string, unknown>();
/** Commands that were executed, with their arguments. */
const commands: unknown[][] = [];

export const editor = {
  ...events,
  commands,
  settings,
  window: fake.window,
  workspace: fake.workspace,
  debug: fake.debug,
  sourceBreakpoint: (uri: vscode.Uri) => new SourceBreakpoint({ uri }) as unknown as vscode.SourceBreakpoint,
  /** Whether somebody listens still. */
  get heard(): boolean {
    return Object.values(events).some((each) => each.heard);
  },
  reset(): void {
    for (const each of Object.values(events)) each.dispose();
    commands.length = 0;
    settings.clear();
    fake.window.activeTextEditor = undefined;
    fake.workspace.textDocuments = [];
    fake.debug.activeDebugSession = undefined;
  },
};

const loader = Module as unknown as { _load(request: string, ...rest: unknown[]): unknown };
const load = loader._load;
loader._load = (request, ...rest) => (request === 'vscode' ? fake : load.call(loader, request, ...rest));
