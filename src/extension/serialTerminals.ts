// The serial ports of the session in the foreground as terminals, one a port, kept from session to session.
import type { Disposable } from 'vscode';
import { SerialTerminal } from './serialTerminal';

/** What a terminal needs of a session. */
export interface SerialSession {
  readonly id: string;
  sendSerial(port: number, data: string): Promise<void>;
}

export class SerialTerminals implements Disposable {
  private readonly terminals = new Map<number, { terminal: SerialTerminal; session: string | undefined }>();

  receive(session: SerialSession, port: number, data: string): void {
    this.connected(session, port).receive(data);
  }

  /** Opens the port's terminal, also before the guest has sent anything. */
  show(port: number, session: SerialSession | undefined): void {
    (session ? this.connected(session, port) : this.terminalOf(port).terminal).show();
  }

  end(session: SerialSession): void {
    for (const entry of this.terminals.values()) {
      if (entry.session !== session.id) continue;
      entry.terminal.end();
      entry.session = undefined;
    }
  }

  dispose(): void {
    for (const { terminal } of this.terminals.values()) terminal.dispose();
  }

  private terminalOf(port: number): { terminal: SerialTerminal; session: string | undefined } {
    const known = this.terminals.get(port);
    if (known) return known;
    const entry = { terminal: new SerialTerminal(port), session: undefined };
    this.terminals.set(port, entry);
    return entry;
  }

  private connected(session: SerialSession, port: number): SerialTerminal {
    const entry = this.terminalOf(port);
    if (entry.session !== session.id) {
      entry.session = session.id;
      entry.terminal.connect({ send: (data) => session.sendSerial(port, data) });
    }
    return entry.terminal;
  }
}
