// Parses the `enc` text of a row into the facts that decoder and encoder need. See `Row.enc` for the notation.
import { OPERANDS, type OperandSpec } from './operands';
import type { Row } from './types';

/** Mandatory prefix that selects a form: any (prefixes keep their usual meaning), none allowed, 66, F3, F2. */
export const enum Mandatory {
  Any = 0,
  None = 1,
  P66 = 2,
  PF3 = 3,
  PF2 = 4,
}

/** Opcode maps: one-byte, 0F, 0F 38, 0F 3A. */
export type OpcodeMap = 0 | 1 | 2 | 3;

export interface Form {
  row: Row;
  index: number;
  mandatory: Mandatory;
  map: OpcodeMap;
  /** First opcode byte of the form; `+r` and `+i` forms own eight (the condition code is already added). */
  opcode: number;
  plus: '' | 'r' | 'i';
  /** Bytes after the opcode that are part of the encoding: a ModRM byte with mod 3, or an immediate. */
  fixed: readonly number[];
  modrm: boolean;
  /** ModRM.reg, or -1 when it holds an operand or is ignored. */
  digit: number;
  /** ModRM.rm repeats the register operand (two-operand spelling of IMUL r, r, imm). */
  doubled: boolean;
  modAny: boolean;
  /** Allowed operand sizes as a sum of 2, 4 and 8; 14 when all. */
  opSizes: number;
  addrSizes: number;
  defaultOpSizeOnly: boolean;
  default64: boolean;
  force64: boolean;
  noRexB: boolean;
  /** The assembler writes WAIT before it. */
  wait: boolean;
  specs: readonly OperandSpec[];
  /** Bits that the form may be used in. */
  legacy: boolean;
  long: boolean;
}

const MANDATORY: Readonly<Record<string, Mandatory>> = {
  np: Mandatory.None,
  p66: Mandatory.P66,
  pf3: Mandatory.PF3,
  pf2: Mandatory.PF2,
};
const HEX = /^([0-9a-f]{2})(?:\+(r|cc|i))?$/;

function parseBytes(tokens: readonly string[], cc: number): Pick<Form, 'map' | 'opcode' | 'plus' | 'fixed'> {
  const bytes = tokens.map((token) => {
    const match = HEX.exec(token)!;
    return { value: parseInt(match[1]!, 16) + (match[2] === 'cc' ? cc : 0), plus: match[2] ?? '' };
  });
  const escape = bytes[0]!.value === 0x0f && bytes.length > 1 ? 1 : 0;
  const third = escape && bytes.length > 2 ? ({ 0x38: 2, 0x3a: 3 } as const)[bytes[1]!.value] : undefined;
  const first = third ? 2 : escape;
  const plus = bytes.map((b) => b.plus).find((p) => p === 'r' || p === 'i') ?? '';
  return {
    map: (third ?? escape) as OpcodeMap,
    opcode: bytes[first]!.value,
    plus: plus as Form['plus'],
    fixed: bytes.slice(first + 1).map((b) => b.value),
  };
}

const sizeMask = (tokens: readonly string[], letter: 'o' | 'a'): number => {
  const mask = [2, 4, 8].reduce((sum, size) => sum + (tokens.includes(`${letter}${size * 8}`) ? size : 0), 0);
  return mask === 0 ? 14 : mask;
};

export function parseForm(row: Row, index: number): Form {
  const tokens = row.enc.split(' ');
  const specs = row.ops.map((pattern) => OPERANDS[pattern]);
  const digit = tokens.find((token) => /^\/[0-7]$/.test(token));
  const opSizes = tokens.includes('w') ? 8 : tokens.includes('nw') ? 6 : sizeMask(tokens, 'o');
  const y = row.ops.some((pattern) => pattern === 'oy') ? 12 : 14;
  return {
    row,
    index,
    mandatory: MANDATORY[tokens.find((token) => token in MANDATORY) ?? ''] ?? Mandatory.Any,
    ...parseBytes(
      tokens.filter((token) => HEX.test(token)),
      row.cc ?? 0,
    ),
    modrm: tokens.some((token) => token.startsWith('/')),
    digit: digit ? Number(digit[1]) : -1,
    doubled: tokens.includes('/rr'),
    modAny: tokens.includes('modany'),
    opSizes: opSizes & y,
    addrSizes: sizeMask(tokens, 'a'),
    defaultOpSizeOnly: tokens.includes('odf'),
    default64: tokens.includes('d64'),
    force64: tokens.includes('f64'),
    noRexB: tokens.includes('nob'),
    wait: tokens.includes('wait'),
    specs,
    legacy: row.modes !== 'only64',
    long: row.modes !== 'no64' && row.modes !== 'pm32',
  };
}
