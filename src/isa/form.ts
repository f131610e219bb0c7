// Parses the `enc` text of a row into the facts that decoder and encoder need. See `Row.enc` for the notation.
import { followsOperandSize, OPERANDS, type OperandSpec } from './operands';
import { ROWS } from './table';
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

export interface VexFacts {
  /** 0 = 128 bits, 1 = 256, -1 = ignored. */
  l: number;
  /** 0, 1, -1 = ignored. */
  w: number;
  /** In 16 and 32-bit code W is ignored: it would choose 64-bit general registers. */
  anyLegacyW: boolean;
  /** An operand is in VEX.vvvv; otherwise the field has to be 1111. */
  vvvv: boolean;
}

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
  /** The operand size makes a difference to it. */
  sized: boolean;
  default64: boolean;
  force64: boolean;
  noRexB: boolean;
  /** The assembler writes WAIT before it. */
  wait: boolean;
  /** Immediate byte that the mnemonic implies, -1 when none. */
  implied: number;
  /** Of VEX forms: L (-1 when ignored) and W. */
  vex: VexFacts | undefined;
  /** VEX.vvvv repeats the first register (spelling with one operand less). */
  vexDoubled: boolean;
  specs: readonly OperandSpec[];
  /** Bits that the form may be used in. */
  legacy: boolean;
  long: boolean;
}

/** Applies one token of `enc` to the form; opcode bytes are collected in `bytes`. */
function applyToken(form: Form, token: string, bytes: number[]): void {
  switch (token) {
    case 'np':
      form.mandatory = Mandatory.None;
      return;
    case 'p66':
      form.mandatory = Mandatory.P66;
      return;
    case 'pf3':
      form.mandatory = Mandatory.PF3;
      return;
    case 'pf2':
      form.mandatory = Mandatory.PF2;
      return;
    case 'o16':
    case 'o32':
    case 'o64':
      form.opSizes |= Number(token.slice(1)) / 8;
      return;
    case 'w':
      form.opSizes = 8;
      return;
    case 'nw':
      form.opSizes = 6;
      return;
    case 'a16':
    case 'a32':
    case 'a64':
      form.addrSizes |= Number(token.slice(1)) / 8;
      return;
    case 'odf':
      form.defaultOpSizeOnly = true;
      return;
    case 'd64':
      form.default64 = true;
      return;
    case 'f64':
      form.force64 = true;
      return;
    case 'nob':
      form.noRexB = true;
      return;
    case 'wait':
      form.wait = true;
      return;
    case 'modany':
      form.modAny = true;
      return;
    case '=v':
      form.vexDoubled = true;
      return;
    case '/rr':
      form.doubled = true;
      form.modrm = true;
      return;
    case '/r':
    case '/any':
      form.modrm = true;
      return;
  }
  if (token.startsWith('vex.')) return applyVex(form, token);
  if (token[0] === '/') {
    form.modrm = true;
    form.digit = Number(token[1]);
    return;
  }
  if (token[0] === '=') {
    form.implied = parseInt(token.slice(1), 16);
    return;
  }
  const value = parseInt(token, 16);
  const plus = token.slice(3);
  // What is left are opcode bytes, and the immediate and relative letters (ib, rz, ...), which the operands tell too.
  if (Number.isNaN(value) || (token.length > 2 && token[2] !== '+')) return;
  bytes.push(value + (plus === 'cc' ? (form.row.cc ?? 0) : 0));
  if (plus === 'r' || plus === 'i') form.plus = plus;
}

const VEX_PREFIX: Readonly<Record<string, Mandatory>> = {
  np: Mandatory.None,
  '66': Mandatory.P66,
  f3: Mandatory.PF3,
  f2: Mandatory.PF2,
};
const VEX_MAP: Readonly<Record<string, OpcodeMap>> = { '0f': 1, '0f38': 2, '0f3a': 3 };

function applyVex(form: Form, token: string): void {
  const [, length, prefix, map, w] = token.split('.');
  form.mandatory = VEX_PREFIX[prefix!]!;
  form.map = VEX_MAP[map!]!;
  form.vex = {
    l: length === '256' ? 1 : length === 'lig' ? -1 : 0,
    w: w === 'w1' ? 1 : w === 'wig' ? -1 : 0,
    anyLegacyW: form.specs.some((spec) => spec.cls === 'gpr'),
    vvvv: form.specs.some((spec) => spec.place === 'vex'),
  };
}

export function parseForm(row: Row, index: number): Form {
  const form: Form = {
    row,
    index,
    mandatory: Mandatory.Any,
    map: 0,
    opcode: 0,
    plus: '',
    fixed: [],
    modrm: false,
    digit: -1,
    doubled: false,
    modAny: false,
    opSizes: 0,
    addrSizes: 0,
    defaultOpSizeOnly: false,
    sized: false,
    default64: false,
    force64: false,
    noRexB: false,
    wait: false,
    implied: -1,
    vex: undefined,
    vexDoubled: false,
    specs: row.ops.map((pattern) => OPERANDS[pattern]),
    legacy: row.modes !== 'only64',
    long: row.modes !== 'no64' && row.modes !== 'pm32',
  };
  const bytes: number[] = [];
  for (const token of row.enc.split(' ')) applyToken(form, token, bytes);
  if (form.opSizes === 0) form.opSizes = row.ops.includes('oy') ? 12 : 14;
  if (form.addrSizes === 0) form.addrSizes = 14;
  form.sized =
    form.opSizes !== 14 || form.specs.some(followsOperandSize) || row.usesOpSize === true || form.defaultOpSizeOnly;
  let first = 0;
  if (!form.vex && bytes[0] === 0x0f && bytes.length > 1) {
    first = form.map = 1;
    if (bytes.length > 2 && (bytes[1] === 0x38 || bytes[1] === 0x3a)) {
      form.map = bytes[1] === 0x38 ? 2 : 3;
      first = 2;
    }
  }
  form.opcode = bytes[first]!;
  form.fixed = bytes.slice(first + 1);
  return form;
}

let parsed: readonly Form[] | undefined;

/** The forms of the whole table, in its order; parsed at first use. */
export const allForms = (): readonly Form[] => (parsed ??= ROWS.map(parseForm));
