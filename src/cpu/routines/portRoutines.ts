// IN, OUT, INS, OUTS with IOPL and the I/O permission bitmap (Intel SDM vol. 1, "Input/Output"; vol. 2). A repeated
// string form does one chunk of iterations a call and answers RETRY while some are left; chunks end where CX is a multiple of
// their size, so that what interrupts one does not change how many there are.
import type { ImmOperand, Insn, Operand, RegOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import type { Cpu } from '../cpu';
import { noteIo } from '../debugTraps';
import { iopl } from '../flags';
import { IN_REPETITION, IN_STRING, readPort, writePort } from '../ioRestart';
import { DF, S_ATTN, S_GPR, TF, TR } from '../layout';
import { systemLinear } from '../linear';
import { readSystem } from '../memory';
import { realMode, v8086 } from '../modes';
import { offsetMask, readRegister, writeRegister } from '../operands';
import { raiseGP } from '../raise';
import { FAULT, NEXT, RETRY, UNFINISHED, type SysResult, type SysRoutine } from '../sys';
import { TSS_IO_MAP } from '../tss';
import { probeVirtualWrite, readVirtual, writeVirtual } from '../virtual';

const CHUNK = 64;
const DX = 2,
  CX = 1,
  SI = 6,
  DI = 7;

/** False with #GP(0) when the running program may not use the port. */
export function checkPort(cpu: Cpu, port: number, size: number): boolean {
  if (realMode(cpu) || (cpu.cpl <= iopl(cpu) && !v8086(cpu))) return true;
  const facts = { port, size, cpl: cpu.cpl, iopl: iopl(cpu), tss: cpu.selector(TR), limit: cpu.limit(TR) };
  const limit = cpu.limit(TR);
  if ((cpu.attr(TR) & 8) === 0 || limit < 103) return fail(raiseGP(cpu, 0, 'io-no-bitmap', facts));
  const map = readSystem(cpu, systemLinear(cpu, cpu.base64(TR) + TSS_IO_MAP), 2);
  if (map < 0) return false;
  const at = map + (port >> 3);
  // Two bytes are read, so that a port range across a byte needs no second check.
  if (at + 1 > limit) return fail(raiseGP(cpu, 0, 'io-beyond-bitmap', { ...facts, map }));
  const bits = readSystem(cpu, systemLinear(cpu, cpu.base64(TR) + at), 2);
  if (bits < 0) return false;
  if (((bits >> (port & 7)) & ((1 << size) - 1)) === 0) return true;
  return fail(raiseGP(cpu, 0, 'io-bitmap', { ...facts, map }));
}

const fail = (_: number): false => false;

const portOf = (cpu: Cpu, op: Operand): number =>
  op.kind === 'imm' ? (op as ImmOperand).value & 0xff : readRegister(cpu, op as RegOperand) & 0xffff;

function input(cpu: Cpu, insn: Insn): SysResult {
  const register = insn.operands[0] as RegOperand;
  const port = portOf(cpu, insn.operands[1]!);
  if (!checkPort(cpu, port, register.size)) return FAULT;
  writeRegister(cpu, register, readPort(cpu, port, register.size));
  noteIo(cpu, port, register.size);
  return NEXT;
}

function output(cpu: Cpu, insn: Insn): SysResult {
  const register = insn.operands[1] as RegOperand;
  const port = portOf(cpu, insn.operands[0]!);
  if (!checkPort(cpu, port, register.size)) return FAULT;
  writePort(cpu, port, register.size, readRegister(cpu, register));
  noteIo(cpu, port, register.size);
  return NEXT;
}

const advance = (cpu: Cpu, register: number, by: number, wide: boolean, long: boolean): void => {
  if (long) cpu.setSigned64(S_GPR + register * 8, cpu.signed64(S_GPR + register * 8) + by);
  else if (wide) cpu.setReg32(register, cpu.reg32(register) + by);
  else cpu.setReg16(register, cpu.reg16(register) + by);
};

/** The common loop of INS and OUTS; `step` does one transfer and answers false on a fault. */
function strings(
  cpu: Cpu,
  insn: Insn,
  register: number,
  step: (cpu: Cpu, insn: Insn, port: number, size: number) => boolean,
): SysResult {
  const size = insn.row!.size ?? (insn.opSize === 2 ? 2 : 4);
  const wide = insn.addrSize !== 2;
  const long = insn.addrSize === 8;
  const port = cpu.reg16(DX);
  const by = (cpu.sysFlags & DF) !== 0 ? -size : size;
  // Even a repeat count of zero needs the permission (AMD).
  if (!checkPort(cpu, port, size)) return FAULT;
  if (insn.rep === 0) {
    if (!step(cpu, insn, port, size)) return FAULT;
    advance(cpu, register, by, wide, long);
    return NEXT;
  }
  let left = long ? Number(cpu.u64[CX]!) : wide ? cpu.reg32(CX) : cpu.reg16(CX);
  if (left === 0) return NEXT;
  const stepping = (cpu.sysFlags & TF) !== 0;
  do {
    if (!step(cpu, insn, port, size)) return FAULT;
    advance(cpu, register, by, wide, long);
    advance(cpu, CX, -1, wide, long);
    left--;
  } while (left % CHUNK !== 0 && !stepping && cpu.i32[S_ATTN >> 2] === 0);
  if (left === 0) return NEXT;
  return stepping || left % CHUNK === 0 ? RETRY : UNFINISHED;
}

const pointer = (cpu: Cpu, insn: Insn, register: number): number =>
  insn.addrSize === 8 ? cpu.signed64(S_GPR + register * 8) : (cpu.reg32(register) & offsetMask(insn)) >>> 0;

const kindOf = (insn: Insn): number => (insn.rep === 0 ? IN_STRING : IN_REPETITION);

function inputOnce(cpu: Cpu, insn: Insn, port: number, size: number): boolean {
  const offset = pointer(cpu, insn, DI);
  // The port is read only when the value can be stored.
  if (!probeVirtualWrite(cpu, Seg.ES, offset, size)) return false;
  const value = readPort(cpu, port, size, kindOf(insn));
  noteIo(cpu, port, size);
  return writeVirtual(cpu, Seg.ES, offset, size, value);
}

function outputOnce(cpu: Cpu, insn: Insn, port: number, size: number): boolean {
  const offset = pointer(cpu, insn, SI);
  const value = readVirtual(cpu, insn.segPrefix >= 0 ? insn.segPrefix : Seg.DS, offset, size);
  if (value < 0) return false;
  writePort(cpu, port, size, value, kindOf(insn));
  noteIo(cpu, port, size);
  return true;
}

export const PORT_ROUTINES: Record<string, SysRoutine> = {
  in: input,
  out: output,
  ins: (cpu, insn) => strings(cpu, insn, DI, inputOnce),
  outs: (cpu, insn) => strings(cpu, insn, SI, outputOnce),
};
