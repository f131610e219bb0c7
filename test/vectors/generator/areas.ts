// Vectors of the instructions that store and load whole register files: FXSAVE and FXRSTOR, XSAVE and its relatives.
import type { VectorState } from '../../../src/machine/vectors/format';
import { hex, type Random, toBytes } from './random';
import type { Draft, Mode } from './runner';
import { mxcsr, randomState, x87State } from './singles';

const AREA = 0x21000;
const HEADER = 512;
const BYTES = 832;

/** ModRM /4, /5, /6 of 0F AE and /4 of 0F C7 with an address in SI or RSI. */
const FORMS: readonly (readonly [name: string, opcode: readonly number[], loads: boolean])[] = [
  ['fxsave', [0x0f, 0xae, 0x06], false],
  ['fxrstor', [0x0f, 0xae, 0x0e], true],
  ['xsave', [0x0f, 0xae, 0x26], false],
  ['xrstor', [0x0f, 0xae, 0x2e], true],
  ['xsavec', [0x0f, 0xc7, 0x26], false],
];
const address = (mode: Mode): number => (mode === 16 ? 4 : 6); // [SI] or [ESI], [RSI]

export function area(random: Random, mode: Mode): Draft {
  const [name, opcode, loads] = random.pick(FORMS);
  const bytes = [...opcode];
  bytes[2] = (bytes[2] & 0x38) | address(mode);
  if (mode === 64 && random.chance(50)) bytes.unshift(0x48);
  const state: VectorState = randomState(random, mode, undefined);
  x87State(random, state);
  const offset = mode === 16 ? 0x1000 : AREA;
  const misaligned = random.chance(6) ? 16 + random.below(32) : 0;
  Object.assign(state, { si: (offset + misaligned).toString(16), dx: '0', ax: random.below(8).toString(16) });
  const image = random.bytes(BYTES);
  image.set(toBytes(BigInt(mxcsr(random)), 4), 24);
  if (random.chance(4)) image[26] = 1; // a reserved bit
  image.fill(0, HEADER, HEADER + 64);
  image[HEADER] = random.below(8);
  if (random.chance(8)) image[HEADER + random.below(24)] = 8;
  if (!loads) image.fill(0x5a);
  if (!loads) image.fill(0, HEADER, HEADER + 64);
  state.m = [[(AREA + misaligned).toString(16), hex(image)]];
  // x87 pointers: what they hold without an exception differs between processors
  const undefinedMemory: [string, number][] = loads ? [] : [[(AREA + misaligned + 6).toString(16), 18], [(AREA + misaligned + 28).toString(16), 4]]; // prettier-ignore
  const result: Draft = { n: name, b: hex(Uint8Array.from(bytes)), i: state };
  if (undefinedMemory.length > 0) result.um = undefinedMemory;
  return result;
}
