// The ring view's side in the extension host: one session's timeline, shown in the debug side bar and, on request, in an
// editor tab. Windows of transitions are fetched from the session only while a view is visible.
import * as vscode from 'vscode';
import { FrozenRun } from './frozenRun';
import type { Detail, FromPage, State, TimeWindow, ToPage, WindowQuery } from './protocol';

/** What the view needs of a debug session. */
export interface RingSource {
  readonly name: string;
  window(query: WindowQuery): Promise<TimeWindow>;
  detail(index: number): Promise<Detail>;
  /** Shows the place in an editor. */
  open(detail: Detail, side: 'from' | 'to', how: 'source' | 'disassembly'): Promise<void>;
}

/** Least time between two states sent to the pages while the guest runs, in milliseconds. */
const STATE_INTERVAL = 150;

/** Transitions, and details of the latest of them, kept of a run that has ended. */
const KEPT = 20_000;
const KEPT_DETAILS = 300;

export class RingView implements vscode.WebviewViewProvider, vscode.Disposable {
  static readonly viewId = 'ringside.rings';

  private readonly webviews = new Map<vscode.Webview, { visible(): boolean }>();
  private panel: vscode.WebviewPanel | undefined;
  private source: RingSource | undefined;
  private state: State | undefined;
  private ended = false;
  private frozen: FrozenRun | undefined;
  private lastSent = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `page` gives a webview its HTML. */
  constructor(
    private readonly resources: vscode.Uri,
    private readonly page: (webview: vscode.Webview) => string,
    private readonly icon: { light: vscode.Uri; dark: vscode.Uri },
  ) {}

  resolveWebviewView(view: vscode.WebviewView): void {
    const { webview } = view; // not to be asked for once it is disposed
    this.attach(webview, { visible: () => view.visible });
    view.onDidDispose(() => this.webviews.delete(webview));
    view.onDidChangeVisibility(() => view.visible && this.sendState());
  }

  /** The same view as an editor tab. */
  openPanel(): void {
    if (this.panel) return this.panel.reveal();
    const options = { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [this.resources] };
    const panel = vscode.window.createWebviewPanel(RingView.viewId, 'Rings', vscode.ViewColumn.Active, options);
    panel.iconPath = this.icon;
    this.panel = panel;
    const { webview } = panel;
    this.attach(webview, { visible: () => panel.visible });
    panel.onDidDispose(() => {
      this.webviews.delete(webview);
      this.panel = undefined;
    });
    panel.onDidChangeViewState(() => panel.visible && this.sendState());
  }

  /** A new session begins; the timeline of the previous one goes. */
  show(source: RingSource | undefined): void {
    this.source = source;
    this.state = undefined;
    this.ended = false;
    this.frozen = undefined;
    this.post({ type: 'session', name: source?.name });
  }

  /** News of the running guest; passed on at most a few times a second. */
  update(state: State): void {
    const stopped = this.state?.running !== state.running;
    this.state = state;
    if (stopped) return this.sendState();
    this.timer ??= setTimeout(() => this.sendState(), Math.max(0, this.lastSent + STATE_INTERVAL - Date.now()));
  }

  /** The session is about to end: fetches what shall stay to be looked at. */
  async freeze(): Promise<void> {
    const { source } = this;
    const query = { limit: KEPT, buckets: 1, within: true };
    const whole = await attempt(source?.window(query));
    if (!source || !whole?.transitions) return;
    const indices = whole.transitions.slice(-KEPT_DETAILS).map(({ index }) => index);
    const details = await Promise.all(indices.map((index) => attempt(source.detail(index))));
    if (source !== this.source) return;
    const known = new Map(details.filter((d) => d !== undefined).map((d) => [d.index, d]));
    this.frozen = new FrozenRun({ ...whole, transitions: whole.transitions }, known);
  }

  /** The session is over: what was fetched stays to be looked at. */
  end(): void {
    this.ended = true;
    this.post({ type: 'ended' });
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
  }

  private attach(webview: vscode.Webview, entry: { visible(): boolean }): void {
    this.webviews.set(webview, entry);
    webview.options = { enableScripts: true, localResourceRoots: [this.resources] };
    webview.onDidReceiveMessage((message: FromPage) => void this.receive(webview, message));
    webview.html = this.page(webview);
  }

  private async receive(webview: vscode.Webview, message: FromPage): Promise<void> {
    const { source } = this;
    const answer = (reply: ToPage): void => {
      if (source === this.source) void webview.postMessage(reply);
    };
    switch (message.type) {
      case 'ready':
        answer({ type: 'session', name: source?.name });
        if (this.state) answer({ type: 'state', state: this.state });
        if (this.ended) answer({ type: 'ended' });
        return;
      case 'window':
        return answer({ type: 'window', id: message.id, window: await this.windowOf(message.query) });
      case 'detail':
        return answer({ type: 'detail', index: message.index, detail: await this.detailOf(message.index) });
      case 'open': {
        const detail = await this.detailOf(message.index);
        if (detail) await source?.open(detail, message.side, message.how);
        else void vscode.window.showInformationMessage('The session has ended: the place can no longer be looked up.');
      }
    }
  }

  private windowOf(query: WindowQuery): Promise<TimeWindow | undefined> {
    if (this.ended && this.frozen) return Promise.resolve(this.frozen.window(query));
    return attempt(this.state && this.source?.window(query)); // there is nothing before the first state
  }

  private detailOf(index: number): Promise<Detail | undefined> {
    return this.ended && this.frozen ? Promise.resolve(this.frozen.detail(index)) : attempt(this.source?.detail(index));
  }

  private sendState(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastSent = Date.now();
    if (this.state) this.post({ type: 'state', state: this.state });
  }

  private post(message: ToPage): void {
    for (const [webview, { visible }] of this.webviews)
      if (visible() || message.type !== 'state') void webview.postMessage(message);
  }
}

/** The value, or undefined when there is no session or it has just ended. */
const attempt = async <T>(promise: Promise<T> | undefined): Promise<T | undefined> => {
  try {
    return await promise;
  } catch {
    return undefined;
  }
};
