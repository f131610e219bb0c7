// Which session the views show: the one in the foreground, and after its end the last one until another starts.
import * as vscode from 'vscode';
import type { DiagnosticItem, DiagnosticsBody } from '../dap/customTypes';
import type { RingView } from '../views/ring/provider';
import type { GuestScreen } from '../views/screen/provider';
import { DEBUG_TYPE } from './configurationProvider';
import { openDebugConsole } from './debugConsole';
import { Diagnostics } from './diagnostics';
import type { SerialTerminals } from './serialTerminals';
import type { Session } from './session';
import type { StatusBar } from './statusBar';

interface Views {
  rings: RingView;
  screen: GuestScreen;
  serial: SerialTerminals;
  status: StatusBar;
  diagnostics: Diagnostics;
}

const RINGS_SHOWN = 'ringsShown';

/** Milliseconds. When a launch fails, the editor opens its Debug Console; the Problems view shall come out on top. */
const AFTER_CONSOLE = 300;

/** Milliseconds from the editor's choice of the frame at the first stop, and at the most from that stop. */
const OPEN_AFTER = 400;
const OPEN_AT_LAST = 2000;

/** Milliseconds that the views leave to the editor, which shows each stop first: drawing them takes as much work again. */
const FOLLOW_AFTER = 200;

type OpenScreen = 'beside' | 'tab' | 'never';

export class SessionViews implements vscode.Disposable {
  private readonly sessions = new Map<string, Session>();
  private shown: Session | undefined;
  private following: ReturnType<typeof setTimeout> | undefined;
  /** The views have not been told all that the session in the foreground said. */
  private untold = false;
  /** Sessions whose views are about to open. */
  private readonly opening = new Map<Session, ReturnType<typeof setTimeout>>();
  private openedBefore = false;
  /** By session: shows what kept it from starting. */
  private readonly toReveal = new Map<string, () => void>();
  private readonly subscriptions: vscode.Disposable;

  /** `memory` lasts from window to window. */
  constructor(
    private readonly views: Views,
    private readonly memory: vscode.Memento,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.debug.onDidChangeActiveDebugSession((session) => {
        const ours = session?.type === DEBUG_TYPE ? this.sessions.get(session.id) : undefined;
        if (ours && ours !== this.shown) this.show(ours);
      }),
      vscode.debug.onDidChangeActiveStackItem((item) => {
        const session = item?.session.type === DEBUG_TYPE ? this.sessions.get(item.session.id) : undefined;
        session?.focus(item!.threadId);
        if (session && this.opening.has(session)) this.openIn(OPEN_AFTER, session);
      }),
      vscode.debug.onDidTerminateDebugSession(({ id }) => this.end(id)),
    );
  }

  /** The session in the foreground, while it lives. */
  get current(): Session | undefined {
    return this.shown && this.sessions.has(this.shown.id) ? this.shown : undefined;
  }

  start(session: Session): void {
    this.sessions.set(session.id, session);
    let [opened, stopped] = [false, false];
    session.states.on(({ running }) => {
      if (session !== this.shown) return;
      // Only now: a program that does not assemble shall not open anything; and not before the first stop is seen.
      if (!opened) this.openIn(OPEN_AFTER, session);
      opened = true;
      if (!running && !stopped && this.opening.has(session)) this.openIn(OPEN_AT_LAST, session);
      stopped ||= !running;
      this.follow();
    });
    session.serial.on(({ port, data }) => this.views.serial.receive(session, port, data));
    session.diagnostics.on((found) => this.diagnose(session, found));
    session.adapter.beforeEnd = async () => {
      if (session === this.shown) await Promise.all([this.views.rings.freeze(), this.views.screen.freeze()]);
    };
    session.adapter.disposed.on(() => this.disposed(session));
    session.ended.on(() => this.end(session.id));
    this.show(session);
  }

  dispose(): void {
    clearTimeout(this.following);
    for (const timer of this.opening.values()) clearTimeout(timer);
    this.subscriptions.dispose();
  }

  private show(session: Session): void {
    this.shown = session;
    const { rings, screen, status } = this.views;
    rings.show(session.ring);
    screen.show(session.screen);
    if (session.state) this.follow();
    else status.hide();
    void vscode.commands.executeCommand('setContext', 'ringside.hasSession', true);
    void vscode.commands.executeCommand('setContext', 'ringside.running', true);
  }

  private openIn(milliseconds: number, session: Session): void {
    clearTimeout(this.opening.get(session));
    const open = (): void => {
      this.opening.delete(session);
      if (session === this.current) this.open(session);
    };
    this.opening.set(session, setTimeout(open, milliseconds));
  }

  private follow(): void {
    this.views.status.update(this.shown!.state!);
    this.untold = true;
    if (!this.opening.has(this.shown!)) this.following ??= setTimeout(() => this.catchUp(), FOLLOW_AFTER);
  }

  /** Tells the views what was not told yet. */
  private catchUp(): void {
    clearTimeout(this.following);
    this.following = undefined;
    const state = this.current?.state;
    if (!this.untold || !state) return;
    this.untold = false;
    this.views.rings.update(state);
    this.views.screen.update(state.running);
  }

  /** The editor has let go of a session; of one that failed to launch it says nothing else. */
  private disposed({ id }: Session): void {
    this.end(id);
    const reveal = this.toReveal.get(id);
    this.toReveal.delete(id);
    if (reveal) setTimeout(reveal, AFTER_CONSOLE);
  }

  private end(id: string): void {
    const session = this.sessions.get(id);
    if (!session) return;
    if (session === this.shown) this.catchUp();
    this.sessions.delete(id);
    this.views.serial.end(session);
    if (session !== this.shown) return;
    this.views.rings.end();
    this.views.screen.end();
    this.views.status.hide();
    void vscode.commands.executeCommand('setContext', 'ringside.running', false);
  }

  private open({ adapter, debugSession }: Session): void {
    this.openScreen();
    this.catchUp();
    openDebugConsole(debugSession.configuration, !this.openedBefore);
    // An editor whose debug side bar was still opening when the first stop came has left threads and scopes closed.
    if (!this.openedBefore) adapter.repeatStop();
    this.openedBefore = true;
    // The debug side bar shows new views closed: opens this one, once, and leaves it to the person from then on.
    if (this.memory.get(RINGS_SHOWN)) return;
    void this.memory.update(RINGS_SHOWN, true);
    void vscode.commands.executeCommand('ringside.rings.focus', { preserveFocus: true });
  }

  private openScreen(): void {
    const how = vscode.workspace.getConfiguration('ringside').get<OpenScreen>('guestScreen.open', 'beside');
    if (how === 'never') return;
    this.views.screen.open(how === 'beside' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active, true);
  }

  /** Errors in the program go to the Problems view and the editor; the editor's own dialog would only say so again. */
  private diagnose(session: Session, found: DiagnosticsBody): void {
    const first = this.views.diagnostics.publish(found);
    if (!first) return;
    const errors = found.items.filter(({ severity }) => severity === 'error').length;
    session.adapter.filterResponse = (response) => {
      if (response.command !== 'launch' || response.success) return;
      const body = response.body as { error?: { showUser?: boolean } } | undefined;
      if (!body?.error) return;
      body.error.showUser = false;
      this.toReveal.set(session.id, () => void this.reveal(first, errors));
    };
  }

  private async reveal(first: DiagnosticItem, errors: number): Promise<void> {
    await Diagnostics.reveal(first);
    const name = first.path.split(/[\\/]/).pop();
    const many = errors === 1 ? 'an error' : `${errors} errors`;
    void vscode.window.showErrorMessage(
      `The program was not assembled: ${many}, the first in ${name}, line ${first.line}.`,
    );
  }
}
