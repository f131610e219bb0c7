// A memory dump as text, as the console's `x` command shows it.

import { hexLinear } from '../linear';
import type { DebugTarget } from '../target';
import type { ConsoleResult } from './result';

const PER_LINE: Readonly<Record<number, number>> = { 1: 16, 2: 8, 4: 4, 8: 2 };

export function dump(
  target: DebugTarget,
  space: 'linear' | 'physical',
  at: number,
  count: number,
  unit: number,
  format: 'x' | 'd' | 'c' | 's',
): ConsoleResult {
  const read = (from: number, length: number): Uint8Array =>
    space === 'linear' ? target.readLinear(from, length) : target.readPhysical(from, length);
  if (format === 's') return { ok: true, text: strings(read, at, count) };
  const bytes = read(at, count * unit);
  const lines: string[] = [];
  const perLine = PER_LINE[unit]!;
  for (let i = 0; i * unit + unit <= bytes.length; i += perLine) {
    const values: string[] = [];
    for (let n = i; n < Math.min(i + perLine, count) && n * unit + unit <= bytes.length; n++)
      values.push(valueText(bytes.subarray(n * unit, n * unit + unit), format));
    const start = hexLinear(at + i * unit);
    const text =
      unit === 1 && format === 'x' ? `  ${printable(bytes.subarray(i, i + Math.min(perLine, count - i)))}` : '';
    lines.push(`${start}  ${values.join(' ').padEnd(unit === 1 && count >= perLine ? 47 : 0)}${text}`);
  }
  if (bytes.length < count * unit)
    lines.push(`nothing is mapped at 0x${hexLinear(at + bytes.length).replace(/^0+(?=.)/, '')}`);
  return { ok: lines.length > 0, text: lines.join('\n') };
}

function valueText(bytes: Uint8Array, format: 'x' | 'd' | 'c'): string {
  const value = bytes.reduceRight((v, b) => (v << 8n) | BigInt(b), 0n);
  if (format === 'd') return BigInt.asIntN(bytes.length * 8, value).toString();
  if (format === 'c') return printable(bytes);
  return value.toString(16).padStart(bytes.length * 2, '0');
}

const printable = (bytes: Uint8Array): string =>
  [...bytes].map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')).join('');

/** Zero-terminated texts. */
function strings(read: (from: number, length: number) => Uint8Array, at: number, count: number): string {
  const lines: string[] = [];
  for (let i = 0, from = at; i < Math.min(count, 100); i++) {
    const bytes = read(from, 256);
    const end = bytes.indexOf(0);
    const text = bytes.subarray(0, end < 0 ? bytes.length : end);
    lines.push(`${hexLinear(from)}  ${JSON.stringify(String.fromCharCode(...text))}${end < 0 ? '…' : ''}`);
    if (bytes.length === 0) break;
    from += text.length + 1;
  }
  return lines.join('\n');
}
