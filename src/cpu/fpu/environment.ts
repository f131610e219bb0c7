// The x87 environment and state in memory (Intel SDM vol. 1, "Saving the x87 FPU State with FSTENV/FNSTENV and
// FSAVE/FNSAVE", figures of the four formats; vol. 2, FXSAVE). Images pass through the shared block of memory.ts.
import type { Cpu } from '../cpu';
import { S_FCS, S_FDP, S_FDS, S_FIP, S_FOP } from '../layout';
import { loadRegister, storeRegister } from './float80';
import { block } from './memory';
import { controlWord, physical, setTagWord, setWords, statusWord, tagWord } from './state';

export interface EnvironmentFormat {
  /** 2 or 4. */
  readonly operandSize: number;
  /** Real and v8086 mode store pointers as linear addresses. */
  readonly paragraphs: boolean;
}

export const environmentBytes = (format: EnvironmentFormat): number => (format.operandSize === 2 ? 14 : 28);
export const REGISTER_BYTES = 80;

/** Writes the environment at the start of the block. */
export function putEnvironment(cpu: Cpu, format: EnvironmentFormat): void {
  const { u32 } = cpu;
  const words = [controlWord(cpu), statusWord(cpu), tagWord(cpu)];
  const opcode = u32[S_FOP >> 2]! & 0x7ff;
  const [ip, dp] = [u32[S_FIP >> 2]!, u32[S_FDP >> 2]!];
  const [cs, ds] = [u32[S_FCS >> 2]!, u32[S_FDS >> 2]!];
  const linearIp = (cs * 16 + ip) >>> 0;
  const linearDp = (ds * 16 + dp) >>> 0;
  if (format.operandSize === 2) {
    const rest = format.paragraphs
      ? [linearIp, ((linearIp >>> 4) & 0xf000) | opcode, linearDp, (linearDp >>> 4) & 0xf000]
      : [ip, cs, dp, ds];
    [...words, ...rest].forEach((value, i) => block.setUint16(2 * i, value, true));
    return;
  }
  const HIGH = 0xffff0000;
  const rest = format.paragraphs
    ? [
        HIGH | (linearIp & 0xffff),
        ((linearIp >>> 4) & 0xffff000) | opcode,
        HIGH | (linearDp & 0xffff),
        (linearDp >>> 4) & 0xffff000,
      ]
    : [ip, (opcode << 16) | cs, dp, HIGH | ds];
  [...words.map((value) => HIGH | value), ...rest].forEach((value, i) => block.setUint32(4 * i, value, true));
}

/** Takes status and tags from an environment at the start of the block. */
export function takeStatus(cpu: Cpu, { operandSize }: EnvironmentFormat, control = controlWord(cpu)): void {
  setTagWord(cpu, block.getUint16(2 * operandSize, true));
  setWords(cpu, control, block.getUint16(operandSize, true));
}

/** Takes the environment from the start of the block. */
export function takeEnvironment(cpu: Cpu, format: EnvironmentFormat): void {
  const { u32 } = cpu;
  const step = format.operandSize;
  const word = (i: number): number => block.getUint16(step * i, true);
  const dword = (i: number): number => (step === 2 ? word(i) : block.getUint32(step * i, true));
  takeStatus(cpu, format, word(0));
  u32[(S_FIP >> 2) + 1] = u32[(S_FDP >> 2) + 1] = 0;
  if (format.paragraphs) {
    u32[S_FIP >> 2] = word(3) | ((dword(4) & 0xffff000) << 4);
    u32[S_FDP >> 2] = word(5) | ((dword(6) & 0xffff000) << 4);
    u32[S_FCS >> 2] = u32[S_FDS >> 2] = 0;
    u32[S_FOP >> 2] = word(4) & 0x7ff;
    return;
  }
  u32[S_FIP >> 2] = dword(3);
  u32[S_FCS >> 2] = word(4);
  u32[S_FDP >> 2] = dword(5);
  u32[S_FDS >> 2] = word(6);
  u32[S_FOP >> 2] = step === 4 ? (dword(4) >>> 16) & 0x7ff : 0;
}

/** The eight registers in stack order, ten bytes each. */
export function putRegisters(cpu: Cpu, at: number): void {
  for (let i = 0; i < 8; i++) {
    const { sig, se } = loadRegister(cpu, physical(cpu, i));
    block.setBigUint64(at + 10 * i, sig, true);
    block.setUint16(at + 10 * i + 8, se, true);
  }
}

/** Uses TOP as takeEnvironment set it. */
export function takeRegisters(cpu: Cpu, at: number): void {
  for (let i = 0; i < 8; i++) {
    storeRegister(cpu, physical(cpu, i), {
      sig: block.getBigUint64(at + 10 * i, true),
      se: block.getUint16(at + 10 * i + 8, true),
    });
  }
}
