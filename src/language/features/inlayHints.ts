// Inlay hints: address, bytes, stack depth and jump distance of lines, each switched by a setting.
import { keyword } from '../../asm/token/keywords';
import type { SourceMapEntry } from '../../asm/sourceMap';
import { parseNumber } from '../../asm/text/numbers';
import { lookupRegister } from '../../isa/registers';
import type { Position } from '../position';
import type { Analysis } from '../project/analysis';
import type { Project } from '../project/project';
import type { FileSyntax, SyntaxLine } from '../syntax/types';
import { hex, hexBytes, plural } from '../text';

export interface InlayHint {
  position: Position;
  text: string;
  tooltip: string;
  kind: 'address' | 'bytes' | 'stackDepth' | 'jumpDistance';
}

/** Bytes shown on a line. */
const MOST_BYTES = 8;

export function inlayHints(project: Project, path: string, first: number, last: number): InlayHint[] {
  const wanted = project.settings.inlayHints;
  const syntax = project.syntax(path);
  const analysis = project.analysis(path);
  if (!syntax || !analysis) return [];
  const hints: InlayHint[] = [];
  const depths = wanted.stackDepth ? stackDepths(syntax, analysis, path) : undefined;
  for (const line of syntax.lines) {
    if (line.line < first || line.line > last || line.inMacro !== undefined) continue;
    const entries = analysis.ownEntries(path, line.line);
    const entry = entries[0];
    const end = { line: line.line, character: codeEnd(syntax, line) };
    if (wanted.address && entry) hints.push(addressHint(line, entry));
    if (wanted.bytes && entry) hints.push(bytesHint(end, entries, analysis));
    const distance = wanted.jumpDistance && entry ? jumpDistance(line, entries, analysis) : undefined;
    if (distance) hints.push({ position: end, kind: 'jumpDistance', ...distance });
    const depth = depths?.get(line.line);
    if (depth !== undefined) hints.push({ position: end, kind: 'stackDepth', ...depthText(depth) });
  }
  return hints;
}

/** Where the code of a line ends, before its comment. */
function codeEnd({ texts }: FileSyntax, { tokens, line }: SyntaxLine): number {
  const last = tokens.at(-1);
  return last && last.at?.line === line + 1 ? last.endColumn - 1 : (texts[line]?.length ?? 0);
}

const addressHint = ({ line }: SyntaxLine, { address, section }: SourceMapEntry): InlayHint => ({
  position: { line, character: 0 },
  text: `${hex(BigInt.asUintN(64, BigInt(address)), 4).slice(2)} `,
  tooltip: `Address in section ${section}`,
  kind: 'address',
});

function bytesHint(position: Position, entries: readonly SourceMapEntry[], analysis: Analysis): InlayHint {
  const bytes = entries.flatMap((entry) => [...analysis.bytesOf(entry)]);
  const length = entries.reduce((sum, entry) => sum + entry.length, 0);
  return {
    position,
    text: bytes.length > 0 ? ` ${hexBytes(Uint8Array.from(bytes), MOST_BYTES)}` : ` ${plural(length, 'byte')} reserved`,
    tooltip: plural(length, 'byte'),
    kind: 'bytes',
  };
}

const isJump = (mnemonic: string): boolean => /^(j[a-z]+|call|loop\w*)$/.test(mnemonic);

function jumpDistance(
  line: SyntaxLine,
  entries: readonly SourceMapEntry[],
  analysis: Analysis,
): { text: string; tooltip: string } | undefined {
  const head = line.head?.text.toLowerCase();
  const entry = entries.at(-1)!;
  const name = line.operands[0]?.filter(({ kind }) => kind === 'id' && !isHint(kind)).at(-1);
  if (!head || !isJump(head) || !name || line.operands.length > 1 || entries.length !== 1) return undefined;
  if (line.operands[0]!.some((token) => token.is('[') || token.is(':')) || lookupRegister(name.text)) return undefined;
  const text = name.text.startsWith('$') ? name.text.slice(1) : name.text;
  const key = text.startsWith('.') && !text.startsWith('..') ? `${line.scope}${text}` : text;
  const symbol = analysis.symbol(key);
  if (!symbol || symbol.kind !== 'label') return undefined;
  const end = BigInt(entry.address + entry.length);
  const distance = symbol.value - BigInt(entry.address);
  const reach = symbol.value - end;
  if (distance === 0n)
    return { text: ' ↻', tooltip: `Jumps to itself; displacement ${reach}, in ${plural(entry.length, 'byte')}` };
  const arrow = distance < 0n ? '↑' : '↓';
  return {
    text: ` ${arrow} ${distance < 0n ? '−' : '+'}${distance < 0n ? -distance : distance}`,
    tooltip:
      `${plural(Number(distance < 0n ? -distance : distance), 'byte')} ${distance < 0n ? 'back' : 'ahead'} to ${hex(symbol.value)}; ` +
      `displacement ${reach}, in ${plural(entry.length, 'byte')}`,
  };
}

const isHint = (kind: string): boolean => kind === 'op';

const depthText = (depth: number): { text: string; tooltip: string } => ({
  text: ` stack ${depth < 0 ? '−' : ''}${Math.abs(depth)}`,
  tooltip:
    depth < 0
      ? `${plural(-depth, 'byte')} more taken off the stack than put on it since the label above`
      : `${plural(depth, 'byte')} on the stack since the label above`,
});

/** Bytes on the stack after each line that moves it, counted straight on from the last label that is not local. */
function stackDepths(syntax: FileSyntax, analysis: Analysis, path: string): Map<number, number> {
  const depths = new Map<number, number>();
  let depth = 0;
  let scope: string | undefined;
  for (const line of syntax.lines) {
    if (line.inMacro !== undefined || line.kind === 'preprocessor') continue;
    if (line.scope !== scope) depth = 0;
    scope = line.scope;
    if (line.kind !== 'instruction' || !line.head) continue;
    const bits = analysis.ownEntries(path, line.line)[0]?.bits;
    const change = bits && stackChange(line, bits / 8);
    if (!change) continue;
    depth += change;
    depths.set(line.line, depth);
  }
  return depths;
}

function stackChange({ head, operands }: SyntaxLine, word: number): number {
  const name = head!.text.toLowerCase();
  const size = (): number => operandSize(operands[0] ?? []) ?? word;
  if (name === 'push') return pushSize(size(), word);
  if (name === 'pop') return -pushSize(size(), word);
  const known: Readonly<Record<string, number>> = {
    pusha: 8 * word,
    pushaw: 16,
    pushad: 32,
    pushf: word,
    pushfw: 2,
    pushfd: 4,
    pushfq: 8,
    popa: -8 * word,
    popaw: -16,
    popad: -32,
    popf: -word,
    popfw: -2,
    popfd: -4,
    popfq: -8,
  };
  if (known[name] !== undefined) return known[name];
  const isPointer = operands[0]?.length === 1 && /^[er]?sp$/i.test(operands[0][0]!.text);
  const amount = operands[1]?.length === 1 ? parseNumber(operands[1][0]!.text)?.value : undefined;
  if (!isPointer || amount === undefined) return 0;
  return name === 'sub' ? Number(amount) : name === 'add' ? -Number(amount) : 0;
}

/** Segment registers and immediates take a whole word of the mode. */
const pushSize = (size: number, word: number): number => (size < 2 ? word : size);

function operandSize(operand: readonly { text: string }[]): number | undefined {
  for (const { text } of operand) {
    const register = lookupRegister(text);
    if (register && operand.length === 1) return register.cls === 'sreg' ? undefined : register.size;
    const known = keyword(text);
    if (known?.type === 'size') return { byte: 1, word: 2, dword: 4, qword: 8 }[known.name as string];
  }
  return undefined;
}
