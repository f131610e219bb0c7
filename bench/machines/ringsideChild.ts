// Runs images on Ringside's machine; the other end of ringside.ts.
import { Machine } from '../../src/machine/machine';
import type { StopReason } from '../../src/machine/types';
import { cpuSeconds, serve } from './childSession';
import { CHECKSUM } from './types';

const SLICE = 1_000_000;
const MEMORY = 64 << 20;

serve(async ({ image }) => {
  const start = cpuSeconds();
  const machine = new Machine({ memory: MEMORY, drives: [{ image, kind: 'floppy', name: 'guest' }] });
  let output = '';
  machine.onDebugByte.on((byte) => {
    output += String.fromCharCode(byte);
  });
  let reason: StopReason;
  do reason = machine.run(SLICE);
  while (reason.kind === 'limit');
  const seconds = cpuSeconds() - start;
  if (reason.kind !== 'debug-exit') {
    throw new Error(`stopped by ${JSON.stringify(reason)} at ${machine.pc.toString(16)}, output "${output}"`);
  }
  return { checksum: CHECKSUM.exec(output)?.[0] ?? output, seconds, icount: machine.icount };
});
