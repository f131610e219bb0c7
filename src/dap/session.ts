// One debug session: takes requests in order, answers each exactly once, owns the guest and its debugger, and runs the
// guest in slices between messages. Whatever goes wrong becomes an error response; nothing is left unanswered.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Stop } from '../debugger/execution';
import {
  cancelled,
  guestEnded,
  guestRunning,
  internalError,
  malformedMessage,
  notLaunched,
  unknownFrame,
  unknownRequest,
  unknownThread,
  UserError,
} from './errors';
import { Handles, type Expandable } from './handles';
import type { SessionHost } from './host';
import type { StateBody } from './customTypes';
import type { Launched } from './launched';
import { RunLoop } from './runLoop';
import { stateBody } from './state';
import { endOf, stoppedBody } from './stopped';

/** A request of the protocol: its handler and the capability it stands for. */
export interface RequestHandler {
  command: string;
  /** What `initialize` announces because this handler exists. */
  capabilities?: DebugProtocol.Capabilities;
  /** Handled at once, even while an earlier request is still at work. */
  urgent?: true;
  /** Answers the body of the response, or a Reply; throws UserError. `seq` is the request's. */
  handle(session: Session, args: unknown, seq: number): unknown;
}

interface Queued {
  seq: number;
  command: string;
  run: () => Promise<void>;
}

export class Session {
  /** What the client said of itself. */
  client: Partial<DebugProtocol.InitializeRequestArguments> = {};
  launched: Launched | undefined;
  readonly handles = new Handles();
  readonly loop: RunLoop;
  /** The guest has come to its end; only its last state can be looked at. */
  ended = false;
  /** The processor to be shown after a pause. */
  pauseThread = 0;
  /** The processor that the client looks at: the one that stopped, until it chooses another. */
  focus = 0;
  private readonly handlers: ReadonlyMap<string, RequestHandler>;
  private seq = 1;
  private queue: Queued[] = [];
  private working = false;
  private closed = false;
  private progressCount = 0;
  private readonly cancelledRequests = new Set<number>();

  constructor(
    readonly host: SessionHost,
    readonly requests: readonly RequestHandler[],
  ) {
    this.handlers = new Map(requests.map((handler) => [handler.command, handler]));
    this.loop = new RunLoop(this);
  }

  /** A message from the client, of whatever shape. */
  receive(message: unknown): void {
    if (this.closed) return;
    const fields = message as Partial<DebugProtocol.Request> | null;
    if (typeof fields !== 'object' || fields === null) return this.refuse(0, '', malformedMessage('not an object'));
    if (fields.type === 'response') return;
    const seq = typeof fields.seq === 'number' ? fields.seq : 0;
    if (fields.type !== 'request') return this.refuse(seq, '', malformedMessage(`"type" must be "request"`));
    const { command } = fields;
    if (typeof command !== 'string') return this.refuse(seq, '', malformedMessage('"command" must be a string'));
    const handler = this.handlers.get(command);
    if (!handler) return this.refuse(seq, command, unknownRequest(command));
    const run = (): Promise<void> => this.answer(handler, seq, fields.arguments);
    if (handler.urgent) void run();
    else {
      this.queue.push({ seq, command, run });
      void this.work();
    }
    this.loop.wake();
  }

  /** Bytes came that are no message at all. */
  malformed(error: UserError): void {
    this.refuse(0, '', error);
  }

  event(event: string, body?: unknown): void {
    if (!this.closed)
      this.host.send({ seq: this.seq++, type: 'event', event, ...(body === undefined ? {} : { body }) });
  }

  output(
    text: string,
    category: 'console' | 'important' | 'stdout' | 'stderr' = 'console',
    at?: { path: string; line: number; column: number },
  ): void {
    const place = at && {
      source: this.source(at.path),
      line: this.toClientLine(at.line),
      column: this.toClientColumn(at.column),
    };
    this.event('output', { category, output: text, ...place });
  }

  /** The guest, launched and not ended. */
  running(command: string): Launched {
    const { launched } = this;
    if (!launched) throw notLaunched(command);
    if (this.ended) throw guestEnded(command);
    return launched;
  }

  /** The guest, launched; it may have ended. */
  get(command: string): Launched {
    if (!this.launched) throw notLaunched(command);
    return this.launched;
  }

  /** The guest, stopped. */
  stopped(command: string): Launched {
    const launched = this.get(command);
    if (this.loop.active) throw guestRunning(command);
    return launched;
  }

  /** The guest, stopped, and seen by the processor of a thread; undefined leaves the one that is looked at. */
  thread(command: string, id: number | undefined): Launched {
    const launched = this.stopped(command);
    const { target } = launched.debug;
    if (id === undefined) return launched;
    if (!(Number.isInteger(id) && id > 0 && id <= target.processors)) throw unknownThread(id);
    launched.debug.select(id - THREAD);
    return launched;
  }

  /** Index of a frame, whose processor is looked at from now on; undefined stands for the innermost one. */
  frameIndex(id: number | undefined): number {
    if (id === undefined || id === 0) return 0;
    const { debug } = this.launched!;
    const frame = this.handles.frame(id);
    if (!frame || frame.processor >= debug.target.processors) throw unknownFrame(id);
    debug.select(frame.processor);
    if (frame.index >= debug.stack().length) throw unknownFrame(id);
    return frame.index;
  }

  reference(children: Expandable): number {
    return this.handles.reference(children, this.launched!.debug.target.processor);
  }
  expand(reference: number): Expandable {
    const { children, processor } = this.handles.expand(reference);
    this.launched!.debug.select(processor);
    return children;
  }

  /** Goes on after `debug` was told what to do. */
  resume(announce: boolean): void {
    this.handles.clear();
    if (announce) this.event('continued', { threadId: THREAD, allThreadsContinued: true });
    this.loop.start();
    this.state();
  }

  /** The guest has stopped: tells the client why, or that it ended. */
  reportStop(stop: Stop | 'pause'): void {
    const { debug } = this.launched!;
    const end = stop === 'pause' ? undefined : endOf(stop);
    if (end) {
      this.state();
      this.end(end.exitCode, end.text);
      return;
    }
    if (stop === 'pause') debug.pause();
    if (stop === 'pause' && this.pauseThread < debug.target.processors) debug.select(this.pauseThread);
    this.focus = debug.target.processor;
    this.state();
    this.event('stopped', {
      threadId: debug.target.processor + THREAD,
      allThreadsStopped: true,
      ...stoppedBody(stop, debug),
    });
  }

  end(exitCode: number, text: string): void {
    if (this.ended) return;
    this.ended = true;
    this.output(`${text}\n`);
    this.event('exited', { exitCode });
    this.event('terminated');
  }

  state(): void {
    if (this.launched) this.event('ringside/state', this.stateBody());
  }

  stateBody(): StateBody {
    return stateBody(this.get('ringside/mode'), this.loop.active, this.focus);
  }

  /** The guest has come to a stop that it cannot leave: a triple fault. */
  get dead(): boolean {
    return this.launched?.debug.stopped?.kind === 'triple-fault';
  }

  /** Ends the session when the guest cannot go on. */
  endIfDead(): boolean {
    if (this.dead) this.end(TRIPLE_FAULT_EXIT, 'The processor has shut down after a triple fault.');
    return this.dead;
  }

  /** The client asked for the end. */
  terminated(): void {
    if (this.ended) return;
    this.ended = true;
    this.event('terminated');
  }

  breakpointsChanged(): void {
    if (!this.launched!.args.noDebug) this.launched!.debug.breakpointsChanged();
  }

  /** Announces work that may take long; answers its identifier for endProgress. */
  beginProgress(title: string): string | undefined {
    if (!this.client.supportsProgressReporting) return undefined;
    const progressId = `work-${++this.progressCount}`;
    this.event('progressStart', { progressId, title });
    return progressId;
  }

  endProgress(progressId: string | undefined): void {
    if (progressId !== undefined) this.event('progressEnd', { progressId });
  }

  /** Cancels work that shows as progress. */
  cancelProgress(id: string): boolean {
    return this.loop.cancelProgress(id);
  }

  /** Registers or memory were changed from outside the guest. */
  stateChanged(areas: readonly DebugProtocol.InvalidatedAreas[] = ['variables', 'stacks']): void {
    this.launched?.debug.changed();
    if (this.client.supportsInvalidatedEvent) this.event('invalidated', { areas, threadId: THREAD });
  }

  /** Cancels a request that waits; false when it is not waiting. */
  cancelQueued(seq: number): boolean {
    const waits = this.queue.some((item) => item.seq === seq);
    if (waits) this.cancelledRequests.add(seq);
    return waits;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.queue = [];
    this.loop.stop();
    this.host.close();
  }

  source(path: string): DebugProtocol.Source {
    return { name: path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1), path };
  }

  // Lines and columns are 1-based here; the client may count from 0.
  toClientLine(line: number): number {
    return this.client.linesStartAt1 === false ? line - 1 : line;
  }
  toClientColumn(column: number): number {
    return this.client.columnsStartAt1 === false ? column - 1 : column;
  }
  fromClientLine(line: number): number {
    return this.client.linesStartAt1 === false ? line + 1 : line;
  }
  fromClientColumn(column: number): number {
    return this.client.columnsStartAt1 === false ? column + 1 : column;
  }

  private async work(): Promise<void> {
    if (this.working) return;
    this.working = true;
    for (let item = this.queue.shift(); item; item = this.queue.shift()) {
      if (this.cancelledRequests.delete(item.seq)) this.refuse(item.seq, item.command, cancelled());
      else await item.run();
    }
    this.working = false;
  }

  private async answer(handler: RequestHandler, seq: number, args: unknown): Promise<void> {
    const { command } = handler;
    try {
      const result = await handler.handle(this, args ?? {}, seq);
      const { body, after } = result instanceof Reply ? result : { body: result, after: undefined };
      this.respond({ request_seq: seq, command, success: true, ...(body === undefined ? {} : { body }) });
      after?.();
    } catch (error) {
      this.refuse(seq, command, error instanceof UserError ? error : internalError(command, error));
    }
  }

  private refuse(seq: number, command: string, { id, message, showUser }: UserError): void {
    this.respond({
      request_seq: seq,
      command,
      success: false,
      message,
      // The text may have braces: it is a value, not a format.
      body: { error: { id, format: '{text}', variables: { text: message }, showUser } },
    });
  }

  private respond(fields: Omit<DebugProtocol.Response, 'seq' | 'type'>): void {
    if (!this.closed) this.host.send({ seq: this.seq++, type: 'response', ...fields });
  }
}

/** As `ringside run` ends after a triple fault. */
const TRIPLE_FAULT_EXIT = 3;

/** The first processor; the others follow. */
export const THREAD = 1;

/** A response's body, and what is to be done once it has been sent. */
export class Reply {
  constructor(
    readonly body: unknown,
    readonly after?: () => void,
  ) {}
}
