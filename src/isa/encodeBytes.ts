// Writes the bytes of a chosen form: prefixes in NASM's order, REX, opcode, ModRM, SIB, displacement, immediates. Tells
// where each value ended up.
import {
  addressSize,
  encodeAddress,
  type EncodedAddress,
  segmentOf,
  segmentPrefix,
  SEGMENTS,
  writtenSize,
} from './encodeAddress';
import type { AsmFar, AsmImm, AsmMem, AsmOperand, AsmRequest, AsmResult, Fixup } from './encodeTypes';
import { type Form, Mandatory } from './form';
import { type OperandSpec, sizeOf } from './operands';

const REPEATS: Readonly<Record<string, number>> = {
  rep: 0xf3,
  repe: 0xf3,
  repz: 0xf3,
  xrelease: 0xf3,
  repne: 0xf2,
  repnz: 0xf2,
  xacquire: 0xf2,
  bnd: 0xf2,
};
export type PrefixSlot = 'wait' | 'rep' | 'lock' | 'seg' | 'osize' | 'asize';

/** The order in which a version of NASM writes prefixes, however they were written in the source. */
export const PREFIX_ORDER: Readonly<Record<'2.16' | '3', readonly PrefixSlot[]>> = {
  '2.16': ['wait', 'rep', 'lock', 'seg', 'osize', 'asize'],
  '3': ['wait', 'seg', 'asize', 'lock', 'osize', 'rep'],
};

const SEGMENT_BYTES = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];
const MANDATORY_BYTES: Readonly<Record<Mandatory, number>> = {
  [Mandatory.Any]: 0,
  [Mandatory.None]: 0,
  [Mandatory.P66]: 0x66,
  [Mandatory.PF3]: 0xf3,
  [Mandatory.PF2]: 0xf2,
};

/** The encoder's refusal of a form that the caller may follow with another one. */
export interface Refusal {
  ok: false;
  error: string;
  /** A relative branch out of reach: a longer form may do. */
  outOfRange?: true;
}

interface Field {
  value: bigint;
  size: number;
  kind: Fixup['kind'];
  operand: number;
  /** Subtract the address after the instruction from the value. */
  relative: boolean;
  signed: boolean;
}

const NO_FIELDS: readonly Field[] = [];

class Writer {
  fields = NO_FIELDS;
  warnings: string[] | undefined;
  modrm = -1;
  sib = -1;
  rex = 0;
  needsRex = false;
  highByte = false;
  plus = 0;
  addrSize: number | undefined;
  vvvv = 0;
  /** Register in the high half of a last byte, or -1. */
  is4 = -1;
  error: string | undefined;

  constructor(
    readonly form: Form,
    readonly request: AsmRequest,
    readonly opSize: number,
  ) {
    this.needsRex = request.prefixes.includes('rex');
    if (form.modrm) this.modrm = form.digit > 0 ? form.digit << 3 : 0;
  }

  warn(text: string): void {
    (this.warnings ??= []).push(text);
  }

  private field(
    value: bigint,
    size: number,
    kind: Fixup['kind'],
    operand: number,
    relative = false,
    signed = false,
  ): void {
    const field = { value, size, kind, operand, relative, signed };
    this.fields = this.fields.length === 0 ? [field] : [...this.fields, field];
  }

  /** The register fields of VEX forms; vvvv of a short spelling repeats the first register. */
  vexRegister(num: number, place: OperandSpec['place']): boolean {
    if (this.form.vexDoubled && this.vvvv === 0 && !this.doubled) {
      this.vvvv = num;
      this.doubled = true;
    }
    if (place === 'vex') this.vvvv = num;
    else if (place === 'is4') this.is4 = num;
    else return false;
    return true;
  }
  private doubled = false;

  register(operand: AsmOperand & { kind: 'reg' }, place: 'reg' | 'rm' | 'plus', lowByte = false): void {
    const num = operand.cls === 'r8h' ? operand.num + 4 : operand.num;
    if (operand.cls === 'r8h') this.highByte = true;
    else if (operand.cls === 'r8' && num >= 4 && !lowByte) this.needsRex = true;
    if (place === 'reg') {
      this.modrm |= (num & 7) << 3;
      if (num >= 8) this.rex |= 4;
      if (!this.form.doubled) return;
    }
    if (num >= 8) this.rex |= 1;
    if (place === 'plus') this.plus = num & 7;
    else this.modrm |= 0xc0 | (num & 7);
  }

  memory(mem: AsmMem, operand: number): void {
    const address = encodeAddress(mem, this.request);
    if (typeof address === 'string') {
      this.error = address;
      return;
    }
    this.addrSize = address.addrSize;
    this.modrm |= address.modrm;
    if (address.sib !== undefined) this.sib = address.sib;
    this.rex |= address.rex;
    for (const warning of address.warnings) this.warn(warning);
    if (address.dispSize > 0) this.displacement(mem, address, operand);
  }

  private displacement(mem: AsmMem, address: EncodedAddress, operand: number): void {
    const size = address.dispSize;
    const { ripRelative } = address;
    const signed = !ripRelative && address.addrSize > size;
    this.field(mem.disp, size, ripRelative ? 'rel' : 'abs', operand, ripRelative, signed);
    if (size > 1 && mem.dispKnown && !mem.dispRelocatable) this.checkRange(mem.disp, size, 'data');
  }

  directOffset(mem: AsmMem, operand: number): void {
    const size = addressSize(mem, this.request);
    if (typeof size === 'string') {
      this.error = size;
      return;
    }
    this.addrSize = size;
    this.field(mem.disp, size, 'abs', operand);
    if (mem.dispKnown && !mem.dispRelocatable) this.checkRange(mem.disp, size, 'data');
  }

  immediate(operand: AsmImm, spec: OperandSpec, index: number): void {
    const size = sizeOf(spec.size, this.opSize, this.request.bits);
    if (spec.place === 'rel') {
      this.field(operand.value, size, 'rel', index, true);
      return;
    }
    const signed = this.opSize === 8 && size === 4;
    this.field(operand.value, size, 'abs', index, false, signed);
    if (!operand.known || operand.relocatable) return;
    const byteForm = spec.signed === true && size === 1;
    if (byteForm && operand.size !== 1) {
      this.checkRange(operand.value, Math.min(this.opSize, 4), 'value');
    } else if (byteForm) {
      if (operand.value < -128n || operand.value > 127n) this.warn('signed byte value exceeds bounds');
    } else if (this.opSize === 8 && size === 4) {
      if (BigInt.asIntN(64, operand.value) !== BigInt.asIntN(32, operand.value)) {
        this.warn('signed dword immediate exceeds bounds');
      }
    } else {
      this.checkRange(operand.value, size, 'data');
    }
  }

  far(operand: AsmFar, index: number): void {
    this.field(operand.offset, this.opSize, 'abs', index);
    this.field(operand.selector, 2, 'segment', index);
  }

  private checkRange(value: bigint, size: number, what: 'data' | 'value'): void {
    const [least, end] = BOUNDS[size]!;
    if (value < least || value >= end) this.warn(`${WORDS[size]} ${what} exceeds bounds`);
  }
}

/** What fits, signed or unsigned: the least value, and the first that is too large. */
const BOUNDS: Readonly<Record<number, readonly [bigint, bigint]>> = {
  1: [-(1n << 7n), 1n << 8n],
  2: [-(1n << 15n), 1n << 16n],
  4: [-(1n << 31n), 1n << 32n],
  8: [-(1n << 63n), 1n << 64n],
};

const WORDS: Readonly<Record<number, string>> = { 1: 'byte', 2: 'word', 4: 'dword', 8: 'qword' };

const NO_FIXUPS: readonly Fixup[] = [];

/** The bytes of an instruction while they are written, in an array that has grown already. */
class ByteList {
  private readonly bytes: number[] = [];
  count = 0;

  push(byte: number): void {
    this.bytes[this.count++] = byte;
  }

  finish(): number[] {
    return this.bytes.slice(0, this.count);
  }
}

const BYTES = new ByteList();

export function writeForm(form: Form, request: AsmRequest, opSize: number): (AsmResult & { ok: true }) | Refusal {
  const writer = new Writer(form, request, opSize);
  for (let i = 0; i < form.specs.length; i++) placeOperand(writer, form.specs[i]!, request.operands[i]!, i);
  if (writer.error) return { ok: false, error: writer.error };

  const bytes = BYTES;
  bytes.count = 0;
  const refused = putPrefixes(writer, bytes);
  if (refused !== undefined) return { ok: false, error: refused };
  if (writer.highByte && (writer.rex !== 0 || writer.needsRex)) {
    return { ok: false, error: 'cannot use high byte register in rex instruction' };
  }
  putOpcode(writer, bytes);
  const implied = form.implied >= 0 ? form.implied : writer.is4 >= 0 ? writer.is4 << 4 : -1;
  const fixups = writer.fields.length === 0 ? NO_FIXUPS : putFields(writer, bytes, implied >= 0 ? 1 : 0);
  if (!fixups) return { ok: false, error: 'short jump is out of range', outOfRange: true };
  if (implied >= 0) bytes.push(implied);
  const result = { ok: true as const, bytes: bytes.finish(), fixups, row: form.row };
  return writer.warnings ? { ...result, warnings: writer.warnings } : result;
}

/** Displacements and immediates; `after` bytes follow them. Undefined: a jump is out of reach. */
function putFields({ fields, request }: Writer, bytes: ByteList, after: number): Fixup[] | undefined {
  const fixups = new Array<Fixup>(fields.length);
  let length = bytes.count + after;
  for (const { size } of fields) length += size;
  for (let i = 0; i < fields.length; i++) {
    const { value, size, kind, operand, relative, signed } = fields[i]!;
    const number = relative ? value - request.ip - BigInt(length) : value;
    if (kind === 'rel' && size === 1 && (number < -128n || number > 127n)) {
      const target = request.operands[operand]!;
      if (target.kind === 'imm' && target.known) return undefined;
    }
    const at = bytes.count;
    const written = size as Fixup['size'];
    fixups[i] = signed ? { at, size: written, kind, operand, signed } : { at, size: written, kind, operand };
    putNumber(bytes, number, size);
  }
  return fixups;
}

function putNumber(bytes: ByteList, value: bigint, size: number): void {
  let low = Number(BigInt.asIntN(32, value));
  for (let i = 0; i < size && i < 4; i++, low >>= 8) bytes.push(low & 0xff);
  if (size > 4) putNumber(bytes, value >> 32n, size - 4);
}

function placeOperand(writer: Writer, spec: OperandSpec, operand: AsmOperand, index: number): void {
  switch (operand.kind) {
    case 'reg':
      if (spec.place === 'fixed' || writer.vexRegister(operand.num, spec.place)) return;
      writer.register(operand, spec.place === 'op' ? 'plus' : spec.place === 'reg' ? 'reg' : 'rm', spec.lowByte);
      if (spec.place === 'sti') writer.plus = operand.num;
      return;
    case 'mem':
      if (spec.place === 'moffs') writer.directOffset(operand, index);
      else writer.memory(operand, index);
      return;
    case 'imm':
      if (spec.place === 'imm' || spec.place === 'rel') writer.immediate(operand, spec, index);
      else if (spec.place === 'rm') writer.memory(addressOf(operand), index);
      return;
    case 'far':
      writer.far(operand, index);
  }
}

/** `lea reg, value`: the value as a memory operand without registers. */
const addressOf = (operand: AsmImm): AsmMem => ({
  kind: 'mem',
  base: -1,
  index: -1,
  scale: 1,
  disp: operand.value,
  dispKnown: operand.known,
  hasDisp: true,
  ...(operand.relocatable ? { dispRelocatable: true } : {}),
});

type Prefixes = Partial<Record<PrefixSlot, number>>;

/** A string is what stands in the way. */
function putPrefixes(writer: Writer, bytes: ByteList): string | undefined {
  const { form, request, opSize } = writer;
  const { prefixes, bits } = request;
  const memory = memoryOf(request.operands);
  let chosen: Prefixes | undefined = form.wait ? { wait: 0x9b } : undefined;
  if (prefixes.length > 0) {
    const refused = writtenPrefixes(writer, memory, (chosen ??= {}));
    if (refused !== undefined) return refused;
  }
  const seg = memory ? segmentOf(memory, prefixes) : segmentPrefix(prefixes);
  if (seg !== undefined) {
    (chosen ??= {}).seg = SEGMENT_BYTES[seg]!;
    if (bits === 64 && seg < 4) {
      writer.warn(`${SEGMENTS[seg]!} segment base generated, but will be ignored in 64-bit mode`);
    }
  }
  const explicit = writtenSize(prefixes, 'o');
  const natural = bits === 16 ? 2 : 4;
  const { sized } = form;
  const wanted = sized ? opSize : natural;
  const written = explicit === undefined || explicit === 8 ? wanted : explicit;
  if (written !== 8 && (written === 2) !== (natural === 2)) {
    (chosen ??= {}).osize = 0x66;
  }
  if (sized && written !== wanted && wanted !== 8) {
    writer.warn(`invalid operand size prefix, must be o${wanted * 8}`);
  }
  const addrSize = writer.addrSize ?? implicitAddressSize(form, prefixes, bits);
  if (addrSize !== undefined && (form.addrSizes & addrSize) === 0) return 'mismatch in operand sizes';
  if (addrSize !== undefined && addrSize !== bits / 8) {
    (chosen ??= {}).asize = 0x67;
  }
  const repeats = form.mandatory === Mandatory.PF3 && form.row.rep === 'rep';
  if (repeats) (chosen ??= {}).rep ??= MANDATORY_BYTES[form.mandatory];
  if (chosen) for (const slot of PREFIX_ORDER[request.compat ?? '2.16']) if (slot in chosen) bytes.push(chosen[slot]!);
  if (form.mandatory > Mandatory.None && !form.vex && !repeats) bytes.push(MANDATORY_BYTES[form.mandatory]);
  const wide = sized && opSize === 8 && !form.default64 && !form.force64;
  if (wide || (explicit === 8 && (!sized || form.row.sem === 'ret'))) writer.rex |= 8;
  return undefined;
}

function memoryOf(operands: readonly AsmOperand[]): AsmMem | undefined {
  for (const operand of operands) if (operand.kind === 'mem') return operand;
  return undefined;
}

/** WAIT, LOCK and the repeat prefixes, as the source has them. */
function writtenPrefixes(writer: Writer, memory: AsmMem | undefined, chosen: Prefixes): string | undefined {
  const { form, request } = writer;
  const { prefixes } = request;
  if (prefixes.includes('wait')) chosen.wait = 0x9b;
  const repeat = prefixes.find((prefix) => prefix in REPEATS);
  const shortJump = form.row.sem === 'jmp' && form.row.ops.includes('rel8');
  const dropped = repeat === 'bnd' && shortJump;
  if (!repeatAllowed(form, request, repeat)) return `${repeat!} prefix is not allowed`;
  if (dropped) writer.warn('jmp short (opcode eb) cannot be used with the bnd prefix, which was dropped');
  else if (repeat !== undefined) chosen.rep = REPEATS[repeat]!;
  if (prefixes.includes('lock')) {
    chosen.lock = 0xf0;
    const lockable = form.row.lock === true && memory !== undefined;
    if (!lockable) writer.warn('instruction is not lockable');
  }
  return undefined;
}

/** BND belongs to branches; NASM refuses REPNE there, since it is the same byte. */
function repeatAllowed(form: Form, request: AsmRequest, repeat: string | undefined): boolean {
  if (repeat === undefined || REPEATS[repeat] !== 0xf2) return true;
  if (repeat !== 'bnd') return form.row.rep !== 'bnd' || repeat === 'xacquire';
  const written = request.operands[0];
  const shortJump = form.row.sem === 'jmp' && written?.kind === 'imm' && written.jump === 'short';
  return form.row.rep === 'bnd' && !shortJump;
}

function implicitAddressSize(form: Form, prefixes: readonly string[], bits: number): number | undefined {
  const written = writtenSize(prefixes, 'a');
  if (written !== undefined) return written;
  return form.addrSizes === 14 ? bits / 8 : form.addrSizes;
}

const VEX_PP: Readonly<Record<Mandatory, number>> = {
  [Mandatory.Any]: 0,
  [Mandatory.None]: 0,
  [Mandatory.P66]: 1,
  [Mandatory.PF3]: 2,
  [Mandatory.PF2]: 3,
};

/** The prefix of two bytes where it can say everything, else the one of three. */
function vexBytes({ form, rex, vvvv, request }: Writer): number[] {
  const { l, w } = form.vex!;
  const last = ((~vvvv & 15) << 3) | (l === 1 ? 4 : 0) | VEX_PP[form.mandatory];
  const short = form.map === 1 && (rex & 3) === 0 && w !== 1;
  if (short && !request.prefixes.includes('vex3')) return [0xc5, ((~rex & 4) << 5) | last];
  return [0xc4, ((~rex & 7) << 5) | form.map, (w === 1 ? 0x80 : 0) | last];
}

function putOpcode(writer: Writer, bytes: ByteList): void {
  const { form } = writer;
  if (form.vex) for (const byte of vexBytes(writer)) bytes.push(byte);
  else {
    if (writer.rex !== 0 || writer.needsRex) bytes.push(0x40 | writer.rex);
    if (form.map > 0) bytes.push(0x0f);
    if (form.map > 1) bytes.push(form.map === 2 ? 0x38 : 0x3a);
  }
  bytes.push(form.opcode + (form.plus === 'r' ? writer.plus : 0));
  for (let i = 0; i < form.fixed.length; i++)
    bytes.push(form.fixed[i]! + (i === 0 && form.plus === 'i' ? writer.plus : 0));
  if (!form.modrm) return;
  bytes.push(writer.modrm);
  if (writer.sib >= 0) bytes.push(writer.sib);
}
