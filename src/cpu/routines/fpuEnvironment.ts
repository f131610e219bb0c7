// FLDENV, FSTENV, FRSTOR, FSAVE (Intel SDM vol. 2): where the environment lies in memory. As on the processor of the test
// vectors, the first part is touched first and then the last byte; a 16-bit offset may wrap between two parts, and a part
// that would lie across the end of the segment faults when those before it are done.
import type { Insn, MemOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import {
  environmentBytes,
  putEnvironment,
  putRegisters,
  REGISTER_BYTES,
  takeEnvironment,
  takeRegisters,
  takeStatus,
  type EnvironmentFormat,
} from '../fpu/environment';
import { locate, probeArea, readArea, writeArea, type Area } from '../fpu/memory';
import { controlWord, initFpu, setControl, SW_EXCEPTIONS } from '../fpu/state';
import { paragraphMode } from '../modes';
import { effectiveOffset } from '../operands';
import { FAULT, NEXT, type SysResult } from '../sys';
import { checkSegment } from '../virtual';

const formatOf = (cpu: Cpu, insn: Insn): EnvironmentFormat => ({
  operandSize: insn.opSize === 2 ? 2 : 4,
  paragraphs: paragraphMode(cpu),
});

/** Where the part begins that holds the byte at `at`: words or dwords, then a significand and an exponent per register. */
function partOf(format: EnvironmentFormat, at: number): number {
  const end = environmentBytes(format);
  if (at < end) return at - (at % format.operandSize);
  const within = (at - end) % 10;
  return at - (within < 8 ? within : within - 8);
}

/** The part that lies across offset FFFF where the segment ends, with the fault in cpu.fault; -1: none. */
function partAcross(cpu: Cpu, mem: MemOperand, format: EnvironmentFormat, size: number, write: boolean): number {
  const here = 0x10000 - effectiveOffset(cpu, mem);
  if (mem.addrSize !== 2 || here >= size) return -1;
  const at = partOf(format, here);
  return at === here || checkSegment(cpu, mem.seg, 0xffff, 2, write) ? -1 : at;
}

function locateEnvironment(
  cpu: Cpu,
  mem: MemOperand,
  format: EnvironmentFormat,
  size: number,
  write: boolean,
): Area | undefined {
  const part = format.operandSize;
  const area = locate(cpu, mem, size, part, write, (at) => partOf(format, at) === at);
  if (area === undefined) return undefined;
  return probeArea(cpu, area, 0, part, write) && probeArea(cpu, area, size - 1, 1, write) ? area : undefined;
}

/** Does `work` with the parts before the one at `at`; the fault of that one is in cpu.fault. */
function faultAt(cpu: Cpu, mem: MemOperand, at: number, write: boolean, work: (area: Area) => boolean): SysResult {
  const { fault } = cpu;
  const area = at === 0 ? undefined : locate(cpu, mem, at, 1, write);
  if (area !== undefined && work(area)) cpu.fault = fault;
  return FAULT;
}

export function loadEnvironment(cpu: Cpu, insn: Insn, registers: boolean): SysResult {
  const format = formatOf(cpu, insn);
  const end = environmentBytes(format);
  const size = registers ? end + REGISTER_BYTES : end;
  const mem = insn.operands[0] as MemOperand;
  const across = partAcross(cpu, mem, format, size, false);
  if (across >= 0) {
    return faultAt(cpu, mem, across, false, (area) => {
      if (!readArea(cpu, area)) return false;
      if (across >= 3 * format.operandSize) takeStatus(cpu, format);
      return true;
    });
  }
  const area = locateEnvironment(cpu, mem, format, size, false);
  if (area === undefined || !readArea(cpu, area)) return FAULT;
  takeEnvironment(cpu, format);
  if (registers) takeRegisters(cpu, end);
  return NEXT;
}

export function storeEnvironment(cpu: Cpu, insn: Insn, registers: boolean): SysResult {
  const format = formatOf(cpu, insn);
  const end = environmentBytes(format);
  const size = registers ? end + REGISTER_BYTES : end;
  const mem = insn.operands[0] as MemOperand;
  const put = (area: Area): boolean => {
    putEnvironment(cpu, format);
    if (registers) putRegisters(cpu, end);
    return writeArea(cpu, area);
  };
  const across = partAcross(cpu, mem, format, size, true);
  if (across >= 0) return faultAt(cpu, mem, across, true, put);
  const area = locateEnvironment(cpu, mem, format, size, true);
  if (area === undefined || !put(area)) return FAULT;
  if (registers) initFpu(cpu);
  else setControl(cpu, controlWord(cpu) | SW_EXCEPTIONS);
  return NEXT;
}
