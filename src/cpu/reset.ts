// Processor state after power-on, RESET and INIT (Intel SDM vol. 3, "Processor State After Reset"). The machine sets the
// entry point afterwards when its firmware does not start at the reset vector.
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { setEflags } from './flags';
import { powerUpFpu } from './fpu/state';
import {
  CR0_CD,
  CR0_ET,
  CR0_NW,
  LDTR,
  S_A20MASK,
  S_CPL,
  S_CR0,
  S_CR2,
  S_CR3,
  S_CR4,
  S_CR8,
  S_DR,
  S_EFER,
  S_GDTR_BASE,
  S_GPR,
  S_IDTR_BASE,
  S_IO,
  S_MONITOR,
  S_RIP,
  S_SMBASE,
  S_SMM,
  S_SMM_DEBUG,
  S_XCR0,
  TR,
} from './layout';
import { MODELS } from './models';
import { DR6_FIXED, DR7_FIXED } from './routines/control';
import { ATTR_REAL, setSegment } from './segments';
import { SMBASE_RESET } from './smm';
import { flushTranslations } from './tlb';
import { T_RESET } from './transitions';
import { updateBreakpointPages } from './watch';

const LDT_ATTR = 0x82;
const TSS_ATTR = 0x8b;

/** `init`: INIT keeps the model-specific registers, the time-stamp counter and the cache bits of CR0. */
export function resetCpu(cpu: Cpu, init = false): void {
  const { u32 } = cpu;
  const model = MODELS[cpu.model];
  cpu.transitions.begin(cpu);
  const cacheBits = init ? cpu.cr0 & (CR0_CD | CR0_NW) : cpu.model === '386' ? 0 : CR0_CD | CR0_NW;
  u32.fill(0, S_GPR >> 2, (S_RIP + 8) >> 2);
  cpu.setReg32(2, model.signature);
  u32.fill(0, S_CR0 >> 2, (S_CR8 + 8) >> 2);
  u32[S_CR0 >> 2] = CR0_ET | cacheBits;
  u32[S_CR2 >> 2] = u32[S_CR3 >> 2] = u32[S_CR4 >> 2] = 0;
  u32.fill(0, S_EFER >> 2, (S_EFER + 8) >> 2);
  u32.fill(0, S_DR >> 2, (S_DR + 64) >> 2);
  u32[(S_DR + 48) >> 2] = DR6_FIXED;
  u32[(S_DR + 56) >> 2] = DR7_FIXED;
  for (const at of [S_GDTR_BASE, S_IDTR_BASE]) {
    u32[at >> 2] = u32[(at >> 2) + 1] = 0;
    u32[(at >> 2) + 2] = 0xffff;
  }
  cpu.i32[S_CPL >> 2] = 0;
  setEflags(cpu, 2);
  for (let seg = Seg.ES; seg <= Seg.GS; seg++) setSegment(cpu, seg, 0, ATTR_REAL, 0, 0xffff);
  setSegment(cpu, Seg.CS, 0xf000, ATTR_REAL, 0xffff0000, 0xffff);
  setSegment(cpu, LDTR, 0, LDT_ATTR, 0, 0xffff);
  setSegment(cpu, TR, 0, TSS_ATTR, 0, 0xffff);
  cpu.eip = 0xfff0;
  if (cpu.i32[S_A20MASK >> 2] === 0) cpu.i32[S_A20MASK >> 2] = -1;
  cpu.fault = undefined;
  cpu.halted = cpu.shutdown = cpu.nmi = cpu.nmiBlocked = cpu.smi = false;
  cpu.i32[S_SMM >> 2] = cpu.i32[S_SMM_DEBUG >> 2] = u32[S_IO >> 2] = u32[S_MONITOR >> 2] = 0;
  cpu.shutdownCause = [];
  cpu.inhibitUntil = cpu.trapsHeldUntil = -1;
  cpu.pendingDebug = 0;
  if (!init) {
    powerUpFpu(cpu);
    u32[S_SMBASE >> 2] = SMBASE_RESET;
    cpu.msrs.clear();
    cpu.u64[S_XCR0 >> 3] = 1n;
    cpu.tscOffset = -BigInt(cpu.hooks.now());
  }
  updateBreakpointPages(cpu);
  cpu.bus.systemManagementChanged?.();
  flushTranslations(cpu);
  cpu.transitions.commit(cpu, T_RESET, -1, -1, -1, -1);
}
