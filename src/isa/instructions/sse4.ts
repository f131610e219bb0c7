// SSSE3, SSE4.1 and SSE4.2, AES-NI, PCLMULQDQ and the SHA extensions (Intel SDM vol. 2).
import type { Row } from '../types';
import { type Facts, row } from './row';
import { each, packed, wide, wideUnnamed } from './vectorRows';

const SSE41 = { cpu: 'sse4.1' };
const SSE42 = { cpu: 'sse4.2' };
const STRING: Facts = { cpu: 'sse4.2', flags: { w: 'oszc', c: 'ap' } };
const AES = { cpu: 'aes' };
const SHA = { cpu: 'sha' };

/** 66 0F 38 with an XMM source. */
const op38 = (mn: string, opcode: string, facts: Facts = SSE41): Row =>
  row(mn, 'xmm, xmmrm128', `p66 0f 38 ${opcode} /r`, facts);
const op3a = (mn: string, opcode: string, source = 'xmmrm128', facts: Facts = SSE41): Row =>
  row(mn, `xmm, ${source}, imm8u`, `p66 0f 3a ${opcode} /r ib`, facts);

/** With XMM0 as an implicit third operand that may be left out. */
const byXmm0 = (mn: string, enc: string, facts: Facts): Row[] => [
  row(mn, 'xmm, xmmrm128, xmm0', enc, facts),
  row(mn, 'xmm, xmmrm128', enc, { ...facts, only: 'asm' }),
];

const EXTENSIONS: readonly [string, string][] = [
  ['bw', 'xmmrm64'],
  ['bd', 'xmmrm32'],
  ['bq', 'xmmrm16'],
  ['wd', 'xmmrm64'],
  ['wq', 'xmmrm32'],
  ['dq', 'xmmrm64'],
];

export const SSE4_ROWS: readonly Row[] = [
  ...each(
    'pshufb 00, phaddw 01, phaddd 02, phaddsw 03, pmaddubsw 04, phsubw 05, phsubd 06, phsubsw 07, psignb 08, psignw 09,' +
      'psignd 0a, pmulhrsw 0b, pabsb 1c, pabsw 1d, pabsd 1e',
    (mn, opcode) => packed(mn, `38 ${opcode}`, 'ssse3', 'ssse3'),
  ),
  row('palignr', 'mm, mmrm, imm8u', 'np 0f 3a 0f /r ib', { cpu: 'ssse3' }),
  row('palignr', 'xmm, xmmrm128, imm8u', 'p66 0f 3a 0f /r ib', { cpu: 'ssse3' }),

  ...byXmm0('pblendvb', 'p66 0f 38 10 /r', SSE41),
  ...byXmm0('blendvps', 'p66 0f 38 14 /r', SSE41),
  ...byXmm0('blendvpd', 'p66 0f 38 15 /r', SSE41),
  op38('ptest', '17', { ...SSE41, flags: { w: 'zc', c: 'ospa' } }),
  ...EXTENSIONS.flatMap(([suffix, source], at) => [
    row(`pmovsx${suffix}`, `xmm, ${source}`, `p66 0f 38 2${at} /r`, SSE41),
    row(`pmovzx${suffix}`, `xmm, ${source}`, `p66 0f 38 3${at} /r`, SSE41),
  ]),
  row('movntdqa', 'xmm, m128', 'p66 0f 38 2a /r', { ...SSE41, sem: 'movaps' }),
  ...each(
    'pmuldq 28, pcmpeqq 29, packusdw 2b, pminsb 38, pminsd 39, pminuw 3a, pminud 3b, pmaxsb 3c, pmaxsd 3d, pmaxuw 3e,' +
      'pmaxud 3f, pmulld 40, phminposuw 41',
    (mn, opcode) => [op38(mn, opcode)],
  ),
  op38('pcmpgtq', '37', SSE42),
  op3a('roundps', '08'),
  op3a('roundpd', '09'),
  op3a('roundss', '0a', 'xmmrm32'),
  op3a('roundsd', '0b', 'xmmrm64'),
  op3a('blendps', '0c'),
  op3a('blendpd', '0d'),
  op3a('pblendw', '0e'),
  ...wideUnnamed('pextrb', 'r32/m8, xmm, imm8u', 'p66', '0f 3a 14 /r ib', SSE41),
  ...wideUnnamed('pextrw', 'r32/m16, xmm, imm8u', 'p66', '0f 3a 15 /r ib', SSE41),
  ...wide('pextrd', 'rm32, xmm, imm8u', 'p66', '0f 3a 16 /r ib', SSE41, 'pextrq'),
  ...wideUnnamed('extractps', 'r32/m32, xmm, imm8u', 'p66', '0f 3a 17 /r ib', SSE41),
  ...wideUnnamed('pinsrb', 'xmm, r32/m8, imm8u', 'p66', '0f 3a 20 /r ib', SSE41),
  row('pinsrb', 'xmm, rmr8, imm8u', 'p66 0f 3a 20 /r ib', { ...SSE41, only: 'asm' }),
  op3a('insertps', '21', 'xmmrm32'),
  ...wide('pinsrd', 'xmm, rm32, imm8u', 'p66', '0f 3a 22 /r ib', SSE41, 'pinsrq'),
  op3a('dpps', '40'),
  op3a('dppd', '41'),
  op3a('mpsadbw', '42'),
  // with REX.W the lengths are in RAX and RDX
  ...['pcmpestrm', 'pcmpestri'].flatMap((mn, at): Row[] => [
    row(mn, 'xmm, xmmrm128, imm8u', `p66 o16 o32 0f 3a 6${at} /r ib`, STRING),
    row(mn, 'xmm, xmmrm128, imm8u', `p66 o64 0f 3a 6${at} /r ib`, {
      ...STRING,
      sem: `${mn}64`,
      modes: 'only64',
      only: 'decode',
    }),
  ]),
  ...['pcmpistrm', 'pcmpistri'].map((mn, at) => op3a(mn, `6${at + 2}`, 'xmmrm128', STRING)),

  ...each('aesimc db, aesenc dc, aesenclast dd, aesdec de, aesdeclast df', (mn, opcode) => [op38(mn, opcode, AES)]),
  op3a('aeskeygenassist', 'df', 'xmmrm128', AES),
  op3a('pclmulqdq', '44', 'xmmrm128', { cpu: 'pclmulqdq' }),
  ...['lqlq', 'hqlq', 'lqhq', 'hqhq'].map((halves, at) =>
    row(`pclmul${halves}dq`, 'xmm, xmmrm128', `p66 0f 3a 44 /r =${['00', '01', '10', '11'][at]}`, {
      cpu: 'pclmulqdq',
      sem: 'pclmulqdq',
      only: 'asm',
    }),
  ),
  ...each('sha1nexte c8, sha1msg1 c9, sha1msg2 ca, sha256msg1 cc, sha256msg2 cd', (mn, opcode) => [
    row(mn, 'xmm, xmmrm128', `np 0f 38 ${opcode} /r`, SHA),
  ]),
  ...byXmm0('sha256rnds2', 'np 0f 38 cb /r', SHA),
  row('sha1rnds4', 'xmm, xmmrm128, imm8u', 'np 0f 3a cc /r ib', SHA),
];

const ELEMENTS: Readonly<Record<string, string>> = { b: 'bytes', w: 'words', d: 'doublewords', q: 'quadwords' };
const families = (stem: string, letters: string, text: string): Record<string, string> =>
  Object.fromEntries([...letters].map((letter) => [stem + letter, text.replace('*', ELEMENTS[letter]!)]));

export const SSE4_DOCS: Readonly<Record<string, string>> = {
  ...families('phadd', 'wd', 'Adds neighbouring *.'),
  ...families('phsub', 'wd', 'Subtracts neighbouring *.'),
  ...families('psign', 'bwd', 'Negates, clears or keeps packed * by the sign of the source.'),
  ...families('pabs', 'bwd', 'Absolute values of packed *.'),
  ...families('pmins', 'bd', 'Minimum of packed signed *.'),
  ...families('pminu', 'wd', 'Minimum of packed unsigned *.'),
  ...families('pmaxs', 'bd', 'Maximum of packed signed *.'),
  ...families('pmaxu', 'wd', 'Maximum of packed unsigned *.'),
  ...families('pextr', 'bdq', 'Copies one of the packed * to a general register or memory.'),
  ...families('pinsr', 'bdq', 'Replaces one of the packed *.'),
  ...Object.fromEntries(
    EXTENSIONS.flatMap(([suffix]) => {
      const words = `packed ${ELEMENTS[suffix[0]!]!} to ${ELEMENTS[suffix[1]!]!}`;
      return [
        [`pmovsx${suffix}`, `Sign-extends ${words}.`],
        [`pmovzx${suffix}`, `Zero-extends ${words}.`],
      ];
    }),
  ),
  pshufb: 'Arranges the bytes of the destination as the source says.',
  phaddsw: 'Adds neighbouring signed words with saturation.',
  phsubsw: 'Subtracts neighbouring signed words with saturation.',
  pmaddubsw: 'Multiplies unsigned by signed bytes and adds neighbouring products with saturation.',
  pmulhrsw: 'Multiplies packed signed words and keeps the high halves, rounded.',
  palignr: 'Joins destination and source and extracts from a byte offset on.',
  pblendvb: 'Takes the bytes of the source where the top bit of the byte in XMM0 is set.',
  blendvps: 'Takes the single precision numbers of the source where the sign in XMM0 is set.',
  blendvpd: 'Takes the double precision numbers of the source where the sign in XMM0 is set.',
  blendps: 'Takes the single precision numbers of the source that the immediate selects.',
  blendpd: 'Takes the double precision numbers of the source that the immediate selects.',
  pblendw: 'Takes the words of the source that the immediate selects.',
  ptest: 'Sets ZF when source AND destination is zero, CF when source AND NOT destination is zero.',
  movntdqa: 'Loads 16 aligned bytes, bypassing the caches.',
  pmuldq: 'Multiplies the even signed doublewords into quadwords.',
  pmulld: 'Multiplies packed doublewords and keeps the low halves of the products.',
  pcmpeqq: 'Compares packed quadwords: all ones where they are equal.',
  pcmpgtq: 'Compares packed signed quadwords: all ones where the destination is greater.',
  packusdw: 'Packs signed doublewords into unsigned words with saturation.',
  phminposuw: 'Finds the smallest unsigned word and its position.',
  roundps: 'Rounds packed single precision numbers to integers as the immediate says.',
  roundpd: 'Rounds packed double precision numbers to integers as the immediate says.',
  roundss: 'Rounds the lowest single precision number to an integer as the immediate says.',
  roundsd: 'Rounds the lowest double precision number to an integer as the immediate says.',
  extractps: 'Copies one single precision number to a general register or memory.',
  insertps: 'Inserts a single precision number and clears the ones that the immediate selects.',
  dpps: 'Dot product of packed single precision numbers.',
  dppd: 'Dot product of packed double precision numbers.',
  mpsadbw: 'Sums of absolute differences of four bytes of the source with eight groups of the destination.',
  pcmpestrm: 'Compares strings of explicit lengths (EAX, EDX); the mask of the result goes to XMM0.',
  pcmpestri: 'Compares strings of explicit lengths (EAX, EDX); the index of the result goes to ECX.',
  pcmpistrm: 'Compares strings that end with zero; the mask of the result goes to XMM0.',
  pcmpistri: 'Compares strings that end with zero; the index of the result goes to ECX.',
  aesenc: 'One round of AES encryption.',
  aesenclast: 'The last round of AES encryption.',
  aesdec: 'One round of AES decryption.',
  aesdeclast: 'The last round of AES decryption.',
  aesimc: 'Transforms a round key for decryption.',
  aeskeygenassist: 'Helps to generate AES round keys.',
  pclmulqdq: 'Multiplies two quadwords without carries.',
  pclmullqlqdq: 'Multiplies the low quadwords without carries.',
  pclmulhqlqdq: 'Multiplies the high quadword of the destination by the low one of the source without carries.',
  pclmullqhqdq: 'Multiplies the low quadword of the destination by the high one of the source without carries.',
  pclmulhqhqdq: 'Multiplies the high quadwords without carries.',
  sha1nexte: 'Next value of the SHA-1 state variable E.',
  sha1msg1: 'First step of the next SHA-1 message words.',
  sha1msg2: 'Last step of the next SHA-1 message words.',
  sha1rnds4: 'Four rounds of SHA-1.',
  sha256rnds2: 'Two rounds of SHA-256.',
  sha256msg1: 'First step of the next SHA-256 message words.',
  sha256msg2: 'Last step of the next SHA-256 message words.',
};
