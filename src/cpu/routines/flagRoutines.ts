// CLI, STI, PUSHF, POPF with the rules of IOPL, v8086 mode, VME and PVI (Intel SDM vol. 2; vol. 3, "Virtual-8086 Mode",
// "Protected-Mode Virtual Interrupts").
import { Seg, type Insn } from '../../isa/types';
import type { Cpu } from '../cpu';
import { changeFlags, getEflags, iopl, setSystemFlag, vmeEnabled, writableFlags } from '../flags';
import { flagsChanged } from '../iret';
import { CR4_PVI, IF, IOPL, RF, S_ATTN, TF, VIF, VIP, VM } from '../layout';
import { getRsp } from '../longFrame';
import { realMode, v8086 } from '../modes';
import { moveStackPointer, peekStack, pushValue } from '../operands';
import { raiseGP } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { readVirtual64 } from '../virtual';

const REAL = 0;
const VIRTUAL = 1;
const DENIED = 2;

/** Whether CLI and STI act on IF, on VIF, or not at all. */
function interruptFlagAccess(cpu: Cpu): number {
  if (realMode(cpu)) return REAL;
  if (cpu.cpl <= iopl(cpu)) return REAL;
  if (v8086(cpu)) return vmeEnabled(cpu) ? VIRTUAL : DENIED;
  return cpu.cpl === 3 && (cpu.cr4 & CR4_PVI) !== 0 ? VIRTUAL : DENIED;
}

const denied = (cpu: Cpu): SysResult => raiseGP(cpu, 0, 'iopl', { cpl: cpu.cpl, iopl: iopl(cpu), v8086: v8086(cpu) });

function cli(cpu: Cpu): SysResult {
  const access = interruptFlagAccess(cpu);
  if (access === DENIED) return denied(cpu);
  setSystemFlag(cpu, access === REAL ? IF : VIF, false);
  return NEXT;
}

function sti(cpu: Cpu): SysResult {
  const access = interruptFlagAccess(cpu);
  if (access === DENIED) return denied(cpu);
  if (access === VIRTUAL) {
    if ((cpu.sysFlags & VIP) !== 0) return raiseGP(cpu, 0, 'vip', { cpl: cpu.cpl });
    setSystemFlag(cpu, VIF, true);
    return NEXT;
  }
  if ((cpu.sysFlags & IF) === 0) {
    setSystemFlag(cpu, IF, true);
    // Not before the instruction after STI has retired.
    cpu.inhibitUntil = cpu.hooks.now() + 2;
    if (cpu.intr || cpu.nmi) cpu.i32[S_ATTN >> 2] = 1;
  }
  return NEXT;
}

function pushf(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  let image = getEflags(cpu) & ~(VM | RF);
  if (v8086(cpu) && iopl(cpu) < 3) {
    if (size !== 2 || !vmeEnabled(cpu)) return raiseGP(cpu, 0, 'pushf-iopl', { iopl: iopl(cpu) });
    image = (image & ~IF) | IOPL | ((cpu.sysFlags & VIF) !== 0 ? IF : 0);
  }
  return pushValue(cpu, image, size) ? NEXT : FAULT;
}

/** The image on top of the stack, its low 32 bits when it has 64; undefined on a fault. */
function peekFlags(cpu: Cpu, size: number): number | undefined {
  if (size === 8) return readVirtual64(cpu, Seg.SS, getRsp(cpu))?.[0];
  const image = peekStack(cpu, 0, size);
  return image < 0 ? undefined : image;
}

function popf(cpu: Cpu, insn: Insn): SysResult {
  const size = insn.opSize;
  const virtual = v8086(cpu) && iopl(cpu) < 3;
  if (virtual && (size !== 2 || !vmeEnabled(cpu))) return raiseGP(cpu, 0, 'popf-iopl', { iopl: iopl(cpu) });
  const image = peekFlags(cpu, size);
  if (image === undefined) return FAULT;
  const before = getEflags(cpu);
  if (virtual) {
    if ((image & TF) !== 0 || ((image & IF) !== 0 && (before & VIP) !== 0)) {
      return raiseGP(cpu, 0, 'vme-flags', { image });
    }
    moveStackPointer(cpu, size);
    changeFlags(cpu, image, writableFlags(cpu, size) & ~(IF | IOPL));
    setSystemFlag(cpu, VIF, (image & IF) !== 0);
  } else {
    moveStackPointer(cpu, size);
    changeFlags(cpu, image, writableFlags(cpu, size));
  }
  setSystemFlag(cpu, RF, false);
  flagsChanged(cpu, before);
  return NEXT;
}

export const FLAG_ROUTINES: Record<string, SysRoutine> = { cli, sti, pushf, popf };
