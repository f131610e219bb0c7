// IRET in all its legacy forms (Intel SDM vol. 2, "IRET/IRETD"): real mode, protected mode to the same or an outer ring,
// to v8086 mode, to the task that was interrupted (NT), and within v8086 mode with IOPL 3 or VME.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { markAccessed } from './descriptors';
import { checkReturnCode, checkReturnOffset, checkReturnStack, commitReturnCode, commitReturnStack } from './farReturn';
import { changeFlags, flagsOfModel, getEflags, iopl, setEflags, vmeEnabled, writableFlags } from './flags';
import { codeBreakpointsArmed } from './debugTraps';
import { AC, ARITH_FLAGS, DF, ID, IF, IOPL, NT, RF, S_ATTN, S_CPL, TF, TR, VIF, VIP, VM } from './layout';
import { dropInnerSegments } from './loadSegment';
import { longInterruptReturn } from './longReturn';
import { readSystem } from './memory';
import { realMode } from './modes';
import { moveStackPointer, peekStack } from './operands';
import { raiseGP } from './raise';
import { setParagraph } from './segments';
import { FAULT, JUMPED, type SysResult } from './sys';
import { SWITCH_IRET, switchTask } from './tasks';
import { T_IRET, T_V86_ENTER } from './transitions';

/** Flags whose change matters to how the engine runs. */
const ENGINE_FLAGS = TF | AC | VM;

/** `next`: offset of the following instruction, which a task return saves. */
export function interruptReturn(cpu: Cpu, size: number, next: number): SysResult {
  cpu.nmiBlocked = false;
  const before = getEflags(cpu);
  const result = cpu.longActive
    ? longInterruptReturn(cpu, size)
    : realMode(cpu)
      ? returnParagraph(cpu, size, 0)
      : (before & VM) !== 0
        ? returnInVirtual(cpu, size)
        : (before & NT) !== 0
          ? returnTask(cpu, next, before)
          : returnProtected(cpu, size);
  if (result === JUMPED) flagsChanged(cpu, before);
  return result;
}

/** After a load of EFLAGS: tells the engine about what it has to know, and looks for pending interrupts. */
export function flagsChanged(cpu: Cpu, before: number): void {
  const now = cpu.sysFlags;
  if (((before ^ now) & ENGINE_FLAGS) !== 0) cpu.hooks.contextChanged();
  if ((now & RF) !== 0 && (before & TF) === 0 && !codeBreakpointsArmed(cpu)) cpu.sysFlags = now & ~RF;
  if ((now & IF) !== 0 && (before & IF) === 0 && (cpu.intr || cpu.nmi)) cpu.i32[S_ATTN >> 2] = 1;
}

/** `keep`: flag bits that stay as they are. */
function returnParagraph(cpu: Cpu, size: number, keep: number): SysResult {
  const offset = peekStack(cpu, 0, size);
  if (offset < 0) return FAULT;
  const selector = peekStack(cpu, size, 2);
  if (selector < 0) return FAULT;
  const image = peekStack(cpu, 2 * size, size);
  if (image < 0) return FAULT;
  if (offset > cpu.limit(Seg.CS)) return raiseGP(cpu, 0, 'code-limit', { offset, limit: cpu.limit(Seg.CS) });
  cpu.transitions.begin(cpu);
  moveStackPointer(cpu, 3 * size);
  setParagraph(cpu, Seg.CS, selector);
  cpu.eip = offset;
  let mask = ARITH_FLAGS | TF | IF | DF | IOPL | NT;
  if (size === 4) mask |= (RF | AC | ID) & flagsOfModel(cpu);
  changeFlags(cpu, image, mask & ~keep);
  cpu.transitions.commit(cpu, T_IRET, -1, -1, -1, -1);
  return JUMPED;
}

function returnInVirtual(cpu: Cpu, size: number): SysResult {
  if (iopl(cpu) === 3) return returnParagraph(cpu, size, IOPL);
  if (size === 4 || !vmeEnabled(cpu)) return raiseGP(cpu, 0, 'iret-iopl', { iopl: iopl(cpu) });
  const image = peekStack(cpu, 4, 2);
  if (image < 0) return FAULT;
  if ((image & TF) !== 0 || ((image & IF) !== 0 && (cpu.sysFlags & VIP) !== 0)) {
    return raiseGP(cpu, 0, 'vme-flags', { image });
  }
  const result = returnParagraph(cpu, 2, IF | IOPL);
  if (result === JUMPED) changeFlags(cpu, (image & IF) !== 0 ? VIF : 0, VIF);
  return result;
}

function returnTask(cpu: Cpu, next: number, flags: number): SysResult {
  const link = readSystem(cpu, cpu.base(TR), 2);
  if (link < 0) return FAULT;
  return switchTask(cpu, link, SWITCH_IRET, next, 0, -1, flags, -1, -1) ? JUMPED : FAULT;
}

function returnProtected(cpu: Cpu, size: number): SysResult {
  const offset = peekStack(cpu, 0, size);
  if (offset < 0) return FAULT;
  const selector = peekStack(cpu, size, 2);
  if (selector < 0) return FAULT;
  const image = peekStack(cpu, 2 * size, size);
  if (image < 0) return FAULT;
  if (size === 4 && (image & VM) !== 0 && cpu.cpl === 0) return enterVirtual(cpu, offset, selector, image);
  if (!checkReturnCode(cpu, selector)) return FAULT;
  let mask = writableFlags(cpu, size);
  if (size === 4) {
    mask |= RF;
    if (cpu.cpl === 0) mask |= (VIF | VIP) & flagsOfModel(cpu);
  }
  if ((selector & 3) === cpu.cpl) {
    if (!checkReturnOffset(cpu, offset) || !markAccessed(cpu, cpu.code)) return FAULT;
    cpu.transitions.begin(cpu);
    moveStackPointer(cpu, 3 * size);
    commitReturnCode(cpu, selector, offset);
    changeFlags(cpu, image, mask);
    cpu.transitions.commit(cpu, T_IRET, -1, -1, -1, -1);
    return JUMPED;
  }
  const esp = peekStack(cpu, 3 * size, size);
  if (esp < 0) return FAULT;
  const ss = peekStack(cpu, 4 * size, 2);
  if (ss < 0) return FAULT;
  if (!checkReturnStack(cpu, ss, selector & 3) || !checkReturnOffset(cpu, offset)) return FAULT;
  if (!markAccessed(cpu, cpu.code) || !markAccessed(cpu, cpu.stack)) return FAULT;
  cpu.transitions.begin(cpu);
  commitReturnCode(cpu, selector, offset);
  commitReturnStack(cpu, ss, esp, size);
  changeFlags(cpu, image, mask);
  dropInnerSegments(cpu);
  cpu.transitions.commit(cpu, T_IRET, -1, -1, -1, -1);
  return JUMPED;
}

/** From ring 0 to v8086 mode: ESP, SS, ES, DS, FS, GS follow the flags on the stack. */
function enterVirtual(cpu: Cpu, offset: number, cs: number, image: number): SysResult {
  const frame: number[] = [];
  for (let i = 3; i < 9; i++) {
    const value = peekStack(cpu, i * 4, 4);
    if (value < 0) return FAULT;
    frame.push(value);
  }
  if (offset > 0xffff) return raiseGP(cpu, 0, 'code-limit', { offset, limit: 0xffff });
  cpu.transitions.begin(cpu);
  setEflags(cpu, image & flagsOfModel(cpu));
  cpu.i32[S_CPL >> 2] = 3;
  setParagraph(cpu, Seg.CS, cs);
  cpu.eip = offset;
  cpu.setReg32(4, frame[0]!);
  setParagraph(cpu, Seg.SS, frame[1]! & 0xffff);
  setParagraph(cpu, Seg.ES, frame[2]! & 0xffff);
  setParagraph(cpu, Seg.DS, frame[3]! & 0xffff);
  setParagraph(cpu, Seg.FS, frame[4]! & 0xffff);
  setParagraph(cpu, Seg.GS, frame[5]! & 0xffff);
  cpu.transitions.commit(cpu, T_V86_ENTER, -1, -1, -1, -1);
  if (vmeEnabled(cpu) && (image & (VIF | VIP)) === (VIF | VIP)) {
    // The virtual interrupt is due at once: the monitor gets #GP before the first instruction.
    raiseGP(cpu, 0, 'vip', { cpl: 3 });
    cpu.fault!.ip = offset;
    return FAULT;
  }
  return JUMPED;
}
