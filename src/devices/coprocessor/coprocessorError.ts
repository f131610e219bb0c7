// How a PC learns of x87 exceptions while CR0.NE is clear (Intel SDM vol. 1, "MS-DOS Compatibility Sub-mode"; Intel 82371SB,
// "Coprocessor Error"): FERR# sets IRQ 13; a write to port F0 takes the request back and asserts IGNNE#, so that the handler can
// use the x87, until FERR# goes away.
import type { Device, IrqLine } from '../contract';

interface State {
  error: boolean;
  request: boolean;
  ignore: boolean;
}

export class CoprocessorError implements Device {
  readonly name = 'coprocessor';
  private state: State = { error: false, request: false, ignore: false };
  readonly ports: Device['ports'] = [
    {
      range: { first: 0xf0, last: 0xf1, width: 1 },
      handler: { in: () => 0xff, out: () => this.acknowledge() },
    },
  ];

  constructor(private readonly irq: IrqLine) {}

  /** FERR#. */
  setError(active: boolean): void {
    const { state } = this;
    if (active && !state.error) {
      state.request = true;
      this.irq.set(true);
    }
    state.error = active;
    if (!active) state.ignore = false;
  }

  /** IGNNE#. */
  get ignored(): boolean {
    return this.state.ignore;
  }

  private acknowledge(): void {
    const { state } = this;
    state.request = false;
    state.ignore = state.error;
    this.irq.set(false);
  }

  reset(): void {
    this.state = { error: false, request: false, ignore: false };
    this.irq.set(false);
  }
  getState(): State {
    return { ...this.state };
  }
  setState(state: unknown): void {
    this.state = { ...(state as State) };
  }
}
