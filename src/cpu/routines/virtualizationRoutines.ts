// SVM and VMX where no hypervisor can run: no model announces them, EFER.SVME and CR4.VMXE cannot be set. With EFER.SVME set
// by other means (the replay of vectors that were recorded below a hypervisor) the privilege check comes first, as on silicon.
import { EFER_SVME, S_EFER } from '../layout';
import { protectedMode } from '../modes';
import { raiseUD } from '../raise';
import type { SysRoutine } from '../sys';
import { FAULT } from '../sys';
import { requireRing0 } from './checks';

const absent =
  (check: string): SysRoutine =>
  (cpu, insn) =>
    raiseUD(cpu, check, { mnemonic: insn.row?.mn ?? '' });

export const VIRTUALIZATION_ROUTINES: Record<string, SysRoutine> = {
  svm: (cpu, insn) => {
    const enabled = (cpu.u32[S_EFER >> 2]! & EFER_SVME) !== 0 && protectedMode(cpu);
    return enabled && !requireRing0(cpu, insn) ? FAULT : absent('svm-disabled')(cpu, insn);
  },
  vmmcall: absent('no-hypervisor'),
  vmx: absent('vmx-disabled'),
};
