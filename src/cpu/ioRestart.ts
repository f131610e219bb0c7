// Port accesses of the processor. When one makes a system management interrupt pending, what is needed to execute the instruction
// again is kept for the saved state (Intel SDM vol. 3, "I/O Instruction Restart"; AMD APM vol. 2, the same).
import type { Cpu } from './cpu';
import { S_GPR, S_IO, S_IO_RCX, S_IO_RDI, S_IO_RIP, S_IO_RSI, S_RIP } from './layout';
import { systemManagement } from './modes';

const CX = 1,
  SI = 6,
  DI = 7;
const INPUT = 1,
  VALID = 2,
  STRING = 4,
  REPEATED = 8;
const SIZE_1 = 0x10;
const KEPT = [
  [S_IO_RCX, CX],
  [S_IO_RSI, SI],
  [S_IO_RDI, DI],
] as const;

/** What an access is part of: 0, a string instruction, or one with a prefix for repetition. */
export const SINGLE = 0,
  IN_STRING = STRING,
  IN_REPETITION = STRING | REPEATED;

/** RIP and the registers are still those of the instruction. In system management mode the interrupt waits for RSM. */
function note(cpu: Cpu, port: number, size: number, kind: number, ip: number): void {
  if (systemManagement(cpu)) return;
  cpu.u32[S_IO >> 2] = ((port << 16) | (size * SIZE_1) | kind | VALID) >>> 0;
  cpu.setSigned64(S_IO_RIP, ip);
  for (const [at, register] of KEPT) cpu.u64[at >> 3] = cpu.u64[(S_GPR >> 3) + register]!;
}

export function readPort(cpu: Cpu, port: number, size: number, kind = SINGLE, ip = cpu.eip): number {
  const before = cpu.smi;
  const value = cpu.bus.in(port, size);
  if (cpu.smi && !before) note(cpu, port, size, kind | INPUT, ip);
  return value;
}

export function writePort(cpu: Cpu, port: number, size: number, value: number, kind = SINGLE, ip = cpu.eip): void {
  const before = cpu.smi;
  cpu.bus.out(port, size, value);
  if (cpu.smi && !before) note(cpu, port, size, kind, ip);
}

/** RSM with the restart field set: the instruction is executed again, so the registers are as they were before it. */
export function restartIo(cpu: Cpu): void {
  const word = cpu.u32[S_IO >> 2]!;
  if (word === 0) return;
  cpu.u64[S_RIP >> 3] = cpu.u64[S_IO_RIP >> 3]!;
  if ((word & STRING) === 0) return;
  for (const [at, register] of KEPT) cpu.u64[(S_GPR >> 3) + register] = cpu.u64[at >> 3]!;
}
