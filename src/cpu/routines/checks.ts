// Checks that several system routines begin with.
import type { Cpu } from '../cpu';
import type { Insn } from '../../isa/types';
import { CR4_OSXSAVE, CR4_UMIP } from '../layout';
import { protectedMode } from '../modes';
import { raiseGP, raiseUD } from '../raise';

/** Offset of the instruction after this one. */
export const nextOf = (cpu: Cpu, insn: Insn): number => (cpu.long ? cpu.eip + insn.len : (cpu.eip + insn.len) >>> 0);

/** False with #GP(0) unless CPL is 0. */
export function requireRing0(cpu: Cpu, insn: Insn): boolean {
  if (cpu.cpl === 0) return true;
  raiseGP(cpu, 0, 'privileged', { cpl: cpu.cpl, mnemonic: insn.row?.mn ?? '' });
  return false;
}

/** False with #GP(0) where CR4.UMIP keeps SGDT, SIDT, SLDT, STR and SMSW from user programs. */
export function userAllowed(cpu: Cpu, insn: Insn): boolean {
  if (cpu.cpl === 0 || (cpu.cr4 & CR4_UMIP) === 0) return true;
  raiseGP(cpu, 0, 'umip', { cpl: cpu.cpl, mnemonic: insn.row?.mn ?? '' });
  return false;
}

/** False with #UD in real and v8086 mode. */
export function requireProtected(cpu: Cpu, insn: Insn): boolean {
  if (protectedMode(cpu)) return true;
  raiseUD(cpu, 'protected-mode-only', { mnemonic: insn.row?.mn ?? '' });
  return false;
}

/** False with #UD while CR4.OSXSAVE is clear. */
export function requireXsave(cpu: Cpu, insn: Insn): boolean {
  if ((cpu.cr4 & CR4_OSXSAVE) !== 0) return true;
  raiseUD(cpu, 'osxsave', { mnemonic: insn.row?.mn ?? '' });
  return false;
}
