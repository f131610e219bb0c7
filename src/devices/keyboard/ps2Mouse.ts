// A PS/2 mouse on the auxiliary port: stream, remote and wrap mode, resolution, sampling rate and scaling registers,
// and the wheel extension (identity 3 after sampling rates 200, 100, 80).
// Packets are built when the controller asks, from the movement gathered since the last one; the rate is not enforced.

import type { Ps2Device } from './ps2Device';

export interface Ps2MouseState {
  id: 0 | 3;
  rates: number[]; // the last three, for the wheel knock
  resolution: number;
  scaling2: boolean;
  reporting: boolean;
  remote: boolean;
  wrap: boolean;
  awaiting: number;
  answers: number[];
  packet: number[]; // rest of the packet being sent
  last: number;
  buttons: number; // 1 left, 2 right, 4 middle
  dx: number;
  dy: number;
  wheel: number;
  moved: boolean;
}

const ACK = 0xfa;
const RESEND = 0xfe;

const initialMouse = (): Ps2MouseState => ({
  id: 0, rates: [0, 0, 100], resolution: 2, scaling2: false, reporting: false, remote: false, wrap: false,
  awaiting: 0, answers: [], packet: [], last: 0, buttons: 0, dx: 0, dy: 0, wheel: 0, moved: false,
}); // prettier-ignore

const clamp = (value: number, limit: number): number => Math.max(-limit - 1, Math.min(limit, value));

export class Ps2Mouse implements Ps2Device {
  state = initialMouse();

  reset(): void {
    this.state = initialMouse();
  }

  get ready(): boolean {
    const s = this.state;
    return s.answers.length > 0 || s.packet.length > 0 || (s.reporting && !s.remote && !s.wrap && s.moved);
  }

  take(): number {
    const s = this.state;
    if (s.answers.length > 0) s.last = s.answers.shift()!;
    else {
      if (s.packet.length === 0) s.packet = this.report();
      s.last = s.packet.shift()!;
    }
    return s.last;
  }

  /** Movement in counts (positive right and down, as hosts report it), wheel in notches, buttons as a mask. */
  move(dx: number, dy: number, wheel: number, buttons: number): void {
    const s = this.state;
    s.dx += Math.trunc(dx);
    s.dy -= Math.trunc(dy);
    s.wheel += Math.trunc(wheel);
    s.buttons = buttons & 7;
    s.moved = true;
  }

  receive(byte: number): void {
    const s = this.state;
    if (s.wrap && byte !== 0xff && byte !== 0xec) {
      s.answers.push(byte);
      return;
    }
    const command = s.awaiting;
    s.awaiting = 0;
    s.packet = [];
    if (command === 0xf3) this.setRate(byte);
    else if (command === 0xe8) s.resolution = byte & 3;
    if (command !== 0) s.answers.push(ACK);
    else this.command(byte);
  }

  private command(byte: number): void {
    const s = this.state;
    switch (byte) {
      case 0xe6:
      case 0xe7:
        s.scaling2 = byte === 0xe7;
        break;
      case 0xe8:
      case 0xf3:
        s.awaiting = byte;
        break;
      case 0xe9:
        s.answers.push(ACK, this.status(), s.resolution, s.rates[2]);
        return;
      case 0xea:
        s.remote = false;
        break;
      case 0xeb:
        s.answers.push(ACK, ...this.report());
        return;
      case 0xec:
        s.wrap = false;
        break;
      case 0xee:
        s.wrap = true;
        break;
      case 0xf0:
        s.remote = true;
        break;
      case 0xf2:
        s.answers.push(ACK, s.id);
        return;
      case 0xf4:
      case 0xf5:
        s.reporting = byte === 0xf4;
        break;
      case 0xf6:
        this.state = { ...initialMouse(), id: s.id, buttons: s.buttons, answers: s.answers };
        break;
      case 0xfe:
        s.answers.push(s.last);
        return;
      case 0xff:
        this.state = { ...initialMouse(), buttons: s.buttons, answers: [ACK, 0xaa, 0x00] };
        return;
      default:
        s.answers.push(RESEND);
        return;
    }
    this.state.answers.push(ACK);
  }

  private setRate(rate: number): void {
    const s = this.state;
    s.rates = [...s.rates.slice(1), rate];
    if (s.rates.join() === '200,100,80') s.id = 3;
  }

  private status(): number {
    const { remote, reporting, scaling2, buttons } = this.state;
    const physical = (buttons & 1 ? 4 : 0) | (buttons & 2 ? 1 : 0) | (buttons & 4 ? 2 : 0);
    return (remote ? 0x40 : 0) | (reporting ? 0x20 : 0) | (scaling2 ? 0x10 : 0) | physical;
  }

  private report(): number[] {
    const s = this.state;
    const dx = clamp(s.dx, 255);
    const dy = clamp(s.dy, 255);
    const wheel = clamp(s.wheel, 7);
    s.dx -= dx;
    s.dy -= dy;
    s.wheel -= wheel;
    s.moved = s.dx !== 0 || s.dy !== 0 || s.wheel !== 0;
    const head = 8 | s.buttons | (dx < 0 ? 0x10 : 0) | (dy < 0 ? 0x20 : 0);
    return [head, dx & 0xff, dy & 0xff, ...(s.id === 3 ? [wheel & 0xff] : [])];
  }
}
