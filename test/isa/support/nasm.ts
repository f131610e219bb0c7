// Runs the real NASM over many lines at once and gives the bytes of each, or its complaints.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface NasmLine {
  /** The bytes, undefined when NASM refused the line. */
  bytes: string | undefined;
  messages: string[];
}

export const nasmVersion = (): string => execFileSync('nasm', ['-v'], { encoding: 'utf8' }).trim();

/** Assembles the lines in one file. Lines that NASM refuses are taken out until the rest assembles. */
export function assembleLines(bits: number, lines: readonly string[], preamble = ''): NasmLine[] {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-nasm-'));
  try {
    const results: NasmLine[] = lines.map(() => ({ bytes: undefined, messages: [] }));
    const refused = new Set<number>();
    const head = `bits ${bits}\n${preamble}`;
    const first = head.split('\n').length;
    const file = (name: string): string => join(folder, name);
    for (let round = 0; ; round++) {
      if (round > 20) throw new Error('nasm still refuses lines after 20 rounds');
      writeFileSync(file('t.asm'), head + lines.map((line, i) => (refused.has(i) ? '' : line) + '\n').join(''));
      const run = spawnSync('nasm', ['-fbin', '-l', file('t.lst'), '-o', file('t.bin'), file('t.asm')], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      if (run.error) throw run.error;
      const before = refused.size;
      for (const message of run.stderr.split('\n')) {
        const match = /^.*t\.asm:(\d+): (error|warning): (.*)$/.exec(message);
        if (!match) continue;
        const at = Number(match[1]) - first;
        const text = match[2] === 'error' ? match[3]! : `warning: ${match[3]!.replace(/ \[-w\+.*\]$/, '')}`;
        if (!results[at]!.messages.includes(text)) results[at]!.messages.push(text);
        if (match[2] === 'error') refused.add(at);
      }
      if (refused.size === before) break;
    }
    const binary = readFileSync(file('t.bin'));
    const lengths = listingLengths(readFileSync(file('t.lst'), 'latin1'), first, lines.length);
    let at = 0;
    lengths.forEach((length, i) => {
      if (length > 0) results[i]!.bytes = binary.subarray(at, at + length).toString('hex');
      at += length;
    });
    if (at !== binary.length) throw new Error(`listing has ${at} bytes, output ${binary.length}`);
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function listingLengths(listing: string, first: number, count: number): number[] {
  const lengths = new Array<number>(count).fill(0);
  for (const line of listing.split('\n')) {
    const match = /^\s*(\d+) [0-9A-F]{8} ([0-9A-F()[\]-]+)/.exec(line);
    if (!match) continue;
    lengths[Number(match[1]) - first]! += match[2]!.replace(/[^0-9A-F]/g, '').length / 2;
  }
  return lengths;
}
