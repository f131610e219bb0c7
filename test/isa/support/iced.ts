// What iced-x86 makes of an instruction, in Ringside's terms.
import {
  Code,
  CpuidFeature,
  Decoder,
  DecoderOptions,
  type Instruction,
  MemorySizeExt,
  Mnemonic,
  OpKind,
  Register,
} from 'iced-x86';
import type { CodeBits } from '../../../src/isa/types';

export interface IcedOperand {
  kind: 'reg' | 'mem' | 'imm' | 'rel' | 'far' | 'other';
  text: string;
}

export interface IcedInsn {
  valid: boolean;
  length: number;
  mnemonic: string;
  code: string;
  features: string[];
  operands: IcedOperand[];
  lock: boolean;
}

// Decode as AMD processors do: 16-bit near branches and no 64-bit far pointers in 64-bit code.
const OPTIONS = DecoderOptions.AMD;

const name = (table: object, value: number): string => (table as Record<number, string>)[value]!;
const REL = new Set([OpKind.NearBranch16, OpKind.NearBranch32, OpKind.NearBranch64]);
const FAR = new Set([OpKind.FarBranch16, OpKind.FarBranch32]);

function operand(insn: Instruction, at: number): IcedOperand {
  const kind = insn.opKind(at);
  if (kind === OpKind.Register) return { kind: 'reg', text: name(Register, insn.opRegister(at)).toLowerCase() };
  if (kind === OpKind.Memory) {
    const part = (register: Register): string =>
      register === Register.None ? '-' : name(Register, register).toLowerCase();
    const disp = BigInt.asUintN(64, insn.memoryDisplacement);
    const scale = insn.memoryIndex === Register.None ? 1 : insn.memoryIndexScale;
    const size = MemorySizeExt.size(insn.memorySize);
    return {
      kind: 'mem',
      text: `${part(insn.memorySegment)}:${part(insn.memoryBase)}+${part(insn.memoryIndex)}*${scale}+${disp} (${size})`,
    };
  }
  if (REL.has(kind)) return { kind: 'rel', text: String(insn.nearBranchTarget) };
  if (FAR.has(kind)) {
    const offset = kind === OpKind.FarBranch16 ? insn.farBranch16 : insn.farBranch32;
    return { kind: 'far', text: `${insn.farBranchSelector}:${offset}` };
  }
  if (kind >= OpKind.Immediate8 && kind <= OpKind.Immediate32to64) {
    return { kind: 'imm', text: String(BigInt.asUintN(64, insn.immediate(at))) };
  }
  return { kind: 'other', text: name(OpKind, kind) };
}

export class Iced {
  private readonly memory = new Uint8Array(15);

  constructor(private readonly bits: CodeBits) {}

  /** Decodes 15 bytes at instruction pointer 0. */
  decode(code: Uint8Array): IcedInsn {
    this.memory.set(code.subarray(0, 15));
    const decoder = new Decoder(this.bits, this.memory, OPTIONS);
    const insn = decoder.decode();
    const result: IcedInsn = {
      valid: insn.code !== Code.INVALID,
      length: insn.length,
      mnemonic: name(Mnemonic, insn.mnemonic).toLowerCase(),
      code: name(Code, insn.code),
      features: [...insn.cpuidFeatures()].map((feature) => name(CpuidFeature, feature)),
      operands: Array.from({ length: insn.opCount }, (_, at) => operand(insn, at)),
      lock: insn.hasLockPrefix,
    };
    insn.free();
    decoder.free();
    return result;
  }
}
