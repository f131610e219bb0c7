// Writes the bytes of a chosen form: prefixes in NASM's order, REX, opcode, ModRM, SIB, displacement, immediates. Tells
// where each value ended up.
import { addressSize, encodeAddress, type EncodedAddress, segmentOf, SEGMENTS } from './encodeAddress';
import type { AsmImm, AsmMem, AsmOperand, AsmRequest, AsmResult, Fixup } from './encodeTypes';
import { type Form, Mandatory } from './form';
import { followsOperandSize, type OperandSpec, sizeOf } from './operands';

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
  relative?: true;
  signed?: true;
}

export const usesOperandSize = (form: Form): boolean =>
  form.opSizes !== 14 || form.specs.some(followsOperandSize) || form.row.usesOpSize === true || form.defaultOpSizeOnly;

class Writer {
  readonly fields: Field[] = [];
  readonly warnings: string[] = [];
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
    if (form.modrm) this.modrm = form.digit > 0 ? form.digit << 3 : 0;
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

  register(operand: AsmOperand & { kind: 'reg' }, place: 'reg' | 'rm' | 'plus'): void {
    const num = operand.cls === 'r8h' ? operand.num + 4 : operand.num;
    if (operand.cls === 'r8h') this.highByte = true;
    else if (operand.cls === 'r8' && num >= 4) this.needsRex = true;
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
    this.warnings.push(...address.warnings);
    if (address.dispSize > 0) this.displacement(mem, address, operand);
  }

  private displacement(mem: AsmMem, address: EncodedAddress, operand: number): void {
    const size = address.dispSize;
    this.fields.push({
      value: mem.disp,
      size,
      kind: address.ripRelative ? 'rel' : 'abs',
      operand,
      ...(address.ripRelative ? { relative: true } : address.addrSize > size ? { signed: true } : {}),
    });
    if (size > 1 && mem.dispKnown && !mem.dispRelocatable) this.checkRange(mem.disp, size, `${WORDS[size]} data`);
  }

  directOffset(mem: AsmMem, operand: number): void {
    const size = addressSize(mem, this.request);
    if (typeof size === 'string') {
      this.error = size;
      return;
    }
    this.addrSize = size;
    this.fields.push({ value: mem.disp, size, kind: 'abs', operand });
    if (mem.dispKnown && !mem.dispRelocatable) this.checkRange(mem.disp, size, `${WORDS[size]} data`);
  }

  immediate(operand: AsmImm, spec: OperandSpec, index: number): void {
    const size = sizeOf(spec.size, this.opSize, this.request.bits);
    if (spec.place === 'rel') {
      this.fields.push({ value: operand.value, size, kind: 'rel', operand: index, relative: true });
      return;
    }
    const signed = this.opSize === 8 && size === 4;
    this.fields.push({ value: operand.value, size, kind: 'abs', operand: index, ...(signed ? { signed: true } : {}) });
    if (!operand.known || operand.relocatable) return;
    const byteForm = spec.signed === true && size === 1;
    if (byteForm && operand.size !== 1) {
      this.checkRange(operand.value, Math.min(this.opSize, 4), `${WORDS[Math.min(this.opSize, 4)]} value`);
    } else if (byteForm) {
      if (operand.value < -128n || operand.value > 127n) this.warnings.push('signed byte value exceeds bounds');
    } else if (this.opSize === 8 && size === 4) {
      if (BigInt.asIntN(64, operand.value) !== BigInt.asIntN(32, operand.value)) {
        this.warnings.push('signed dword immediate exceeds bounds');
      }
    } else {
      this.checkRange(operand.value, size, `${WORDS[size]} data`);
    }
  }

  private checkRange(value: bigint, size: number, what: string): void {
    const bits = BigInt(size * 8);
    if (value < -(1n << (bits - 1n)) || value >= 1n << bits) this.warnings.push(`${what} exceeds bounds`);
  }
}

const WORDS: Readonly<Record<number, string>> = { 1: 'byte', 2: 'word', 4: 'dword', 8: 'qword' };

export function writeForm(form: Form, request: AsmRequest, opSize: number): (AsmResult & { ok: true }) | Refusal {
  const writer = new Writer(form, request, opSize);
  form.specs.forEach((spec, index) => placeOperand(writer, spec, request.operands[index]!, index));
  if (writer.error) return { ok: false, error: writer.error };

  const head = prefixBytes(writer);
  if (typeof head === 'string') return { ok: false, error: head };
  if (writer.highByte && (writer.rex !== 0 || writer.needsRex)) {
    return { ok: false, error: 'cannot use high byte register in rex instruction' };
  }
  const bytes = [...head, ...opcodeBytes(writer)];
  const implied = form.implied >= 0 ? [form.implied] : writer.is4 >= 0 ? [writer.is4 << 4] : [];
  const length = bytes.length + writer.fields.reduce((sum, field) => sum + field.size, implied.length);
  const fixups: Fixup[] = [];
  for (const field of writer.fields) {
    const after = request.ip + BigInt(length);
    const value = field.relative ? field.value - after : field.value;
    const operand = request.operands[field.operand]!;
    const byteBranch = field.kind === 'rel' && field.size === 1 && operand.kind === 'imm' && operand.known;
    if (byteBranch && (value < -128n || value > 127n)) {
      return { ok: false, error: 'short jump is out of range', outOfRange: true };
    }
    const { size, kind, signed } = field;
    fixups.push({
      at: bytes.length,
      size: size as Fixup['size'],
      kind,
      operand: field.operand,
      ...(signed && { signed }),
    });
    for (let i = 0; i < field.size; i++) bytes.push(Number((value >> BigInt(i * 8)) & 0xffn));
  }
  bytes.push(...implied);
  const result = { ok: true as const, bytes: new Uint8Array(bytes), fixups, row: form.row };
  return writer.warnings.length > 0 ? { ...result, warnings: writer.warnings } : result;
}

function placeOperand(writer: Writer, spec: OperandSpec, operand: AsmOperand, index: number): void {
  switch (operand.kind) {
    case 'reg':
      if (spec.place === 'fixed' || writer.vexRegister(operand.num, spec.place)) return;
      writer.register(operand, spec.place === 'op' ? 'plus' : spec.place === 'reg' ? 'reg' : 'rm');
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
      writer.fields.push({ value: operand.offset, size: writer.opSize, kind: 'abs', operand: index });
      writer.fields.push({ value: operand.selector, size: 2, kind: 'segment', operand: index });
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

function prefixBytes(writer: Writer): number[] | string {
  const { form, request, opSize } = writer;
  const { prefixes, bits } = request;
  const chosen: Partial<Record<PrefixSlot, number>> = {};
  if (form.wait || prefixes.includes('wait')) chosen.wait = 0x9b;
  const repeat = prefixes.find((prefix) => prefix in REPEATS);
  const shortJump = form.row.sem === 'jmp' && form.row.ops.includes('rel8');
  const dropped = repeat === 'bnd' && shortJump;
  if (!repeatAllowed(form, request, repeat)) return `${repeat!} prefix is not allowed`;
  if (dropped) writer.warnings.push('jmp short (opcode eb) cannot be used with the bnd prefix, which was dropped');
  else if (repeat !== undefined) chosen.rep = REPEATS[repeat]!;
  const memory = request.operands.find((operand) => operand.kind === 'mem');
  if (prefixes.includes('lock')) {
    chosen.lock = 0xf0;
    const lockable = form.row.lock === true && memory !== undefined;
    if (!lockable) writer.warnings.push('instruction is not lockable');
  }
  const seg =
    memory?.kind === 'mem' ? segmentOf(memory, prefixes) : SEGMENTS.findIndex((name) => prefixes.includes(name));
  if (seg !== undefined && seg >= 0) {
    chosen.seg = SEGMENT_BYTES[seg]!;
    if (bits === 64 && seg < 4) {
      writer.warnings.push(`${SEGMENTS[seg]!} segment base generated, but will be ignored in 64-bit mode`);
    }
  }
  const explicit = [2, 4, 8].find((size) => prefixes.includes(`o${size * 8}`));
  const natural = bits === 16 ? 2 : 4;
  const sized = usesOperandSize(form);
  const wanted = sized ? opSize : natural;
  const written = explicit === undefined || explicit === 8 ? wanted : explicit;
  if (written !== 8 && (written === 2) !== (natural === 2)) chosen.osize = 0x66;
  if (sized && written !== wanted && wanted !== 8) {
    writer.warnings.push(`invalid operand size prefix, must be o${wanted * 8}`);
  }
  const addrSize = writer.addrSize ?? implicitAddressSize(form, prefixes, bits);
  if (addrSize !== undefined && addrSize !== bits / 8) chosen.asize = 0x67;
  const bytes = PREFIX_ORDER[request.compat ?? '2.16'].map((slot) => chosen[slot]).filter((byte) => byte !== undefined);
  if (form.mandatory > Mandatory.None && !form.vex) bytes.push(MANDATORY_BYTES[form.mandatory]);
  const wide = sized && opSize === 8 && !form.default64 && !form.force64;
  if (wide || (explicit === 8 && (!sized || form.row.sem === 'ret'))) writer.rex |= 8;
  return bytes;
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
  const written = [2, 4, 8].find((size) => prefixes.includes(`a${size * 8}`));
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

function opcodeBytes(writer: Writer): number[] {
  const { form } = writer;
  const bytes: number[] = [];
  if (form.vex) bytes.push(...vexBytes(writer));
  else {
    if (writer.rex !== 0 || writer.needsRex) bytes.push(0x40 | writer.rex);
    if (form.map > 0) bytes.push(0x0f);
    if (form.map > 1) bytes.push(form.map === 2 ? 0x38 : 0x3a);
  }
  bytes.push(form.opcode + (form.plus === 'r' ? writer.plus : 0));
  form.fixed.forEach((byte, at) => bytes.push(byte + (at === 0 && form.plus === 'i' ? writer.plus : 0)));
  if (form.modrm) {
    bytes.push(writer.modrm);
    if (writer.sib >= 0) bytes.push(writer.sib);
  }
  return bytes;
}
