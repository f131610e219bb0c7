// The decoder against iced-x86 on random bytes: validity, length, mnemonic and every operand. What differs on purpose is
// listed in `KNOWN`; instruction sets that the table does not have are recognised by iced's CPUID features.
import assert from 'node:assert/strict';
import { decode } from '../../src/isa/decode';
import { registerName } from '../../src/isa/registers';
import type { CodeBits, Insn, MemOperand, Operand } from '../../src/isa/types';
import { type CodeKind, randomCode } from './support/randomCode';
import { Iced, type IcedInsn } from './support/iced';

const COUNT = 200_000;

/** Features whose instructions the table is to have in full. */
const COVERED =
  /^(INTEL8086|INTEL8086_ONLY|INTEL186|INTEL286|INTEL386|INTEL486|INTEL_ONLY|X64|FPU|FPU287|FPU387|CMOV|CPUID|CX8|CMPXCHG16B|MSR|TSC|SYSCALL|SEP|RDPMC|MULTIBYTENOP|POPCNT|BMI1|LZCNT|MOVBE|FXSR|CLFSH|CLFLUSHOPT|CLWB|RDTSCP|MONITOR|RDRAND|RDSEED|RDPID|FSGSBASE|SMM|PAUSE|CET_IBT|PREFETCHW|MMX|SSE|SSE2|SSE3|SSSE3|SSE4_1|SSE4_2|AES|PCLMULQDQ|SHA|ADX|BMI2|AVX|AVX2|FMA|F16C|VAES|VPCLMULQDQ|INVPCID|SVM|VMX|SKINIT|RTM|WAITPKG|MOVDIRI|MOVDIR64B|D3NOW|D3NOWEXT)$/;

const KNOWN: readonly [string, (iced: IcedInsn, insn: Insn) => boolean][] = [
  [
    'VEX.W widens registers whose upper half is zero anyway',
    (iced, insn) =>
      /^v(p?movmsk\w+|pextr[bw]|pinsr[bw]|extractps)$/.test(iced.mnemonic) &&
      iced.mnemonic === insn.row?.mn &&
      (insn.rex & 8) !== 0,
  ],
  [
    'iced does not know PCOMMIT, and MONTMUL with 32-bit addresses only',
    (_, { row }) => row?.mn === 'pcommit' || row?.mn === 'montmul',
  ],
  [
    'iced keeps more than 16 bits of the target of XBEGIN',
    (_, { row, opSize }) => row?.mn === 'xbegin' && opSize === 2,
  ],
  ['FWCALL is ours', (_, insn) => insn.row?.mn === 'fwcall'],
  ['UD0 has a ModRM byte on Intel processors, not on AMD ones', (iced) => iced.mnemonic === 'ud0'],
  [
    'With REX.W far pointers have 64-bit offsets on Intel processors, not on AMD ones',
    (_, insn) => insn.opSize === 8 && insn.row?.ops.includes('m16:v') === true,
  ],
  [
    'A repeat prefix before these is ignored',
    (iced, insn) => !iced.valid && insn.rep !== 0 && /^(movbe|rdrand|rdseed)$/.test(insn.row?.mn ?? ''),
  ],
  [
    'VMMCALL with a repeat prefix is VMGEXIT of guests with encrypted state',
    (iced) => iced.features.includes('SEV_ES'),
  ],
  ['UINTR, which came later, uses the prefix', (iced) => iced.features.includes('UINTR')],
  [
    'LOCK MOV CR0 is MOV CR8 on AMD processors only',
    (iced, insn) => insn.lock && /^Mov_(r\d+_cr|cr_r)/.test(iced.code),
  ],
];

/** iced's names for instructions that the table names by the mode's default, by hint, or as NASM does. */
function sameName(iced: IcedInsn, insn: Insn): boolean {
  const ours = insn.row!.mn;
  if (ours === iced.mnemonic) return true;
  const sized = /^(pusha|popa|pushf|popf|iret)([wdq]?)$/;
  const [a, b] = [sized.exec(ours), sized.exec(iced.mnemonic)];
  if (a && b) return a[1] === b[1] && { '': 2, w: 2, d: 4, q: 8 }[b[2]!] === insn.opSize;
  if (insn.row!.sem === 'nop') return /^(reservednop|prefetch\w*|cldemote|nop|rdssp[dq])$/.test(iced.mnemonic);
  return (
    {
      fstpnce: 'fstp',
      fstpnouflow: 'fstp',
      fnsetpm: 'fsetpm',
      wbnoinvd: 'wbinvd',
      sysretq: 'sysret',
      sysexitq: 'sysexit',
      pmulhrw: 'pmulhrwa',
      pcmpestrm64: 'pcmpestrm',
      pcmpestri64: 'pcmpestri',
      vpcmpestrm64: 'vpcmpestrm',
      vpcmpestri64: 'vpcmpestri',
    }[iced.mnemonic] === ours
  );
}

function operandText(insn: Insn, operand: Operand): string {
  switch (operand.kind) {
    case 'reg':
      return registerName(operand.cls, operand.num).replace(/^r(\d+)b$/, 'r$1l');
    case 'mem':
      return memoryText(insn, operand);
    case 'imm':
      return String(BigInt.asUintN(64, operand.value64 ?? BigInt(operand.value)));
    case 'rel':
      return String(BigInt.asUintN(insn.opSize * 8, BigInt(operand.rel + insn.len)));
    case 'far':
      return `${operand.selector}:${operand.offset}`;
  }
}

function memoryText(insn: Insn, operand: MemOperand): string {
  const cls = ({ 2: 'r16', 4: 'r32', 8: 'r64' } as const)[operand.addrSize];
  const indexClass = operand.vector ?? cls;
  let base = operand.base < 0 ? '-' : registerName(cls, operand.base);
  let index = operand.index < 0 ? '-' : registerName(indexClass, operand.index);
  if (operand.addrSize === 2 && base === '-') [base, index] = [index, '-'];
  let disp = operand.disp64 ?? BigInt.asUintN(operand.addrSize * 8, BigInt(operand.disp));
  if (operand.ripRelative) {
    base = operand.addrSize === 8 ? 'rip' : 'eip';
    disp = BigInt.asUintN(operand.addrSize * 8, disp + BigInt(insn.len));
  } else if (operand.dispSize > 0 && operand.dispSize < operand.addrSize) {
    disp = BigInt.asUintN(operand.addrSize === 8 ? 64 : operand.addrSize * 8, BigInt(operand.disp));
  }
  return `${registerName('sreg', operand.seg)}:${base}+${index}*${operand.scale}+${disp} (${operand.size})`;
}

/** Selector operands, which iced names by the operand size though only 16 bits count. */
const SELECTOR = /^(lar|lsl|arpl|mov_to_sreg|mov_from_sreg|lldt|ltr|verr|verw|lmsw|sldt|str|smsw)$/;

/** Drops what the two describe differently: sizes that the table leaves open, ignored segments, width of immediates. */
function comparable(written: string, insn: Insn): string {
  let text = written;
  if (insn.bits === 64) text = text.replace(/^[ecsd]s:/, '');
  if (/^\d+$/.test(text) && insn.row!.ops.some((op) => op.startsWith('imm'))) {
    const first = insn.operands[0]!;
    const width = first.kind === 'reg' || first.kind === 'mem' ? first.size : insn.opSize;
    text = String(BigInt.asUintN(width * 8, BigInt(text)));
  }
  if (SELECTOR.test(insn.row!.sem))
    text = text.replace(/^[er]([a-d]x|[sd]i|[sb]p)$/, '$1').replace(/^(r\d+)[wd]$/, '$1');
  const sizeless = insn.operands.some((operand) => operand.kind === 'mem' && operand.size === 0);
  const hint =
    insn.row!.sem === 'nop' ||
    insn.row!.sem === 'ud2' ||
    insn.row!.ops.includes('m16&z') ||
    insn.row!.ops.includes('m512');
  return sizeless || hint ? text.replace(/ \(\d+\)$/, '') : text;
}

function difference(iced: IcedInsn, insn: Insn): string | undefined {
  if (!insn.row) return iced.valid ? `#UD (${insn.invalid}), iced has ${iced.code}` : undefined;
  const { row } = insn;
  if (!iced.valid) return `${row.mn} is invalid for iced`;
  if (iced.length !== insn.len) return `${row.mn} has ${insn.len} bytes, iced has ${iced.length}`;
  if (!sameName(iced, insn)) return `${row.mn}, iced has ${iced.code}`;
  // String instructions and hints: iced lists implicit operands, or other ones.
  if (row.usesAddrSize || (row.only === 'decode' && row.sem === 'nop') || row.sem === 'ud2') return undefined;
  const ours = insn.operands.map((operand) => comparable(operandText(insn, operand), insn));
  const theirs = iced.operands.map((operand) => comparable(operand.text, insn));
  // iced writes the implicit ST0 of FCOM, FUCOM and FXCH.
  if (row.cpu === 'fpu' || row.cpu === '387') theirs.splice(0, theirs.length - ours.length);
  if (row.ops.at(-1) === 'xmm0') ours.pop(); // implicit
  if (row.sem === 'xchg') for (const list of [ours, theirs]) list.sort();
  return ours.join(', ') === theirs.join(', ') ? undefined : `${row.mn} ${ours.join(', ')}; iced: ${theirs.join(', ')}`;
}

describe('decoder against iced-x86', () => {
  for (const kind of ['bytes', 'two and three-byte opcodes', 'VEX prefixes'] as const) compareOn(kind);
});

function compareOn(kind: CodeKind): void {
  for (const bits of [16, 32, 64] as CodeBits[]) {
    it(`random ${kind}, bits ${bits}`, () => {
      const iced = new Iced(bits);
      const wrong: string[] = [];
      let compared = 0;
      let known = 0;
      let uncovered = 0;
      for (const code of randomCode(0x1234 + bits, kind)) {
        const theirs = iced.decode(code);
        const ours = decode(code, 0, bits);
        if (!ours.row && theirs.valid && !theirs.features.every((feature) => COVERED.test(feature))) uncovered++;
        else if (KNOWN.some(([, applies]) => applies(theirs, ours))) known++;
        else {
          const what = difference(theirs, ours);
          if (what)
            wrong.push(`bits ${bits}: ${Buffer.from(code).toString('hex')}: ${what} [${theirs.features.join()}]`);
          compared++;
        }
        if (compared + uncovered + known >= COUNT) break;
      }
      assert.ok(wrong.length === 0, `${wrong.length} differ:\n${wrong.slice(0, 25).join('\n')}`);
      console.log(
        `      ${compared} the same, ${uncovered} of instruction sets not in the table, ${known} known differences`,
      );
      assert.ok(compared > COUNT * 0.7, `only ${compared} compared`);
    });
  }
}
