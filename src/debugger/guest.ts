// A guest as a session or a command sees it: what the debugger looks into, and its keyboard, serial ports and screen.

import { Emitter } from '../base/events';
import { Machine, type SerialByte } from '../machine/machine';
import type { MachineOptions } from '../machine/types';
import { Typist, type Keyboard } from './input/typist';
import { MachineTarget } from './machineTarget';
import type { Placement } from './program';
import { ScreenReader, type ScreenPicture } from './screen';
import type { DebugTarget } from './target';

const SECTOR = 512;

export class Guest implements Keyboard {
  readonly target: DebugTarget;
  readonly typist: Typist;
  /** 1 = COM1. */
  readonly onSerial: Emitter<SerialByte>;
  /** Bytes written to port E9. */
  readonly onDebugByte: Emitter<number>;
  /** The guest had itself reset. */
  readonly onReset = new Emitter<void>();
  /** A read has put bytes of the boot image into memory. Listeners may look, but change nothing. */
  readonly onLoaded = new Emitter<Placement>();
  private readonly machine: Machine;
  private readonly display: ScreenReader;

  constructor(options: MachineOptions) {
    this.machine = new Machine(options);
    this.target = new MachineTarget(this.machine);
    this.typist = new Typist(this);
    this.onSerial = this.machine.onSerial;
    this.onDebugByte = this.machine.onDebugByte;
    this.machine.onGuestReset.on(() => this.onReset.fire());
    this.machine.drives[0]?.onLoaded.on(({ sector, count, linear }) =>
      this.onLoaded.fire({ fileOffset: sector * SECTOR, length: count * SECTOR, linear }),
    );
    this.display = new ScreenReader(() => this.machine.frame());
  }

  /** Makes the present or next run end at the next instruction boundary. */
  requestStop(): void {
    this.machine.requestStop();
  }

  sendSerial(port: 1 | 2, bytes: readonly number[]): void {
    this.machine.sendSerial(port, bytes);
  }

  /** A key by its W3C code; false when a PC keyboard has no such key. */
  sendKey(code: string, down: boolean): boolean {
    return this.machine.sendKey(code, down);
  }

  typeText(text: string): string {
    return this.machine.typeText(text);
  }
  strike(codes: readonly string[]): void {
    this.machine.strike(codes);
  }
  get typing(): boolean {
    return this.machine.typing;
  }

  /** Undefined when the picture still is the one of generation `known`. */
  screen(known?: number): ScreenPicture | undefined {
    return this.display.read(known);
  }

  /** Lines of a text screen, without trailing blanks; empty in graphics modes. */
  screenText(): string {
    return this.machine.screenText();
  }
}
