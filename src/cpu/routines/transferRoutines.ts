// Far transfers, software interrupts and their returns as instructions.
import type { FarOperand, ImmOperand, Insn, MemOperand } from '../../isa/types';
import { Seg } from '../../isa/types';
import type { Cpu } from '../cpu';
import { systemCall, systemEnter, systemExit, systemReturn } from '../fastCalls';
import { farReturn } from '../farReturn';
import { getArith } from '../flags';
import { FROM_EXCEPTION, FROM_SOFTWARE, interruptInstruction, trapInstruction } from '../interrupts';
import { interruptReturn } from '../iret';
import { longFarReturn } from '../longReturn';
import { BP, DB, OF, OFV } from '../layout';
import { effectiveOffset } from '../operands';
import { raiseUD } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { farCall, farJump } from '../transfers';
import { readVirtual, readVirtual64, signedOf } from '../virtual';
import { nextOf } from './checks';

/** Reads the far pointer of a far JMP or CALL and goes there. */
function transfer(cpu: Cpu, insn: Insn, call: boolean): SysResult {
  const op = insn.operands[0] as FarOperand | MemOperand;
  const size = insn.opSize;
  let selector: number;
  let offset: number;
  if (op.kind === 'far') {
    selector = op.selector;
    offset = op.offset >>> 0;
  } else {
    const at = effectiveOffset(cpu, op);
    if (size === 8) {
      const halves = readVirtual64(cpu, op.seg, at);
      if (!halves) return FAULT;
      offset = signedOf(halves);
    } else offset = readVirtual(cpu, op.seg, at, size);
    if (size !== 8 && offset < 0) return FAULT;
    selector = readVirtual(cpu, op.seg, at + size, 2);
    if (selector < 0) return FAULT;
  }
  const next = nextOf(cpu, insn);
  return call ? farCall(cpu, selector, offset, size, next) : farJump(cpu, selector, offset, next);
}

/** Ringside's own instruction exists only in the firmware ROM. */
function fwcall(cpu: Cpu, insn: Insn): SysResult {
  const linear = (cpu.base(Seg.CS) + cpu.eip) >>> 0;
  if (!((linear >= 0xf0000 && linear <= 0xfffff) || linear >= 0xfffe0000))
    return raiseUD(cpu, 'fwcall-outside-rom', { linear });
  return cpu.bus.firmwareCall((insn.operands[0] as ImmOperand).value) as SysResult;
}

export const TRANSFER_ROUTINES: Record<string, SysRoutine> = {
  jmp_far: (cpu, insn) => transfer(cpu, insn, false),
  call_far: (cpu, insn) => transfer(cpu, insn, true),
  retf: (cpu, insn) => {
    const release = insn.operands.length > 0 ? (insn.operands[0] as ImmOperand).value & 0xffff : 0;
    return cpu.longActive ? longFarReturn(cpu, insn.opSize, release) : farReturn(cpu, insn.opSize, release);
  },
  iret: (cpu, insn) => interruptReturn(cpu, insn.opSize, nextOf(cpu, insn)),
  int: (cpu, insn) => interruptInstruction(cpu, (insn.operands[0] as ImmOperand).value & 0xff, nextOf(cpu, insn)),
  int3: (cpu, insn) => trapInstruction(cpu, BP, nextOf(cpu, insn), FROM_SOFTWARE),
  int1: (cpu, insn) => trapInstruction(cpu, DB, cpu.int1IsFault ? cpu.eip : nextOf(cpu, insn), FROM_EXCEPTION),
  into: (cpu, insn) =>
    (getArith(cpu) & OF) === 0 ? NEXT : trapInstruction(cpu, OFV, nextOf(cpu, insn), FROM_SOFTWARE),
  fwcall,
  syscall: (cpu, insn) => systemCall(cpu, nextOf(cpu, insn)),
  sysret: systemReturn,
  sysenter: systemEnter,
  sysexit: systemExit,
};
