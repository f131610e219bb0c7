// What every x87 instruction does around its work (Intel SDM vol. 1, "x87 FPU Exception Handling"; vol. 3, "Interrupt 7",
// "Interrupt 16"): is the unit there, is an earlier exception pending; then stack checks, exceptions found, masked or not.
import type { Insn, MemOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import type { Cpu } from '../cpu';
import { CR0_EM, CR0_NE, CR0_TS, MF, NM, S_FCS, S_FDP, S_FDS, S_FIP, S_FOP } from '../layout';
import { effectiveOffset } from '../operands';
import { raise } from '../raise';
import { NEXT, RETRY, type SysResult } from '../sys';
import { DEFAULT_NAN, loadRegister, storeRegister, unpack, type Float, type Raw80 } from './float80';
import type { Context } from './round';
import {
  controlWord,
  isEmpty,
  physical,
  setEmpty,
  setFull,
  setStatus,
  setTop,
  statusWord,
  SW_C1,
  SW_DE,
  SW_ES,
  SW_EXCEPTIONS,
  SW_IE,
  SW_OE,
  SW_PE,
  SW_SF,
  SW_UE,
  SW_ZE,
  top,
} from './state';

const BEFORE = SW_IE | SW_DE | SW_ZE;

/** #NM without a unit to use (CR0.EM, CR0.TS). NEXT: go on. */
export function checkAvailable(cpu: Cpu, insn: Insn): SysResult {
  if ((cpu.cr0 & (CR0_EM | CR0_TS)) === 0) return NEXT;
  const check = (cpu.cr0 & CR0_EM) !== 0 ? 'x87-emulated' : 'x87-task-switched';
  return raise(cpu, NM, -1, check, { mnemonic: insn.row!.mn, cr0: cpu.cr0 });
}

const NAMES: readonly [number, string][] = [
  [SW_IE, 'invalid operation'],
  [SW_DE, 'denormal operand'],
  [SW_ZE, 'division by zero'],
  [SW_OE, 'overflow'],
  [SW_UE, 'underflow'],
  [SW_PE, 'inexact result'],
];

/** The exceptions that are set and not masked, in words. */
export function pendingNames(status: number, control: number): string {
  const pending = status & ~control & SW_EXCEPTIONS;
  const names = NAMES.filter(([bit]) => (pending & bit) !== 0).map(([, name]) => name);
  if ((pending & SW_IE) !== 0 && (status & SW_SF) !== 0)
    names[0] = `stack ${(status & SW_C1) !== 0 ? 'overflow' : 'underflow'}`;
  return names.join(', ');
}

export const raisePending = (cpu: Cpu): SysResult =>
  raise(cpu, MF, -1, 'x87-exception', {
    exceptions: pendingNames(statusWord(cpu), controlWord(cpu)),
    status: statusWord(cpu),
    control: controlWord(cpu),
    selector: cpu.u32[S_FCS >> 2]!,
    offset: cpu.u32[S_FIP >> 2]!,
  });

/** #MF for a pending exception; with CR0.NE clear the processor waits for the interrupt that FERR# asked for. */
export function checkPending(cpu: Cpu): SysResult {
  const status = statusWord(cpu);
  if ((status & SW_ES) === 0) return NEXT;
  if ((cpu.cr0 & CR0_NE) !== 0) return raisePending(cpu);
  return cpu.bus.ignoreNumericError?.() === true ? NEXT : RETRY;
}

/** Both checks of a waiting instruction. */
export function enter(cpu: Cpu, insn: Insn): SysResult {
  const result = checkAvailable(cpu, insn);
  return result === NEXT ? checkPending(cpu) : result;
}

/** Remembers where the instruction is, and its memory operand. */
export function noteInstruction(cpu: Cpu, insn: Insn): void {
  const { u32 } = cpu;
  cpu.setSigned64(S_FIP, cpu.eip);
  u32[S_FCS >> 2] = cpu.selector(Seg.CS);
  u32[S_FOP >> 2] = insn.x87Opcode ?? 0;
  const mem = insn.operands.find((op): op is MemOperand => op.kind === 'mem');
  if (mem === undefined) return;
  cpu.setSigned64(S_FDP, effectiveOffset(cpu, mem));
  u32[S_FDS >> 2] = cpu.selector(mem.seg);
}

const PRECISION = [24, 64, 53, 64];
const shared: Context = { rc: 0, precision: 64, masked: 0, flags: 0, up: false };

/** The context of one instruction; only one is in use at a time. */
export function context(cpu: Cpu): Context {
  const control = controlWord(cpu);
  shared.rc = (control >> 10) & 3;
  shared.precision = PRECISION[(control >> 8) & 3]!;
  shared.masked = control & SW_EXCEPTIONS;
  shared.flags = 0;
  shared.up = false;
  return shared;
}

/** An unmasked exception that leaves operands and destination as they were. */
export const forbidden = (ctx: Context): boolean => (ctx.flags & ~ctx.masked & BEFORE) !== 0;

/**
 * Enters what was found in the status word; false when the result must not be stored. `keepsC1`: `ctx.up` holds the C1 of
 * before.
 */
export function conclude(cpu: Cpu, ctx: Context, keepsC1 = false): boolean {
  const stopped = forbidden(ctx);
  const flags = stopped ? ctx.flags & BEFORE : ctx.flags;
  setStatus(cpu, (statusWord(cpu) & ~SW_C1) | flags | (ctx.up && (!stopped || keepsC1) ? SW_C1 : 0));
  return !stopped;
}

/** Notes a stack overflow or underflow; true when it is masked, and the default NaN stands for the missing number. */
export function stackFault(cpu: Cpu, overflow: boolean): boolean {
  setStatus(cpu, (statusWord(cpu) & ~SW_C1) | SW_IE | SW_SF | (overflow ? SW_C1 : 0));
  return (controlWord(cpu) & SW_IE) !== 0;
}

export const clearC1 = (cpu: Cpu): void => setStatus(cpu, statusWord(cpu) & ~SW_C1);

// The register stack.

export const empty = (cpu: Cpu, i: number): boolean => isEmpty(cpu, physical(cpu, i));
export const rawSt = (cpu: Cpu, i: number): Raw80 => loadRegister(cpu, physical(cpu, i));
export const st = (cpu: Cpu, i: number): Float => unpack(rawSt(cpu, i));

export function setSt(cpu: Cpu, i: number, value: Raw80): void {
  const n = physical(cpu, i);
  storeRegister(cpu, n, value);
  setFull(cpu, n);
}

export function pop(cpu: Cpu): void {
  const n = top(cpu);
  setEmpty(cpu, n);
  setTop(cpu, n + 1);
}

export function push(cpu: Cpu, value: Raw80): void {
  setTop(cpu, top(cpu) - 1);
  setSt(cpu, 0, value);
}

/** Room for a push, or the masked answer to an overflow was pushed or not; false when there is nothing more to do. */
export function roomToPush(cpu: Cpu): boolean {
  if (empty(cpu, 7)) return true;
  if (stackFault(cpu, true)) push(cpu, DEFAULT_NAN);
  return false;
}
