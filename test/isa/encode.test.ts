// The encoder against the real NASM: the same bytes, and refusal of the same lines, for every row of the table, for
// addressing modes, prefixes and branches, in 16, 32 and 64-bit code.
import assert from 'node:assert/strict';
import { encode, mnemonics } from '../../src/isa/encode';
import type { AsmImm, AsmMem, AsmRequest } from '../../src/isa/encodeTypes';
import { ROWS } from '../../src/isa/table';
import type { CodeBits, Row } from '../../src/isa/types';
import { byText, compareWithNasm, hexOf } from './support/compare';
import { assembleLines, nasmVersion } from './support/nasm';
import { imm, mem, reg, request, rowRequests } from './support/requests';

const MODES: readonly CodeBits[] = [16, 32, 64];

/** Where Ringside differs from NASM 2.16 on purpose. */
const DEVIATIONS: readonly [RegExp, string][] = [
  [/ retn?w .*(strict|\d)/, 'NASM forgets the 66 prefix of RETW with an immediate outside 16-bit code'],
  [/ (shld|shrd) .*byte/, 'NASM refuses `byte` before the count of SHLD and SHRD, a limit of its size matching'],
  [/ (extrq|insertq) .*byte/, 'NASM refuses `byte` before the immediates of EXTRQ and INSERTQ'],
  [/ enter .*(byte|strict)/, 'NASM refuses size keywords before the operands of ENTER'],
  [/ (pmuludq|psubq) mm\d, qword/, 'NASM refuses the size of the memory operand of these MMX forms'],
  [/ (pshufd|pshufw|pshufhw|pshuflw|pblendvb) .*(byte|qword|oword) /, 'NASM refuses sizes of their operands'],
  [/ cmpsd xmm\d, qword/, 'NASM takes it for the string instruction when the memory operand has a size'],
  [/ (ps[lr]l[wdq]|psra[wd]|pinsrw) .*byte \d/, 'NASM refuses `byte` before their immediate'],
  [/ palignr .*(byte|qword|oword) /, 'NASM expects the size of the registers before the immediate of PALIGNR'],
  [/ pextrw .*byte \d/, 'NASM takes the SSE4.1 encoding, or refuses, when the immediate has a size'],
  [/nasm (67)?(6[45])?62[0-9a-f]+,/, 'NASM falls back to EVEX forms, for operands that VEX cannot encode'],
  [/ vcmp\w*ss .*dword/, 'NASM does not take the size of the operand of VCMPSS'],
  [/bits 64: salc/, 'NASM assembles SALC for 64-bit code, where it raises #UD'],
  [/ (vmptrld|vmptrst|vmclear|vmxon) qword /, 'NASM refuses the size of their operand'],
  [/ movdir64b .*\[0x/, 'NASM writes a prefix for the size of the register and an address of the other size'],
  [/bits (16|32): rmpadjust/, 'NASM has RMPADJUST in all modes, the processor in 64-bit mode only'],
  [/bits 64: pop cs/, 'NASM assembles POP CS for every processor; only the 8086 has it'],
  [/ skinit:/, 'NASM has SKINIT in 64-bit code only'],
];
/** NASM stops with a failed assertion, or writes prefix and address of different sizes. */
const tooMuchForNasm = ({ mnemonic, operands: [first, second] }: AsmRequest): boolean =>
  mnemonic === 'movdir64b' && second?.kind === 'mem' && second.regSize !== undefined && first?.size !== second.regSize;
const requestsOf = (rows: readonly Row[], bits: CodeBits): AsmRequest[] =>
  rows.flatMap((row) => rowRequests(row, bits)).filter((request) => !tooMuchForNasm(request));
const undocumented = (differences: readonly string[]): string[] =>
  differences.filter((difference) => !DEVIATIONS.some(([pattern]) => pattern.test(difference)));

const assertNone = (list: readonly string[]): void =>
  assert.ok(list.length === 0, `${list.length} differences:\n${list.slice(0, 20).join('\n')}`);

function assertSame(bits: CodeBits, requests: readonly AsmRequest[], atLeast: number): void {
  const result = compareWithNasm(bits, byText(requests));
  assertNone(undocumented(result.differences));
  assert.ok(result.accepted >= atLeast, `only ${result.accepted} of ${result.compared} lines are accepted by both`);
}

describe('encoder against nasm', () => {
  before(() => assert.match(nasmVersion(), /NASM version 2\./));

  for (const bits of MODES) {
    it(`every row of the table, bits ${bits}`, () => {
      const rows = ROWS.filter((row) => row.only !== 'decode' && row.cpu !== 'ringside');
      const requests = requestsOf(
        rows.filter((row) => !row.ops.some((op) => op.startsWith('rel'))),
        bits,
      );
      assertSame(bits, requests, bits === 64 ? 11000 : 7000);
    });

    it(`addressing modes, bits ${bits}`, () => assertSame(bits, addresses(bits), bits === 64 ? 2000 : 1300));
    it(`prefixes, bits ${bits}`, () => assertSame(bits, prefixed(bits), 150));

    it(`branches, bits ${bits}`, () => {
      const result = compareWithNasm(bits, branches(bits));
      assertNone(undocumented(result.differences));
      assert.ok(result.accepted > 200, `only ${result.accepted} accepted`);
    });
  }

  it("errors are in NASM's words", () => {
    const rows = ROWS.filter((row) => row.only !== 'decode' && !row.ops.some((op) => op.startsWith('rel')));
    for (const bits of MODES) {
      const { otherWords, compared } = compareWithNasm(
        bits,
        byText(
          requestsOf(
            rows.filter((r) => r.cpu !== 'ringside'),
            bits,
          ),
        ),
      );
      // sized immediates of vector instructions: NASM's words follow the order of its own table
      const other = otherWords.filter((line) => !/ x?mm\d.*(word|byte) \d+:/.test(line));
      assert.ok(other.length < compared / 100, `${other.length} of ${compared}: ${other.slice(0, 10).join('\n')}`);
    }
  }).timeout(180_000);
});

function addresses(bits: CodeBits): AsmRequest[] {
  const registers = bits === 64 ? [-1, 0, 3, 4, 5, 8, 12, 13] : [-1, 0, 1, 3, 4, 5, 6, 7];
  const displacements = [undefined, 0, 1, -1, 127, 128, -128, -129, 0x1234, -0x8000, 0x12345678];
  const requests: AsmRequest[] = [];
  const add = (more: Partial<AsmMem> & { at?: number }): void => {
    requests.push(request(bits, 'mov', [reg('r8', 1), mem(more)]));
  };
  for (const regSize of [2, 4, 8] as const) {
    for (const base of registers.filter((r) => r < 8 || regSize > 2)) {
      for (const index of registers.filter((r) => r < 8 || regSize > 2)) {
        if (base < 0 && index < 0) continue;
        for (const scale of index < 0 ? ([1] as const) : ([1, 2, 4, 8] as const)) {
          add({ base, index, scale, regSize });
          if (index >= 0) add({ base, index, scale, regSize, nosplit: true, at: 4 });
          const at = displacements[(base * 5 + index * 3 + scale + 20) % displacements.length];
          add({ base, index, scale, regSize, ...(at === undefined ? {} : { at }) });
        }
      }
      if (base < 0) continue;
      for (const at of displacements.slice(1) as number[]) {
        add({ base, regSize, at });
        for (const dispSize of [1, 2, 4] as const) add({ base, regSize, at, dispSize });
        for (const addrSize of [2, 4, 8] as const) add({ base, regSize, at, addrSize });
        add({ base, regSize, at, seg: base % 6 });
      }
    }
  }
  for (const at of displacements.slice(1) as number[]) {
    for (const register of [reg('r8', 0), reg('r8', 1)]) {
      for (const more of [
        {},
        { dispSize: 2 },
        { dispSize: 4 },
        { dispSize: 8 },
        { addrSize: 2 },
        { addrSize: 4 },
        { addrSize: 8 },
        { seg: 4 },
        { rel: false },
      ]) {
        requests.push(request(bits, 'mov', [register, mem({ at, ...(more as Partial<AsmMem>) })]));
      }
    }
  }
  return requests;
}

function prefixed(bits: CodeBits): AsmRequest[] {
  const prefixes = [
    [],
    ['lock'],
    ['rep'],
    ['repne'],
    ['lock', 'repne'],
    ['rep', 'lock'],
    ['es'],
    ['fs', 'rep'],
    ['a16'],
    ['a32'],
    ['o16'],
    ['o32'],
    ['a32', 'o32'],
    ['wait'],
  ];
  const regSize = (bits / 8) as 2 | 4 | 8;
  const bodies: [string, AsmRequest['operands']][] = [
    ['movsb', []],
    ['movsd', []],
    ['lodsw', []],
    ['cmpsb', []],
    ['stosb', []],
    ['insb', []],
    ['xlatb', []],
    ['add', [mem({ base: 3, regSize }), reg('r8', 0)]],
    ['add', [mem({ base: 3, regSize }), reg('r32', 0)]],
    ['add', [reg('r8', 0), imm(5)]],
    ['xchg', [reg('r16', 1), mem({ at: 0x1234 })]],
    ['cmpxchg8b', [mem({ base: 3, regSize })]],
    ['ret', []],
    ['retf', []],
    ['iret', []],
    ['leave', []],
    ['pusha', []],
    ['popf', []],
    ['push', [imm(5)]],
    ['enter', [imm(4), imm(0)]],
    ['lgdt', [mem({ base: 3, regSize })]],
    ['nop', []],
  ];
  return bodies.flatMap(([mnemonic, operands]) =>
    prefixes.map((list) => request(bits, mnemonic, operands, { prefixes: list })),
  );
}

/** Branches to places relative to `$`: a request at ip 0 with a relocatable target. */
function branches(bits: CodeBits): Map<string, AsmRequest> {
  const result = new Map<string, AsmRequest>();
  const names = [...mnemonics()].filter((mn) => /^j|^loop|^call$/.test(mn));
  const hints: Partial<AsmImm>[] = [{}, { jump: 'short' }, { jump: 'near' }, { strict: true }];
  hints.push({ size: 2 }, { size: 4 }, { size: 8 }, { jump: 'near', size: 2 }, { jump: 'near', size: 4 });
  const words = { 2: 'word ', 4: 'dword ', 8: 'qword ' } as const;
  for (const mnemonic of names) {
    for (const distance of [0, 2, 127, 128, 129, 130, 131, -100, -125, -126, -127, -1000, 0x4000]) {
      for (const hint of hints) {
        const word = hint.size ? words[hint.size as 2 | 4 | 8] : '';
        const text = `${mnemonic} ${hint.strict ? 'strict ' : ''}${hint.jump ? `${hint.jump} ` : ''}${word}$+${distance}`;
        const target = imm(distance, { relocatable: true, ...hint });
        result.set(text, request(bits, mnemonic, [target]));
        if (distance === 2) result.set(`bnd ${text}`, request(bits, mnemonic, [target], { prefixes: ['bnd'] }));
      }
      if (mnemonic.startsWith('loop')) {
        for (const [cls, name] of [
          ['r16', 'cx'],
          ['r32', 'ecx'],
          ['r64', 'rcx'],
        ] as const) {
          result.set(
            `${mnemonic} $+${distance}, ${name}`,
            request(bits, mnemonic, [imm(distance, { relocatable: true }), reg(cls, 1)]),
          );
        }
      }
    }
  }
  return result;
}

describe('encoder', () => {
  const lines = (bits: CodeBits, list: readonly [string, AsmRequest][], preamble = ''): void => {
    const theirs = assembleLines(
      bits,
      list.map(([text]) => text),
      preamble,
    );
    list.forEach(([text, written], i) => {
      const ours = encode(written);
      assert.equal(ours.ok ? hexOf(ours.bytes) : ours.error, theirs[i]!.bytes ?? theirs[i]!.messages[0], text);
    });
  };

  it('addresses relative to RIP', () => {
    const at = (more: Partial<AsmMem>): AsmMem => mem({ at: 0x10, dispRelocatable: true, ...more });
    lines(64, [
      ['mov rax, [rel $+0x10]', request(64, 'mov', [reg('r64', 0), at({ rel: true })])],
      ['mov byte [rel $+0x10], 5', request(64, 'mov', [at({ rel: true, size: 1 }), imm(5)])],
      ['mov dword [rel $+0x10], 500', request(64, 'mov', [at({ rel: true, size: 4 }), imm(500)])],
      ['imul ecx, [fs:rel $+0x10], 500', request(64, 'imul', [reg('r32', 1), at({ rel: true, seg: 4 }), imm(500)])],
      ['mov ecx, [a32 rel $+0x10]', request(64, 'mov', [reg('r32', 1), at({ rel: true, addrSize: 4 })])],
      ['lea r9, [rel $+0x10]', request(64, 'lea', [reg('r64', 9), at({ rel: true })])],
    ]);
    lines(
      64,
      [['mov rax, [$+0x10]', request(64, 'mov', [reg('r64', 0), at({})], { defaultRel: true })]],
      'default rel\n',
    );
  });

  it('takes no short form for values that are not final or that are addresses', () => {
    const wide = (operand: AsmImm): string => {
      const result = encode(request(32, 'add', [reg('r32', 3), operand]));
      assert.ok(result.ok);
      return hexOf(result.bytes);
    };
    assert.equal(wide(imm(5)), '83c305');
    assert.equal(wide(imm(5, { known: false })), '81c305000000');
    assert.equal(wide(imm(5, { relocatable: true })), '81c305000000');
    const memory = encode(
      request(32, 'mov', [reg('r32', 3), mem({ base: 0, regSize: 4, at: 5, dispRelocatable: true })]),
    );
    assert.ok(memory.ok && hexOf(memory.bytes) === '8b9805000000');
  });

  it('says where values stand in the bytes', () => {
    const fixups = (written: AsmRequest): unknown => {
      const result = encode(written);
      assert.ok(result.ok);
      return result.fixups;
    };
    assert.deepEqual(
      fixups(request(16, 'jmp', [{ kind: 'far', selector: 8n, offset: 0x1234n, known: false, size: 4 }])),
      [
        { at: 2, size: 4, kind: 'abs', operand: 0 },
        { at: 6, size: 2, kind: 'segment', operand: 0 },
      ],
    );
    assert.deepEqual(fixups(request(32, 'mov', [mem({ at: 0x1234, size: 4 }), imm(7)])), [
      { at: 2, size: 4, kind: 'abs', operand: 0 },
      { at: 6, size: 4, kind: 'abs', operand: 1 },
    ]);
    assert.deepEqual(fixups(request(16, 'call', [imm(0, { known: false })])), [
      { at: 1, size: 2, kind: 'rel', operand: 0 },
    ]);
  });

  it('refuses what does not exist', () => {
    const error = (written: AsmRequest): string => {
      const result = encode(written);
      return result.ok ? 'accepted' : result.error;
    };
    assert.equal(error(request(16, 'frobnicate', [])), "unknown instruction `frobnicate'");
    assert.equal(error(request(16, 'mov', [reg('r64', 0), imm(1)])), 'instruction not supported in 16-bit mode');
    assert.equal(
      error(request(64, 'mov', [reg('r8h', 0), reg('r8', 9)])),
      'cannot use high byte register in rex instruction',
    );
    assert.equal(error(request(16, 'loop', [imm(1000, { relocatable: true })])), 'short jump is out of range');
  });

  it('encodes the firmware call', () => {
    const result = encode(request(16, 'fwcall', [imm(0x12)]));
    assert.ok(result.ok && hexOf(result.bytes) === '0f3f12');
  });
});
