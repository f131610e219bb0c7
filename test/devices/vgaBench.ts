// A VGA on the test bench: modes as the firmware's tables program them, display memory as the board maps it.

import { videoMode } from '../../src/firmware/video/modes';
import { FONT_8X16 } from '../../src/devices/vga/font/font';
import { Vga } from '../../src/devices/vga/vga';
import { TestBench } from './testBench';

export class VgaBench extends TestBench {
  readonly memory = new Uint8Array(0x40000);
  mappings = 0;
  readonly vga = this.add(new Vga(this.scheduler, { memory: this.memory, onMapping: () => this.mappings++ }));

  constructor() {
    super();
    this.vga.reset();
  }

  indexed(port: number, index: number, value: number): void {
    this.out(port, index);
    this.out(port + 1, value);
  }

  sequencer(index: number, value: number): void {
    this.indexed(0x3c4, index, value);
  }

  graphics(index: number, value: number): void {
    this.indexed(0x3ce, index, value);
  }

  crtc(index: number, value: number): void {
    this.indexed(0x3d4, index, value);
  }

  attribute(index: number, value: number): void {
    this.in(0x3da);
    this.out(0x3c0, index);
    this.out(0x3c0, value);
    this.in(0x3da);
    this.out(0x3c0, 0x20);
  }

  /** Programs a mode, the sixteen text colours (in 6-bit 0/42/63 steps) and, for text, the character set. */
  setMode(number: number): void {
    const mode = videoMode(number)!;
    this.out(0x3c2, mode.misc);
    mode.sequencer.forEach((value, i) => this.sequencer(i, value));
    const crtc = mode.misc & 1 ? 0x3d4 : 0x3b4;
    this.indexed(crtc, 0x11, 0);
    mode.crtc.forEach((value, i) => this.indexed(crtc, i, value));
    mode.graphics.forEach((value, i) => this.graphics(i, value));
    this.in(crtc + 6);
    mode.attribute.forEach((value, i) => [i, value].forEach((byte) => this.out(0x3c0, byte)));
    this.out(0x3c0, 0x20);
    this.out(0x3c8, 0);
    for (let i = 0; i < 64; i++) {
      for (const bit of [2, 1, 0]) this.out(0x3c9, ((i >> bit) & 1) * 42 + ((i >> (bit + 3)) & 1) * 21);
    }
    if (mode.kind === 'text') this.loadFont(mode.graphics[6]);
  }

  /** Processor accesses, through the mapping when there is one. */
  poke(physical: number, value: number): void {
    const window = this.vga.linearWindow();
    if (window && physical >= window.first && physical < window.end) {
      this.memory[physical - window.first + window.offset] = value;
    } else this.vga.write(physical, 1, value);
  }

  peek(physical: number): number {
    const window = this.vga.linearWindow();
    if (!window || physical < window.first || physical >= window.end) return this.vga.read(physical, 1);
    return this.memory[physical - window.first + window.offset];
  }

  print(row: number, col: number, text: string, attribute = 7): void {
    for (let i = 0; i < text.length; i++) {
      const at = 0xb8000 + 2 * (row * 80 + col + i);
      this.poke(at, text.charCodeAt(i));
      this.poke(at + 1, attribute);
    }
  }

  private loadFont(window: number): void {
    this.sequencer(2, 4);
    this.sequencer(4, 7);
    this.graphics(5, 0);
    this.graphics(6, 4);
    for (let code = 0; code < 256; code++) {
      for (let y = 0; y < 16; y++) this.poke(0xa0000 + code * 32 + y, FONT_8X16[code * 16 + y]);
    }
    this.sequencer(2, 3);
    this.sequencer(4, 2);
    this.graphics(5, 0x10);
    this.graphics(6, window);
  }
}
