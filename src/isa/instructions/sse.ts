// SSE, SSE2 and SSE3 on single and double precision numbers (Intel SDM vol. 2; vol. 1, "Programming with Intel Streaming SIMD
// Extensions" and its successors): moves, arithmetic, comparisons, conversions.
import type { Row } from '../types';
import { type Facts, row } from './row';
import { each, wide } from './vectorRows';

const SSE = { cpu: 'sse' };
const SSE2 = { cpu: 'sse2' };
const SSE3 = { cpu: 'sse3' };
const COMPARE: Facts['flags'] = { w: 'zpc', c: 'osa' };

/** The packed and scalar forms of an arithmetic operation: PS, PD, SS, SD. */
const arithmetic = (name: string, opcode: string): Row[] => [
  row(`${name}ps`, 'xmm, xmmrm128', `np 0f ${opcode} /r`, SSE),
  row(`${name}pd`, 'xmm, xmmrm128', `p66 0f ${opcode} /r`, SSE2),
  row(`${name}ss`, 'xmm, xmmrm32', `pf3 0f ${opcode} /r`, SSE),
  row(`${name}sd`, 'xmm, xmmrm64', `pf2 0f ${opcode} /r`, SSE2),
];
const single = (name: string, opcode: string): Row[] => arithmetic(name, opcode).filter((_, i) => i % 2 === 0);
const packed = (name: string, opcode: string): Row[] => arithmetic(name, opcode).slice(0, 2);

const PREDICATES = ['eq', 'lt', 'le', 'unord', 'neq', 'nlt', 'nle', 'ord'];
const compare = (suffix: string, source: string, prefix: string, facts: Facts): Row[] => [
  row(`cmp${suffix}`, `xmm, ${source}, imm8u`, `${prefix} 0f c2 /r ib`, facts),
  ...PREDICATES.map((predicate, at) =>
    row(`cmp${predicate}${suffix}`, `xmm, ${source}`, `${prefix} 0f c2 /r =0${at}`, { ...facts, only: 'asm' }),
  ),
];

/** Both directions of a move. */
const move = (mn: string, register: string, prefix: string, opcodes: [string, string], facts: Facts): Row[] => [
  row(mn, `xmm, ${register}`, `${prefix} 0f ${opcodes[0]} /r`, facts),
  row(mn, `${register}, xmm`, `${prefix} 0f ${opcodes[1]} /r`, facts),
];

export const SSE_ROWS: readonly Row[] = [
  ...move('movups', 'xmmrm128', 'np', ['10', '11'], SSE),
  ...move('movupd', 'xmmrm128', 'p66', ['10', '11'], { ...SSE2, sem: 'movups' }),
  ...move('movss', 'xmmrm32', 'pf3', ['10', '11'], SSE),
  ...move('movsd', 'xmmrm64', 'pf2', ['10', '11'], { ...SSE2, sem: 'movsd_x' }),
  ...move('movaps', 'xmmrm128', 'np', ['28', '29'], SSE),
  ...move('movapd', 'xmmrm128', 'p66', ['28', '29'], { ...SSE2, sem: 'movaps' }),
  ...move('movlps', 'm64', 'np', ['12', '13'], { ...SSE, sem: 'movlow' }),
  ...move('movlpd', 'm64', 'p66', ['12', '13'], { ...SSE2, sem: 'movlow' }),
  ...move('movhps', 'm64', 'np', ['16', '17'], { ...SSE, sem: 'movhigh' }),
  ...move('movhpd', 'm64', 'p66', ['16', '17'], { ...SSE2, sem: 'movhigh' }),
  row('movhlps', 'xmm, rmxmm', 'np 0f 12 /r', SSE),
  row('movlhps', 'xmm, rmxmm', 'np 0f 16 /r', SSE),
  row('movsldup', 'xmm, xmmrm128', 'pf3 0f 12 /r', SSE3),
  row('movshdup', 'xmm, xmmrm128', 'pf3 0f 16 /r', SSE3),
  row('movddup', 'xmm, xmmrm64', 'pf2 0f 12 /r', SSE3),
  row('lddqu', 'xmm, m128', 'pf2 0f f0 /r', { ...SSE3, sem: 'movups' }),
  row('movntps', 'm128, xmm', 'np 0f 2b /r', { ...SSE, sem: 'movaps' }),
  row('movntpd', 'm128, xmm', 'p66 0f 2b /r', { ...SSE2, sem: 'movaps' }),
  ...wide('movmskps', 'r32, rmxmm', 'np', '0f 50 /r', SSE),
  ...wide('movmskpd', 'r32, rmxmm', 'p66', '0f 50 /r', SSE2),

  ...each('unpcklp 14, unpckhp 15', (mn, opcode) => [
    row(`${mn}s`, 'xmm, xmmrm128', `np 0f ${opcode} /r`, SSE),
    row(`${mn}d`, 'xmm, xmmrm128', `p66 0f ${opcode} /r`, SSE2),
  ]),
  row('shufps', 'xmm, xmmrm128, imm8u', 'np 0f c6 /r ib', SSE),
  row('shufpd', 'xmm, xmmrm128, imm8u', 'p66 0f c6 /r ib', SSE2),
  ...each('and 54, andn 55, or 56, xor 57', (name, opcode) =>
    packed(name, opcode).map((entry) => ({ ...entry, sem: `p${name}` })),
  ),
  ...each('sqrt 51, add 58, mul 59, sub 5c, min 5d, div 5e, max 5f', arithmetic),
  ...each('rsqrt 52, rcp 53', single),
  row('ucomiss', 'xmm, xmmrm32', 'np 0f 2e /r', { ...SSE, flags: COMPARE }),
  row('ucomisd', 'xmm, xmmrm64', 'p66 0f 2e /r', { ...SSE2, flags: COMPARE }),
  row('comiss', 'xmm, xmmrm32', 'np 0f 2f /r', { ...SSE, flags: COMPARE }),
  row('comisd', 'xmm, xmmrm64', 'p66 0f 2f /r', { ...SSE2, flags: COMPARE }),
  ...compare('ps', 'xmmrm128', 'np', { ...SSE, sem: 'cmpps' }),
  ...compare('pd', 'xmmrm128', 'p66', { ...SSE2, sem: 'cmppd' }),
  ...compare('ss', 'xmmrm32', 'pf3', { ...SSE, sem: 'cmpss' }),
  ...compare('sd', 'xmmrm64', 'pf2', { ...SSE2, sem: 'cmpsd_x' }),
  row('haddpd', 'xmm, xmmrm128', 'p66 0f 7c /r', SSE3),
  row('haddps', 'xmm, xmmrm128', 'pf2 0f 7c /r', SSE3),
  row('hsubpd', 'xmm, xmmrm128', 'p66 0f 7d /r', SSE3),
  row('hsubps', 'xmm, xmmrm128', 'pf2 0f 7d /r', SSE3),
  row('addsubpd', 'xmm, xmmrm128', 'p66 0f d0 /r', SSE3),
  row('addsubps', 'xmm, xmmrm128', 'pf2 0f d0 /r', SSE3),

  row('cvtpi2ps', 'xmm, mmrm', 'np 0f 2a /r', SSE),
  row('cvtpi2pd', 'xmm, mmrm', 'p66 0f 2a /r', SSE2),
  ...wide('cvtsi2ss', 'xmm, rm32', 'pf3', '0f 2a /r', SSE),
  ...wide('cvtsi2sd', 'xmm, rm32', 'pf2', '0f 2a /r', SSE2),
  ...(['t', ''] as const).flatMap((truncate, at) => {
    const opcode = `0f ${at === 0 ? '2c' : '2d'} /r`;
    return [
      row(`cvt${truncate}ps2pi`, 'mm, xmmrm64', `np ${opcode}`, SSE),
      row(`cvt${truncate}pd2pi`, 'mm, xmmrm128', `p66 ${opcode}`, SSE2),
      ...wide(`cvt${truncate}ss2si`, 'r32, xmmrm32', 'pf3', opcode, SSE),
      ...wide(`cvt${truncate}sd2si`, 'r32, xmmrm64', 'pf2', opcode, SSE2),
    ];
  }),
  row('cvtps2pd', 'xmm, xmmrm64', 'np 0f 5a /r', SSE2),
  row('cvtpd2ps', 'xmm, xmmrm128', 'p66 0f 5a /r', SSE2),
  row('cvtss2sd', 'xmm, xmmrm32', 'pf3 0f 5a /r', SSE2),
  row('cvtsd2ss', 'xmm, xmmrm64', 'pf2 0f 5a /r', SSE2),
  row('cvtdq2ps', 'xmm, xmmrm128', 'np 0f 5b /r', SSE2),
  row('cvtps2dq', 'xmm, xmmrm128', 'p66 0f 5b /r', SSE2),
  row('cvttps2dq', 'xmm, xmmrm128', 'pf3 0f 5b /r', SSE2),
  row('cvttpd2dq', 'xmm, xmmrm128', 'p66 0f e6 /r', SSE2),
  row('cvtdq2pd', 'xmm, xmmrm64', 'pf3 0f e6 /r', SSE2),
  row('cvtpd2dq', 'xmm, xmmrm128', 'pf2 0f e6 /r', SSE2),
];

const KINDS: Readonly<Record<string, string>> = {
  ps: 'packed single precision numbers',
  pd: 'packed double precision numbers',
  ss: 'the lowest single precision numbers',
  sd: 'the lowest double precision numbers',
};
const forKinds = (stem: string, text: string, kinds = Object.keys(KINDS)): Record<string, string> =>
  Object.fromEntries(kinds.map((kind) => [stem + kind, text.replace('*', KINDS[kind]!)]));
const PREDICATE_TEXT = [
  'equal',
  'less than',
  'less than or equal to',
  'unordered with',
  'not equal to',
  'not less than',
  'not less than or equal to',
  'ordered with',
];

export const SSE_DOCS: Readonly<Record<string, string>> = {
  ...forKinds('add', 'Adds *.'),
  ...forKinds('sub', 'Subtracts *.'),
  ...forKinds('mul', 'Multiplies *.'),
  ...forKinds('div', 'Divides *.'),
  ...forKinds('sqrt', 'Square roots of *.'),
  ...forKinds('min', 'Minimum of *; the source where one is a NaN or both are zero.'),
  ...forKinds('max', 'Maximum of *; the source where one is a NaN or both are zero.'),
  ...forKinds('rcp', 'Approximate reciprocals of *.', ['ps', 'ss']),
  ...forKinds('rsqrt', 'Approximate reciprocals of the square roots of *.', ['ps', 'ss']),
  ...forKinds('cmp', 'Compares * by the predicate in the immediate: all ones where it holds.'),
  ...Object.assign(
    {},
    ...PREDICATES.map((predicate, at) =>
      forKinds(`cmp${predicate}`, `Compares *: all ones where the destination is ${PREDICATE_TEXT[at]!} the source.`),
    ),
  ),
  ...forKinds('and', 'Bitwise AND of *.', ['ps', 'pd']),
  ...forKinds('andn', 'Bitwise AND of * of the source and the inverted destination.', ['ps', 'pd']),
  ...forKinds('or', 'Bitwise OR of *.', ['ps', 'pd']),
  ...forKinds('xor', 'Bitwise exclusive OR of *.', ['ps', 'pd']),
  ...forKinds('hadd', 'Adds neighbouring *.', ['ps', 'pd']),
  ...forKinds('hsub', 'Subtracts neighbouring *.', ['ps', 'pd']),
  ...forKinds('addsub', 'Subtracts the even and adds the odd *.', ['ps', 'pd']),
  ...forKinds('unpckl', 'Interleaves the low halves of *.', ['ps', 'pd']),
  ...forKinds('unpckh', 'Interleaves the high halves of *.', ['ps', 'pd']),
  ...forKinds('shuf', 'Selects * of destination and source as the immediate says.', ['ps', 'pd']),
  ...forKinds('movmsk', 'Gathers the signs of *.', ['ps', 'pd']),
  ...forKinds('movnt', 'Stores *, bypassing the caches.', ['ps', 'pd']),
  ...forKinds('movu', 'Copies * without regard to alignment.', ['ps', 'pd']),
  ...forKinds('mova', 'Copies *, aligned in memory.', ['ps', 'pd']),
  ...forKinds('movl', 'Copies the low half of * from or to memory.', ['ps', 'pd']),
  ...forKinds('movh', 'Copies the high half of * from or to memory.', ['ps', 'pd']),
  ...forKinds('comi', 'Compares * and sets ZF, PF and CF.', ['ss', 'sd']),
  ...forKinds('ucomi', 'Compares * and sets ZF, PF and CF; a quiet NaN is no invalid operation.', ['ss', 'sd']),
  movss: 'Copies a single precision number; from memory the rest of the register is cleared.',
  movhlps: 'Copies the high quadword of the source to the low one of the destination.',
  movlhps: 'Copies the low quadword of the source to the high one of the destination.',
  movsldup: 'Duplicates the even single precision numbers.',
  movshdup: 'Duplicates the odd single precision numbers.',
  movddup: 'Duplicates the low double precision number.',
  lddqu: 'Loads 16 bytes that need not be aligned.',
  cvtpi2ps: 'Converts two doublewords to single precision.',
  cvtpi2pd: 'Converts two doublewords to double precision.',
  cvtsi2ss: 'Converts an integer to single precision.',
  cvtsi2sd: 'Converts an integer to double precision.',
  cvtps2pi: 'Converts two single precision numbers to doublewords.',
  cvtpd2pi: 'Converts two double precision numbers to doublewords.',
  cvtss2si: 'Converts a single precision number to an integer.',
  cvtsd2si: 'Converts a double precision number to an integer.',
  cvttps2pi: 'Converts two single precision numbers to doublewords, truncating.',
  cvttpd2pi: 'Converts two double precision numbers to doublewords, truncating.',
  cvttss2si: 'Converts a single precision number to an integer, truncating.',
  cvttsd2si: 'Converts a double precision number to an integer, truncating.',
  cvtps2pd: 'Converts two single precision numbers to double precision.',
  cvtpd2ps: 'Converts two double precision numbers to single precision.',
  cvtss2sd: 'Converts a single precision number to double precision.',
  cvtsd2ss: 'Converts a double precision number to single precision.',
  cvtdq2ps: 'Converts four doublewords to single precision.',
  cvtdq2pd: 'Converts two doublewords to double precision.',
  cvtps2dq: 'Converts four single precision numbers to doublewords.',
  cvttps2dq: 'Converts four single precision numbers to doublewords, truncating.',
  cvtpd2dq: 'Converts two double precision numbers to doublewords.',
  cvttpd2dq: 'Converts two double precision numbers to doublewords, truncating.',
};
