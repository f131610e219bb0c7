// Hover of numbers and strings: the value in every base, as characters, and what lies at that address.
import type { AsmSymbol } from '../../asm/types';
import type { Analysis } from '../project/analysis';
import { binary, hex, hexBytes } from '../text';

const printable = (code: number): string => (code >= 32 && code < 127 ? String.fromCharCode(code) : '·');

/** Bytes from the lowest, as many as the value has. */
const bytesOf = (value: bigint): number[] => {
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.push(Number(rest & 0xffn));
  return bytes.length > 0 ? bytes : [0];
};

/** The label at an address, or the nearest one before it whose bytes reach that far. */
function symbolAt(value: bigint, analysis: Analysis | undefined): string | undefined {
  let best: AsmSymbol | undefined;
  for (const symbol of analysis?.result.symbols ?? []) {
    if (symbol.kind !== 'label' || symbol.value > value) continue;
    const covers = symbol.value === value || value < symbol.value + BigInt(symbol.size ?? 0);
    if (covers && (!best || symbol.value > best.value)) best = symbol;
  }
  if (!best) return undefined;
  return best.value === value ? best.name : `${best.name} + ${value - best.value}`;
}

export function numberHover(value: bigint, analysis: Analysis | undefined): string {
  const unsigned = BigInt.asUintN(64, value);
  const rows: [string, string][] = [
    ['hex', hex(unsigned)],
    ['decimal', unsigned.toString()],
    ['binary', `0b${binary(unsigned)}`],
  ];
  const bits = unsigned > 0xffffffffn ? 64 : unsigned > 0xffffn ? 32 : unsigned > 0xffn ? 16 : 8;
  const signed = BigInt.asIntN(bits, unsigned);
  if (signed < 0n) rows.push([`signed, ${bits} bits`, signed.toString()]);
  const characters = bytesOf(unsigned).map(printable).join('');
  if (/[^·]/.test(characters)) rows.push(['ASCII', `'${characters}'`]);
  const label = symbolAt(unsigned, analysis);
  if (label && unsigned > 0n) rows.push(['address of', label]);
  if (unsigned > 0xfffn && unsigned <= 0x10ffefn) {
    const segment = unsigned >> 4n > 0xffffn ? 0xffffn : unsigned >> 4n;
    rows.push(['segment:offset', `${hex(segment, 4)}:${hex(unsigned - (segment << 4n), 4)}`]);
  }
  return rows.map(([name, text]) => `${name}: \`${text}\``).join('  \n');
}

export function stringHover(quoted: string): string {
  const text = quoted.slice(1, -1);
  const bytes = new TextEncoder().encode(text);
  const value =
    bytes.length > 0 && bytes.length <= 8
      ? bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
      : undefined;
  const lines = [`${bytes.length} bytes: \`${hexBytes(bytes, 32)}\``];
  if (quoted[0] === '`') return 'A string with escapes in the manner of C.';
  if (value !== undefined) lines.push(`as a number: \`${hex(value)}\``);
  return lines.join('  \n');
}
