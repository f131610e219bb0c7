// What MMX, SSE and AVX instructions do, in pseudo-code (Intel SDM vol. 2, "Operation"), from patterns of their names: the same
// operation stands for every size of element. The VEX form of an operation has a second source and clears what lies above.

/** What an operation reads: `a` and `b` are dst and src, or with VEX src1 and src2. */
interface Names {
  a: string;
  b: string;
}
type Rule = readonly [name: RegExp, text: (found: RegExpExecArray, names: Names) => string];

const UNIT: Readonly<Record<string, string>> = { b: 'byte', w: 'word', d: 'doubleword', q: 'quadword' };
const BITS: Readonly<Record<string, number>> = { b: 8, w: 16, d: 32, q: 64 };
const each = (unit: string, text: string): string => `for each ${unit} i: dst[i] := ${text}`;
const integers = (letter: string, text: string): string => each(UNIT[letter]!, text);
/** What a scalar operation leaves of the register. */
const rest = (a: string): string => (a === 'dst' ? 'the rest of dst stays' : `the rest of dst := ${a}`);
/** `ps`, `pd`: every number; `ss`, `sd`: the lowest, the others come from the first source. */
function floats(kind: string, text: string, { a }: Names): string {
  const unit = kind[1] === 's' ? 'single' : 'double';
  if (kind[0] === 'p') return each(unit, text);
  return `dst[0] := ${text.replaceAll('[i]', '[0]')} (${unit}; ${rest(a)})`;
}

const SIGN: Readonly<Record<string, string>> = { '': '', s: ', signed', u: ', unsigned' };
const ARITHMETIC: Readonly<Record<string, string>> = { add: '+', sub: '-', mul: '*', div: '/' };
const LOGIC: Readonly<Record<string, string>> = { and: 'a AND b', andn: 'NOT a AND b', or: 'a OR b', xor: 'a XOR b' };
const logic = (name: string, { a, b }: Names): string =>
  `dst := ${LOGIC[name]!.replace(/\b[ab]\b/g, (letter) => (letter === 'a' ? a : b))}`;

/** Predicates of floating-point comparisons: an operator, and what an unordered pair gives. */
const PREDICATES: Readonly<Record<string, string>> = {
  eq: '$a = $b',
  lt: '$a < $b',
  le: '$a <= $b',
  unord: '$a or $b is a NaN',
  neq: '$a <> $b or a NaN',
  nlt: 'not $a < $b',
  nle: 'not $a <= $b',
  ord: 'neither is a NaN',
  nge: 'not $a >= $b',
  ngt: 'not $a > $b',
  false: 'never',
  ge: '$a >= $b',
  gt: '$a > $b',
  true: 'always',
  imm: 'the predicate imm holds for $a and $b',
  eq_u: '$a = $b or a NaN',
  neq_o: '$a <> $b, no NaN',
};
function compare(predicate: string, kind: string, names: Names): string {
  const [, stem = '', mode = ''] = /^([a-z]+)(?:_(\w)\w?)?$/.exec(predicate)!;
  const condition = PREDICATES[`${stem}_${mode}`] ?? PREDICATES[stem]!;
  const text = condition.replace('$a', `${names.a}[i]`).replace('$b', `${names.b}[i]`);
  return floats(kind, `(${text}) ? all ones : 0`, names);
}

const FUSED: Readonly<Record<string, readonly [product: string, sum: string]>> = {
  fmadd: ['', '+'],
  fmsub: ['', '-'],
  fnmadd: ['-', '+'],
  fnmsub: ['-', '-'],
};
function fused(name: string, order: string, kind: string): string {
  const operand = (digit: string): string => ['dst', 'src1', 'src2'][Number(digit) - 1]!;
  const [x, y, z] = [...order].map((digit) => `${operand(digit)}[i]`);
  const text = (product: string, sum: string): string => `${product}(${x} * ${y}) ${sum} ${z}, rounded once`;
  const mixed = name === 'fmaddsub' ? ['-', '+'] : name === 'fmsubadd' ? ['+', '-'] : undefined;
  const names = { a: 'dst', b: '' };
  if (mixed) return `even i: dst[i] := ${text('', mixed[0]!)}\nodd i:  dst[i] := ${text('', mixed[1]!)}`;
  return floats(kind, text(...FUSED[name]!), names);
}

const NUMBER: Readonly<Record<string, string>> = {
  ps: 'single',
  pd: 'double',
  ss: 'single',
  sd: 'double',
  dq: 'doubleword',
  ph: 'half',
  pi: 'doubleword',
  si: 'integer',
};
function convert(truncated: boolean, from: string, to: string, { a, b }: Names): string {
  const how = truncated ? ', truncated' : to === 'pd' || (to === 'sd' && from === 'ss') ? '' : ', rounded by MXCSR';
  const [source, target] = [NUMBER[from]!, NUMBER[to]!];
  if (to === 'si') return `dst := ${source} src[0] as an integer${how}`;
  if (from === 'si') return `dst[0] := integer ${b} as a ${target}${how} (${rest(a)})`;
  if (from[0] === 's') return `dst[0] := ${source} ${b}[0] as a ${target}${how} (${rest(a)})`;
  return `for each i: dst[i] := ${source} src[i] as a ${target}${how}`;
}

const RULES: readonly Rule[] = [
  [/^p(add|sub)([bwdq])$/, ([, op, u], { a, b }) => integers(u!, `${a}[i] ${ARITHMETIC[op!]} ${b}[i]`)],
  [
    /^p(add|sub)(u?)s([bw])$/,
    ([, op, sign, u], { a, b }) => integers(u!, `saturate(${a}[i] ${ARITHMETIC[op!]} ${b}[i])${SIGN[sign || 's']}`),
  ],
  [
    /^pcmp(eq|gt)([bwdq])$/,
    ([, op, u], { a, b }) => integers(u!, `${a}[i] ${op === 'eq' ? '=' : '>'} ${b}[i] ? all ones : 0`),
  ],
  [/^p(min|max)([su])([bwd])$/, ([, op, sign, u], { a, b }) => integers(u!, `${op}(${a}[i], ${b}[i])${SIGN[sign!]}`)],
  [/^pavg([bw])$/, ([, u], { a, b }) => integers(u!, `(${a}[i] + ${b}[i] + 1) >> 1`)],
  [/^pabs([bwd])$/, ([, u]) => integers(u!, '|src[i]|')],
  [/^psign([bwd])$/, ([, u], { a, b }) => integers(u!, `${b}[i] < 0 ? -${a}[i] : ${b}[i] = 0 ? 0 : ${a}[i]`)],
  [/^ps(rl|ra|ll)v([dq])$/, ([, op, u]) => integers(u!, `${shiftBy(op!, BITS[u!]!, 'src1[i]', 'src2[i]')}`)],
  [/^ps(rl|ra|ll)([wdq])$/, ([, op, u], { a, b }) => integers(u!, shiftBy(op!, BITS[u!]!, `${a}[i]`, b))],
  [/^ps(r|l)ldq$/, ([, op], { a }) => `in each 128 bits: dst := ${a} ${op === 'r' ? '>>' : '<<'} 8 * min(imm, 16)`],
  [
    /^pmul(l|h|hu)(w|d)$/,
    ([, half, u], { a, b }) =>
      integers(
        u!,
        `${half === 'l' ? 'low' : 'high'} half of ${a}[i] * ${b}[i]${half === 'h' ? ', signed' : half === 'hu' ? ', unsigned' : ''}`,
      ),
  ],
  [
    /^pmul(u?)dq$/,
    ([, sign], { a, b }) =>
      each('quadword', `low doubleword of ${a}[i] * low doubleword of ${b}[i]${SIGN[sign || 's']}`),
  ],
  [/^pmulhrsw$/, (_, { a, b }) => each('word', `((${a}[i] * ${b}[i] >> 14) + 1) >> 1`)],
  [
    /^pmaddwd$/,
    (_, { a, b }) => each('doubleword', `${a}.word[2i] * ${b}.word[2i] + ${a}.word[2i+1] * ${b}.word[2i+1]`),
  ],
  [
    /^pmaddubsw$/,
    (_, { a, b }) =>
      each('word', `saturate(${a}.byte[2i] * ${b}.byte[2i] + ${a}.byte[2i+1] * ${b}.byte[2i+1]), unsigned by signed`),
  ],
  [/^psadbw$/, (_, { a, b }) => each('quadword', `sum of |${a}.byte[j] - ${b}.byte[j]| over its 8 bytes`)],
  [
    /^ph(add|sub)(s?)([wd])$/,
    ([, op, sat, u], { a, b }) =>
      `pairs := elements 2i and 2i+1 of ${a}, then of ${b}, in each 128 bits\n${integers(u!, `${sat ? 'saturate' : ''}(pairs[i].0 ${ARITHMETIC[op!]} pairs[i].1)`)}`,
  ],
  [
    /^h(add|sub)(p[sd])$/,
    ([, op, kind], { a, b }) =>
      `pairs := elements 2i and 2i+1 of ${a}, then of ${b}, in each 128 bits\n${each(NUMBER[kind!]!, `pairs[i].0 ${ARITHMETIC[op!]} pairs[i].1`)}`,
  ],
  [
    /^p?unpck([lh])(bw|wd|dq|qdq|ps|pd)$/,
    ([, half], { a, b }) =>
      `in each 128 bits: dst := ${half === 'l' ? 'low' : 'high'} halves, interleaved: ${a}[0], ${b}[0], ${a}[1], ${b}[1], ...`,
  ],
  [
    /^pack([su])s(wb|dw)$/,
    ([, sign, units], { a, b }) =>
      `in each 128 bits: dst := ${UNIT[units![0]!]}s of ${a}, then of ${b}, each saturated to ${sign === 's' ? 'a signed' : 'an unsigned'} ${UNIT[units![1]!]}`,
  ],
  [/^p(and|andn|or|xor)$/, ([, op], names) => logic(op!, names)],
  [/^(and|andn|or|xor)p[sd]$/, ([, op], names) => logic(op!, names)],
  [
    /^(add|sub|mul|div)([ps][sd])$/,
    ([, op, kind], names) => floats(kind!, `${names.a}[i] ${ARITHMETIC[op!]} ${names.b}[i]`, names),
  ],
  [
    /^(min|max)([ps][sd])$/,
    ([, op, kind], names) =>
      floats(kind!, `${names.a}[i] ${op === 'min' ? '<' : '>'} ${names.b}[i] ? ${names.a}[i] : ${names.b}[i]`, names),
  ],
  [/^sqrt([ps][sd])$/, ([, kind], names) => floats(kind!, `square root of ${names.b}[i]`, names)],
  [/^rcp([ps]s)$/, ([, kind], names) => floats(kind!, `about 1 / ${names.b}[i]`, names)],
  [/^rsqrt([ps]s)$/, ([, kind], names) => floats(kind!, `about 1 / square root of ${names.b}[i]`, names)],
  [
    /^addsub(p[sd])$/,
    ([, kind], { a, b }) => `${each(NUMBER[kind!]!, `${a}[i] - ${b}[i] for even i, ${a}[i] + ${b}[i] for odd i`)}`,
  ],
  [/^cmp(\w*?)([ps][sd])$/, ([, predicate, kind], names) => compare(predicate || 'imm', kind!, names)],
  [
    /^u?comi(ss|sd)$/,
    () => 'ZF:PF:CF := 000 if dst[0] > src[0], 001 if less, 100 if equal, 111 if unordered\nOF := SF := AF := 0',
  ],
  [
    /^cvt(t?)(ps|pd|ss|sd|dq|ph|pi|si)2(ps|pd|ss|sd|dq|ph|pi|si)$/,
    ([, t, from, to], names) => convert(t === 't', from!, to!, names),
  ],
  [/^round([ps][sd])$/, ([, kind], names) => floats(kind!, `${names.b}[i] rounded to an integer as imm says`, names)],
  [
    /^(fmaddsub|fmsubadd|fn?madd|fn?msub)(132|213|231|312|123|321)([ps][sd])$/,
    ([, name, order, kind]) => fused(name!, order!, kind!),
  ],
  [
    /^p?gather([dq])(d|q|ps|pd)$/,
    ([, index, kind]) =>
      `for each i with the top bit of mask[i] set: dst[i] := [base + ${index === 'd' ? 'doubleword' : 'quadword'} index[i] * scale] (${NUMBER[kind!] ?? UNIT[kind!]})\nmask := 0`,
  ],
  [
    /^pmov([sz])x([bwd])([wdq])$/,
    ([, sign, from, to]) => integers(to!, `${sign === 's' ? 'sign' : 'zero'}-extend(src.${UNIT[from!]}[i])`),
  ],
  [
    /^(p?)blend(ps|pd|w|d)$/,
    ([, , kind], { a, b }) => each(NUMBER[kind!] ?? UNIT[kind!]!, `bit i of imm ? ${b}[i] : ${a}[i]`),
  ],
  [
    /^(p?)blendv(ps|pd|b)$/,
    ([, , kind], { a, b }) =>
      each(NUMBER[kind!] ?? UNIT[kind!]!, `top bit of mask[i] ? ${b}[i] : ${a}[i] (mask: XMM0 or the last operand)`),
  ],
  [/^pextr([bwdq])$/, ([, u]) => `dst := zero-extend(src.${UNIT[u!]}[imm])`],
  [/^pinsr([bwdq])$/, ([, u], { a, b }) => `dst := ${a}\ndst.${UNIT[u!]}[imm] := ${b}`],
  [
    /^p?movmsk(b|ps|pd)$/,
    ([, kind]) => `bit i of dst := top bit of src.${NUMBER[kind!] ?? UNIT[kind!]}[i]; other bits := 0`,
  ],
  [
    /^shuf(ps|pd)$/,
    ([, kind], { a, b }) =>
      kind === 'ps'
        ? `in each 128 bits, with two bits of imm for each: dst := ${a}[.], ${a}[.], ${b}[.], ${b}[.]`
        : `in each 128 bits, with a bit of imm for each: dst := ${a}[.], ${b}[.]`,
  ],
  [
    /^pshuf(w|d)$/,
    ([, u]) => `in each ${u === 'w' ? '64' : '128'} bits: ${integers(u!, 'src[bits 2i+1 and 2i of imm]')}`,
  ],
  [
    /^pshuf(h|l)w$/,
    ([, half]) =>
      `in each 128 bits: dst := src\nfor each of its ${half === 'h' ? 'high' : 'low'} four words i: dst[i] := src.${half === 'h' ? 'high' : 'low'}[bits 2i+1 and 2i of imm]`,
  ],
  [
    /^pclmul(?:(h|l)q(h|l)q)?(q?)dq$/,
    ([, x, y], { a, b }) =>
      x
        ? `dst := ${x === 'h' ? 'high' : 'low'} quadword of ${a} * ${y === 'h' ? 'high' : 'low'} quadword of ${b}, without carries`
        : `dst := quadword (bit 0 of imm) of ${a} * quadword (bit 4 of imm) of ${b}, without carries`,
  ],
  [/^maskmov(?:q|dqu)$/, () => 'for each byte i with the top bit of src[i] set: [DS:(E)DI + i] := dst[i]'],
  [
    /^p?maskmov(ps|pd|d|q)$/,
    ([, kind]) =>
      `for each ${NUMBER[kind!] ?? UNIT[kind!]} i: load: dst[i] := top bit of src1[i] ? src2[i] : 0\n  store: if top bit of src1[i]: dst[i] := src2[i]`,
  ],
  [
    /^p?broadcast(b|w|d|q|ss|sd|f128|i128)$/,
    ([, kind]) =>
      `every ${{ f128: '128 bits', i128: '128 bits' }[kind!] ?? NUMBER[kind!] ?? UNIT[kind!]} of dst := src[0]`,
  ],
  [
    /^(insert|extract)[fi]128$/,
    ([, op], { a, b }) =>
      op === 'insert' ? `dst := ${a}\nhalf (bit 0 of imm) of dst := ${b}` : 'dst := half (bit 0 of imm) of src',
  ],
  [/^mova?nt|^movnt(?:q|dq|i|dqa|ps|pd|ss|sd)$/, () => 'dst := src, past the caches'],
  [/^mov(?:a|u)p[sd]$|^movdq[au]$|^lddqu$/, () => 'dst := src'],
];

function shiftBy(op: string, bits: number, value: string, count: string): string {
  if (op === 'ra') return `${value} >> min(${count}, ${bits - 1}), signed`;
  return `${count} < ${bits} ? ${value} ${op === 'rl' ? '>>' : '<<'} ${count} : 0`;
}

const OWN: Readonly<Record<string, string | ((names: Names) => string)>> = {
  movd: 'to a vector register: dst := zero-extend(src)\nfrom one: dst := low doubleword of src',
  movq: 'to a vector register: dst := zero-extend(src)\nfrom one: dst := low quadword of src',
  movdq2q: 'dst := low quadword of src',
  movq2dq: 'dst := zero-extend(src)',
  emms: 'tags of all x87 registers := empty',
  movss: ({ a }) =>
    `from memory: dst := zero-extend(src)\nelse: low single of dst := low single of the last operand (the rest := ${a})`,
  movsd: ({ a }) =>
    `from memory: dst := zero-extend(src)\nelse: low double of dst := low double of the last operand (the rest := ${a})`,
  movlps: ({ a }) => `load: low quadword of dst := src (high one := that of ${a})\nstore: dst := low quadword of src`,
  movlpd: ({ a }) => `load: low quadword of dst := src (high one := that of ${a})\nstore: dst := low quadword of src`,
  movhps: ({ a }) => `load: high quadword of dst := src (low one := that of ${a})\nstore: dst := high quadword of src`,
  movhpd: ({ a }) => `load: high quadword of dst := src (low one := that of ${a})\nstore: dst := high quadword of src`,
  movhlps: ({ a, b }) => `low quadword of dst := high quadword of ${b} (high one := that of ${a})`,
  movlhps: ({ a, b }) => `high quadword of dst := low quadword of ${b} (low one := that of ${a})`,
  movsldup: 'dst[2i] := dst[2i+1] := src[2i] (singles)',
  movshdup: 'dst[2i] := dst[2i+1] := src[2i+1] (singles)',
  movddup: 'in each 128 bits: both doubles of dst := low double of src',
  pshufb: ({ a, b }) =>
    `in each 128 bits (64 of MMX): for each byte i: dst[i] := top bit of ${b}[i] ? 0 : ${a}[low bits of ${b}[i]]`,
  palignr: ({ a, b }) => `in each 128 bits (64 of MMX): dst := low half of (${a}:${b} >> 8 * imm)`,
  ptest: 'ZF := (dst AND src) = 0\nCF := (NOT dst AND src) = 0',
  testps: 'ZF := no sign in (dst AND src), CF := no sign in (NOT dst AND src), of singles',
  testpd: 'ZF := no sign in (dst AND src), CF := no sign in (NOT dst AND src), of doubles',
  phminposuw: 'dst.word[0] := smallest word of src, dst.word[1] := its index; the rest := 0',
  extractps: 'dst := single (bits 1-0 of imm) of src',
  insertps: ({ a, b }) =>
    `dst := ${a}\ndst[bits 5-4 of imm] := ${b}[bits 7-6 of imm] (memory: the single there)\nfor each i with bit i of imm: dst[i] := 0`,
  dpps: ({ a, b }) =>
    `in each 128 bits: s := sum of ${a}[i] * ${b}[i] over the i with bit 4+i of imm\nfor each single i: dst[i] := bit i of imm ? s : 0`,
  dppd: ({ a, b }) =>
    `s := sum of ${a}[i] * ${b}[i] over the i with bit 4+i of imm\nfor each double i: dst[i] := bit i of imm ? s : 0`,
  mpsadbw: ({ a, b }) =>
    `in each 128 bits: block := 4 bytes of ${b} at 4 * bits 1-0 of imm\nfor each word i: dst[i] := sum of |${a}.byte[4 * bit 2 of imm + i + j] - block[j]| for j = 0..3`,
  pcmpestrm:
    'compare the strings dst (EAX elements) and src (EDX elements) as imm says\nXMM0 := mask of the elements found; flags tell emptiness, end and first bit',
  pcmpestri:
    'compare the strings dst (EAX elements) and src (EDX elements) as imm says\nECX := index of the first or last one found; flags tell emptiness, end and first bit',
  pcmpistrm:
    'compare the strings dst and src (up to a zero) as imm says\nXMM0 := mask of the elements found; flags tell emptiness, end and first bit',
  pcmpistri:
    'compare the strings dst and src (up to a zero) as imm says\nECX := index of the first or last one found; flags tell emptiness, end and first bit',
  aesenc: ({ a, b }) => `dst := MixColumns(SubBytes(ShiftRows(${a}))) XOR ${b}`,
  aesenclast: ({ a, b }) => `dst := SubBytes(ShiftRows(${a})) XOR ${b}`,
  aesdec: ({ a, b }) => `dst := InvMixColumns(InvSubBytes(InvShiftRows(${a}))) XOR ${b}`,
  aesdeclast: ({ a, b }) => `dst := InvSubBytes(InvShiftRows(${a})) XOR ${b}`,
  aesimc: 'dst := InvMixColumns(src)',
  aeskeygenassist: 'for doublewords 1 and 3 x of src: dst := SubWord(x), RotWord(SubWord(x)) XOR imm',
  sha1nexte: 'dst := src\ndst[3] := src[3] + (dst[3] rotated left by 30)',
  sha1msg1: 'dst[3..2] := dst[3..2] XOR dst[1..0]\ndst[1..0] := dst[1..0] XOR src[3..2]',
  sha1msg2: 'dst[3..1] := (dst[3..1] XOR src[2..0]) rotated left by 1\ndst[0] := (dst[0] XOR dst[3]) rotated left by 1',
  sha1rnds4: 'four rounds of SHA-1 on A, B, C, D in dst with W and E in src; function and constant by imm',
  sha256rnds2: 'two rounds of SHA-256 on C, D, G, H in dst and A, B, E, F in src, with W + K in XMM0',
  sha256msg1: 'for each doubleword i: dst[i] := dst[i] + sigma0(the next one of src:dst)',
  sha256msg2: 'for each doubleword i upwards: dst[i] := dst[i] + sigma1(the one two before in dst:src)',
  extrq: 'dst := length bits of dst from index on (length and index in imm or in src)',
  insertq: 'length bits of dst from index on := low bits of src (length and index in imm or in src)',
  permilps: 'in each 128 bits: for each single i: dst[i] := src1[two bits of imm or of src2[i]]',
  permilpd: 'in each 128 bits: for each double i: dst[i] := src1[a bit of imm or of src2[i]]',
  perm2f128: 'each half of dst := the half of src1:src2 that two bits of imm select, or 0',
  perm2i128: 'each half of dst := the half of src1:src2 that two bits of imm select, or 0',
  permq: 'for each quadword i: dst[i] := src[bits 2i+1 and 2i of imm]',
  permpd: 'for each double i: dst[i] := src[bits 2i+1 and 2i of imm]',
  permd: 'for each doubleword i: dst[i] := src2[low 3 bits of src1[i]]',
  permps: 'for each single i: dst[i] := src2[low 3 bits of src1[i]]',
  zeroupper: 'bits 255-128 of every YMM register := 0',
  zeroall: 'every YMM register := 0',
  ldmxcsr: 'MXCSR := [src] (#GP if a reserved bit is set)',
  stmxcsr: '[dst] := MXCSR',
  fxsave: '[dst] := 512 bytes of x87, MMX and SSE state',
  fxrstor: 'x87, MMX and SSE state := 512 bytes at [src]',
  xsave: '[dst] := parts of the state selected by EDX:EAX AND XCR0',
  xrstor: 'for the parts selected by EDX:EAX AND XCR0: state := [src], or its initial value',
  xsaveopt: '[dst] := selected parts that are in use and have changed',
  xsavec: '[dst] := selected parts that are in use, without gaps',
  xsaves: '[dst] := selected user and supervisor parts, without gaps',
  xrstors: 'for the selected user and supervisor parts: state := [src], or its initial value',
};

/** Forms of VEX that write no vector register, or have said what becomes of the rest. */
const NOTHING_ABOVE =
  /^(u?comi|ptest|testp|p?movmsk|pextr|extractps|cvtt?s[sd]2si|ldmxcsr|stmxcsr|zero|pcmp[ei]str|maskmov|movnt(dq|ps|pd)$)/;

export function vectorPseudocode(mnemonic: string): string | undefined {
  const legacy = lookUp(mnemonic.replace(/^(f?x\w+)64$/, '$1'), { a: 'dst', b: 'src' });
  if (legacy !== undefined || !mnemonic.startsWith('v')) return legacy;
  const name = mnemonic.slice(1);
  const text = lookUp(name, { a: 'src1', b: 'src2' });
  return text === undefined || NOTHING_ABOVE.test(name) ? text : `${text}\nbits of the register above dst := 0`;
}

function lookUp(name: string, names: Names): string | undefined {
  const own = OWN[name];
  if (own !== undefined) return typeof own === 'string' ? own : own(names);
  for (const [pattern, text] of RULES) {
    const found = pattern.exec(name);
    if (found) return text(found, names);
  }
  return undefined;
}
