// v86 from npm, with and without its compiler. It needs firmware images, which the package does not carry: SeaBIOS as Debian
// packages it, or those of Bochs.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../root';
import { ChildSession } from './childSession';
import type { BenchMachine } from './types';

const PACKAGE = path.join(ROOT, 'node_modules/v86');
const FIRMWARE = [
  { bios: '/usr/share/seabios/bios.bin', vga: '/usr/share/seabios/vgabios-stdvga.bin' },
  { bios: '/usr/share/bochs/BIOS-bochs-latest', vga: '/usr/share/bochs/VGABIOS-lgpl-latest' },
];
const firmware = (): (typeof FIRMWARE)[number] | undefined =>
  FIRMWARE.find(({ bios, vga }) => existsSync(bios) && existsSync(vga));

function missing(): string | undefined {
  if (!existsSync(path.join(PACKAGE, 'build/v86.wasm'))) return 'the package v86 is not installed (npm install)';
  if (!firmware())
    return `firmware images (Debian: apt-get install seabios): none of ${FIRMWARE[0].bios}, ${FIRMWARE[1].bios}`;
  return undefined;
}

const v86 = (id: string, title: string, disableJit: boolean): BenchMachine => ({
  id,
  title,
  missing,
  only32: true,
  version: () => {
    const { version } = JSON.parse(readFileSync(path.join(PACKAGE, 'package.json'), 'utf8'));
    return `v86 ${version}, ${disableJit ? 'disable_jit' : 'with its compiler'}, firmware ${firmware()?.bios}`;
  },
  open: () =>
    new ChildSession(path.join(ROOT, 'out/bench/v86Child.mjs'), { package: PACKAGE, ...firmware(), disableJit }),
});

export const v86WithoutJit = v86('v86-nojit', 'v86, no JIT', true);
export const v86WithJit = v86('v86-jit', 'v86, JIT', false);
