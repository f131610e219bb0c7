// The Guest Screen's side in the extension host: an editor tab that asks the session for frames while it can be seen. The
// next frame is asked for only when the page has drawn the last one, so neither side can fall behind.
import * as vscode from 'vscode';
import type { Frame, FromPage, Key, ToPage } from './protocol';

/** What the screen needs of a debug session. */
export interface ScreenSource {
  readonly name: string;
  /** The present frame, or undefined when it is still the one of generation `known`. */
  frame(known: number | undefined): Promise<Frame | undefined>;
  keys(keys: readonly Key[]): Promise<void>;
  type(text: string): Promise<void>;
}

/** Milliseconds between frames while the guest runs, and between looks at a stopped one (a debugger may write its memory). */
const RUNNING = 40;
const STOPPED = 500;

export class GuestScreen implements vscode.Disposable {
  static readonly viewId = 'ringside.screen';

  private panel: vscode.WebviewPanel | undefined;
  private source: ScreenSource | undefined;
  /** The session has said something of its guest: before that there is no picture to ask for. */
  private begun = false;
  private running = false;
  private ended = false;
  private known: number | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = false;
  /** Something changed while a frame was on its way. */
  private again = false;
  private last: Frame | undefined;

  constructor(
    private readonly resources: vscode.Uri,
    private readonly page: (webview: vscode.Webview) => string,
    private readonly icon: { light: vscode.Uri; dark: vscode.Uri },
  ) {}

  get isOpen(): boolean {
    return this.panel !== undefined;
  }

  open(column: vscode.ViewColumn, preserveFocus: boolean): void {
    if (this.panel) return this.panel.reveal(undefined, preserveFocus);
    const options = { enableScripts: true, retainContextWhenHidden: true, localResourceRoots: [this.resources] };
    const show = { viewColumn: column, preserveFocus };
    const panel = vscode.window.createWebviewPanel(GuestScreen.viewId, 'Guest Screen', show, options);
    panel.iconPath = this.icon;
    this.panel = panel;
    this.known = undefined;
    panel.webview.onDidReceiveMessage((message: FromPage) => void this.receive(message));
    panel.onDidChangeViewState(() => panel.visible && this.poke());
    panel.onDidDispose(() => {
      this.panel = undefined;
      clearTimeout(this.timer);
      void vscode.commands.executeCommand('setContext', 'ringside.keyboardCaptured', false);
    });
    panel.webview.html = this.page(panel.webview);
  }

  show(source: ScreenSource | undefined): void {
    this.source = source;
    this.running = source !== undefined;
    this.begun = this.ended = false;
    this.known = this.last = undefined;
    clearTimeout(this.timer);
    this.post({ type: 'session', name: source?.name });
  }

  /** The guest runs or has stopped: either may have changed the picture. */
  update(running: boolean): void {
    if (running !== this.running) this.post({ type: 'running', running });
    this.running = running;
    this.begun = true;
    this.poke();
  }

  /** The session is about to end: fetches the last picture. */
  async freeze(): Promise<void> {
    const { source } = this;
    const frame = await source?.frame(this.known).catch(() => undefined);
    if (!frame || source !== this.source) return;
    this.known = frame.generation;
    this.last = frame;
    this.post({ type: 'frame', frame });
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.post({ type: 'ended' });
  }

  /** Gives the keyboard to the guest, or back. */
  capture(on: boolean): void {
    if (on) this.panel?.reveal(undefined, false);
    this.post({ type: 'capture', on });
  }

  async type(text: string): Promise<void> {
    await this.source?.type(text);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.panel?.dispose();
  }

  private async receive(message: FromPage): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.known = undefined;
        this.busy = false;
        this.post({ type: 'session', name: this.source?.name });
        if (this.last) this.post({ type: 'frame', frame: this.last });
        if (this.ended) this.post({ type: 'ended' });
        return this.poke();
      case 'drawn':
        this.busy = false;
        return this.schedule();
      case 'captured':
        return void vscode.commands.executeCommand('setContext', 'ringside.keyboardCaptured', message.on);
      case 'keys':
        return this.source?.keys(message.keys).catch(() => undefined);
      case 'paste':
        return this.type(await vscode.env.clipboard.readText()).catch(() => undefined);
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return void vscode.window.setStatusBarMessage('Copied the text of the guest screen', 3000);
      case 'save':
        return this.save(Uint8Array.from(atob(message.png), (c) => c.charCodeAt(0)));
    }
  }

  private async save(png: Uint8Array): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const defaultUri = folder && vscode.Uri.joinPath(folder, 'guest-screen.png');
    const target = await vscode.window.showSaveDialog({ defaultUri, filters: { Picture: ['png'] } });
    if (!target) return;
    try {
      await vscode.workspace.fs.writeFile(target, png);
    } catch (error) {
      void vscode.window.showErrorMessage(
        `The picture was not saved: ${error instanceof Error ? error.message : error}`,
      );
    }
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.panel?.visible && this.source && this.begun && !this.ended)
      this.timer = setTimeout(() => void this.fetch(), this.running ? RUNNING : this.again ? 0 : STOPPED);
  }

  /** Fetches now, unless a frame is on its way. */
  private poke(): void {
    clearTimeout(this.timer);
    if (this.busy) this.again = true;
    else void this.fetch();
  }

  private async fetch(): Promise<void> {
    const { source } = this;
    if (this.busy || !source || !this.begun || !this.panel?.visible || this.ended) return;
    this.busy = true;
    this.again = false;
    const frame = await source.frame(this.known).catch(() => undefined);
    if (source !== this.source || !frame) {
      this.busy = false;
      return this.schedule();
    }
    this.known = frame.generation;
    this.last = frame;
    this.post({ type: 'frame', frame }); // `drawn` comes back
  }

  private post(message: ToPage): void {
    void this.panel?.webview.postMessage(message);
  }
}
