// Which fields of an instruction's record can be read from its bytes each time it is executed: an immediate or a displacement
// on which nothing else depends. Found out by trial: with other values in those bytes, the decoder and the record writer must
// make the same record but for that field. So no encoding has to be described a second time.
import type { Cpu } from '../cpu/cpu';
import type { Decode } from '../isa/decode';
import type { Insn } from '../isa/types';
import type { BlockContext } from './codeContext';
import { codeBitsOf, formKey } from './form';
import { LOWERINGS, SYSTEM_LOWERINGS } from './lower';
import * as R from './record';
import { writeRecord } from './recordWriter';

export interface LiveField {
  /** Of the encoded value. */
  offset: number;
  bytes: number;
  /** Of the field in the record. */
  field: number;
  /** The field is the sign-extended value and this. */
  mask: number;
}

const NONE: readonly LiveField[] = [];
/** Different in every byte, once with the sign set and once not. */
const TRIALS = [
  [0x5a, 0x3c, 0x69, 0x47],
  [0xa5, 0xc3, 0x96, 0xb8],
];
const MASKS = [-1, 0xffff, 0xff];
const MOST_KNOWN = 4096;

const valueOf = (code: Uint8Array, { offset, bytes, mask }: LiveField): number => {
  let value = 0;
  for (let i = bytes - 1; i >= 0; i--) value = (value << 8) | code[offset + i];
  const unused = 32 - 8 * bytes;
  return ((value << unused) >> unused) & mask;
};

/** Routines and their callers read the decoded operands, not the record. */
const usesOperands = (insn: Insn): boolean =>
  !insn.row || !LOWERINGS[insn.row.sem] || SYSTEM_LOWERINGS[insn.row.sem] !== undefined;

export class LiveFields {
  private readonly known = new Map<string, readonly LiveField[]>();

  constructor(
    private readonly cpu: Cpu,
    private readonly decode: Decode,
    /** Room for a record. */
    private readonly scratch: () => number,
  ) {}

  forget(): void {
    this.known.clear();
  }

  /** Of the instruction in `code`, which has at least its bytes. */
  of(insn: Insn, code: Uint8Array, context: BlockContext): readonly LiveField[] {
    let immediates = 0;
    let displacement = 0;
    for (const operand of insn.operands) {
      if (operand.kind === 'imm') immediates += operand.size;
      // what is relative to RIP has the form of what is relative to a register, but its place added
      else if (operand.kind === 'mem' && !operand.ripRelative) displacement = operand.dispSize;
    }
    if ((immediates === 0 && displacement === 0) || usesOperands(insn)) return NONE;
    const key = [formKey(insn, context, []), insn.rowIndex, insn.bits, insn.len, immediates, displacement].join();
    let fields = this.known.get(key);
    if (!fields) {
      if (this.known.size >= MOST_KNOWN) this.known.clear();
      fields = [
        ...this.tried(insn, code, context, insn.len - immediates, immediates, R.R_IMM),
        ...this.tried(insn, code, context, insn.len - immediates - displacement, displacement, R.R_DISP),
      ];
      this.known.set(key, fields);
    }
    return fields;
  }

  private tried(
    insn: Insn,
    code: Uint8Array,
    context: BlockContext,
    offset: number,
    bytes: number,
    field: number,
  ): readonly LiveField[] {
    if (bytes !== 1 && bytes !== 2 && bytes !== 4) return NONE;
    const before = this.record(insn, context);
    let fitting = MASKS.map((mask) => ({ offset, bytes, field, mask }));
    for (const trial of TRIALS) {
      const changed = code.slice();
      for (let i = 0; i < bytes; i++) changed[offset + i] = trial[i];
      const other = this.decode(changed, 0, codeBitsOf(context));
      if (other.row !== insn.row || other.len !== insn.len) return NONE;
      if (formKey(other, context, []) !== formKey(insn, context, [])) return NONE;
      const after = this.record(other, context);
      fitting = fitting.filter((live) => {
        const expected = before.slice();
        expected.setInt32(field, valueOf(changed, live));
        return expected.equals(after);
      });
    }
    return fitting.slice(0, 1);
  }

  private record(insn: Insn, context: BlockContext): RecordImage {
    const { cpu } = this;
    const at = this.scratch();
    cpu.u8.fill(0, at, at + R.RECORD_BYTES);
    writeRecord(cpu, at, insn, 0, context, false, () => undefined);
    return new RecordImage(cpu.u8.slice(at, at + R.RECORD_BYTES));
  }
}

/** A copy of a record. */
class RecordImage {
  constructor(private readonly bytes: Uint8Array) {}

  slice(): RecordImage {
    return new RecordImage(this.bytes.slice());
  }
  setInt32(offset: number, value: number): void {
    new DataView(this.bytes.buffer).setInt32(offset, value, true);
  }
  equals(other: RecordImage): boolean {
    return this.bytes.every((byte, i) => byte === other.bytes[i]);
  }
}
