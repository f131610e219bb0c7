// A client of QEMU's gdb stub, just enough to single-step a guest and read its registers.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface StubRegisters {
  eip: number;
  cs: number;
  ss: number;
  esp: number;
  cr0: number;
}

/** The registers of qemu-system-x86_64; addresses as unsigned 64-bit numbers. */
export interface LongStubRegisters {
  rip: bigint;
  rsp: bigint;
  cs: number;
  ss: number;
  cr0: number;
  efer: number;
}

/** Positions in its `g` packet: 16 general registers, RIP, EFLAGS, six selectors, three bases, CR0, CR2, CR3, CR4, CR8, EFER. */
const LONG_AT = { rsp: 7 * 8, rip: 16 * 8, cs: 140, ss: 144, cr0: 188, efer: 228 };

/** Positions in the `g` packet of qemu-system-i386, in bytes. */
const AT = { esp: 4 * 4, eip: 8 * 4, cs: 10 * 4, ss: 11 * 4, cr0: 19 * 4 };

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export class GdbStub {
  private text = '';
  private waiting: ((packet: string) => void) | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (bytes) => {
      this.text += bytes.toString('latin1');
      this.deliver();
    });
  }

  static async open(port: number): Promise<GdbStub> {
    for (let attempt = 0; ; attempt++) {
      try {
        const socket = await new Promise<Socket>((resolve, reject) => {
          const made = connect(port, '127.0.0.1', () => resolve(made));
          made.once('error', reject);
        });
        const stub = new GdbStub(socket);
        // First of all: it deletes breakpoints.
        await stub.ask('?');
        return stub;
      } catch (error) {
        if (attempt >= 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  /** Sends a packet and resolves with the answer's payload. */
  ask(payload: string): Promise<string> {
    const sum = [...payload].reduce((s, c) => (s + c.charCodeAt(0)) & 0xff, 0);
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.socket.write(`$${payload}#${sum.toString(16).padStart(2, '0')}`);
    });
  }

  async runTo(linear: number): Promise<void> {
    await this.ask(`Z1,${linear.toString(16)},1`);
    await this.ask('c');
    await this.ask(`z1,${linear.toString(16)},1`);
  }

  async step(): Promise<void> {
    await this.ask('s');
  }

  async registers(): Promise<StubRegisters> {
    const bytes = Buffer.from(await this.ask('g'), 'hex');
    const word = (at: number): number => bytes.readUInt32LE(at);
    return { eip: word(AT.eip), cs: word(AT.cs), ss: word(AT.ss), esp: word(AT.esp), cr0: word(AT.cr0) };
  }

  async longRegisters(): Promise<LongStubRegisters> {
    const bytes = Buffer.from(await this.ask('g'), 'hex');
    const word = (at: number): number => bytes.readUInt32LE(at);
    return {
      rip: bytes.readBigUInt64LE(LONG_AT.rip),
      rsp: bytes.readBigUInt64LE(LONG_AT.rsp),
      cs: word(LONG_AT.cs),
      ss: word(LONG_AT.ss),
      cr0: word(LONG_AT.cr0),
      efer: word(LONG_AT.efer),
    };
  }

  close(): void {
    this.socket.destroy();
  }

  private deliver(): void {
    for (;;) {
      const match = /\$([^#]*)#[0-9a-f]{2}/i.exec(this.text);
      if (!match) return;
      this.text = this.text.slice(match.index + match[0].length);
      this.socket.write('+');
      const { waiting } = this;
      this.waiting = undefined;
      waiting?.(match[1]!);
    }
  }
}
