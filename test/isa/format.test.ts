// The disassembler: its text assembles with the real NASM to an instruction of the same meaning, and reads as intended.
import assert from 'node:assert/strict';
import { assemble } from '../../src/asm/assemble';
import { decode } from '../../src/isa/decode';
import { format, formatTokens } from '../../src/isa/format';
import type { CodeBits, Insn, Operand } from '../../src/isa/types';
import { assembleLines } from './support/nasm';
import { randomCode } from './support/randomCode';

const COUNT = 12_000;

const text = (bits: CodeBits, hex: string, ip = 0): string => {
  const insn = decode(Uint8Array.from(Buffer.from(hex, 'hex')), 0, bits);
  return format(insn, { ip, bytes: Uint8Array.from(Buffer.from(hex, 'hex')) });
};

/** What the processor would do: two encodings with the same meaning give the same text here. */
function meaning(insn: Insn): string {
  const { row } = insn;
  // A selector stored in a 32-bit register or in a 64-bit one gives the same, and memory takes 16 bits of it.
  if (row?.sem === 'mov_from_sreg' || row?.sem === 'sldt') {
    const [target] = insn.operands;
    const where = target!.kind === 'reg' ? `${target.num}:${insn.opSize === 2}` : operandMeaning(insn, target!, 2);
    return JSON.stringify([row.sem, where, insn.operands[1], insn.rep]);
  }
  const sized = row?.usesOpSize || row?.ops.some((op) => /v|z|mv2/.test(op));
  const width = insn.operands[0] && 'size' in insn.operands[0] ? insn.operands[0].size : insn.opSize;
  const operands = insn.operands.map((operand) =>
    operandMeaning(insn, operand, row?.mn === 'push' ? insn.opSize : width),
  );
  if (row?.sem === 'xchg') operands.sort();
  const address = row?.usesAddrSize ? insn.addrSize : 0;
  const segment = insn.operands.some((o) => o.kind === 'mem') ? -1 : insn.segPrefix;
  return JSON.stringify([
    row?.sem,
    row?.size,
    sized ? insn.opSize : 0,
    address,
    operands,
    insn.lock,
    insn.rep,
    insn.cc,
    segment,
  ]);
}

function operandMeaning(insn: Insn, operand: Operand, width: number): unknown {
  switch (operand.kind) {
    case 'imm':
      return `#${BigInt.asUintN(Math.min(width, 8) * 8, operand.value64 ?? BigInt(operand.value))}`;
    case 'rel':
      return `>${BigInt.asUintN(insn.opSize * 8, BigInt(operand.rel + insn.len))}`;
    case 'mem': {
      const disp = BigInt.asUintN(operand.addrSize * 8, operand.disp64 ?? BigInt(operand.disp));
      let { base, index } = operand;
      if (base < 0 && operand.scale === 1) [base, index] = [index, -1];
      return `[${operand.seg}:${base}+${index}*${operand.scale}+${disp}/${operand.addrSize}:${operand.size}]`;
    }
    case 'reg':
      return `${operand.cls}${operand.num}`;
    case 'far':
      return `${operand.selector}:${operand.offset}`;
  }
}

/** Instructions that NASM has no words for. */
function inexpressible(insn: Insn): boolean {
  const { row } = insn;
  if (!row || row.only === 'decode' || row.cpu === 'ringside') return true;
  const branch = insn.operands.some((operand) => operand.kind === 'rel');
  // REPNE on a branch is BND, which NASM refuses or drops in places; 16-bit branches in 64-bit code.
  if (row.rep === 'bnd' && insn.rep !== 0) return true;
  if (branch && insn.bits === 64 && insn.opSize === 2) return true;
  // An absolute number in place of an address relative to RIP.
  if (insn.operands.some((operand) => operand.kind === 'mem' && operand.ripRelative)) return true;
  // WAIT is a prefix for NASM, which therefore moves other prefixes.
  if (row.sem === 'wait' && (insn.rep !== 0 || insn.segPrefix >= 0)) return true;
  return false;
}

/** Branches go to `$`-relative places, so that NASM can choose the short form again. */
function source(insn: Insn): string {
  const plain = format(insn, { ip: 0 });
  const first = insn.operands[0];
  if (first?.kind !== 'rel') return plain;
  const at = plain.lastIndexOf(' ');
  const distance = first.rel + insn.len;
  const direct = /^(jmp|jcc)$/.test(insn.row!.sem);
  const hint = direct && first.size === 1 && !plain.includes('short') ? ' short' : '';
  return `${plain.slice(0, at)}${hint} $${distance < 0 ? '' : '+'}${distance}`;
}

const NO_FILES = { read: () => undefined, readBinary: () => undefined };

/** The first line whose bytes are not those of nasm. */
function firstDifference(lines: readonly (readonly (string | undefined)[])[], hex: string): string | undefined {
  let at = 0;
  for (const [line, bytes] of lines) {
    const got = hex.slice(at, at + bytes!.length);
    if (got !== bytes) return `${line}: nasm ${bytes}, ringside ${got}`;
    at += bytes!.length;
  }
  return at === hex.length ? undefined : 'bytes behind the last line';
}

describe('disassembler', () => {
  for (const bits of [16, 32, 64] as CodeBits[]) {
    it(`random code assembles again, with nasm and with our assembler, bits ${bits}`, () => {
      const items: { line: string; insn: Insn; hex: string }[] = [];
      for (const code of randomCode(0x777 + bits)) {
        const insn = decode(code, 0, bits);
        if (inexpressible(insn)) continue;
        items.push({ line: source(insn), insn, hex: Buffer.from(code.subarray(0, insn.len)).toString('hex') });
        if (items.length === COUNT) break;
      }
      const results = assembleLines(
        bits,
        items.map(({ line }) => line),
      );
      const wrong: string[] = [];
      let same = 0;
      items.forEach(({ line, insn, hex }, i) => {
        const { bytes, messages } = results[i]!;
        if (bytes === hex) same++;
        if (bytes === undefined) wrong.push(`${hex}: ${line}: ${messages.join('; ')}`);
        else if (bytes !== hex) {
          const again = decode(Uint8Array.from(Buffer.from(bytes, 'hex')), 0, bits);
          if (meaning(again) !== meaning(insn)) {
            wrong.push(`${hex}: ${line}: ${bytes}\n  ${meaning(insn)}\n  ${meaning(again)}`);
          }
        }
      });
      const taken = items.flatMap(({ line }, i) =>
        results[i]!.bytes === undefined ? [] : [[line, results[i]!.bytes]],
      );
      const lines = taken.map(([line]) => line);
      const ours = assemble({ file: 't.asm', source: [`bits ${bits}`, ...lines].join('\n'), ...NO_FILES });
      assert.deepEqual(ours.diagnostics.filter(({ severity }) => severity === 'error').slice(0, 20), []);
      assert.equal(firstDifference(taken, Buffer.from(ours.bytes).toString('hex')), undefined);
      assert.ok(wrong.length === 0, `${wrong.length} wrong:\n${wrong.slice(0, 20).join('\n')}`);
      assert.ok(same > COUNT * 0.7, `only ${same} of ${COUNT} give the same bytes`);
    });
  }

  const cases: readonly [CodeBits, string, string][] = [
    [16, '8a875634', 'mov al, [bx+0x3456]'],
    [16, '268b07', 'mov ax, [es:bx]'],
    [16, 'c60705', 'mov byte [bx], 5'],
    [16, 'ea007c0000', 'jmp 0x0:0x7c00'],
    [16, '66ea785634120800', 'jmp dword 0x8:0x12345678'],
    [16, 'f3a4', 'rep movsb'],
    [16, 'f3a6', 'repe cmpsb'],
    [16, '67f3a4', 'rep a32 movsb'],
    [16, '83c0ff', 'add ax, -1'],
    [16, '83e0f0', 'and ax, 0xfff0'],
    [16, '0f0116347c', 'lgdt [0x7c34]'],
    [16, '660f0116347c', 'o32 lgdt [0x7c34]'],
    [16, '66cb', 'o32 retf'],
    [16, 'cf', 'iret'],
    [16, '66cf', 'iretd'],
    [16, '0f20c0', 'mov eax, cr0'],
    [16, '0f3f12', 'fwcall 0x12'],
    [16, '0f04', 'db 0x0f, 0x04'],
    [32, 'cf', 'iret'],
    [32, '6a80', 'push -0x80'],
    [32, '666a05', 'push word 5'],
    [32, '8b0485001000c0', 'mov eax, [eax*4+0xc0001000]'],
    [32, '8d74a1fc', 'lea esi, [ecx-4]'],
    [32, '0fb64508', 'movzx eax, byte [ebp+8]'],
    [32, 'd1e0', 'shl eax, 1'],
    [32, 'f00fb10b', 'lock cmpxchg [ebx], ecx'],
    [32, 'd9c9', 'fxch st1'],
    [32, 'dec1', 'faddp st1, st0'],
    [64, '488b05f9ffffff', 'mov rax, [rel 0]'],
    [64, '48b8efcdab8967452301', 'mov rax, 0x123456789abcdef'],
    [64, '4889e5', 'mov rbp, rsp'],
    [64, '48cf', 'iretq'],
    [64, '0f1f440000', 'nop dword [rax+rax]'],
  ];
  for (const [bits, hex, expected] of cases) {
    it(`bits ${bits}: ${expected}`, () => assert.equal(text(bits, hex), expected));
  }

  it('gives branch targets within the code segment, and names for them', () => {
    assert.equal(text(16, 'ebfe', 0x7c00), 'jmp 0x7c00');
    assert.equal(text(16, 'eb10', 0xfff8), 'jmp 0xa');
    const insn = decode(Uint8Array.of(0xe8, 0x10, 0), 0, 16);
    const options = { ip: 0x7c00, symbolize: (offset: bigint) => (offset === 0x7c13n ? 'print' : undefined) };
    assert.equal(format(insn, options), 'call print');
    assert.deepEqual(formatTokens(insn, options).at(-1), { kind: 'address', text: 'print', offset: 0x7c13n });
  });
});
