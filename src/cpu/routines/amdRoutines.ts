// Instructions of AMD's processors alone (AMD APM vol. 3 and 4): CLZERO, and EXTRQ and INSERTQ of SSE4a. A length of 0 means
// 64 bits; the high quadword of the result is zero, as silicon has it.
import type { ImmOperand, Insn, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import type { Cpu } from '../cpu';
import { S_XMM, XMM_SIZE } from '../layout';
import { offsetMask } from '../operands';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { probeVirtualWrite, writeVirtual } from '../virtual';
import { vectorUsable } from './vectorRoutines';

const AX = 0;
const LINE = 64;

function clzero(cpu: Cpu, insn: Insn): SysResult {
  const seg = insn.segPrefix < 0 ? Seg.DS : insn.segPrefix;
  const wide = insn.addrSize === 8;
  const address = wide ? Number(BigInt.asIntN(64, cpu.u64[AX]! & ~63n)) : cpu.reg32(AX) & offsetMask(insn) & ~63;
  const offset = wide ? address : address >>> 0;
  if (!probeVirtualWrite(cpu, seg, offset, LINE)) return FAULT;
  for (let at = 0; at < LINE; at += 4) writeVirtual(cpu, seg, offset + at, 4, 0);
  return NEXT;
}

const quadword = (num: number, half = 0): number => (S_XMM + num * XMM_SIZE + 8 * half) >> 3;
const register = (insn: Insn, i: number): number => (insn.operands[i] as RegOperand).num;
const immediate = (insn: Insn, i: number): number => (insn.operands[i] as ImmOperand).value;
const maskOf = (length: number): bigint => (1n << BigInt(length & 63 || 64)) - 1n;

function setLow(cpu: Cpu, num: number, value: bigint): SysResult {
  cpu.u64[quadword(num)] = BigInt.asUintN(64, value);
  cpu.u64[quadword(num, 1)] = 0n;
  return NEXT;
}

function extract(cpu: Cpu, num: number, length: number, index: number): SysResult {
  return setLow(cpu, num, (cpu.u64[quadword(num)]! >> BigInt(index & 63)) & maskOf(length));
}
function insert(cpu: Cpu, num: number, source: bigint, length: number, index: number): SysResult {
  const at = BigInt(index & 63);
  const mask = maskOf(length) << at;
  return setLow(cpu, num, (cpu.u64[quadword(num)]! & ~mask) | ((source << at) & mask));
}

const usable =
  (routine: SysRoutine): SysRoutine =>
  (cpu, insn) =>
    vectorUsable(cpu, false, true) ? routine(cpu, insn) : FAULT;

export const AMD_ROUTINES: Record<string, SysRoutine> = {
  clzero,
  extrq_i: usable((cpu, insn) => extract(cpu, register(insn, 0), immediate(insn, 1), immediate(insn, 2))),
  extrq: usable((cpu, insn) => {
    const control = Number(cpu.u64[quadword(register(insn, 1))]! & 0xffffn);
    return extract(cpu, register(insn, 0), control, control >> 8);
  }),
  insertq_i: usable((cpu, insn) => {
    const source = cpu.u64[quadword(register(insn, 1))]!;
    return insert(cpu, register(insn, 0), source, immediate(insn, 2), immediate(insn, 3));
  }),
  insertq: usable((cpu, insn) => {
    const source = cpu.u64[quadword(register(insn, 1))]!;
    const control = Number(cpu.u64[quadword(register(insn, 1), 1)]! & 0xffffn);
    return insert(cpu, register(insn, 0), source, control, control >> 8);
  }),
};
