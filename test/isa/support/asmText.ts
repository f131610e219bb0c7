// Writes an assembler request as NASM source, so that one description serves both assemblers.
import type { AsmMem, AsmOperand, AsmRequest } from '../../../src/isa/encodeTypes';
import { REGISTER_NAMES } from '../../../src/isa/registers';

const SIZES: Readonly<Record<number, string>> = {
  1: 'byte',
  2: 'word',
  4: 'dword',
  8: 'qword',
  10: 'tword',
  16: 'oword',
  32: 'yword',
};
const SEGMENTS = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'];

function memory(mem: AsmMem): string {
  const names = REGISTER_NAMES[mem.regSize === 2 ? 'r16' : mem.regSize === 8 ? 'r64' : 'r32'];
  const indexNames = mem.vector ? REGISTER_NAMES[mem.vector] : names;
  const words = [
    mem.dispSize ? SIZES[mem.dispSize] : '',
    mem.addrSize ? `a${mem.addrSize * 8}` : '',
    mem.rel === true ? 'rel' : mem.rel === false ? 'abs' : '',
    mem.nosplit ? 'nosplit' : '',
  ].filter(Boolean);
  const terms: string[] = [];
  if (mem.base >= 0) terms.push(names[mem.base]!);
  if (mem.index >= 0)
    terms.push(mem.scale > 1 || mem.base < 0 ? `${indexNames[mem.index]!}*${mem.scale}` : indexNames[mem.index]!);
  let sum = terms.join('+');
  if (mem.hasDisp) sum += mem.disp < 0n ? `-0x${(-mem.disp).toString(16)}` : `${sum && '+'}0x${mem.disp.toString(16)}`;
  const seg = mem.seg === undefined ? '' : `${SEGMENTS[mem.seg]!}:`;
  return `[${words.map((word) => `${word!} `).join('')}${seg}${sum}]`;
}

export function operandText(operand: AsmOperand): string {
  const size =
    'size' in operand && SIZES[operand.size ?? 0] && operand.kind !== 'reg' ? `${SIZES[operand.size!]!} ` : '';
  const far = operand.far ? 'far ' : '';
  switch (operand.kind) {
    case 'reg':
      return REGISTER_NAMES[operand.cls][operand.num]!;
    case 'mem':
      return `${operand.strict ? 'strict ' : ''}${size}${far}${memory(operand)}`;
    case 'imm':
      return `${operand.strict ? 'strict ' : ''}${operand.jump ? `${operand.jump} ` : ''}${size}${operand.value}`;
    case 'far':
      return `${size}${operand.selector}:${operand.offset}`;
  }
}

export const requestText = (request: AsmRequest): string =>
  `${[...request.prefixes, request.mnemonic].join(' ')} ${request.operands.map(operandText).join(', ')}`.trim();
