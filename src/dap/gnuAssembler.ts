// Sources of the GNU assembler, by the programs of this computer: `as` assembles, `ld` places the code, `objcopy` makes the
// flat image; lines and symbols come from `objdump` and `nm`. Everything happens in a folder of its own that goes away.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Diagnostic, GnuBuild, GnuLine, GnuOptions, GnuSymbol } from '../debugger/load/gnu';

const run = promisify(execFile);
const TOOLS = 'as, ld, objcopy, objdump and nm';

interface Failure {
  code?: string | number;
  stderr?: string;
}

/** Rejects when a program is absent or fails in another way than by finding errors in the source. */
export async function assembleGnu(file: string, source: string, options: GnuOptions): Promise<GnuBuild> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ringside-gnu-'));
  try {
    return await build(folder, file, source, options);
  } catch (error) {
    const { code, stderr } = error as Failure;
    if (code === 'ENOENT') {
      throw new Error(`${file} is a source for the GNU assembler, which is not installed: ${TOOLS} are needed`);
    }
    const diagnostics = messages(stderr ?? '', file);
    if (diagnostics.length === 0) throw error;
    return { image: new Uint8Array(), lines: [], symbols: [], diagnostics };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function build(folder: string, file: string, source: string, options: GnuOptions): Promise<GnuBuild> {
  const at = (name: string): string => path.join(folder, name);
  const wide = /^\s*\.code64\b/m.test(source) && !/^\s*\.code(16|32)/m.test(source);
  const defines = Object.entries(options.defines).flatMap(([name, value]) => ['--defsym', `${name}=${value || '1'}`]);
  const includes = options.includePaths.flatMap((include) => ['-I', include]);
  let input = file;
  if (/^\s*#\s*(include|define|if|ifdef|ifndef)\b/m.test(source)) {
    const macros = Object.entries(options.defines).map(([name, value]) => `-D${name}=${value}`);
    await run('cpp', ['-x', 'assembler-with-cpp', ...includes, ...macros, file, '-o', (input = at('source.s'))]);
  }
  const assembled = await run('as', [
    wide ? '--64' : '--32',
    '-g',
    ...includes,
    '-I',
    path.dirname(file),
    ...defines,
    '-o',
    at('object.o'),
    input,
  ]);
  const machine = wide ? 'elf_x86_64' : 'elf_i386';
  const origin = `0x${options.origin.toString(16)}`;
  await run('ld', ['-m', machine, '-N', '-e', origin, '-Ttext', origin, '-o', at('linked'), at('object.o')]);
  await run('objcopy', ['-O', 'binary', at('linked'), at('image')]);
  const big = { maxBuffer: 1 << 28 };
  const [lines, symbols] = await Promise.all([
    run('objdump', ['--dwarf=decodedline', at('linked')], big),
    run('nm', ['-n', at('linked')], big),
  ]);
  return {
    image: new Uint8Array(await readFile(at('image'))),
    lines: lineTable(lines.stdout, file),
    symbols: symbolList(symbols.stdout),
    diagnostics: messages(assembled.stderr, file),
  };
}

/** `boot.s:3: Error: message` */
function messages(text: string, file: string): Diagnostic[] {
  return [...text.matchAll(/^(.+?):(\d+)(?::\d+)?: (?:fatal )?(error|warning): (.*)$/gim)].map(
    ([, name, line, severity, message]) => ({
      severity: severity!.toLowerCase() === 'error' ? 'error' : 'warning',
      message: message!,
      file: path.basename(name!) === path.basename(file) ? file : name!,
      line: Number(line),
      column: 1,
      endColumn: 2,
      macroStack: [],
    }),
  );
}

/** Rows of objdump: file, line or `-` at the end of a sequence, address. Long names stand on a line before. */
function lineTable(text: string, file: string): GnuLine[] {
  const out: GnuLine[] = [];
  const folder = path.dirname(file);
  for (const [, name, line, address] of text.matchAll(/^(\S.*?)\s+(\d+|-)\s+(0x[0-9a-f]+|0)\b/gm)) {
    const own = path.basename(name!) === path.basename(file);
    out.push({
      file: own ? file : path.join(folder, name!),
      line: line === '-' ? undefined : Number(line),
      address: Number(address),
    });
  }
  return out.sort((a, b) => a.address - b.address);
}

const symbolList = (text: string): GnuSymbol[] =>
  [...text.matchAll(/^([0-9a-f]+) ([a-zA-Z]) (\S+)$/gm)]
    .filter(([, , , name]) => !/^(__bss_start|_edata|_end)$/.test(name!))
    .map(([, address, type, name]) => ({
      name: name!,
      address: Number.parseInt(address!, 16),
      kind: /a/i.test(type!) ? 'constant' : /t/i.test(type!) ? 'code' : 'data',
    }));
