// A serial port of the guest as a terminal of the editor: what it sends is shown, what is typed is sent.
import * as vscode from 'vscode';

/** What the terminal needs of a session. */
export interface SerialLine {
  /** One character per byte. */
  send(data: string): Promise<void>;
}

/** Bytes kept for a terminal that is opened later. */
const BACKLOG = 100_000;

/** Bytes (one per character) to text, across calls that split a UTF-8 sequence. */
export class ByteText {
  private readonly decoder = new TextDecoder();

  decode(bytes: string): string {
    return this.decoder.decode(
      Uint8Array.from(bytes, (c) => c.charCodeAt(0)),
      { stream: true },
    );
  }
}

/** Text to bytes, one per character, as UTF-8. */
export const bytesOfText = (text: string): string => String.fromCharCode(...new TextEncoder().encode(text));

export class SerialTerminal implements vscode.Disposable {
  private readonly written = new vscode.EventEmitter<string>();
  private terminal: vscode.Terminal | undefined;
  private opened = false;
  private backlog = '';
  private bytes = new ByteText();
  private line: SerialLine | undefined;

  constructor(readonly port: number) {}

  /** A new session: what follows is its output. */
  connect(line: SerialLine): void {
    this.line = line;
    this.bytes = new ByteText();
    this.backlog = '';
    if (this.opened) this.write('\x1b[2J\x1b[3J\x1b[H');
  }

  /** Shows output of the guest; the terminal appears in the list of terminals with the first byte. */
  receive(data: string): void {
    this.write(this.bytes.decode(data));
    this.terminal ??= this.create();
  }

  /** The session is over. */
  end(): void {
    if (this.line && this.terminal) this.write('\r\n\x1b[2m[the guest has ended]\x1b[0m\r\n');
    this.line = undefined;
  }

  show(): void {
    this.terminal ??= this.create();
    this.terminal.show(false);
  }

  dispose(): void {
    this.terminal?.dispose();
    this.written.dispose();
  }

  private write(text: string): void {
    if (this.opened) this.written.fire(text);
    else this.backlog = (this.backlog + text).slice(-BACKLOG);
  }

  private create(): vscode.Terminal {
    const pty: vscode.Pseudoterminal = {
      onDidWrite: this.written.event,
      open: () => {
        this.opened = true;
        const text = this.backlog;
        this.backlog = '';
        if (text) this.written.fire(text);
      },
      close: () => {
        this.opened = false;
        this.terminal = undefined;
      },
      handleInput: (text) => void this.line?.send(bytesOfText(text)).catch(() => undefined),
    };
    const name = `COM${this.port} (guest)`;
    return vscode.window.createTerminal({ name, pty, iconPath: new vscode.ThemeIcon('plug'), isTransient: true });
  }
}
