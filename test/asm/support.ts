// Runs nasm on many snippets in one shell, and our assembler on the same texts with the same files.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assemble } from '../../src/asm/assemble';
import type { AssembleLimits, AssembleResult, Optimization, OutputFormat } from '../../src/asm/types';

export interface Snippet {
  name: string;
  source: string;
}

export interface NasmOutput {
  bytes: Uint8Array | undefined;
  messages: string;
  listing: string;
}

const BINARY = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
/** Files that snippets may include. `inc` is on the include path. */
const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'data.bin': BINARY,
  'part.inc': '%define FROM_PART 77\n%macro part_macro 1\n db %1, %1\n%endmacro\n db 0x11\n',
  'outer.inc': '%define OUTER 5\n%include "part.inc"\n db 0x22\n',
  'guard.inc': '%ifndef GUARD\n%define GUARD\n db 0x33\n%endif\n',
  'guard2.inc': ' db 0x44\n',
  'inc/deep.inc': ' db 0x55\n',
  'broken.inc': ' nop\n mov ax,\n',
  'open.inc': '%if 1\n nop\n',
};

/** Snippets of a corpus file: each begins with a line `;=== name`. */
export function snippets(file: string): Snippet[] {
  const text = readFileSync(join(import.meta.dirname, 'corpus', file), 'utf8');
  return text
    .split(/^;=== /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { name: part.slice(0, end).trim(), source: part.slice(end + 1) };
    });
}

/** Assembles all with nasm; the shell loop keeps it one process of ours. */
export function runNasm(list: readonly Snippet[], format: OutputFormat = 'bin', options = ''): NasmOutput[] {
  const folder = mkdtempSync(join(tmpdir(), 'ringside-asm-'));
  try {
    for (const [name, content] of Object.entries(FILES)) {
      mkdirSync(join(folder, name, '..'), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    list.forEach(({ source }, index) => writeFileSync(join(folder, `s${index}.asm`), source));
    const script =
      'command -v nasm >/dev/null || { echo "nasm is needed for this test: apt-get install nasm" >&2; exit 9; }; ' +
      `i=0; while [ -f s$i.asm ]; do cp s$i.asm t.asm; nasm -f ${format} ${options} -I inc` +
      ' -l s$i.lst -o s$i.bin t.asm 2> s$i.err; i=$((i+1)); done';
    execFileSync('sh', ['-c', script], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    return list.map((_, index) => {
      const read = (suffix: string): string => {
        const path = join(folder, `s${index}.${suffix}`);
        return existsSync(path) ? readFileSync(path, 'utf8') : '';
      };
      const binary = join(folder, `s${index}.bin`);
      const bytes = existsSync(binary) ? new Uint8Array(readFileSync(binary)) : undefined;
      return { bytes, messages: read('err'), listing: read('lst') };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Our assembler on a text, with the same files within reach. */
export function assembleText(
  source: string,
  extra: Readonly<Record<string, string>> = {},
  limits: Partial<AssembleLimits> = {},
  format: OutputFormat = 'bin',
  debug?: 'dwarf',
  optimize?: Optimization,
): AssembleResult {
  const files: Readonly<Record<string, string | Uint8Array>> = { ...FILES, ...extra };
  return assemble({
    file: 't.asm',
    source,
    includePaths: ['inc'],
    format,
    debug,
    optimize,
    limits,
    read: (path) => {
      const content = files[path];
      return content === undefined || typeof content === 'string' ? content : new TextDecoder().decode(content);
    },
    readBinary: (path) => {
      const content = files[path];
      return typeof content === 'string' ? new TextEncoder().encode(content) : content;
    },
  });
}

export const hexText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex').replace(/(..)/g, '$1 ').trim();

/** `line:column: message` of every error, in order. */
export const errorLines = (result: AssembleResult): string[] =>
  result.diagnostics
    .filter((d) => d.severity === 'error')
    .map((d) => `${d.file === 't.asm' ? '' : `${d.file}:`}${d.line}:${d.column}: ${d.message}`);
