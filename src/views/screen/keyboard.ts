// Takes the keyboard for the guest while captured: then no key reaches the editor. Ctrl+Alt gives it back, as does losing
// the focus. Keys that are down at that moment are let go in the guest too.
import type { Key } from './protocol';

export class Keyboard {
  private readonly down = new Set<string>();
  private on = false;

  /** `changed` is called after each change of `captured`. */
  constructor(
    private readonly send: (keys: readonly Key[]) => void,
    private readonly changed: (on: boolean) => void,
  ) {
    // The editor listens on the window, too, to pass shortcuts on: in the capture phase we come first.
    window.addEventListener('keydown', (event) => this.key(event, true), true);
    window.addEventListener('keyup', (event) => this.key(event, false), true);
    window.addEventListener('blur', () => this.capture(false));
  }

  get captured(): boolean {
    return this.on;
  }

  capture(on: boolean): void {
    if (on === this.on) return;
    this.on = on;
    if (!on) this.letGo();
    this.changed(on);
  }

  private key(event: KeyboardEvent, down: boolean): void {
    if (!this.on) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.isComposing || event.code === '') return;
    if (down && isControlAlt(event)) return this.capture(false);
    if (!down && !this.down.has(event.code)) return;
    if (down) this.down.add(event.code);
    else this.down.delete(event.code);
    this.send([{ code: event.code, down }]);
  }

  private letGo(): void {
    const keys = [...this.down].map((code) => ({ code, down: false }));
    this.down.clear();
    if (keys.length > 0) this.send(keys);
  }
}

/** Control and Alt together; AltGr, which some systems report as both, is left to the guest. */
const isControlAlt = (event: KeyboardEvent): boolean =>
  (event.code === 'AltLeft' && event.ctrlKey) ||
  ((event.code === 'ControlLeft' || event.code === 'ControlRight') &&
    event.altKey &&
    !event.getModifierState('AltGraph'));
