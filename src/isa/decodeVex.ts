// Instructions with a VEX prefix (Intel SDM vol. 2, "The VEX Prefix"): C5 R.vvvv.L.pp, and C4 RXB.mmmmm W.vvvv.L.pp. Fields
// are inverted where they extend a register number. Outside 64-bit code the second byte has to look like a register ModRM,
// so that R and X are 1 there; B and the top bit of vvvv are ignored.
import { type Candidate, type DecodeTable, VEX_MAPS } from './decodeTables';
import { decodeMemory, decodeOperands, type Raw } from './decodeOperands';
import { Mandatory } from './form';
import type { CodeBits, Insn } from './types';

interface Prefix {
  map: number;
  mandatory: Mandatory;
  l: number;
  w: boolean;
  /** Register number. */
  vvvv: number;
  /** The field is 1111, as it has to be without an operand in it. */
  unused: boolean;
  /** R, X and B as in REX, and W. */
  rex: number;
  length: number;
}

const PREFIXES: readonly Mandatory[] = [Mandatory.None, Mandatory.P66, Mandatory.PF3, Mandatory.PF2];

function readPrefix(code: Uint8Array, pos: number, long: boolean): Prefix {
  const short = code[pos] === 0xc5;
  const first = code[pos + 1]!;
  const last = short ? first : code[pos + 2]!;
  const extended = short ? (~first >> 5) & 4 : (~first >> 5) & 7;
  const w = !short && (last & 0x80) !== 0;
  const vvvv = (~last >> 3) & 15;
  return {
    map: short ? 1 : first & 31,
    mandatory: PREFIXES[last & 3]!,
    l: (last >> 2) & 1,
    w,
    vvvv: long ? vvvv : vvvv & 7,
    unused: vvvv === 0,
    rex: long ? extended | (w ? 8 : 0) : 0,
    length: short ? 2 : 3,
  };
}

function fits(c: Candidate, p: Prefix, long: boolean): boolean {
  const vex = c.form.vex!;
  if (c.mandatory !== p.mandatory) return false;
  if (vex.l >= 0 && vex.l !== p.l) return false;
  if (vex.w >= 0 && vex.w !== (p.w ? 1 : 0) && !(vex.anyLegacyW && !long)) return false;
  return vex.vvvv || p.unused;
}

/** A gather whose destination, mask and index are not three registers raises #UD. */
function distinct(insn: Insn): boolean {
  const numbers = insn.operands.map((o) => (o.kind === 'reg' ? o.num : o.kind === 'mem' ? o.index : -1));
  return new Set(numbers).size === numbers.length;
}

/** The instruction whose prefix is at `code[pos]`; 'end': the bytes end too early. */
export function decodeVex(
  table: DecodeTable,
  code: Uint8Array,
  at: number,
  pos: number,
  limit: number,
  bits: CodeBits,
  addrSize: 2 | 4 | 8,
  segPrefix: number,
): Insn | 'opcode' | 'end' {
  const long = bits === 64;
  if (pos + (code[pos] === 0xc5 ? 2 : 3) >= limit) return 'end';
  const prefix = readPrefix(code, pos, long);
  if (prefix.map < 1 || prefix.map > 3) return 'opcode';
  pos += prefix.length;
  const opcode = code[pos++]!;
  const slot = table[((VEX_MAPS + prefix.map) << 8) | opcode];
  if (slot === undefined) return 'opcode';
  let modrm = 0;
  let list = slot.lists[0]!;
  if (slot.modrm) {
    if (pos >= limit) return 'end';
    modrm = code[pos++]!;
    list = slot.lists[((modrm >> 3) & 7) | (modrm >= 0xc0 ? 8 : 0)]!;
  }
  const chosen = list.find((c) => fits(c, prefix, long));
  if (chosen === undefined) return 'opcode';

  const { form } = chosen;
  const opSize = long && prefix.w ? 8 : 4;
  const { rex, vvvv } = prefix;
  const raw: Raw = { code, pos, bits, opSize, addrSize, rex, modrm, opcode, segPrefix, memory: undefined, vvvv };
  const vector = form.specs.find((spec) => spec.vector !== undefined)?.vector;
  if (vector !== undefined && ((modrm & 7) !== 4 || addrSize === 2)) return 'opcode';
  if (slot.modrm && modrm < 0xc0) decodeMemory(raw, vector);
  const operands = decodeOperands(form, raw);
  if (raw.pos > limit) return 'end';
  if (operands === undefined) return 'opcode';
  const insn: Insn = {
    row: chosen.row,
    rowIndex: chosen.index,
    len: raw.pos - at,
    bits,
    opSize,
    addrSize,
    operands,
    lock: false,
    rep: 0,
    segPrefix,
    cc: -1,
    rex,
  };
  return vector !== undefined && !distinct(insn) ? 'opcode' : insn;
}
