// What happens between two instructions, in order of priority (Intel SDM vol. 3, "Priority Among Concurrent Events"):
// SMI, debug traps of the instruction before, NMI, maskable interrupts. Code breakpoints and fetch faults come after these.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { codeBreakpointsAt, DR6_BS } from './debugTraps';
import { deliverFault, deliverInterrupt } from './interrupts';
import { IF, NMI, RF } from './layout';
import { endRest, maskedInterruptEnds } from './monitor';
import { raiseDB } from './raise';
import { enterSmm, smiDue } from './smm';
import { DR6_BT } from './tasks';
import { linearOf } from './virtual';

const trapName = (dr6: number): string =>
  (dr6 & DR6_BT) !== 0 ? 'task-switch-trap' : (dr6 & DR6_BS) !== 0 ? 'single-step' : 'data-breakpoint';

/** An interrupt would be taken if the processor stood at a boundary now. */
export const interruptDue = (cpu: Cpu): boolean =>
  (cpu.nmi && !cpu.nmiBlocked) || (cpu.intr && (cpu.sysFlags & IF) !== 0) || smiDue(cpu);

/** What ends HLT or MWAIT is there. */
export const restEnds = (cpu: Cpu): boolean => interruptDue(cpu) || maskedInterruptEnds(cpu);

/**
 * Delivers what is due and answers whether there was anything; events held off by STI or a load of SS stay due. `deliver` delivers the exception in cpu.fault,
 * or leaves it there, and then nothing more happens at this boundary.
 */
export function serviceBoundary(cpu: Cpu, deliver: (cpu: Cpu) => void = deliverFault): boolean {
  if (maskedInterruptEnds(cpu)) endRest(cpu);
  const now = cpu.hooks.now();
  if (smiDue(cpu) && now >= cpu.inhibitUntil) {
    enterSmm(cpu);
    return true;
  }
  const trap = cpu.pendingDebug !== 0 && now >= cpu.trapsHeldUntil;
  if (trap) {
    // a code breakpoint on the next instruction has its condition met, too (it will be reported again if RF stays clear)
    const next = (cpu.sysFlags & RF) === 0 ? codeBreakpointsAt(cpu, linearOf(cpu, Seg.CS, cpu.eip)) : 0;
    const dr6 = cpu.pendingDebug | next;
    cpu.pendingDebug = 0;
    raiseDB(cpu, dr6, trapName(dr6), true, { dr6 });
    deliver(cpu);
    if (cpu.shutdown || cpu.fault !== undefined) return true;
  }
  if (now < cpu.inhibitUntil) return trap;
  if (cpu.nmi && !cpu.nmiBlocked) {
    cpu.nmi = false;
    cpu.nmiBlocked = true;
    deliverInterrupt(cpu, NMI);
    return true;
  }
  if (!cpu.intr || (cpu.sysFlags & IF) === 0) return trap;
  deliverInterrupt(cpu, cpu.bus.acknowledge());
  return true;
}
