// Assembles a source, boots it on the real machine and debugs it.

import assert from 'node:assert/strict';
import { Debugger } from '../../../src/debugger/debugger';
import type { Stop } from '../../../src/debugger/execution';
import { Guest } from '../../../src/debugger/guest';
import type { FileSystem } from '../../../src/debugger/load/files';
import { loadGuest, type GuestOptions } from '../../../src/debugger/load/guestOptions';

export const FILE = '/guest/boot.asm';

/** Files in memory, by absolute path. */
export const memoryFiles = (files: Readonly<Record<string, string | Uint8Array>>): FileSystem => ({
  read: async (path) => {
    const found = files[path];
    return typeof found === 'string' ? new TextEncoder().encode(found) : found;
  },
  list: async (path) => {
    const names = Object.keys(files).filter((name) => name.startsWith(`${path}/`));
    if (names.length === 0) return undefined;
    const entries = new Map<string, 'file' | 'folder'>();
    for (const name of names) {
      const [first, ...rest] = name.slice(path.length + 1).split('/');
      entries.set(first!, rest.length ? 'folder' : 'file');
    }
    return [...entries].map(([name, kind]) => ({ name, kind }));
  },
  stat: async (path) => {
    if (files[path] !== undefined) return { name: path, kind: 'file', size: files[path].length };
    return Object.keys(files).some((name) => name.startsWith(`${path}/`)) ? { name: path, kind: 'folder' } : undefined;
  },
});

/** A boot sector around `body`: 16-bit code at 7C00h with zeroed segments and a stack. */
export const bootSector = (body: string): string => `        bits 16
        org 0x7c00
start:  xor ax, ax
        mov ds, ax
        mov es, ax
        mov ss, ax
        mov sp, 0x7c00
${body}
        times 510 - ($ - $$) db 0
        dw 0xaa55
`;

export class DebugGuest {
  readonly logs: string[] = [];
  serial = '';

  private constructor(
    readonly source: string,
    readonly guest: Guest,
    readonly debug: Debugger,
  ) {}

  static async boot(
    source: string,
    files: Record<string, string | Uint8Array> = {},
    options: Partial<GuestOptions> = {},
  ): Promise<DebugGuest> {
    const loaded = await loadGuest({ program: FILE, ...options }, memoryFiles({ [FILE]: source, ...files }));
    const guest = new Guest(loaded.machine);
    const logs: string[] = [];
    const debug = new Debugger(guest.target, loaded.program, { log: (text) => logs.push(text) });
    guest.onLoaded.on((placement) => debug.placed(placement, () => guest.requestStop()));
    const made = new DebugGuest(source, guest, debug);
    guest.onSerial.on(({ byte }) => (made.serial += String.fromCharCode(byte)));
    Object.defineProperty(made, 'logs', { value: logs });
    return made;
  }

  /** Line (1-based) of the source that contains `text`. */
  line(text: string): number {
    const at = this.source.split('\n').findIndex((line) => line.includes(text));
    assert.notEqual(at, -1, `no line has ${text}`);
    return at + 1;
  }

  /** Runs until the guest stops; at most so many instructions. */
  wait(most = 20_000_000): Stop {
    const start = this.guest.target.icount;
    for (let idle = 0; this.guest.target.icount - start < most && idle < 2000;) {
      const result = this.debug.slice({ instructions: 1_000_000, expired: () => false });
      if (typeof result !== 'string') return result;
      if (result === 'idle') idle++;
    }
    throw new Error(`no stop; the guest is at ${this.debug.code.pc.toString(16)}`);
  }

  go(): Stop {
    this.debug.continue();
    return this.wait();
  }

  /** Runs to a label or address, by a breakpoint that is then removed. */
  runTo(name: string): void {
    const statuses = this.debug.breakpoints.setFunctions([{ name }], this.debug.context());
    assert.ok(statuses[0]!.verified, statuses[0]!.message);
    this.debug.breakpointsChanged();
    const stop = this.go();
    assert.equal(stop.kind, 'breakpoint');
    this.debug.breakpoints.setFunctions([], this.debug.context());
    this.debug.breakpointsChanged();
  }

  step(kind: 'in' | 'over' | 'out', granularity: 'line' | 'instruction' = 'line'): Stop {
    const problem = this.debug.step(kind, granularity);
    assert.equal(problem, undefined);
    return this.wait();
  }

  /** Trimmed text of the source line that the guest stands at, without comment; undefined without source. */
  get here(): string | undefined {
    const location = this.debug.locate(this.debug.code.pc);
    return location && this.source.split('\n')[location.line - 1]!.replace(/;.*/, '').trim();
  }

  /** Label texts of the stack, with the boundaries between. */
  get stack(): string[] {
    return this.debug.stack().flatMap((frame) => {
      const name = this.debug.labelText(frame.lookup) ?? `${frame.cs.selector.toString(16)}:${frame.ip.toString(16)}`;
      return frame.boundary === undefined ? [name] : [frame.boundary, name];
    });
  }

  value(expression: string): bigint {
    const result = this.debug.evaluate(expression, 0, true);
    assert.ok(result.ok, result.ok ? '' : result.error.message);
    return result.value.value;
  }
}
