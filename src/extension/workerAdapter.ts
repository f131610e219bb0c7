// The debug adapter that VS Code talks to: pipes DAP messages between the editor and a session's worker. The views use the
// same pipe with requests of their own, whose answers never reach the editor (binary frames at 25 Hz would stall it).
import * as vscode from 'vscode';
import { Emitter } from '../base/events';
import type { StateBody } from '../dap/customTypes';
import { answerFileRequest } from './fileServer';
import type { WorkerLink } from './host';

/** Sequence numbers of our own requests start far above any that VS Code reaches. */
const OWN_SEQ = 1_000_000_000;

/** Milliseconds that the views may take at the end. */
const KEEP_LIMIT = 1000;

interface Message {
  seq: number;
  type: 'request' | 'response' | 'event';
}
interface Response extends Message {
  type: 'response';
  request_seq: number;
  success: boolean;
  command: string;
  message?: string;
  body?: unknown;
}
interface Event extends Message {
  type: 'event';
  event: string;
  body?: unknown;
}
interface Pending {
  resolve(body: unknown): void;
  reject(error: Error): void;
}

export class WorkerAdapter implements vscode.DebugAdapter {
  private readonly toEditor = new vscode.EventEmitter<vscode.DebugProtocolMessage>();
  readonly onDidSendMessage = this.toEditor.event;
  /** Every event of the adapter, standard and `ringside/`. */
  readonly events = new Emitter<{ event: string; body: unknown }>();
  /** The editor is done with the session. */
  readonly disposed = new Emitter<void>();
  /** May change a response before the editor sees it. */
  filterResponse: ((response: { command: string; success: boolean; body?: unknown }) => void) | undefined;

  /** Asked for once, before the session ends and its worker with it. */
  beforeEnd: (() => Promise<unknown>) | undefined;

  private link: WorkerLink | undefined;
  /** The event of the stop that the guest is at. */
  private stop: Message | undefined;
  /** Why the worker answers no more. */
  private silent: string | undefined;
  private gone = false;
  private waiting: vscode.DebugProtocolMessage[] = [];
  private readonly pending = new Map<number, Pending>();
  private readonly unanswered = new Map<number, string>();
  private nextSeq = OWN_SEQ;

  constructor(worker: Promise<WorkerLink>) {
    worker.then(
      (link) => this.connect(link),
      (error) => this.fail(error instanceof Error ? error.message : String(error)),
    );
  }

  handleMessage(message: vscode.DebugProtocolMessage): void {
    const { type, seq, command } = message as Message & { command: string };
    if (command === 'disconnect' && this.beforeEnd) return this.keep(() => this.handleMessage(message));
    if (type === 'request') this.unanswered.set(seq, command);
    if (this.silent !== undefined) this.refuse(seq, command);
    else if (this.link) this.link.post({ type: 'dap', message });
    else this.waiting.push(message);
  }

  /** A request of our own. Rejects with the adapter's message, or when the session ends first. */
  request<T>(command: string, args: unknown = {}): Promise<T> {
    if (this.gone || this.silent !== undefined) return Promise.reject(new Error('the session has ended'));
    const seq = this.nextSeq++;
    return new Promise<T>((resolve, reject) => {
      this.pending.set(seq, { resolve: (body) => resolve(body as T), reject });
      const message = { seq, type: 'request', command, arguments: args } as vscode.DebugProtocolMessage;
      if (this.link) this.link.post({ type: 'dap', message });
      else this.waiting.push(message);
    });
  }

  /** Tells the editor once more of the stop that the guest is at. */
  repeatStop(): void {
    if (this.stop) this.toEditor.fire({ ...this.stop, seq: this.nextSeq++ } as vscode.DebugProtocolMessage);
  }

  dispose(): void {
    if (this.gone) return;
    this.gone = true;
    this.link?.terminate();
    this.rejectPending();
    this.toEditor.dispose();
    this.disposed.fire();
  }

  private connect(link: WorkerLink): void {
    if (this.gone) return link.terminate();
    this.link = link;
    link.onFailure((reason) => this.fail(reason));
    link.onMessage((message) => {
      if (message.type === 'dap') this.fromWorker(message.message as Message);
      else void answerFileRequest(message).then((answer) => !this.gone && link.post(answer));
    });
    for (const message of this.waiting.splice(0)) link.post({ type: 'dap', message });
  }

  private fromWorker(message: Message): void {
    if (message.type === 'response') {
      const response = message as Response;
      const own = this.pending.get(response.request_seq);
      if (own) {
        this.pending.delete(response.request_seq);
        if (response.success) own.resolve(response.body);
        else own.reject(new Error(response.message ?? `${response.command} failed`));
        return;
      }
      this.unanswered.delete(response.request_seq);
      this.filterResponse?.(response);
      if (response.command === 'disconnect') this.end();
    }
    if (message.type === 'event') {
      const { event, body } = message as Event;
      if (event === 'terminated' && this.beforeEnd) return this.keep(() => this.fromWorker(message));
      this.tell(event, body);
      if (event === 'stopped') this.stop = message;
      if (event === 'ringside/state' && (body as StateBody).running) this.stop = undefined;
      if (event.startsWith('ringside/')) return;
    }
    if (!this.gone) this.toEditor.fire(message as vscode.DebugProtocolMessage);
  }

  /** Lets the views fetch what they want to keep of a session, then goes on. */
  private keep(goOn: () => void): void {
    const ready = this.beforeEnd!();
    this.beforeEnd = undefined;
    const limit = new Promise((resolve) => setTimeout(resolve, KEEP_LIMIT));
    void Promise.race([ready.catch(() => undefined), limit]).then(goOn);
  }

  /** The worker has been told to end, and does so; the editor may take its time to let go of the session. */
  private end(): void {
    this.silent = 'the session has ended';
    for (const [seq, command] of this.unanswered) this.refuse(seq, command);
    this.rejectPending();
  }

  /** The worker died: says so where a person looks, and ends the session instead of leaving it hanging. */
  private fail(reason: string): void {
    if (this.gone || this.silent !== undefined) return;
    this.silent = reason;
    const output = `Ringside's machine stopped unexpectedly. This is a mistake in Ringside, please report it.\n${reason}\n`;
    this.event('output', { category: 'stderr', output });
    for (const [seq, command] of this.unanswered) this.refuse(seq, command);
    this.rejectPending();
    this.event('terminated', {});
  }

  private refuse(seq: number, command: string): void {
    this.unanswered.delete(seq);
    const success = command === 'disconnect' || command === 'terminate';
    const message = `Ringside's machine is not running: ${this.silent?.split('\n')[0]}`;
    this.send({ type: 'response', request_seq: seq, command, success, message });
  }

  private event(event: string, body: unknown): void {
    this.tell(event, body);
    this.send({ type: 'event', event, body });
  }

  /** A mistake in a view must not keep the editor from hearing of the event. */
  private tell(event: string, body: unknown): void {
    try {
      this.events.fire({ event, body });
    } catch (error) {
      console.error(`Ringside, at the event ${event}:`, error);
    }
  }

  private send(message: object): void {
    if (!this.gone) this.toEditor.fire({ seq: this.nextSeq++, ...message } as vscode.DebugProtocolMessage);
  }

  private rejectPending(): void {
    for (const { reject } of this.pending.values()) reject(new Error('the session has ended'));
    this.pending.clear();
  }
}
