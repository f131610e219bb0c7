// MMX, and the operations on packed integers that SSE and SSE2 added for MMX and XMM registers (Intel SDM vol. 2; vol. 1,
// "Programming with Intel MMX Technology").
import type { Row } from '../types';
import { row } from './row';
import { each, packed, wide, wideUnnamed } from './vectorRows';

const MMX = { cpu: 'mmx' };
const SSE = { cpu: 'sse' };
const SSE2 = { cpu: 'sse2' };

/** NASM takes MOVD for MOVQ, of MMX registers only. */
const WIDE_MOVD = { ...MMX, sem: 'movd', modes: 'only64', only: 'asm' } as const;

/** Shift by an immediate: opcode, ModRM.reg. */
const shift = (mn: string, opcode: string, digit: number): Row[] => [
  row(mn, 'rmmm, imm8u', `np 0f ${opcode} /${digit} ib`, MMX),
  row(mn, 'rmxmm, imm8u', `p66 0f ${opcode} /${digit} ib`, SSE2),
];

export const MMX_ROWS: readonly Row[] = [
  ...each('punpcklbw 60, punpcklwd 61, punpckldq 62', (mn, opcode) => [
    // the processor reads 32 bits; NASM wants a quadword
    row(mn, 'mm, mmrm32', `np 0f ${opcode} /r`, { ...MMX, only: 'decode' }),
    row(mn, 'mm, mmrm', `np 0f ${opcode} /r`, { ...MMX, only: 'asm' }),
    row(mn, 'xmm, xmmrm128', `p66 0f ${opcode} /r`, SSE2),
  ]),
  ...each(
    'packsswb 63, pcmpgtb 64, pcmpgtw 65, pcmpgtd 66, packuswb 67, punpckhbw 68, punpckhwd 69, punpckhdq 6a, packssdw 6b,' +
      'pcmpeqb 74, pcmpeqw 75, pcmpeqd 76, psrlw d1, psrld d2, psrlq d3, pmullw d5, psubusb d8, psubusw d9, pand db,' +
      'paddusb dc, paddusw dd, pandn df, psraw e1, psrad e2, pmulhw e5, psubsb e8, psubsw e9, por eb, paddsb ec, paddsw ed,' +
      'pxor ef, psllw f1, pslld f2, psllq f3, pmaddwd f5, psubb f8, psubw f9, psubd fa, paddb fc, paddw fd, paddd fe',
    (mn, opcode) => packed(mn, opcode),
  ),
  ...each('pminub da, pmaxub de, pavgb e0, pavgw e3, pmulhuw e4, pminsw ea, pmaxsw ee, psadbw f6', (mn, opcode) =>
    packed(mn, opcode, 'sse'),
  ),
  ...each('paddq d4, pmuludq f4, psubq fb', (mn, opcode) => packed(mn, opcode, 'sse2')),
  row('punpcklqdq', 'xmm, xmmrm128', 'p66 0f 6c /r', SSE2),
  row('punpckhqdq', 'xmm, xmmrm128', 'p66 0f 6d /r', SSE2),
  ...shift('psrlw', '71', 2),
  ...shift('psraw', '71', 4),
  ...shift('psllw', '71', 6),
  ...shift('psrld', '72', 2),
  ...shift('psrad', '72', 4),
  ...shift('pslld', '72', 6),
  ...shift('psrlq', '73', 2),
  ...shift('psllq', '73', 6),
  row('psrldq', 'rmxmm, imm8u', 'p66 0f 73 /3 ib', SSE2),
  row('pslldq', 'rmxmm, imm8u', 'p66 0f 73 /7 ib', SSE2),

  row('movq', 'mm, mmrm', 'np 0f 6f /r', { ...MMX, sem: 'movd' }),
  row('movq', 'mmrm, mm', 'np 0f 7f /r', { ...MMX, sem: 'movd' }),
  row('movq', 'xmm, xmmrm64', 'pf3 0f 7e /r', { ...SSE2, sem: 'movd' }),
  row('movq', 'xmmrm64, xmm', 'p66 0f d6 /r', { ...SSE2, sem: 'movd' }),
  ...wide('movd', 'mm, rm32', 'np', '0f 6e /r', { ...MMX, sem: 'movd' }, 'movq'),
  ...wide('movd', 'rm32, mm', 'np', '0f 7e /r', { ...MMX, sem: 'movd' }, 'movq'),
  row('movd', 'mm, rm64', 'np o64 0f 6e /r', WIDE_MOVD),
  row('movd', 'rm64, mm', 'np o64 0f 7e /r', WIDE_MOVD),
  ...wide('movd', 'xmm, rm32', 'p66', '0f 6e /r', { ...SSE2, sem: 'movd' }, 'movq'),
  ...wide('movd', 'rm32, xmm', 'p66', '0f 7e /r', { ...SSE2, sem: 'movd' }, 'movq'),
  row('movdqa', 'xmm, xmmrm128', 'p66 0f 6f /r', { ...SSE2, sem: 'movaps' }),
  row('movdqa', 'xmmrm128, xmm', 'p66 0f 7f /r', { ...SSE2, sem: 'movaps' }),
  row('movdqu', 'xmm, xmmrm128', 'pf3 0f 6f /r', { ...SSE2, sem: 'movups' }),
  row('movdqu', 'xmmrm128, xmm', 'pf3 0f 7f /r', { ...SSE2, sem: 'movups' }),
  row('movdq2q', 'mm, rmxmm', 'pf2 0f d6 /r', { ...SSE2, sem: 'movd' }),
  row('movq2dq', 'xmm, rmmm', 'pf3 0f d6 /r', { ...SSE2, sem: 'movd' }),
  row('movntq', 'm64, mm', 'np 0f e7 /r', { ...SSE, sem: 'movd' }),
  row('movntdq', 'm128, xmm', 'p66 0f e7 /r', { ...SSE2, sem: 'movaps' }),
  row('maskmovq', 'mm, rmmm', 'np 0f f7 /r', { ...SSE, usesAddrSize: true }),
  row('maskmovdqu', 'xmm, rmxmm', 'p66 0f f7 /r', { ...SSE2, usesAddrSize: true }),
  row('emms', '', 'np 0f 77', MMX),

  row('pshufw', 'mm, mmrm, imm8u', 'np 0f 70 /r ib', SSE),
  row('pshufd', 'xmm, xmmrm128, imm8u', 'p66 0f 70 /r ib', SSE2),
  row('pshufhw', 'xmm, xmmrm128, imm8u', 'pf3 0f 70 /r ib', SSE2),
  row('pshuflw', 'xmm, xmmrm128, imm8u', 'pf2 0f 70 /r ib', SSE2),
  ...wideUnnamed('pinsrw', 'mm, r32/m16, imm8u', 'np', '0f c4 /r ib', SSE),
  ...wide('pinsrw', 'xmm, r32/m16, imm8u', 'p66', '0f c4 /r ib', SSE2),
  row('pinsrw', 'mm, rmr16, imm8u', 'np 0f c4 /r ib', { ...SSE, only: 'asm' }),
  row('pinsrw', 'xmm, rmr16, imm8u', 'p66 0f c4 /r ib', { ...SSE2, only: 'asm' }),
  ...wideUnnamed('pextrw', 'r32, rmmm, imm8u', 'np', '0f c5 /r ib', SSE),
  ...wide('pextrw', 'r32, rmxmm, imm8u', 'p66', '0f c5 /r ib', SSE2),
  ...wideUnnamed('pmovmskb', 'r32, rmmm', 'np', '0f d7 /r', SSE),
  ...wideUnnamed('pmovmskb', 'r32, rmxmm', 'p66', '0f d7 /r', SSE2),
];

const ELEMENTS: Readonly<Record<string, string>> = { b: 'bytes', w: 'words', d: 'doublewords', q: 'quadwords' };
const families = (stem: string, letters: string, text: string): Record<string, string> =>
  Object.fromEntries([...letters].map((letter) => [stem + letter, text.replace('*', ELEMENTS[letter]!)]));

export const MMX_DOCS: Readonly<Record<string, string>> = {
  ...families('padd', 'bwdq', 'Adds packed *.'),
  ...families('padds', 'bw', 'Adds packed signed * with saturation.'),
  ...families('paddus', 'bw', 'Adds packed unsigned * with saturation.'),
  ...families('psub', 'bwdq', 'Subtracts packed *.'),
  ...families('psubs', 'bw', 'Subtracts packed signed * with saturation.'),
  ...families('psubus', 'bw', 'Subtracts packed unsigned * with saturation.'),
  ...families('pcmpeq', 'bwd', 'Compares packed *: all ones where they are equal.'),
  ...families('pcmpgt', 'bwd', 'Compares packed signed *: all ones where the destination is greater.'),
  ...families('psrl', 'wdq', 'Shifts packed * right, filling with zeros.'),
  ...families('psra', 'wd', 'Shifts packed * right, filling with the sign.'),
  ...families('psll', 'wdq', 'Shifts packed * left.'),
  ...families('pavg', 'bw', 'Averages packed unsigned *, rounded up.'),
  psrldq: 'Shifts the register right by bytes.',
  pslldq: 'Shifts the register left by bytes.',
  punpcklbw: 'Interleaves the low bytes of both operands.',
  punpcklwd: 'Interleaves the low words of both operands.',
  punpckldq: 'Interleaves the low doublewords of both operands.',
  punpcklqdq: 'Joins the low quadwords of both operands.',
  punpckhbw: 'Interleaves the high bytes of both operands.',
  punpckhwd: 'Interleaves the high words of both operands.',
  punpckhdq: 'Interleaves the high doublewords of both operands.',
  punpckhqdq: 'Joins the high quadwords of both operands.',
  packsswb: 'Packs signed words into signed bytes with saturation.',
  packssdw: 'Packs signed doublewords into signed words with saturation.',
  packuswb: 'Packs signed words into unsigned bytes with saturation.',
  pmullw: 'Multiplies packed words and keeps the low halves of the products.',
  pmulhw: 'Multiplies packed signed words and keeps the high halves of the products.',
  pmulhuw: 'Multiplies packed unsigned words and keeps the high halves of the products.',
  pmuludq: 'Multiplies the even unsigned doublewords into quadwords.',
  pmaddwd: 'Multiplies packed signed words and adds neighbouring products.',
  psadbw: 'Sums the absolute differences of unsigned bytes.',
  pand: 'Bitwise AND.',
  pandn: 'Bitwise AND of the source and the inverted destination.',
  por: 'Bitwise OR.',
  pxor: 'Bitwise exclusive OR.',
  pminub: 'Minimum of packed unsigned bytes.',
  pmaxub: 'Maximum of packed unsigned bytes.',
  pminsw: 'Minimum of packed signed words.',
  pmaxsw: 'Maximum of packed signed words.',
  movd: 'Copies a doubleword between a general register or memory and the low end of an MMX or XMM register.',
  movq: 'Copies a quadword to or from an MMX or XMM register.',
  movdqa: 'Copies 16 aligned bytes.',
  movdqu: 'Copies 16 bytes that need not be aligned.',
  movdq2q: 'Copies the low quadword of an XMM register to an MMX register.',
  movq2dq: 'Copies an MMX register to the low quadword of an XMM register and clears the high one.',
  movntq: 'Stores an MMX register, bypassing the caches.',
  movntdq: 'Stores an XMM register, bypassing the caches.',
  maskmovq: 'Stores the bytes of an MMX register that a mask selects at DS:EDI.',
  maskmovdqu: 'Stores the bytes of an XMM register that a mask selects at DS:EDI.',
  emms: 'Leaves MMX: marks all x87 registers as empty.',
  pshufw: 'Arranges the words of the source as the immediate says.',
  pshufd: 'Arranges the doublewords of the source as the immediate says.',
  pshufhw: 'Arranges the high words of the source as the immediate says and copies the low quadword.',
  pshuflw: 'Arranges the low words of the source as the immediate says and copies the high quadword.',
  pinsrw: 'Replaces one word of the destination.',
  pextrw: 'Copies one word of the source, zero-extended.',
  pmovmskb: 'Gathers the top bits of all bytes.',
};
