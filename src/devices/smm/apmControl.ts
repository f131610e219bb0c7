// The advanced power management ports of the PIIX4 (Intel 82371AB, "APM Registers"): a write to APMC, port B2, asserts SMI#;
// APMS, port B3, hands a byte to the handler. The enable bit in the chip's configuration space counts as set.

import type { Device } from '../contract';

const APMC = 0xb2;

export class ApmControl implements Device {
  readonly name = 'apm';
  private control = 0;
  private status = 0;
  readonly ports: Device['ports'];

  constructor(onSmi: () => void) {
    this.ports = [
      {
        range: { first: APMC, last: APMC + 1, width: 1 },
        handler: {
          in: (port) => (port === APMC ? this.control : this.status),
          out: (port, _width, value) => {
            if (port !== APMC) {
              this.status = value & 0xff;
              return;
            }
            this.control = value & 0xff;
            onSmi();
          },
        },
      },
    ];
  }

  reset(): void {
    this.control = this.status = 0;
  }
  getState(): unknown {
    return { control: this.control, status: this.status };
  }
  setState(state: unknown): void {
    const { control, status } = state as { control: number; status: number };
    this.control = control;
    this.status = status;
  }
}
