// What happens between two instructions, in order of priority (Intel SDM vol. 3, "Priority Among Concurrent Events"):
// debug traps of the instruction before, NMI, maskable interrupts. Code breakpoints and fetch faults come after these.
import type { Cpu } from './cpu';
import { deliverFault, deliverInterrupt } from './interrupts';
import { IF, NMI } from './layout';
import { raiseDB } from './raise';
import { DR6_BS } from './debugTraps';
import { DR6_BT } from './tasks';

const trapName = (dr6: number): string =>
  (dr6 & DR6_BT) !== 0 ? 'task-switch-trap' : (dr6 & DR6_BS) !== 0 ? 'single-step' : 'data-breakpoint';

/** An interrupt would be taken if the processor stood at a boundary now (also what ends HLT). */
export const interruptDue = (cpu: Cpu): boolean =>
  (cpu.nmi && !cpu.nmiBlocked) || (cpu.intr && (cpu.sysFlags & IF) !== 0);

/**
 * Delivers the most urgent event that is due; false when there was none. Events held off by STI or a load of SS stay due:
 * `eventHeld` tells whether to come back after the next instruction.
 */
export function serviceBoundary(cpu: Cpu): boolean {
  const now = cpu.hooks.now();
  if (cpu.pendingDebug !== 0 && now >= cpu.trapsHeldUntil) {
    const dr6 = cpu.pendingDebug;
    cpu.pendingDebug = 0;
    raiseDB(cpu, dr6, trapName(dr6), true, { dr6 });
    deliverFault(cpu);
    return true;
  }
  if (now < cpu.inhibitUntil) return false;
  if (cpu.nmi && !cpu.nmiBlocked) {
    cpu.nmi = false;
    cpu.nmiBlocked = true;
    deliverInterrupt(cpu, NMI);
    return true;
  }
  if (!cpu.intr || (cpu.sysFlags & IF) === 0) return false;
  deliverInterrupt(cpu, cpu.bus.acknowledge());
  return true;
}

/** Something is due but held off for one more instruction. */
export function eventHeld(cpu: Cpu): boolean {
  const now = cpu.hooks.now();
  return (cpu.pendingDebug !== 0 && now < cpu.trapsHeldUntil) || (interruptDue(cpu) && now < cpu.inhibitUntil);
}
