// FXSAVE and FXRSTOR (Intel SDM vol. 2, "FXSAVE", tables of the three layouts): the x87 and MXCSR in one area of 512 bytes,
// and the XMM registers from byte 160. The tag byte has one bit per physical register. The last byte is touched first, as
// the processor of the test vectors does it.
import type { Insn, MemOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { loadRegister, storeRegister } from '../fpu/float80';
import { block, locate, probeArea, readArea, writeArea, type Area } from '../fpu/memory';
import { controlWord, physical, setWords, statusWord } from '../fpu/state';
import { checkAvailable } from '../fpu/unit';
import { S_FCS, S_FDP, S_FDS, S_FIP, S_FOP, S_FTAG, S_MXCSR, S_XMM } from '../layout';
import { raiseGP } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';

const AREA = 512;
const MXCSR_MASK = 0xffff;
const XMM_SIZE = 64;
const XMM_AT = 160;
const ST_AT = 32;

export const wide = (insn: Insn): boolean => insn.opSize === 8;
export const xmmCount = (insn: Insn): number => (insn.bits === 64 ? 16 : 8);

function locateArea(cpu: Cpu, insn: Insn, write: boolean): Area | undefined {
  if (checkAvailable(cpu, insn) !== NEXT) return undefined;
  const mem = insn.operands[0] as MemOperand;
  const area = locate(cpu, mem, AREA, 1, write, () => true);
  if (area === undefined) return undefined;
  const { linear } = area[0]!;
  if ((linear & 15) !== 0) {
    raiseGP(cpu, 0, 'memory-alignment', { linear, alignment: 16, mnemonic: insn.row!.mn });
    return undefined;
  }
  return probeArea(cpu, area, AREA - 1, 1, write) ? area : undefined;
}

function save(cpu: Cpu, insn: Insn): SysResult {
  const area = locateArea(cpu, insn, true);
  // reserved bytes keep what memory holds
  if (area === undefined || !probeArea(cpu, area, 0, AREA, true) || !readArea(cpu, area)) return FAULT;
  storeX87(cpu, wide(insn));
  storeMxcsr(cpu);
  storeXmm(cpu, xmmCount(insn));
  return writeArea(cpu, area) ? NEXT : FAULT;
}

/** The x87's part of the block; `wide`: with 64-bit pointers. */
export function storeX87(cpu: Cpu, wide: boolean): void {
  const { u32 } = cpu;
  block.setUint16(0, controlWord(cpu), true);
  block.setUint16(2, statusWord(cpu), true);
  block.setUint16(4, cpu.i32[S_FTAG >> 2]!, true);
  block.setUint16(6, u32[S_FOP >> 2]!, true);
  const pointer = (at: number, offset: number, selector: number): void => {
    block.setUint32(at, u32[offset >> 2]!, true);
    block.setUint32(at + 4, wide ? u32[(offset >> 2) + 1]! : u32[selector >> 2]! & 0xffff, true);
  };
  pointer(8, S_FIP, S_FCS);
  pointer(16, S_FDP, S_FDS);
  for (let i = 0; i < 8; i++) {
    const { sig, se } = loadRegister(cpu, physical(cpu, i));
    block.setBigUint64(ST_AT + 16 * i, sig, true);
    block.setBigUint64(ST_AT + 16 * i + 8, BigInt(se), true);
  }
}

export function storeMxcsr(cpu: Cpu): void {
  block.setUint32(24, cpu.u32[S_MXCSR >> 2]!, true);
  block.setUint32(28, MXCSR_MASK, true);
}

export function storeXmm(cpu: Cpu, count: number): void {
  for (let i = 0; i < count; i++) {
    for (let half = 0; half < 2; half++)
      block.setBigUint64(XMM_AT + 16 * i + 8 * half, cpu.u64[((S_XMM + XMM_SIZE * i) >> 3) + half]!, true);
  }
}

function restore(cpu: Cpu, insn: Insn): SysResult {
  const area = locateArea(cpu, insn, false);
  if (area === undefined || !readArea(cpu, area)) return FAULT;
  if (!checkMxcsr(cpu)) return FAULT;
  loadX87(cpu, wide(insn));
  cpu.u32[S_MXCSR >> 2] = block.getUint32(24, true);
  loadXmm(cpu, xmmCount(insn));
  return NEXT;
}

/** False with #GP(0) when the block's MXCSR has reserved bits. */
export function checkMxcsr(cpu: Cpu): boolean {
  const value = block.getUint32(24, true);
  if ((value & ~MXCSR_MASK) === 0) return true;
  raiseGP(cpu, 0, 'mxcsr-reserved', { value, allowed: MXCSR_MASK });
  return false;
}

export function loadX87(cpu: Cpu, wide: boolean): void {
  const { u32 } = cpu;
  cpu.i32[S_FTAG >> 2] = block.getUint8(4);
  u32[S_FOP >> 2] = block.getUint16(6, true) & 0x7ff;
  setWords(cpu, block.getUint16(0, true), block.getUint16(2, true));
  const pointer = (at: number, offset: number, selector: number): void => {
    u32[offset >> 2] = block.getUint32(at, true);
    const high = block.getUint32(at + 4, true);
    u32[(offset >> 2) + 1] = wide ? high : 0;
    u32[selector >> 2] = wide ? 0 : high & 0xffff;
  };
  pointer(8, S_FIP, S_FCS);
  pointer(16, S_FDP, S_FDS);
  for (let i = 0; i < 8; i++) {
    storeRegister(cpu, physical(cpu, i), {
      sig: block.getBigUint64(ST_AT + 16 * i, true),
      se: block.getUint16(ST_AT + 16 * i + 8, true),
    });
  }
}

export function loadXmm(cpu: Cpu, count: number): void {
  for (let i = 0; i < count; i++) {
    for (let half = 0; half < 2; half++)
      cpu.u64[((S_XMM + XMM_SIZE * i) >> 3) + half] = block.getBigUint64(XMM_AT + 16 * i + 8 * half, true);
  }
}

export const FXSAVE_ROUTINES: Record<string, SysRoutine> = { fxsave: save, fxrstor: restore };
