// How fast the assembler is, next to nasm: a source of 20,000 lines to a flat binary, start-up of the programs excluded.
// nasm: the time of its process less that of an empty source. Ours twice: warm, a run in a process that has assembled before, as
// in an editor, so that the engine of JavaScript has compiled the code (nothing is kept from run to run); and fresh, measured
// as nasm is. All are processor time, helper threads included, the best of several runs, in turn so that whatever slows the
// computer down meets all alike; the bytes must be equal.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { assemble } from '../src/asm/assemble';

const LINES = 20_000;
const ROUNDS = 8;
/** Of ours to one of nasm: each of nasm's is five processes long. */
const RUNS = 4;

export interface AssemblerSpeed {
  lines: number;
  /** Warm, in milliseconds. */
  ours: number;
  /** In a fresh process, less its start. */
  fresh?: number;
  /** Milliseconds; undefined without nasm. */
  nasm?: number;
  /** Times as fast as nasm. */
  ratio?: number;
  error?: string;
}

/** Functions with branches, data, macros and comments; the same at every run. */
function source(): string {
  let seed = 12345;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    return (seed >>> 8) % limit;
  };
  const register = (): string => ['eax', 'ebx', 'ecx', 'edx', 'esi', 'edi'][below(6)]!;
  const lines = [
    'bits 32',
    'org 0x100000',
    '%macro save 2',
    '  push %1',
    '  push %2',
    '%endmacro',
    '%define PORT 0x3f8',
    '%define CHECKS 1',
    '%assign LIMIT 4',
  ];
  const kinds: ((label: string) => string)[] = [
    () => `  mov ${register()}, ${register()}`,
    () => `  mov ${register()}, [ebp+${4 * below(9)}]`,
    () => `  add ${register()}, ${below(500)} ; a comment`,
    () => `  lea ${register()}, [${register()}+ecx*4+${below(200)}]`,
    (label) => `  jne ${label}\n${label}:`,
    () => `  call function${below(800)}`,
    () => `  save ${register()}, ${register()}`,
    () => '  mov dx, PORT+5',
    () => `  mov dword [table+edx*4], ${below(100_000)}`,
    () => '  ; nothing but a comment',
    () => '  jz .end',
    () => `  xor ${register()}, ${register()}`,
    () => '%if CHECKS && LIMIT > 2\n  cmp eax, LIMIT*2+1\n%else\n  test eax, eax\n%endif',
    (label) => `  mov ecx, ${label}-function0\n${label}:`,
  ];
  let functions = 0;
  for (; lines.length < LINES; functions++) {
    lines.push(`function${functions}:`, '  push ebp', '  mov ebp, esp');
    for (let i = 5 + below(20); i > 0; i--) lines.push(kinds[below(kinds.length)]!(`.l${i}`));
    lines.push('.end:', '  pop ebp', '  ret');
    if (functions % 5 === 0)
      lines.push(
        `text${functions}: db "number ${functions}", 13, 10, 0`,
        `  dd function${functions}, text${functions}`,
        `size${functions} equ $-text${functions}`,
        `  times ${below(5)} db size${functions} & 0xff`,
      );
  }
  lines.push('table: times 100 dd 0');
  for (let i = functions; i < 800; i++) lines.push(`function${i} equ ${i}`);
  return lines.join('\n');
}

/** Milliseconds of processor time that a command takes, by the shell's `times`. */
function commandTime(folder: string, command: string): number {
  const loops = 5;
  const script = `for i in 1 2 3 4 5; do ${command}; done; times`;
  const text = execFileSync('bash', ['-c', script], { cwd: folder }).toString();
  const [user = 0, system = 0] = [
    ...text
      .trim()
      .split('\n')
      .at(-1)!
      .matchAll(/(\d+)m([\d.]+)s/g),
  ].map(([, minutes, seconds]) => Number(minutes) * 60_000 + Number(seconds) * 1000);
  return (user + system) / loops;
}

/** The least of several figures taken in turn, in rounds. */
function bestOf<K extends string>(rounds: number, takes: Record<K, () => number>): Record<K, number> {
  const names = Object.keys(takes) as K[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<K, number>;
  for (let i = 0; i < rounds; i++) for (const name of names) least[name] = Math.min(least[name], takes[name]());
  return least;
}

export function assemblerSpeed(): AssemblerSpeed {
  const text = source();
  const lines = text.split('\n').length;
  const run = (): Uint8Array =>
    assemble({ file: 'big.asm', source: text, read: () => undefined, readBinary: () => undefined }).bytes;
  const bytes = run();
  const once = (): number => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const warm = (): number => bestOf(RUNS, { once }).once;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'ringside-bench-'));
  try {
    writeFileSync(path.join(folder, 'big.asm'), text);
    writeFileSync(path.join(folder, 'empty.asm'), '');
    const child = path.join(path.dirname(fileURLToPath(import.meta.url)), 'assemblerChild.mjs');
    const fresh = (file: string) => (): number => commandTime(folder, `${process.execPath} ${child} ${file} ours.bin`);
    const nasm = (file: string) => (): number => commandTime(folder, `nasm -f bin -o out.bin ${file}`);
    const least = bestOf(ROUNDS, { warm, nasm: nasm('big.asm'), nasmStart: nasm('empty.asm') });
    const first = bestOf(2, { fresh: fresh('big.asm'), start: fresh('empty.asm') });
    execFileSync('nasm', ['-f', 'bin', '-o', 'out.bin', 'big.asm'], { cwd: folder });
    if (Buffer.compare(readFileSync(path.join(folder, 'out.bin')), bytes) !== 0) {
      return { lines, ours: least.warm, error: 'the bytes differ from those of nasm' };
    }
    const theirs = least.nasm - least.nasmStart;
    return { lines, ours: least.warm, fresh: first.fresh - first.start, nasm: theirs, ratio: theirs / least.warm };
  } catch {
    return { lines, ours: bestOf(ROUNDS, { warm }).warm };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function assemblerLine({ lines, ours, fresh, nasm, ratio, error }: AssemblerSpeed): string {
  const first = fresh === undefined ? '' : ` (${fresh.toFixed(0)} ms in a fresh process, start excluded)`;
  const head = `assembler: ${lines} lines in ${ours.toFixed(0)} ms warm${first}`;
  if (error !== undefined) return `ERROR ${head}; ${error}`;
  if (nasm === undefined || ratio === undefined) return `${head}; MISSING nasm to compare with`;
  return `${ratio < 1 ? '! ' : ''}${head}, nasm in ${nasm.toFixed(0)} ms: ${ratio.toFixed(2)}x nasm, wanted 1x`;
}
