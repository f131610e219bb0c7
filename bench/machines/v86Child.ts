// Runs images on v86; the other end of v86.ts. Each run has an emulator of its own, which is stopped when the guest has
// written its checksum to COM1.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { cpuSeconds, serve } from './childSession';
import type { ImageRun } from './types';

interface Emulator {
  add_listener(event: 'serial0-output-byte', listener: (byte: number) => void): void;
  destroy(): Promise<void>;
}
interface Options {
  package: string;
  bios: string;
  vga: string;
  disableJit: boolean;
}

const BOOT_FLOPPY_FIRST = 0x321;
const NEWLINE = 10;

const bytes = (data: Uint8Array): { buffer: ArrayBuffer } => ({ buffer: new Uint8Array(data).buffer });

serve(async ({ image, options }) => {
  const { package: folder, bios, vga, disableJit } = options as unknown as Options;
  const library = (await import(pathToFileURL(path.join(folder, 'build/libv86.mjs')).href)) as {
    V86: new (options: object) => Emulator;
  };
  const start = cpuSeconds();
  const emulator = new library.V86({
    wasm_path: path.join(folder, 'build/v86.wasm'),
    memory_size: 64 << 20,
    vga_memory_size: 2 << 20,
    bios: bytes(readFileSync(bios)),
    vga_bios: bytes(readFileSync(vga)),
    fda: bytes(image),
    boot_order: BOOT_FLOPPY_FIRST,
    fastboot: true,
    autostart: true,
    disable_speaker: true,
    disable_jit: disableJit,
  });
  const run = await new Promise<ImageRun>((resolve) => {
    let output = '';
    emulator.add_listener('serial0-output-byte', (byte) => {
      if (byte === NEWLINE) resolve({ checksum: output, seconds: cpuSeconds() - start });
      output += String.fromCharCode(byte);
    });
  });
  await emulator.destroy();
  return run;
});
