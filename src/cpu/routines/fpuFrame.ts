// The frame of x87 routines: availability and pending exceptions before, instruction and operand pointers after.
import type { Insn } from '../../isa/types';
import type { Cpu } from '../cpu';
import { checkAvailable, enter, noteInstruction } from '../fpu/unit';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';

/** An instruction that waits for pending exceptions and is remembered as the last one. */
export function waiting(body: (cpu: Cpu, insn: Insn) => SysResult): SysRoutine {
  return (cpu, insn) => {
    const entered = enter(cpu, insn);
    if (entered !== NEXT) return entered;
    const result = body(cpu, insn);
    if (result !== FAULT) noteInstruction(cpu, insn);
    return result;
  };
}

/** A control instruction that waits. */
export function waitingControl(body: (cpu: Cpu, insn: Insn) => SysResult): SysRoutine {
  return (cpu, insn) => {
    const entered = enter(cpu, insn);
    return entered === NEXT ? body(cpu, insn) : entered;
  };
}

/** A control instruction that does not wait (FN...). */
export function control(body: (cpu: Cpu, insn: Insn) => SysResult): SysRoutine {
  return (cpu, insn) => {
    const entered = checkAvailable(cpu, insn);
    return entered === NEXT ? body(cpu, insn) : entered;
  };
}
