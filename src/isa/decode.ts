// Instruction decoder for 16, 32 and 64-bit code, driven by the table (Intel SDM vol. 2, "Instruction Format";
// AMD APM vol. 3, "Instruction Encoding"). Encodings that raise #UD give an Insn without row. VEX prefixes: decodeVex.ts.
// EVEX and XOP are absent: 62 and 8F with a register ModRM raise #UD outside 64-bit code, 62 always in it.
import { buildDecodeTable, type Candidate, type DecodeTable } from './decodeTables';
import { decodeVex } from './decodeVex';
import { Mandatory } from './form';
import { decodeMemory, decodeOperands, type Raw } from './decodeOperands';
import type { CodeBits, Insn, Operand, Row } from './types';

export type Decode = (code: Uint8Array, at: number, bits: CodeBits) => Insn;

const MAX_LENGTH = 15;
const NONE: readonly Operand[] = [];

/** A decoder of the rows that `accept` lets through: the instruction set of one processor model. */
export function createDecoder(accept: (row: Row) => boolean): Decode {
  let legacy: DecodeTable | undefined;
  let long: DecodeTable | undefined;
  return (code, at, bits) => {
    const table =
      bits === 64 ? (long ??= buildDecodeTable(accept, true)) : (legacy ??= buildDecodeTable(accept, false));
    return decodeWith(table, code, at, bits);
  };
}

/**
 * Decodes the instruction at `code[at]`, reading at most 15 bytes and never beyond the array. Accepts every form of the
 * table except those that later processors dropped (`Row.until`).
 */
export const decode: Decode = createDecoder((row) => row.until === undefined);

function decodeWith(table: DecodeTable, code: Uint8Array, at: number, bits: CodeBits): Insn {
  const long = bits === 64;
  const limit = Math.min(code.length, at + MAX_LENGTH);
  let pos = at;
  let has66 = false;
  let has67 = false;
  let lock = false;
  let rep: 0 | 0xf2 | 0xf3 = 0;
  let segPrefix = -1;
  let rex = 0;

  const fail = (invalid: NonNullable<Insn['invalid']>): Insn => ({
    row: undefined,
    rowIndex: -1,
    len: Math.min(pos, limit) - at,
    bits,
    opSize: 4,
    addrSize: 4,
    operands: NONE,
    lock,
    rep,
    segPrefix,
    cc: -1,
    rex,
    invalid,
  });
  const runsOut = (): Insn => fail(limit === at + MAX_LENGTH ? 'length' : 'truncated');

  let byte = 0;
  for (; pos < limit; pos++) {
    byte = code[pos]!;
    if (byte === 0x66) has66 = true;
    else if (byte === 0x67) has67 = true;
    else if (byte === 0xf2 || byte === 0xf3) rep = byte;
    else if (byte === 0xf0) lock = true;
    else if (byte === 0x64 || byte === 0x65) segPrefix = byte - 0x60;
    else if ((byte & 0xe7) === 0x26) {
      // ES, CS, SS and DS overrides mean nothing in 64-bit code.
      if (!long) segPrefix = (byte >> 3) & 3;
    } else if (long && (byte & 0xf0) === 0x40) {
      rex = byte;
      continue;
    } else break;
    rex = 0;
  }
  if (pos >= limit) return runsOut();
  pos++;

  if ((byte === 0xc4 || byte === 0xc5) && (long || (pos < limit && code[pos]! >= 0xc0))) {
    if (has66 || rep !== 0 || lock || rex !== 0) return fail('opcode');
    const addrSize = long ? (has67 ? 4 : 8) : (bits === 32) !== has67 ? 4 : 2;
    const result = decodeVex(table, code, at, pos - 1, limit, bits, addrSize, segPrefix);
    return result === 'opcode' ? fail('opcode') : result === 'end' ? runsOut() : result;
  }

  let map = 0;
  if (byte === 0x0f) {
    if (pos >= limit) return runsOut();
    byte = code[pos++]!;
    map = 1;
    if (byte === 0x38 || byte === 0x3a) {
      if (pos >= limit) return runsOut();
      map = byte === 0x38 ? 2 : 3;
      byte = code[pos++]!;
    }
  }
  const slot = table[(map << 8) | byte];
  if (slot === undefined) return fail('opcode');

  let modrm = 0;
  let list = slot.lists[0]!;
  if (slot.modrm) {
    if (pos >= limit) return runsOut();
    modrm = code[pos++]!;
    list = slot.lists[((modrm >> 3) & 7) | (modrm >= 0xc0 ? 8 : 0)]!;
  }

  const rexW = (rex & 8) !== 0;
  const addrSize = long ? (has67 ? 4 : 8) : (bits === 32) !== has67 ? 4 : 2;
  const mandatory =
    rep === 0xf3 ? Mandatory.PF3 : rep === 0xf2 ? Mandatory.PF2 : has66 ? Mandatory.P66 : Mandatory.None;
  let chosen: Candidate | undefined;
  let opSize: 2 | 4 | 8 = 4;
  for (let i = 0; i < list.length; i++) {
    const c = list[i]!;
    const form = c.form;
    const is66 = has66 && c.mandatory !== Mandatory.P66;
    if (!long) opSize = (bits === 32) !== is66 ? 4 : 2;
    else if (rexW || form.force64) opSize = 8;
    else opSize = is66 ? 2 : form.default64 ? 8 : 4;
    if (!c.plain) {
      if (c.mandatory !== Mandatory.Any && c.mandatory !== mandatory) continue;
      if ((c.opSizes & opSize) === 0) continue;
      if (form.defaultOpSizeOnly && opSize !== (long ? (form.default64 ? 8 : 4) : bits / 8)) continue;
      if (c.rm >= 0 && c.rm !== (modrm & 7)) continue;
      if (form.noRexB && (rex & 1) !== 0) continue;
      if ((form.addrSizes & addrSize) === 0) continue;
      if (c.clamp && opSize === 8) opSize = 4;
    }
    chosen = c;
    break;
  }
  if (chosen === undefined) return fail('opcode');

  const form = chosen.form;
  const raw: Raw = {
    code,
    pos,
    bits,
    opSize,
    addrSize,
    rex,
    modrm,
    opcode: byte,
    segPrefix,
    memory: undefined,
    vvvv: 0,
  };
  if (slot.modrm && modrm < 0xc0 && !form.modAny) decodeMemory(raw);
  const operands = form.specs.length === 0 ? NONE : decodeOperands(form, raw);
  pos = raw.pos;
  const meant = chosen.bySuffix === undefined ? form : chosen.bySuffix.get(code[pos++]!);
  if (pos > limit) return runsOut();
  if (operands === undefined || meant === undefined) return fail('opcode');
  if (lock && !(chosen.row.lock === true && raw.memory !== undefined)) return fail('lock');

  const insn: Insn = {
    row: meant.row,
    rowIndex: meant.index,
    len: pos - at,
    bits,
    opSize,
    addrSize,
    operands,
    lock,
    rep: chosen.mandatory >= Mandatory.PF3 ? 0 : rep,
    segPrefix,
    cc: chosen.row.cc ?? -1,
    rex,
  };
  if (map === 0 && (byte & 0xf8) === 0xd8) insn.x87Opcode = ((byte & 7) << 8) | modrm;
  return insn;
}
