// The workloads: what each is about and how its image is made. The sources are in guests/, assembled by our own assembler.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { assemble } from '../src/asm/assemble';
import { ROOT } from './root';

export interface Guest {
  name: string;
  /** One line for the table. */
  about: string;
  /** Length of the first run: about a million instructions. */
  firstCount: number;
  /** What people ask the price of: name of the event and how many a count has. */
  event?: { name: string; perCount: number };
  /** Not every machine has a 64-bit mode. */
  long?: true;
}

export const GUESTS: readonly Guest[] = [
  { name: 'integer', about: 'SHA-256 compression, flat 32-bit', firstCount: 4 },
  { name: 'sieve', about: 'bytes in 256 KB, large strides', firstCount: 1 },
  { name: 'copy', about: 'REP MOVS/STOS, loops of MOV', firstCount: 16 },
  { name: 'sort', about: 'recursive quicksort', firstCount: 1 },
  { name: 'bytecode', about: 'interpreter with a jump table', firstCount: 4 },
  {
    name: 'rings',
    about: 'int 0x80 from ring 3, segments reloaded, iretd',
    firstCount: 32,
    event: { name: 'system call', perCount: 1000 },
  },
  {
    name: 'paging',
    about: '4,096 pages in random order, CR3 reloaded',
    firstCount: 16,
    event: { name: 'page visit', perCount: 4096 },
  },
  {
    name: 'faults',
    about: 'page faults from ring 3, handled, INVLPG',
    firstCount: 256,
    event: { name: 'page fault', perCount: 64 },
  },
  { name: 'real', about: '16-bit, variables beside the code', firstCount: 16 },
  {
    name: 'services',
    about: 'real mode INT/IRET, far calls, PUSHF/CLI/STI',
    firstCount: 16,
    event: { name: 'round', perCount: 1000 },
  },
  { name: 'ports', about: 'IN and OUT', firstCount: 16, event: { name: 'port access', perCount: 10_000 } },
  { name: 'x87', about: 'a fractal in doubles, FNSTSW and SAHF', firstCount: 1 },
  { name: 'sse2', about: 'packed doubles, bytes and words', firstCount: 8 },
  { name: 'hash64', about: 'SHA-512 compression, 64-bit mode', firstCount: 8, long: true },
  { name: 'selfmod', about: 'code that rewrites itself', firstCount: 16, event: { name: 'round', perCount: 1000 } },
];

const FOLDER = 'bench/guests';
const FLOPPY_BYTES = 1_474_560;
const MAGIC_AT = 4;
const COUNT_AT = 12;
const MAGIC = 'RSBENCH\0';

export const sourceOf = (name: string): string => path.join(ROOT, FOLDER, `${name}.asm`);

/** The guest's bytes, without the empty rest of the floppy. */
export function assembleGuest(name: string): Uint8Array {
  const text = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  const file = sourceOf(name);
  const result = assemble({
    file,
    source: readFileSync(file, 'utf8'),
    includePaths: [`${path.dirname(file)}/`],
    read: text,
    readBinary: () => undefined,
  });
  if (!result.ok) {
    const lines = result.diagnostics.map((d) => `${d.file}:${d.line}: ${d.message}`);
    throw new Error(`${name} does not assemble:\n${lines.join('\n')}`);
  }
  return result.bytes;
}

/** A floppy with the guest, told to work for `count`. */
export function imageOf(program: Uint8Array, count: number): Uint8Array {
  if (program.length > 18 * 512) throw new Error('the guest is longer than the track that its boot sector loads');
  const image = new Uint8Array(FLOPPY_BYTES);
  image.set(program);
  const magic = String.fromCharCode(...image.subarray(MAGIC_AT, MAGIC_AT + MAGIC.length));
  if (magic !== MAGIC) throw new Error('the guest does not start with boot.inc');
  new DataView(image.buffer).setUint32(COUNT_AT, count, true);
  return image;
}
