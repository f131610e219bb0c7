// Assembler requests that exercise every row of the table: each operand pattern gives a few written operands.
import type { AsmFar, AsmImm, AsmMem, AsmOperand, AsmReg, AsmRequest } from '../../../src/isa/encodeTypes';
import { OPERANDS, type OperandSpec, sizeOf } from '../../../src/isa/operands';
import { register } from '../../../src/isa/registers';
import type { CodeBits, OperandPattern, RegClass, Row } from '../../../src/isa/types';

export const reg = (cls: RegClass, num: number): AsmReg => ({ ...register(cls, num) });
export const imm = (value: number | bigint, more: Partial<AsmImm> = {}): AsmImm => ({
  kind: 'imm',
  value: BigInt(value),
  known: true,
  ...more,
});
export const mem = (more: Partial<AsmMem> & { at?: number | bigint } = {}): AsmMem => {
  const { at, ...rest } = more;
  return {
    kind: 'mem',
    base: -1,
    index: -1,
    scale: 1,
    disp: BigInt(at ?? 0),
    dispKnown: true,
    hasDisp: at !== undefined,
    ...rest,
  };
};
export const far = (selector: number, offset: number, more: Partial<AsmFar> = {}): AsmFar => ({
  kind: 'far',
  selector: BigInt(selector),
  offset: BigInt(offset),
  known: true,
  ...more,
});
export const request = (
  bits: CodeBits,
  mnemonic: string,
  operands: readonly AsmOperand[],
  more: Partial<AsmRequest> = {},
): AsmRequest => ({ bits, mnemonic, operands, prefixes: [], ip: 0n, ...more });

const GPR: Readonly<Record<number, RegClass>> = { 1: 'r8', 2: 'r16', 4: 'r32', 8: 'r64' };

function generalRegisters(size: number, bits: CodeBits): AsmReg[] {
  const cls = GPR[size]!;
  const list = [reg(cls, 0), reg(cls, 1), reg(cls, 3)];
  if (size === 1) list.push(reg('r8h', 3));
  else list.push(reg(cls, 6));
  if (bits === 64) list.push(reg(cls, 9), ...(size === 1 ? [reg('r8', 6)] : []));
  return list;
}

function memories(size: number, bits: CodeBits): AsmMem[] {
  const regSize = (bits / 8) as 2 | 4 | 8;
  const plain = bits === 16 ? mem({ base: 3, regSize }) : mem({ base: 6, regSize });
  const complex =
    bits === 16 ? mem({ base: 5, index: 7, regSize, at: 0x123 }) : mem({ base: 5, index: 1, scale: 4, regSize, at: 8 });
  const list = [plain, { ...complex, size }, { ...mem({ at: 0x1234 }), size }, mem({ at: 0x12 })];
  if (bits !== 32) list.push(mem({ base: 2, regSize: 4, size, at: -5 }));
  else list.push(mem({ base: 3, index: 6, regSize: 2, size }));
  if (bits === 64) list.push(mem({ base: 12, regSize, size, seg: 4 }), mem({ base: 0, index: 13, scale: 2, regSize }));
  return list.map((m) => ([1, 2, 4, 8, 10, 16, 32].includes(size) ? m : { ...m, size: undefined })) as AsmMem[];
}

/** Addresses with a vector of indices. */
function gathered(vector: 'xmm' | 'ymm', size: number, bits: CodeBits): AsmMem[] {
  const regSize = bits === 64 ? 8 : 4;
  const list = [
    mem({ base: 6, index: 2, scale: 4, regSize, vector }),
    mem({ base: 5, index: 4, scale: 1, regSize, at: 0x12, vector, size }),
    mem({ base: 4, index: 7, scale: 8, regSize, at: 0x1234, vector }),
    mem({ index: 3, scale: 2, at: 0x12, vector, regSize: (bits / 8) as 2 | 4 | 8 }),
  ];
  return bits === 64 ? [...list, mem({ base: 12, index: 13, scale: 4, regSize, vector })] : list;
}

/** `jmp far [x]`, without and with the size of the offset. */
const farMemories = (opSize: number, bits: CodeBits): AsmOperand[] =>
  memories(0, bits).flatMap((memory) => [
    { ...memory, far: true },
    { ...memory, size: opSize, far: true },
  ]);

const IMMEDIATES = [
  1, 5, -1, 127, 128, -128, -129, 255, 256, 0x1234, 0xffff, 0x12345678, -0x80000000, 0x80000000, 0xffffffff,
];

function immediates(size: number): AsmImm[] {
  const words = [undefined, 1, 2, 4, 8] as const;
  return [
    ...IMMEDIATES.map((value) => imm(value)),
    imm(0x123456789abcn),
    ...words.slice(1).flatMap((word) => [imm(5, { size: word }), imm(0x55 << (size > 1 ? 4 : 0), { size: word })]),
    imm(5, { strict: true }),
    ...(size <= 8 && size > 0 ? [imm(5, { strict: true, size: size as 1 | 2 | 4 | 8 })] : []),
  ];
}

function specials(cls: RegClass, bits: CodeBits): AsmReg[] {
  const numbers = {
    creg: bits === 64 ? [0, 2, 3, 4, 8] : [0, 2, 3, 4],
    dreg: [0, 3, 6, 7],
    treg: [3, 6, 7],
    sreg: [0, 2, 3, 4, 5],
  };
  const list =
    (numbers as Partial<Record<RegClass, number[]>>)[cls] ??
    (bits === 64 && cls.endsWith('mm') && cls !== 'mm' ? [0, 1, 5, 9] : [0, 1, 5]);
  return list.map((num) => reg(cls, num));
}

/** Written operands for a pattern at an operand size. */
export function samples(pattern: OperandPattern, opSize: number, bits: CodeBits): AsmOperand[] {
  const spec: OperandSpec = OPERANDS[pattern];
  const size = sizeOf(spec.size, opSize, bits);
  switch (spec.place) {
    case 'imm':
      return immediates(size);
    case 'far':
      return [far(8, 0x1234), far(0x10, 0x5678, { size: 2 }), far(0x10, 0x12345678, { size: 4 })];
    case 'rel':
      return [imm(0x40), imm(0x40, { jump: 'short' }), imm(0x40, { jump: 'near' })];
    case 'fixed':
      if (spec.cls === undefined) return [imm(spec.num!), imm(1, { size: 1 })];
      return [reg(spec.cls === 'gpr' ? GPR[size]! : spec.cls, spec.num!)];
    case 'moffs':
      return memories(size, bits);
    case 'sti':
      return specials('st', bits);
    default:
      return [
        ...(spec.cls === undefined ? [] : spec.cls === 'gpr' ? generalRegisters(size, bits) : specials(spec.cls, bits)),
        ...(spec.vector ? gathered(spec.vector, size, bits) : []),
        ...(spec.mem && !spec.vector ? memories(sizeOf(spec.memSize ?? 0, opSize, bits), bits) : []),
        ...(pattern === 'm16:v' ? farMemories(opSize, bits) : []),
      ];
  }
}

/** Requests for one row: every sample of each operand beside the first samples of the others, and some pairs. */
export function rowRequests(row: Row, bits: CodeBits): AsmRequest[] {
  const result: AsmRequest[] = [];
  for (const opSize of bits === 64 ? [2, 4, 8] : [2, 4]) {
    const lists = row.ops.map((pattern) => samples(pattern, opSize, bits));
    if (lists.some((list) => list.length === 0)) continue;
    if (lists.length === 0) {
      result.push(request(bits, row.mn, []));
      continue;
    }
    const longest = Math.max(...lists.map((list) => list.length));
    for (let shift = 0; shift < 4; shift++) {
      for (let i = 0; i < longest; i++) {
        result.push(
          request(
            bits,
            row.mn,
            lists.map((list, at) => list[(i + at * shift) % list.length]!),
          ),
        );
      }
    }
  }
  return result;
}
