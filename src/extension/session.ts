// One debug session of ours: its adapter, what it last said of the guest, and what the views ask of it.
import type * as vscode from 'vscode';
import { Emitter } from '../base/events';
import type {
  DiagnosticsBody,
  FocusArguments,
  KeyArguments,
  ScreenResponse,
  SerialBody,
  StateBody,
  TransitionDetail,
  TransitionsArguments,
  TransitionsResponse,
} from '../dap/customTypes';
import type { RingSource } from '../views/ring/provider';
import type { ScreenSource } from '../views/screen/provider';
import { openPlace } from './openPlace';
import type { WorkerAdapter } from './workerAdapter';

export class Session {
  readonly states = new Emitter<StateBody>();
  readonly serial = new Emitter<SerialBody>();
  readonly diagnostics = new Emitter<DiagnosticsBody>();
  readonly ended = new Emitter<void>();
  state: StateBody | undefined;

  constructor(
    readonly debugSession: vscode.DebugSession,
    readonly adapter: WorkerAdapter,
  ) {
    adapter.events.on(({ event, body }) => this.receive(event, body));
  }

  get id(): string {
    return this.debugSession.id;
  }
  get name(): string {
    return this.debugSession.name;
  }

  readonly ring: RingSource = ((session) => ({
    get name() {
      return session.name;
    },
    window: (query: TransitionsArguments) =>
      session.adapter.request<TransitionsResponse>('ringside/transitions', query),
    detail: (index: number) => session.adapter.request<TransitionDetail>('ringside/transition', { index }),
    open: (detail, side, how) => openPlace(session, detail[side], how),
  }))(this) satisfies RingSource;

  readonly screen: ScreenSource = ((session) => ({
    get name() {
      return session.name;
    },
    frame: async (known: number | undefined) =>
      (await session.adapter.request<ScreenResponse>('ringside/screen', { known })).frame,
    keys: (keys: KeyArguments['keys'] & object) => session.adapter.request<void>('ringside/key', { keys }),
    type: (text: string) => session.adapter.request<void>('ringside/key', { text }),
  }))(this) satisfies ScreenSource;

  /** Sends bytes, one per character, to a serial port of the guest. */
  sendSerial(port: number, data: string): Promise<void> {
    return this.adapter.request('ringside/serial', { port, data } satisfies SerialBody);
  }

  /** The person looks at this thread. */
  focus(threadId: number): void {
    if (this.state && this.state.processors > 1)
      void this.adapter.request('ringside/focus', { threadId } satisfies FocusArguments).catch(() => {});
  }

  private receive(event: string, body: unknown): void {
    switch (event) {
      case 'ringside/state':
        this.state = body as StateBody;
        return this.states.fire(this.state);
      case 'ringside/serial':
        return this.serial.fire(body as SerialBody);
      case 'ringside/diagnostics':
        return this.diagnostics.fire(body as DiagnosticsBody);
      case 'terminated':
        return this.ended.fire();
    }
  }
}
