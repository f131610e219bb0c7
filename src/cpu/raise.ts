// Raising a guest exception: it becomes the value of cpu.fault, and the caller answers FAULT (or its own sentinel).
import type { Cpu } from './cpu';
import type { FaultReason } from './fault';
import { DB, GP, NP, PFV, SS_, TS, UD } from './layout';
import { FAULT } from './sys';

type Facts = FaultReason['data'];

/** `errorCode` -1: the exception has none. */
export function raise(cpu: Cpu, vector: number, errorCode: number, check: string, data: Facts = {}): typeof FAULT {
  cpu.fault = { vector, errorCode: errorCode < 0 ? undefined : errorCode, reason: { check, data } };
  return FAULT;
}

export const raiseGP = (cpu: Cpu, errorCode: number, check: string, data?: Facts): typeof FAULT =>
  raise(cpu, GP, errorCode, check, data);
export const raiseSS = (cpu: Cpu, errorCode: number, check: string, data?: Facts): typeof FAULT =>
  raise(cpu, SS_, errorCode, check, data);
export const raiseNP = (cpu: Cpu, errorCode: number, check: string, data?: Facts): typeof FAULT =>
  raise(cpu, NP, errorCode, check, data);
export const raiseTS = (cpu: Cpu, errorCode: number, check: string, data?: Facts): typeof FAULT =>
  raise(cpu, TS, errorCode, check, data);
export const raiseUD = (cpu: Cpu, check: string, data?: Facts): typeof FAULT => raise(cpu, UD, -1, check, data);

/** #DB with the DR6 bits that its delivery sets. */
export function raiseDB(cpu: Cpu, dr6: number, check: string, trap: boolean, data: Facts = {}): typeof FAULT {
  cpu.fault = { vector: DB, errorCode: undefined, reason: { check, data }, trap, dr6 };
  return FAULT;
}

export function raisePF(cpu: Cpu, linear: number, errorCode: number, check: string, data: Facts): typeof FAULT {
  cpu.fault = { vector: PFV, errorCode, cr2: linear, reason: { check, data } };
  return FAULT;
}
