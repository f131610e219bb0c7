// Debug exceptions (Intel SDM vol. 3, "Debug Exceptions"): code breakpoints before an instruction, traps after it
// (single step, data and I/O breakpoints, task switch with T), I/O breakpoints. Data breakpoints: watch.ts.
import type { Insn } from '../isa/types';
import type { Cpu } from './cpu';
import { CR4_DE, S_ATTN } from './layout';
import { DEBUGCTL_BTF, MSR_DEBUGCTL } from './msrs';
import { debugRegister, debugStart, DR_EXECUTE, DR_IO, drEnabled, drKind, drLength } from './watch';

/** DR6.BS: single step. */
export const DR6_BS = 0x4000;
/** DR6.BD: access to a debug register with general detect on. */
export const DR6_BD = 0x2000;
export const DR7_GD = 0x2000;

/** Some code breakpoint is enabled: the engine has to ask before every instruction. */
export function codeBreakpointsArmed(cpu: Cpu): boolean {
  const dr7 = cpu.dr7;
  if ((dr7 & 0xff) === 0) return false;
  for (let n = 0; n < 4; n++) if (drEnabled(dr7, n) && drKind(dr7, n) === DR_EXECUTE) return true;
  return false;
}

/** IA32_DEBUGCTL.BTF: single steps trap after taken branches only. */
const stepsBranches = (cpu: Cpu): boolean => ((cpu.msrs.get(MSR_DEBUGCTL) ?? 0n) & DEBUGCTL_BTF) !== 0n;

/** A single step ends with the instruction that began at `ip` and was executed just now. */
export const endsStep = (cpu: Cpu, insn: Insn, ip: number): boolean =>
  !stepsBranches(cpu) || (insn.row?.ends === true && cpu.eip !== ip + insn.len);

/** Every debug exception clears IA32_DEBUGCTL.BTF. */
export function stopBranchSteps(cpu: Cpu): void {
  if (stepsBranches(cpu)) cpu.msrs.set(MSR_DEBUGCTL, cpu.msrs.get(MSR_DEBUGCTL)! & ~DEBUGCTL_BTF);
}

/** DR6 bits of the code breakpoints at a linear address. */
export function codeBreakpointsAt(cpu: Cpu, linear: number): number {
  const dr7 = cpu.dr7;
  let bits = 0;
  if ((dr7 & 0xff) === 0) return 0;
  for (let n = 0; n < 4; n++) {
    if (drEnabled(dr7, n) && drKind(dr7, n) === DR_EXECUTE && debugRegister(cpu, n) === linear) bits |= 1 << n;
  }
  return bits;
}

/** Reports an I/O access; with CR4.DE the debug registers can break on ports. */
export function noteIo(cpu: Cpu, port: number, size: number): void {
  const dr7 = cpu.dr7;
  if ((dr7 & 0xff) === 0 || (cpu.cr4 & CR4_DE) === 0) return;
  for (let n = 0; n < 4; n++) {
    if (!drEnabled(dr7, n) || drKind(dr7, n) !== DR_IO) continue;
    const length = drLength(dr7, n);
    const first = debugStart(cpu, n, length);
    if (port < first + length && port + size > first) {
      cpu.pendingDebug |= 1 << n;
      cpu.i32[S_ATTN >> 2] = 1;
    }
  }
}
