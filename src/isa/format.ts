// Disassembly text in NASM syntax. The text assembles (NASM 2.16, `bits` as decoded, `org` as `ip`) to an instruction of
// the same meaning; exceptions that NASM cannot express: RIP-relative numbers (`[rel 0x1234]`), 16-bit near branches in
// 64-bit code, and forms that the table marks 'decode'.
import { hex0x } from '../base/bits';
import { registerName } from './registers';
import type { FarOperand, ImmOperand, Insn, MemOperand, Operand, OperandPattern, RelOperand, Row } from './types';

export type TokenKind = 'prefix' | 'mnemonic' | 'register' | 'keyword' | 'number' | 'address' | 'punctuation';
export interface Token {
  kind: TokenKind;
  text: string;
  /** For 'address': the offset that the text stands for. */
  offset?: bigint;
}

export interface FormatOptions {
  /** Offset of the instruction's first byte within its code segment. */
  ip: number | bigint;
  /** A name for an offset: a branch target within CS ('code') or an absolute data offset ('data'). */
  symbolize?: (offset: bigint, use: 'code' | 'data') => string | undefined;
  /** The instruction's bytes, shown as `db` when they are invalid. */
  bytes?: Uint8Array;
}

const SIZE_WORDS: Readonly<Record<number, string>> = {
  1: 'byte',
  2: 'word',
  4: 'dword',
  8: 'qword',
  10: 'tword',
  16: 'oword',
  32: 'yword',
};
/** Memory patterns whose size NASM knows from the mnemonic. */
const UNSIZED = new Set<OperandPattern>(['m', 'm16:v', 'm16&z', 'mv2', 'm512', 'mmrm32']);
/** Forms whose operand NASM takes without its size only. */
const SIZELESS = new Set(['cmpsd_x', 'vmx']);
const BITWISE = new Set(['and', 'or', 'xor', 'test', 'not']);

const number = (value: number | bigint): string => (value < 10 ? String(value) : hex0x(value));
const signedNumber = (value: number): string => (value < 0 ? `-${number(-value)}` : number(value));

/** The operand size of the mode for this row, without prefixes. */
function defaultOpSize(row: Row, bits: number): number {
  if (bits !== 64) return bits / 8;
  return row.enc.includes('d64') || row.enc.includes('f64') ? 8 : 4;
}

const defaultAddrSize = (bits: number): number => bits / 8;

export function formatTokens(insn: Insn, options: FormatOptions): Token[] {
  const row = insn.row;
  if (row === undefined) return invalid(options);
  const tokens = prefixes(insn, row);
  tokens.push({ kind: 'mnemonic', text: row.mn });
  insn.operands.forEach((operand, at) => {
    tokens.push({ kind: 'punctuation', text: at === 0 ? ' ' : ', ' });
    formatOperand(tokens, insn, row, operand, at, options);
  });
  return tokens;
}

export const format = (insn: Insn, options: FormatOptions): string =>
  formatTokens(insn, options)
    .map((token) => token.text)
    .join('');

function invalid(options: FormatOptions): Token[] {
  if (!options.bytes?.length) return [{ kind: 'mnemonic', text: '(bad)' }];
  const bytes = [...options.bytes].map((byte) => hex0x(byte, 2)).join(', ');
  return [
    { kind: 'mnemonic', text: 'db' },
    { kind: 'number', text: ` ${bytes}` },
  ];
}

function repeatName(insn: Insn, row: Row): string {
  if (insn.rep === 0xf2) return row.rep === 'bnd' ? 'bnd' : 'repne';
  return row.rep === 'repcc' ? 'repe' : 'rep';
}

function prefixes(insn: Insn, row: Row): Token[] {
  const words: string[] = [];
  if (insn.lock) words.push('lock');
  if (insn.rep !== 0) words.push(repeatName(insn, row));
  const memory = insn.operands.some((operand) => operand.kind === 'mem');
  if (insn.segPrefix >= 0 && !memory) words.push(registerName('sreg', insn.segPrefix));
  if (row.usesAddrSize && insn.addrSize !== defaultAddrSize(insn.bits)) words.push(`a${insn.addrSize * 8}`);
  const sizeShown = insn.operands.some(
    (o) => (o.kind === 'rel' && o.size > 1) || (o.kind === 'imm' && row.mn === 'push'),
  );
  if (row.usesOpSize && !sizeShown && insn.opSize !== defaultOpSize(row, insn.bits)) words.push(`o${insn.opSize * 8}`);
  return words.map((word) => ({ kind: 'prefix', text: `${word} ` }));
}

function formatOperand(
  tokens: Token[],
  insn: Insn,
  row: Row,
  operand: Operand,
  at: number,
  options: FormatOptions,
): void {
  switch (operand.kind) {
    case 'reg':
      tokens.push({ kind: 'register', text: registerName(operand.cls, operand.num) });
      return;
    case 'mem':
      formatMemory(tokens, insn, row, operand, at, options);
      return;
    case 'imm':
      tokens.push(...immediate(insn, row, operand));
      return;
    case 'rel':
      formatTarget(tokens, insn, row, operand, options);
      return;
    case 'far':
      formatFar(tokens, insn, operand);
  }
}

function immediate(insn: Insn, row: Row, operand: ImmOperand): Token[] {
  const text = { kind: 'number' as const, text: immediateText(insn, row, operand) };
  if (row.mn !== 'push' || insn.opSize === defaultOpSize(row, insn.bits)) return [text];
  return [{ kind: 'keyword', text: `${SIZE_WORDS[insn.opSize]!} ` }, text];
}

function immediateText(insn: Insn, row: Row, operand: ImmOperand): string {
  if (operand.value64 !== undefined) return number(operand.value64);
  const first = insn.operands[0]!;
  const width = first.kind === 'reg' || first.kind === 'mem' ? first.size : insn.opSize;
  const signExtended = row.ops.includes('imm8s') || (width === 8 && operand.size === 4);
  if (!signExtended) return number(operand.size === 4 ? operand.value >>> 0 : operand.value);
  if (width < 8 && BITWISE.has(row.mn)) return number(width === 2 ? operand.value & 0xffff : operand.value >>> 0);
  return signedNumber(operand.value);
}

const toBig = (value: number | bigint): bigint => BigInt(value);

function formatTarget(tokens: Token[], insn: Insn, row: Row, operand: RelOperand, options: FormatOptions): void {
  const target = BigInt.asUintN(insn.opSize * 8, toBig(options.ip) + BigInt(insn.len + operand.rel));
  if (insn.opSize !== defaultOpSize(row, insn.bits)) {
    const near = row.cc === undefined ? '' : 'near ';
    const direct = row.sem === 'jmp' || row.sem === 'jcc';
    const text = operand.size > 1 ? `${near}${SIZE_WORDS[insn.opSize]!} ` : direct ? 'short ' : '';
    if (text) tokens.push({ kind: 'keyword', text });
  }
  tokens.push({ kind: 'address', text: options.symbolize?.(target, 'code') ?? number(target), offset: target });
}

function formatFar(tokens: Token[], insn: Insn, operand: FarOperand): void {
  if (operand.size !== insn.bits / 8) tokens.push({ kind: 'keyword', text: `${SIZE_WORDS[operand.size]!} ` });
  tokens.push({ kind: 'number', text: hex0x(operand.selector) });
  tokens.push({ kind: 'punctuation', text: ':' });
  tokens.push({ kind: 'number', text: hex0x(operand.offset) });
}

/** The size keyword in front of a memory operand, where no register gives the size. */
function sizeWord(insn: Insn, row: Row, operand: MemOperand, at: number): string {
  const pattern = row.ops[at]!;
  if (pattern === 'm16:v' && (row.sem === 'jmp_far' || row.sem === 'call_far')) {
    return insn.opSize === insn.bits / 8 ? 'far ' : `${SIZE_WORDS[insn.opSize]!} far `;
  }
  // NASM takes CMPSD with a size for the string instruction
  if (UNSIZED.has(pattern) || operand.size === 0 || SIZELESS.has(row.sem)) return '';
  const given = insn.operands.some((o, i) => o.kind === 'reg' && row.ops[i] !== 'cl' && o.size === operand.size);
  return given ? '' : `${SIZE_WORDS[operand.size]!} `;
}

const ADDRESS_CLASS = { 2: 'r16', 4: 'r32', 8: 'r64' } as const;

function formatMemory(
  tokens: Token[],
  insn: Insn,
  row: Row,
  operand: MemOperand,
  at: number,
  options: FormatOptions,
): void {
  const punctuation = (text: string): void => void tokens.push({ kind: 'punctuation', text });
  const size = sizeWord(insn, row, operand, at);
  if (size) tokens.push({ kind: 'keyword', text: size });
  punctuation('[');
  const absolute = operand.base < 0 && operand.index < 0;
  if (absolute && operand.addrSize !== defaultAddrSize(insn.bits)) {
    tokens.push({ kind: 'keyword', text: `a${operand.addrSize * 8} ` });
  } else if (operand.dispSize === 8) {
    tokens.push({ kind: 'keyword', text: 'qword ' });
  }
  if (operand.ripRelative) tokens.push({ kind: 'keyword', text: 'rel ' });
  if (operand.base < 0 && operand.index >= 0 && operand.addrSize > 2 && operand.scale <= 2 && !operand.vector) {
    tokens.push({ kind: 'keyword', text: 'nosplit ' });
  }
  if (operand.segOverride) {
    tokens.push({ kind: 'register', text: registerName('sreg', operand.seg) });
    punctuation(':');
  }
  if (absolute) {
    const offset = absoluteOffset(insn, operand, options);
    tokens.push({ kind: 'address', text: options.symbolize?.(offset, 'data') ?? number(offset), offset });
  } else {
    formatEffectiveAddress(tokens, operand);
  }
  punctuation(']');
}

function absoluteOffset(insn: Insn, operand: MemOperand, options: FormatOptions): bigint {
  const value = operand.disp64 ?? BigInt(operand.disp);
  const origin = operand.ripRelative ? toBig(options.ip) + BigInt(insn.len) : 0n;
  return BigInt.asUintN(operand.addrSize * 8, origin + value);
}

function formatEffectiveAddress(tokens: Token[], operand: MemOperand): void {
  const cls = ADDRESS_CLASS[operand.addrSize];
  if (operand.base >= 0) tokens.push({ kind: 'register', text: registerName(cls, operand.base) });
  if (operand.index >= 0) {
    if (operand.base >= 0) tokens.push({ kind: 'punctuation', text: '+' });
    tokens.push({ kind: 'register', text: registerName(operand.vector ?? cls, operand.index) });
    const scaled = operand.scale > 1 || (operand.base < 0 && operand.addrSize > 2);
    if (scaled) tokens.push({ kind: 'punctuation', text: `*${operand.scale}` });
  }
  if (operand.dispSize === 0 || operand.disp === 0) return;
  // Large displacements are addresses of tables; only 64-bit ones are truly signed.
  const asAddress = operand.disp < -0x1000 && operand.dispSize > 1 && operand.addrSize < 8;
  const negative = operand.disp < 0 && !asAddress;
  const magnitude = negative ? -operand.disp : operand.addrSize === 2 ? operand.disp & 0xffff : operand.disp >>> 0;
  tokens.push({ kind: 'punctuation', text: negative ? '-' : '+' });
  tokens.push({ kind: 'number', text: number(magnitude) });
}
