// `ringside disasm`: address, bytes and text of a flat binary, one instruction a line.

import { readFileSync } from 'node:fs';
import { flatDisassembly } from '../debugger/code/flatDisassembly';
import { parseNumber } from '../debugger/expression/lexer';
import { parseOptions, UsageError, type ParsedOptions } from './options';

function numberOption({ values }: ParsedOptions, name: string, fallback: number): number {
  const text = values.get(name)?.[0];
  if (text === undefined) return fallback;
  const value = parseNumber(text);
  if (value === undefined || value > 0xffffffffn)
    throw new UsageError(`${name} must be a number such as 0x7c00, not ${text}`);
  return Number(value);
}

const BYTES_SHOWN = 8;

export function disasmCommand(argv: readonly string[]): number {
  const options = parseOptions(argv, {
    '--bits': { value: true },
    '--org': { value: true },
    '--offset': { value: true },
    '--count': { value: true },
  });
  if (options.positionals.length !== 1) throw new UsageError('name one file');
  const bits = numberOption(options, '--bits', 16);
  if (bits !== 16 && bits !== 32 && bits !== 64) throw new UsageError(`--bits must be 16, 32 or 64, not ${bits}`);
  const bytes = new Uint8Array(readFileSync(options.positionals[0]!));
  const offset = numberOption(options, '--offset', 0);
  if (offset > bytes.length)
    throw new UsageError(`--offset ${offset} is beyond the end of the file (${bytes.length} bytes)`);
  let left = numberOption(options, '--count', Infinity);
  const lines: string[] = [];
  for (const line of flatDisassembly(bytes, bits, numberOption(options, '--org', 0), offset)) {
    if (left-- <= 0) break;
    const hex = [...line.bytes].map((b) => b.toString(16).padStart(2, '0').toUpperCase());
    const address = line.address.toString(16).toUpperCase().padStart(8, '0');
    lines.push(
      `${address}  ${hex
        .slice(0, BYTES_SHOWN)
        .join('')
        .padEnd(BYTES_SHOWN * 2)}  ${line.text}`,
    );
    if (hex.length > BYTES_SHOWN) lines.push(`${' '.repeat(9)}-${hex.slice(BYTES_SHOWN).join('')}`);
  }
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  return 0;
}
