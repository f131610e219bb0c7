// MONITOR and MWAIT (Intel SDM vol. 3, "MONITOR/MWAIT Instructions"): a processor waits until a line of memory is written, by whatever
// agent, or an interrupt comes. Who watches the line is the engine (lineMonitor.ts); here is what a processor keeps of it.
import type { Insn } from '../isa/types';
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { MONITOR_ARMED, MONITOR_MASKED, MONITOR_WAITS, RAM_BASE, S_GPR, S_MONITOR, S_MONITOR_LINE } from './layout';
import { peekTranslate } from './pageWalk';
import { raiseGP, raiseUD } from './raise';
import { FAULT, HALTED, NEXT, type SysResult } from './sys';
import { linearOf, readVirtual } from './virtual';

export const MONITOR_LINE = 64;
const AX = 0,
  CX = 1;
/** ECX of MWAIT: interrupts end it also while they are masked. */
const MASKED_TOO = 1;

/** False with #UD above CPL 0, or #GP for an extension (ECX) that does not exist. */
function allowed(cpu: Cpu, insn: Insn, known: number): boolean {
  const extensions = cpu.reg32(CX);
  if (cpu.cpl > 0) raiseUD(cpu, 'monitor-privilege', { mnemonic: insn.row?.mn ?? '', cpl: cpu.cpl });
  else if ((extensions & ~known) !== 0) raiseGP(cpu, 0, 'monitor-extensions', { extensions });
  else return true;
  return false;
}

/** Only RAM can be watched; what else there is leaves the monitor as it was before the first MONITOR. */
export function monitor(cpu: Cpu, insn: Insn): SysResult {
  if (!allowed(cpu, insn, 0)) return FAULT;
  const { addrSize } = insn;
  const offset = addrSize === 8 ? cpu.signed64(S_GPR + AX * 8) : addrSize === 2 ? cpu.reg16(AX) : cpu.reg32(AX);
  const segment = insn.segPrefix < 0 ? Seg.DS : insn.segPrefix;
  if (readVirtual(cpu, segment, offset, 1) < 0) return FAULT;
  const physical = peekTranslate(cpu, linearOf(cpu, segment, offset));
  const page = (physical & ~0xfff) >>> 0;
  disarm(cpu);
  if (physical < 0 || cpu.bus.hostPage(page, true) !== RAM_BASE + page) return NEXT;
  const line = physical - (physical % MONITOR_LINE);
  cpu.i32[S_MONITOR >> 2] = MONITOR_ARMED;
  cpu.u32[S_MONITOR_LINE >> 2] = line;
  cpu.hooks.monitorLine(line);
  return NEXT;
}

export function mwait(cpu: Cpu, insn: Insn): SysResult {
  if (!allowed(cpu, insn, MASKED_TOO)) return FAULT;
  if ((cpu.i32[S_MONITOR >> 2]! & MONITOR_ARMED) === 0) return NEXT;
  cpu.i32[S_MONITOR >> 2] = MONITOR_WAITS | ((cpu.reg32(CX) & MASKED_TOO) !== 0 ? MONITOR_MASKED : 0);
  return HALTED;
}

function disarm(cpu: Cpu): void {
  cpu.i32[S_MONITOR >> 2] = 0;
}

/** In MWAIT, not in HLT. */
export const waitsForLine = (cpu: Cpu): boolean => (cpu.i32[S_MONITOR >> 2]! & MONITOR_WAITS) !== 0;

/** The processor goes on, whatever it rested in. */
export function endRest(cpu: Cpu): void {
  cpu.halted = false;
  if (waitsForLine(cpu)) disarm(cpu);
}

/** A store to the line: the wait is over, or the next MWAIT does not begin one. */
export function lineWritten(cpu: Cpu, line: number): void {
  if (cpu.i32[S_MONITOR >> 2] === 0 || cpu.u32[S_MONITOR_LINE >> 2] !== line) return;
  if (waitsForLine(cpu)) cpu.halted = false;
  disarm(cpu);
}

/** An interrupt that is masked ends MWAIT all the same. */
export const maskedInterruptEnds = (cpu: Cpu): boolean =>
  cpu.halted && cpu.intr && (cpu.i32[S_MONITOR >> 2]! & MONITOR_MASKED) !== 0;
