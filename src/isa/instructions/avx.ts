// AVX and AVX2, F16C and FMA, and the VEX forms of AES and PCLMULQDQ (Intel SDM vol. 2). What they share with SSE has the
// description of the SSE form.
import type { Row } from '../types';
import { MMX_DOCS } from './mmx';
import type { Facts } from './row';
import { SSE_DOCS } from './sse';
import { SSE4_DOCS } from './sse4';
import { each } from './vectorRows';
import { both, byW, vex, type VexFacts } from './vexRows';

const AVX: VexFacts = { cpu: 'avx' };
const AVX2: VexFacts = { cpu: 'avx2' };
/** Integer operations: 128 bits with AVX, 256 with AVX2. */
const INT: VexFacts = { cpu: 'avx', cpu256: 'avx2' };
const ONLY128: VexFacts = { cpu: 'avx', cpu256: '-' };
const COMPARE: Facts['flags'] = { w: 'zpc', c: 'osa' };
const STRING: VexFacts = { cpu: 'avx', flags: { w: 'oszc', c: 'ap' } };
const TEST: Facts['flags'] = { w: 'zc', c: 'ospa' };

const two = 'xmm, xmmrm128';
const three = 'xmm, xmmvex, xmmrm128';

const packedFloat = (name: string, opcode: string): Row[] => [
  ...both(`v${name}ps`, three, `np 0f wig ${opcode} /r`, AVX),
  ...both(`v${name}pd`, three, `66 0f wig ${opcode} /r`, AVX),
];
const scalarFloat = (name: string, opcode: string): Row[] => [
  ...vex(`v${name}ss`, 'xmm, xmmvex, xmmrm32', 'lig', `f3 0f wig ${opcode} /r`, AVX),
  ...vex(`v${name}sd`, 'xmm, xmmvex, xmmrm64', 'lig', `f2 0f wig ${opcode} /r`, AVX),
];
const packed = (mn: string, opcode: string, map = '0f'): Row[] =>
  both(`v${mn}`, three, `66 ${map} wig ${opcode} /r`, INT);
const immediate = (mn: string, opcode: string, facts = INT): Row[] =>
  both(`v${mn}`, `${three}, imm8u`, `66 0f3a wig ${opcode} /r ib`, facts);

/** The predicates of VCMP by number, with NASM's other spellings. */
const PREDICATES = (
  'eq lt/lt_os le/le_os unord/unord_q neq/neq_uq nlt/nlt_us nle/nle_us ord/ord_q eq_uq nge/nge_us ngt/ngt_us ' +
  'false/false_oq neq_oq ge/ge_os gt/gt_os true/true_uq eq_os lt_oq le_oq unord_s neq_us nlt_uq nle_uq ord_s eq_us nge_uq ' +
  'ngt_uq false_os neq_os ge_oq gt_oq true_us'
)
  .split(' ')
  .map((names) => names.split('/'));

/** Another way to write a form. */
const spelling = (form: Row): Row => ({ ...form, only: 'asm' });

const hex2 = (n: number): string => n.toString(16).padStart(2, '0');

function compare(suffix: string, source: string, prefix: string): Row[] {
  const scalar = suffix[0] === 's';
  const make = (mn: string, tail: string, enc: string, facts: VexFacts): Row[] =>
    scalar
      ? vex(mn, `xmm, xmmvex, ${source}${tail}`, 'lig', enc, facts)
      : both(mn, `xmm, xmmvex, ${source}${tail}`, enc, facts);
  const enc = `${prefix} 0f wig c2 /r`;
  return [
    ...make(`vcmp${suffix}`, ', imm8u', `${enc} ib`, AVX),
    ...PREDICATES.flatMap((names, at) =>
      names.flatMap((name) => [
        ...make(`vcmp${name}${suffix}`, '', `${enc} =${hex2(at)}`, { ...AVX, sem: `vcmp${suffix}`, only: 'asm' }),
        ...make(`vcmp${name}${suffix}`, '', `${enc} =${hex2(at)} =v`, {
          ...AVX,
          sem: `vcmp${suffix}`,
          only: 'asm',
        }).map((form) => ({ ...form, ops: form.ops.filter((op) => !op.endsWith('vex')) })),
      ]),
    ),
  ];
}

/** Both directions of a move. */
const move = (mn: string, enc: string, [load, store]: [string, string], sem: string): Row[] => [
  ...both(mn, two, `${enc} wig ${load} /r`, { ...AVX, sem }),
  ...both(mn, 'xmmrm128, xmm', `${enc} wig ${store} /r`, { ...AVX, sem }),
];

const EXTENSIONS: readonly [string, string, string][] = [
  ['bw', 'xmmrm64', 'xmmrm128'],
  ['bd', 'xmmrm32', 'xmmrm64'],
  ['bq', 'xmmrm16', 'xmmrm32'],
  ['wd', 'xmmrm64', 'xmmrm128'],
  ['wq', 'xmmrm32', 'xmmrm64'],
  ['dq', 'xmmrm64', 'xmmrm128'],
];

/** Shift by a constant: opcode and ModRM.reg; the destination is in VEX.vvvv. */
const shift = (mn: string, opcode: string, digit: number): Row[] =>
  both(`v${mn}`, 'xmmvex, rmxmm, imm8u', `66 0f wig ${opcode} /${digit} ib`, INT);

/** Semantic names say the size of indices (d, q), of elements, and how many there are: `vgatherd4_8`. */
function gather(mn: string, opcode: string, w: string, [x128, x256, wide]: [string, string, string]): Row[] {
  const size = w === 'w0' ? 4 : 8;
  const indexSize = x128.startsWith('vm32') ? 'd' : 'q';
  const count = Math.min(16 / size, indexSize === 'd' ? 4 : 2);
  const enc = `66 0f38 ${w} ${opcode} /r`;
  const facts = (n: number): VexFacts => ({ ...AVX2, full: true, sem: `vgather${indexSize}${size}_${n}` });
  return [
    ...vex(mn, `xmm, ${x128}, xmmvex`, '128', enc, facts(count)),
    ...vex(mn, `${wide}, ${x256}, ${wide}vex`, '256', enc, facts(2 * count)),
  ];
}

/** Order of the operands, NASM's name with the factors exchanged, opcode. */
const FMA_ORDERS: readonly [string, string, number][] = [
  ['132', '312', 0x90],
  ['213', '123', 0xa0],
  ['231', '321', 0xb0],
];
const FMA: VexFacts = { cpu: 'fma', full: true };

const fused = (name: string, digit: number, scalar: boolean): Row[] =>
  FMA_ORDERS.flatMap(([usual, exchanged, base]) => {
    const opcode = (base + digit).toString(16);
    const single = `66 0f38 w0 ${opcode} /r`;
    const double = `66 0f38 w1 ${opcode} /r`;
    const forms = (order: string): Row[] =>
      scalar
        ? [
            ...vex(`v${name}${order}ss`, 'xmm, xmmvex, xmmrm32', 'lig', single, FMA),
            ...vex(`v${name}${order}sd`, 'xmm, xmmvex, xmmrm64', 'lig', double, FMA),
          ]
        : [...both(`v${name}${order}ps`, three, single, FMA), ...both(`v${name}${order}pd`, three, double, FMA)];
    const named = forms(usual);
    return [...named, ...forms(exchanged).map((form, at) => spelling({ ...form, sem: named[at]!.sem }))];
  });

const FUSED: readonly [string, number, string][] = [
  ['fmadd', 8, 'Multiplies and adds'],
  ['fmsub', 10, 'Multiplies and subtracts'],
  ['fnmadd', 12, 'Multiplies, negates and adds'],
  ['fnmsub', 14, 'Multiplies, negates and subtracts'],
];

export const AVX_ROWS: readonly Row[] = [
  ...each('add 58, mul 59, sub 5c, min 5d, div 5e, max 5f', (name, opcode) => [
    ...packedFloat(name, opcode),
    ...scalarFloat(name, opcode),
  ]),
  ...each('unpckl 14, unpckh 15', packedFloat),
  ...each('and 54, andn 55, or 56, xor 57', (name, opcode) =>
    packedFloat(name, opcode).map((form) => ({ ...form, sem: `vp${name}` })),
  ),
  ...both('vsqrtps', two, 'np 0f wig 51 /r', AVX),
  ...both('vsqrtpd', two, '66 0f wig 51 /r', AVX),
  ...scalarFloat('sqrt', '51'),
  ...each('rsqrt 52, rcp 53', (name, opcode) => [
    ...both(`v${name}ps`, two, `np 0f wig ${opcode} /r`, AVX),
    ...vex(`v${name}ss`, 'xmm, xmmvex, xmmrm32', 'lig', `f3 0f wig ${opcode} /r`, AVX),
  ]),
  ...both('vshufps', `${three}, imm8u`, 'np 0f wig c6 /r ib', AVX),
  ...both('vshufpd', `${three}, imm8u`, '66 0f wig c6 /r ib', AVX),
  ...compare('ps', 'xmmrm128', 'np'),
  ...compare('pd', 'xmmrm128', '66'),
  ...compare('ss', 'xmmrm32', 'f3'),
  ...compare('sd', 'xmmrm64', 'f2'),
  ...each('hadd 7c, hsub 7d, addsub d0', (name, opcode) => [
    ...both(`v${name}pd`, three, `66 0f wig ${opcode} /r`, AVX),
    ...both(`v${name}ps`, three, `f2 0f wig ${opcode} /r`, AVX),
  ]),
  ...each('blendps 0c, blendpd 0d, dpps 40', (mn, opcode) => immediate(mn, opcode, AVX)),
  ...immediate('dppd', '41', ONLY128),
  ...both('vroundps', `${two}, imm8u`, '66 0f3a wig 08 /r ib', AVX),
  ...both('vroundpd', `${two}, imm8u`, '66 0f3a wig 09 /r ib', AVX),
  ...vex('vroundss', 'xmm, xmmvex, xmmrm32, imm8u', 'lig', '66 0f3a wig 0a /r ib', AVX),
  ...vex('vroundsd', 'xmm, xmmvex, xmmrm64, imm8u', 'lig', '66 0f3a wig 0b /r ib', AVX),
  ...both('vblendvps', `${three}, xmmis4`, '66 0f3a w0 4a /r', AVX),
  ...both('vblendvpd', `${three}, xmmis4`, '66 0f3a w0 4b /r', AVX),
  ...both('vpblendvb', `${three}, xmmis4`, '66 0f3a w0 4c /r', INT),
  ...both('vpermilps', three, '66 0f38 w0 0c /r', AVX),
  ...both('vpermilpd', three, '66 0f38 w0 0d /r', AVX),
  ...both('vpermilps', `${two}, imm8u`, '66 0f3a w0 04 /r ib', { ...AVX, sem: 'vpermilps_i' }),
  ...both('vpermilpd', `${two}, imm8u`, '66 0f3a w0 05 /r ib', { ...AVX, sem: 'vpermilpd_i' }),
  ...vex('vperm2f128', 'ymm, ymmvex, ymmrm256, imm8u', '256', '66 0f3a w0 06 /r ib', { ...AVX, sem: 'vperm2x128' }),
  ...vex('vperm2i128', 'ymm, ymmvex, ymmrm256, imm8u', '256', '66 0f3a w0 46 /r ib', { ...AVX2, sem: 'vperm2x128' }),
  ...vex('vinsertf128', 'ymm, ymmvex, xmmrm128, imm8u', '256', '66 0f3a w0 18 /r ib', { ...AVX, sem: 'vinsertx128' }),
  ...vex('vinserti128', 'ymm, ymmvex, xmmrm128, imm8u', '256', '66 0f3a w0 38 /r ib', { ...AVX2, sem: 'vinsertx128' }),
  ...vex('vextractf128', 'xmmrm128, ymm, imm8u', '256', '66 0f3a w0 19 /r ib', { ...AVX, sem: 'vextractx128' }),
  ...vex('vextracti128', 'xmmrm128, ymm, imm8u', '256', '66 0f3a w0 39 /r ib', { ...AVX2, sem: 'vextractx128' }),
  ...both('vbroadcastss', 'xmm, m32', '66 0f38 w0 18 /r', { ...AVX, sem: 'vbroadcast32' }),
  ...both('vbroadcastss', 'xmm, rmxmm', '66 0f38 w0 18 /r', { ...AVX2, sem: 'vbroadcast32' }, 'ymm, rmxmm'),
  ...vex('vbroadcastsd', 'ymm, m64', '256', '66 0f38 w0 19 /r', { ...AVX, sem: 'vbroadcast64' }),
  ...vex('vbroadcastsd', 'ymm, rmxmm', '256', '66 0f38 w0 19 /r', { ...AVX2, sem: 'vbroadcast64' }),
  ...vex('vbroadcastf128', 'ymm, m128', '256', '66 0f38 w0 1a /r', { ...AVX, sem: 'vbroadcast128' }),
  ...vex('vbroadcasti128', 'ymm, m128', '256', '66 0f38 w0 5a /r', { ...AVX2, sem: 'vbroadcast128' }),
  ...both('vtestps', two, '66 0f38 w0 0e /r', { ...AVX, flags: TEST }),
  ...both('vtestpd', two, '66 0f38 w0 0f /r', { ...AVX, flags: TEST }),
  ...both('vptest', two, '66 0f38 wig 17 /r', { ...AVX, flags: TEST }),
  ...each('vmaskmovps 2c/2e w0, vmaskmovpd 2d/2f w0, vpmaskmovd 8c/8e w0, vpmaskmovq 8c/8e w1', (mn, rest) => {
    const [opcodes, w] = rest.split(' ');
    const [load, store] = opcodes!.split('/');
    const facts = mn[1] === 'p' ? AVX2 : AVX;
    const size = mn.endsWith('d') && mn[1] === 'p' ? 4 : mn.endsWith('s') ? 4 : 8;
    return [
      ...both(mn, 'xmm, xmmvex, m128', `66 0f38 ${w} ${load} /r`, { ...facts, full: true, sem: `vmaskload${size}` }),
      ...both(mn, 'm128, xmmvex, xmm', `66 0f38 ${w} ${store} /r`, { ...facts, full: true, sem: `vmaskstore${size}` }),
    ];
  }),

  ...move('vmovups', 'np 0f', ['10', '11'], 'vmovu'),
  ...move('vmovupd', '66 0f', ['10', '11'], 'vmovu'),
  ...move('vmovaps', 'np 0f', ['28', '29'], 'vmova'),
  ...move('vmovapd', '66 0f', ['28', '29'], 'vmova'),
  ...move('vmovdqa', '66 0f', ['6f', '7f'], 'vmova'),
  ...move('vmovdqu', 'f3 0f', ['6f', '7f'], 'vmovu'),
  ...both('vlddqu', 'xmm, m128', 'f2 0f wig f0 /r', { ...AVX, sem: 'vmovu' }),
  ...both('vmovntps', 'm128, xmm', 'np 0f wig 2b /r', { ...AVX, sem: 'vmova' }),
  ...both('vmovntpd', 'm128, xmm', '66 0f wig 2b /r', { ...AVX, sem: 'vmova' }),
  ...both('vmovntdq', 'm128, xmm', '66 0f wig e7 /r', { ...AVX, sem: 'vmova' }),
  ...both('vmovntdqa', 'xmm, m128', '66 0f38 wig 2a /r', { ...INT, sem: 'vmova' }),
  ...each('vmovss m32 f3, vmovsd m64 f2', (mn, rest) => {
    const [memory, prefix] = rest.split(' ');
    const sem = `${mn}_m`;
    return [
      ...vex(mn, `xmm, ${memory}`, 'lig', `${prefix} 0f wig 10 /r`, { ...AVX, sem }),
      ...vex(mn, `${memory}, xmm`, 'lig', `${prefix} 0f wig 11 /r`, { ...AVX, sem }),
      ...vex(mn, 'xmm, xmmvex, rmxmm', 'lig', `${prefix} 0f wig 10 /r`, AVX),
      ...vex(mn, 'rmxmm, xmmvex, xmm', 'lig', `${prefix} 0f wig 11 /r`, { ...AVX, only: 'decode' }),
    ];
  }),
  ...each('vmovlps np 12, vmovlpd 66 12, vmovhps np 16, vmovhpd 66 16', (mn, rest) => {
    const [prefix, opcode] = rest.split(' ');
    const store = (parseInt(opcode!, 16) + 1).toString(16);
    const sem = opcode === '12' ? 'vmovlow' : 'vmovhigh';
    return [
      ...vex(mn, 'xmm, xmmvex, m64', '128', `${prefix} 0f wig ${opcode} /r`, { ...AVX, sem }),
      ...vex(mn, 'm64, xmm', '128', `${prefix} 0f wig ${store} /r`, { ...AVX, sem: `${sem}_store` }),
    ];
  }),
  ...vex('vmovhlps', 'xmm, xmmvex, rmxmm', '128', 'np 0f wig 12 /r', AVX),
  ...vex('vmovlhps', 'xmm, xmmvex, rmxmm', '128', 'np 0f wig 16 /r', AVX),
  ...both('vmovsldup', two, 'f3 0f wig 12 /r', AVX),
  ...both('vmovshdup', two, 'f3 0f wig 16 /r', AVX),
  ...both('vmovddup', 'xmm, xmmrm64', 'f2 0f wig 12 /r', AVX, 'ymm, ymmrm256'),
  ...both('vmovmskps', 'r32, rmxmm', 'np 0f wig 50 /r', AVX),
  ...both('vmovmskpd', 'r32, rmxmm', '66 0f wig 50 /r', AVX),

  ...both('vcvtdq2ps', two, 'np 0f wig 5b /r', AVX),
  ...both('vcvtps2dq', two, '66 0f wig 5b /r', AVX),
  ...both('vcvttps2dq', two, 'f3 0f wig 5b /r', AVX),
  ...both('vcvtdq2pd', 'xmm, xmmrm64', 'f3 0f wig e6 /r', AVX, 'ymm, xmmrm128'),
  ...both('vcvtps2pd', 'xmm, xmmrm64', 'np 0f wig 5a /r', AVX, 'ymm, xmmrm128'),
  ...both('vcvttpd2dq', two, '66 0f wig e6 /r', AVX, 'xmm, ymmrm256'),
  ...both('vcvtpd2dq', two, 'f2 0f wig e6 /r', AVX, 'xmm, ymmrm256'),
  ...both('vcvtpd2ps', two, '66 0f wig 5a /r', AVX, 'xmm, ymmrm256'),
  ...vex('vcvtss2sd', 'xmm, xmmvex, xmmrm32', 'lig', 'f3 0f wig 5a /r', AVX),
  ...vex('vcvtsd2ss', 'xmm, xmmvex, xmmrm64', 'lig', 'f2 0f wig 5a /r', AVX),
  ...byW('vcvtsi2ss', 'xmm, xmmvex, rm32', 'lig', 'f3 0f w 2a /r', AVX),
  ...byW('vcvtsi2sd', 'xmm, xmmvex, rm32', 'lig', 'f2 0f w 2a /r', AVX),
  ...['t', ''].flatMap((truncate, at) => {
    const opcode = at === 0 ? '2c' : '2d';
    return [
      ...byW(`vcvt${truncate}ss2si`, 'r32, xmmrm32', 'lig', `f3 0f w ${opcode} /r`, AVX),
      ...byW(`vcvt${truncate}sd2si`, 'r32, xmmrm64', 'lig', `f2 0f w ${opcode} /r`, AVX),
    ];
  }),
  ...vex('vucomiss', 'xmm, xmmrm32', 'lig', 'np 0f wig 2e /r', { ...AVX, flags: COMPARE }),
  ...vex('vucomisd', 'xmm, xmmrm64', 'lig', '66 0f wig 2e /r', { ...AVX, flags: COMPARE }),
  ...vex('vcomiss', 'xmm, xmmrm32', 'lig', 'np 0f wig 2f /r', { ...AVX, flags: COMPARE }),
  ...vex('vcomisd', 'xmm, xmmrm64', 'lig', '66 0f wig 2f /r', { ...AVX, flags: COMPARE }),

  ...each(
    'punpcklbw 60, punpcklwd 61, punpckldq 62, packsswb 63, pcmpgtb 64, pcmpgtw 65, pcmpgtd 66, packuswb 67, punpckhbw 68,' +
      'punpckhwd 69, punpckhdq 6a, packssdw 6b, punpcklqdq 6c, punpckhqdq 6d, pcmpeqb 74, pcmpeqw 75, pcmpeqd 76,' +
      'paddq d4, pmullw d5, psubusb d8, psubusw d9, pminub da, pand db, paddusb dc, paddusw dd, pmaxub de, pandn df,' +
      'pavgb e0, pavgw e3, pmulhuw e4, pmulhw e5, psubsb e8, psubsw e9, pminsw ea, por eb, paddsb ec, paddsw ed, pmaxsw ee,' +
      'pxor ef, pmuludq f4, pmaddwd f5, psadbw f6, psubb f8, psubw f9, psubd fa, psubq fb, paddb fc, paddw fd, paddd fe',
    (mn, opcode) => packed(mn, opcode),
  ),
  ...each(
    'pshufb 00, phaddw 01, phaddd 02, phaddsw 03, pmaddubsw 04, phsubw 05, phsubd 06, phsubsw 07, psignb 08, psignw 09,' +
      'psignd 0a, pmulhrsw 0b, pmuldq 28, pcmpeqq 29, packusdw 2b, pcmpgtq 37, pminsb 38, pminsd 39, pminuw 3a, pminud 3b,' +
      'pmaxsb 3c, pmaxsd 3d, pmaxuw 3e, pmaxud 3f, pmulld 40',
    (mn, opcode) => packed(mn, opcode, '0f38'),
  ),
  ...each('pabsb 1c, pabsw 1d, pabsd 1e', (mn, opcode) => both(`v${mn}`, two, `66 0f38 wig ${opcode} /r`, INT)),
  ...vex('vphminposuw', two, '128', '66 0f38 wig 41 /r', AVX),
  ...EXTENSIONS.flatMap(([suffix, source, source256], at) => [
    ...both(`vpmovsx${suffix}`, `xmm, ${source}`, `66 0f38 wig 2${at} /r`, INT, `ymm, ${source256}`),
    ...both(`vpmovzx${suffix}`, `xmm, ${source}`, `66 0f38 wig 3${at} /r`, INT, `ymm, ${source256}`),
  ]),
  ...each('pblendw 0e, palignr 0f, mpsadbw 42', (mn, opcode) => immediate(mn, opcode)),
  ...both('vpblendd', `${three}, imm8u`, '66 0f3a w0 02 /r ib', AVX2),
  ...both('vpshufd', `${two}, imm8u`, '66 0f wig 70 /r ib', INT),
  ...both('vpshufhw', `${two}, imm8u`, 'f3 0f wig 70 /r ib', INT),
  ...both('vpshuflw', `${two}, imm8u`, 'f2 0f wig 70 /r ib', INT),
  ...each('psrlw d1, psrld d2, psrlq d3, psraw e1, psrad e2, psllw f1, pslld f2, psllq f3', (mn, opcode) =>
    both(`v${mn}`, three, `66 0f wig ${opcode} /r`, INT, 'ymm, ymmvex, xmmrm128'),
  ),
  ...shift('psrlw', '71', 2),
  ...shift('psraw', '71', 4),
  ...shift('psllw', '71', 6),
  ...shift('psrld', '72', 2),
  ...shift('psrad', '72', 4),
  ...shift('pslld', '72', 6),
  ...shift('psrlq', '73', 2),
  ...shift('psllq', '73', 6),
  ...shift('psrldq', '73', 3),
  ...shift('pslldq', '73', 7),
  ...vex('vmovq', 'xmm, xmmrm64', '128', 'f3 0f wig 7e /r', { ...AVX, sem: 'vmovq_x' }),
  ...vex('vmovq', 'xmmrm64, xmm', '128', '66 0f wig d6 /r', { ...AVX, sem: 'vmovq_x' }),
  ...byW('vmovd', 'xmm, rm32', '128', '66 0f w 6e /r', AVX, 'vmovq'),
  ...byW('vmovd', 'rm32, xmm', '128', '66 0f w 7e /r', AVX, 'vmovq'),
  ...vex('vpinsrb', 'xmm, xmmvex, r32/m8, imm8u', '128', '66 0f3a wig 20 /r ib', AVX),
  ...vex('vpinsrw', 'xmm, xmmvex, r32/m16, imm8u', '128', '66 0f wig c4 /r ib', AVX),
  ...vex('vpinsrb', 'xmm, xmmvex, rmr8, imm8u', '128', '66 0f3a wig 20 /r ib', AVX).map(spelling),
  ...vex('vpinsrw', 'xmm, xmmvex, rmr16, imm8u', '128', '66 0f wig c4 /r ib', AVX).map(spelling),
  ...byW('vpinsrd', 'xmm, xmmvex, rm32, imm8u', '128', '66 0f3a w 22 /r ib', AVX, 'vpinsrq'),
  ...vex('vpextrb', 'r32/m8, xmm, imm8u', '128', '66 0f3a wig 14 /r ib', AVX),
  // the extraction zeroes the whole register, so NASM takes its wide name as well
  ...vex('vpextrb', 'rmr64, xmm, imm8u', '128', '66 0f3a wig 14 /r ib', { ...AVX, modes: 'only64', only: 'asm' }),
  ...vex('vpextrw', 'r64, rmxmm, imm8u', '128', '66 0f wig c5 /r ib', { ...AVX, modes: 'only64', only: 'asm' }),
  ...vex('vpextrd', 'rmr64, xmm, imm8u', '128', '66 0f3a w0 16 /r ib', { ...AVX, modes: 'only64', only: 'asm' }),
  ...vex('vpextrw', 'r32, rmxmm, imm8u', '128', '66 0f wig c5 /r ib', AVX),
  ...vex('vpextrw', 'r32/m16, xmm, imm8u', '128', '66 0f3a wig 15 /r ib', AVX),
  ...byW('vpextrd', 'rm32, xmm, imm8u', '128', '66 0f3a w 16 /r ib', AVX, 'vpextrq'),
  ...vex('vextractps', 'r32/m32, xmm, imm8u', '128', '66 0f3a wig 17 /r ib', AVX),
  ...vex('vinsertps', 'xmm, xmmvex, xmmrm32, imm8u', '128', '66 0f3a wig 21 /r ib', AVX),
  ...both('vpmovmskb', 'r32, rmxmm', '66 0f wig d7 /r', INT),
  ...each('pcmpestrm 60, pcmpestri 61, pcmpistrm 62, pcmpistri 63', (mn, opcode) =>
    vex(`v${mn}`, `${two}, imm8u`, '128', `66 0f3a wig ${opcode} /r ib`, STRING),
  ),
  // with W1 the lengths are in RAX and RDX
  ...each('pcmpestrm 60, pcmpestri 61', (mn, opcode) =>
    vex(`v${mn}`, `${two}, imm8u`, '128', `66 0f3a w1 ${opcode} /r ib`, {
      ...STRING,
      sem: `v${mn}64`,
      modes: 'only64',
      only: 'decode',
    }),
  ),
  ...vex('vmaskmovdqu', 'xmm, rmxmm', '128', '66 0f wig f7 /r', { ...AVX, usesAddrSize: true }),
  ...vex('vldmxcsr', 'm32', 'lz', 'np 0f wig ae /2', { ...AVX, sem: 'vldmxcsr' }),
  ...vex('vstmxcsr', 'm32', 'lz', 'np 0f wig ae /3', { ...AVX, sem: 'vstmxcsr' }),
  ...vex('vzeroupper', '', '128', 'np 0f wig 77', AVX),
  ...vex('vzeroall', '', '256', 'np 0f wig 77', AVX),

  ...each('aesenc dc, aesenclast dd, aesdec de, aesdeclast df', (mn, opcode) =>
    both(`v${mn}`, three, `66 0f38 wig ${opcode} /r`, { cpu: 'aes+avx', cpu256: 'vaes+avx' }),
  ),
  ...vex('vaesimc', two, '128', '66 0f38 wig db /r', { cpu: 'aes+avx' }),
  ...vex('vaeskeygenassist', `${two}, imm8u`, '128', '66 0f3a wig df /r ib', { cpu: 'aes+avx' }),
  ...both('vpclmulqdq', `${three}, imm8u`, '66 0f3a wig 44 /r ib', {
    cpu: 'pclmulqdq+avx',
    cpu256: 'vpclmulqdq+avx',
  }),
  ...['lqlq', 'hqlq', 'lqhq', 'hqhq'].flatMap((halves, at) =>
    both(`vpclmul${halves}dq`, three, `66 0f3a wig 44 /r =${['00', '01', '10', '11'][at]}`, {
      cpu: 'pclmulqdq+avx',
      cpu256: 'vpclmulqdq+avx',
      sem: 'vpclmulqdq',
    }).map(spelling),
  ),

  ...each('pbroadcastb 78 8, pbroadcastw 79 16, pbroadcastd 58 32, pbroadcastq 59 64', (mn, rest) => {
    const [opcode, size] = rest.split(' ');
    const facts = { ...AVX2, sem: `vbroadcast${size}` };
    return both(`v${mn}`, `xmm, xmmrm${size}`, `66 0f38 w0 ${opcode} /r`, facts, `ymm, xmmrm${size}`);
  }),
  ...vex('vpermq', 'ymm, ymmrm256, imm8u', '256', '66 0f3a w1 00 /r ib', { ...AVX2, sem: 'vperm4x64' }),
  ...vex('vpermpd', 'ymm, ymmrm256, imm8u', '256', '66 0f3a w1 01 /r ib', { ...AVX2, sem: 'vperm4x64' }),
  ...vex('vpermd', 'ymm, ymmvex, ymmrm256', '256', '66 0f38 w0 36 /r', { ...AVX2, sem: 'vperm8x32' }),
  ...vex('vpermps', 'ymm, ymmvex, ymmrm256', '256', '66 0f38 w0 16 /r', { ...AVX2, sem: 'vperm8x32' }),
  ...both('vpsrlvd', three, '66 0f38 w0 45 /r', AVX2),
  ...both('vpsrlvq', three, '66 0f38 w1 45 /r', AVX2),
  ...both('vpsravd', three, '66 0f38 w0 46 /r', AVX2),
  ...both('vpsllvd', three, '66 0f38 w0 47 /r', AVX2),
  ...both('vpsllvq', three, '66 0f38 w1 47 /r', AVX2),
  ...gather('vpgatherdd', '90', 'w0', ['vm32x', 'vm32y', 'ymm']),
  ...gather('vpgatherdq', '90', 'w1', ['vm32x8', 'vm32x8', 'ymm']),
  ...gather('vpgatherqd', '91', 'w0', ['vm64x', 'vm64y', 'xmm']),
  ...gather('vpgatherqq', '91', 'w1', ['vm64x8', 'vm64y8', 'ymm']),
  ...gather('vgatherdps', '92', 'w0', ['vm32x', 'vm32y', 'ymm']),
  ...gather('vgatherdpd', '92', 'w1', ['vm32x8', 'vm32x8', 'ymm']),
  ...gather('vgatherqps', '93', 'w0', ['vm64x', 'vm64y', 'xmm']),
  ...gather('vgatherqpd', '93', 'w1', ['vm64x8', 'vm64y8', 'ymm']),

  ...both('vcvtph2ps', 'xmm, xmmrm64', '66 0f38 w0 13 /r', { cpu: 'f16c' }, 'ymm, xmmrm128'),
  ...both('vcvtps2ph', 'xmmrm64, xmm, imm8u', '66 0f3a w0 1d /r ib', { cpu: 'f16c' }, 'xmmrm128, ymm, imm8u'),

  ...fused('fmaddsub', 6, false),
  ...fused('fmsubadd', 7, false),
  ...FUSED.flatMap(([name, digit]) => [...fused(name, digit, false), ...fused(name, digit + 1, true)]),
];

const OWN_DOCS: Readonly<Record<string, string>> = {
  vpermilps: 'Arranges the single precision numbers within each half.',
  vpermilpd: 'Arranges the double precision numbers within each half.',
  vperm2f128: 'Selects two of the four halves of the sources, or zero.',
  vperm2i128: 'Selects two of the four halves of the sources, or zero.',
  vinsertf128: 'Replaces one half of a YMM register.',
  vinserti128: 'Replaces one half of a YMM register.',
  vextractf128: 'Copies one half of a YMM register.',
  vextracti128: 'Copies one half of a YMM register.',
  vbroadcastss: 'Copies a single precision number to all places.',
  vbroadcastsd: 'Copies a double precision number to all places.',
  vbroadcastf128: 'Copies 16 bytes of memory to both halves.',
  vbroadcasti128: 'Copies 16 bytes of memory to both halves.',
  vpbroadcastb: 'Copies a byte to all places.',
  vpbroadcastw: 'Copies a word to all places.',
  vpbroadcastd: 'Copies a doubleword to all places.',
  vpbroadcastq: 'Copies a quadword to all places.',
  vtestps: 'Sets ZF and CF by the signs of single precision numbers, as PTEST does by all bits.',
  vtestpd: 'Sets ZF and CF by the signs of double precision numbers, as PTEST does by all bits.',
  vmaskmovps: 'Loads or stores the single precision numbers whose mask has its sign set.',
  vmaskmovpd: 'Loads or stores the double precision numbers whose mask has its sign set.',
  vpmaskmovd: 'Loads or stores the doublewords whose mask has its sign set.',
  vpmaskmovq: 'Loads or stores the quadwords whose mask has its sign set.',
  vmovsd: 'Copies a double precision number; from memory the rest of the register is cleared.',
  vcmpsd: 'Compares the lowest double precision numbers by the predicate in the immediate.',
  vldmxcsr: 'Loads the SSE control and status register.',
  vstmxcsr: 'Stores the SSE control and status register.',
  vzeroupper: 'Clears the upper halves of all YMM registers.',
  vzeroall: 'Clears all YMM registers.',
  vpblendd: 'Takes the doublewords of the second source that the immediate selects.',
  vpermq: 'Arranges four quadwords as the immediate says.',
  vpermpd: 'Arranges four double precision numbers as the immediate says.',
  vpermd: 'Arranges eight doublewords as the first source says.',
  vpermps: 'Arranges eight single precision numbers as the first source says.',
  vpsrlvd: 'Shifts each doubleword right by its own count.',
  vpsrlvq: 'Shifts each quadword right by its own count.',
  vpsravd: 'Shifts each doubleword right by its own count, filling with the sign.',
  vpsllvd: 'Shifts each doubleword left by its own count.',
  vpsllvq: 'Shifts each quadword left by its own count.',
  vcvtph2ps: 'Converts half precision numbers to single precision.',
  vcvtps2ph: 'Converts single precision numbers to half precision.',
};

const GATHERED = ['doublewords', 'quadwords', 'single precision numbers', 'double precision numbers'];
const describe = (mn: string): string => {
  const own = OWN_DOCS[mn];
  if (own !== undefined) return own;
  const legacy = SSE_DOCS[mn.slice(1)] ?? SSE4_DOCS[mn.slice(1)] ?? MMX_DOCS[mn.slice(1)];
  if (legacy !== undefined) return legacy;
  const gathers = /^vp?gather([dq])(d|q|ps|pd)$/.exec(mn);
  if (gathers) {
    const what = GATHERED[['d', 'q', 'ps', 'pd'].indexOf(gathers[2]!)]!;
    return `Loads the ${what} that the mask selects from addresses with a vector of ${gathers[1] === 'd' ? 32 : 64}-bit indices.`;
  }
  const compares = /^vcmp(.*)(p|s)(s|d)$/.exec(mn);
  if (compares) return `Compares numbers by the predicate ${compares[1]!.toUpperCase()}: all ones where it holds.`;
  const [, name, order] = /^v(\D+)(\d+)/.exec(mn)!;
  const words =
    FUSED.find(([stem]) => stem === name)?.[2] ??
    (name === 'fmaddsub'
      ? 'Multiplies and alternately subtracts and adds'
      : 'Multiplies and alternately adds and subtracts');
  return `${words} with one rounding; operands ${order![0]} and ${order![1]} are the factors.`;
};

export const AVX_DOCS: Readonly<Record<string, string>> = Object.fromEntries(
  AVX_ROWS.map(({ mn }) => [mn, describe(mn)]),
);
