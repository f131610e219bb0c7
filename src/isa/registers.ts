// Register names and their hardware numbers (Intel SDM vol. 2, "Register Encodings"), for the disassembler and the assembler.
import type { RegClass, RegOperand } from './types';

const numbered = (prefix: string, count: number, suffix = ''): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}${i}${suffix}`);
const extended = (suffix: string): string[] => numbered('r', 16, suffix).slice(8);

/** Names by class, indexed by hardware number. */
export const REGISTER_NAMES: Readonly<Record<RegClass, readonly string[]>> = {
  r8: ['al', 'cl', 'dl', 'bl', 'spl', 'bpl', 'sil', 'dil', ...extended('b')],
  r8h: ['ah', 'ch', 'dh', 'bh'],
  r16: ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di', ...extended('w')],
  r32: ['eax', 'ecx', 'edx', 'ebx', 'esp', 'ebp', 'esi', 'edi', ...extended('d')],
  r64: ['rax', 'rcx', 'rdx', 'rbx', 'rsp', 'rbp', 'rsi', 'rdi', ...extended('')],
  sreg: ['es', 'cs', 'ss', 'ds', 'fs', 'gs'],
  creg: numbered('cr', 16),
  dreg: numbered('dr', 16),
  treg: numbered('tr', 8),
  st: numbered('st', 8),
  mm: numbered('mm', 8),
  xmm: numbered('xmm', 16),
  ymm: numbered('ymm', 16),
};

/** Sizes in bytes; control and debug registers have the size of the mode (4 here). */
export const REGISTER_SIZES: Readonly<Record<RegClass, number>> = {
  r8: 1,
  r8h: 1,
  r16: 2,
  r32: 4,
  r64: 8,
  sreg: 2,
  creg: 4,
  dreg: 4,
  treg: 4,
  st: 10,
  mm: 8,
  xmm: 16,
  ymm: 32,
};

const CLASSES = Object.keys(REGISTER_NAMES) as RegClass[];

/** One shared, frozen operand per register. */
const REGISTERS = Object.fromEntries(
  CLASSES.map((cls) => [
    cls,
    REGISTER_NAMES[cls].map((_, num): RegOperand =>
      Object.freeze({ kind: 'reg', cls, num, size: REGISTER_SIZES[cls] }),
    ),
  ]),
) as unknown as Readonly<Record<RegClass, readonly RegOperand[]>>;

export const register = (cls: RegClass, num: number): RegOperand => REGISTERS[cls][num]!;

export const registerName = (cls: RegClass, num: number): string => REGISTER_NAMES[cls][num]!;

const BY_NAME: ReadonlyMap<string, RegOperand> = new Map([
  ...CLASSES.flatMap((cls) => REGISTER_NAMES[cls].map((name, num) => [name, register(cls, num)] as const)),
  // NASM's other spellings of the byte registers that Intel names r8l..r15l.
  ...Array.from({ length: 8 }, (_, i) => [`r${i + 8}l`, register('r8', i + 8)] as const),
]);

/** The register of that name in any letter case, or undefined. */
export const lookupRegister = (name: string): RegOperand | undefined =>
  BY_NAME.get(name) ?? BY_NAME.get(name.toLowerCase());
