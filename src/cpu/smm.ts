// System management mode (Intel SDM vol. 3, "System Management Mode"; AMD APM vol. 2, the same): what an SMI does at an
// instruction boundary, and RSM. The state goes to the upper half of the 64 KB at SMBASE, in the layout of the model
// (smmSaveMap.ts). SMRAM itself, at A0000, belongs to the board. A port access that led to it can be repeated (ioRestart.ts).
import type { Insn } from '../isa/types';
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { setEflags } from './flags';
import {
  CR0_CD,
  CR0_EM,
  CR0_NW,
  CR0_PE,
  CR0_PG,
  CR0_TS,
  CR4_PAE,
  EFER_LMA,
  EFER_LME,
  S_ATTN,
  S_CPL,
  S_CR0,
  S_CR4,
  S_DR,
  S_EFER,
  S_IO,
  S_SMBASE,
  S_SMM,
  S_SMM_DEBUG,
  SMM_ACTIVE,
  SMM_NMI_BLOCKED,
} from './layout';
import { restartIo } from './ioRestart';
import { MODELS } from './models';
import { endRest, waitsForLine } from './monitor';
import { systemManagement } from './modes';
import { raiseUD } from './raise';
import { DR7_FIXED } from './routines/control';
import { ATTR_REAL, refreshSegments, setSegment } from './segments';
import { loadState, saveState, type SavedControl } from './smmSaveMap';
import { JUMPED, type SysResult } from './sys';
import { flushTranslations } from './tlb';
import { T_RSM, T_SMI, T_TRIPLE_FAULT } from './transitions';
import { updateBreakpointPages } from './watch';
import { loadPointers } from './widePaging';

/** A shutdown that no exception led to. */
const NO_VECTOR = -1;
const ENTRY = 0x8000;
const FLAT = 0xffffffff;
export const SMBASE_RESET = 0x30000;

/** The 386 and the first 486 have no system management mode. */
export const hasSmm = (cpu: Cpu): boolean => MODELS[cpu.model].generation >= 586;

/** An SMI that waits is delivered at the next boundary. */
export const smiDue = (cpu: Cpu): boolean => cpu.smi && !systemManagement(cpu);

function control(cpu: Cpu, cr0: number, cr4: number, efer: number): void {
  cpu.u32[S_CR0 >> 2] = cr0;
  cpu.u32[S_CR4 >> 2] = cr4;
  cpu.u32[S_EFER >> 2] = efer;
}

/** Everything that was derived from the control registers and segments is found again. */
function refresh(cpu: Cpu): void {
  refreshSegments(cpu);
  updateBreakpointPages(cpu);
  cpu.bus.systemManagementChanged?.();
  flushTranslations(cpu);
}

export function enterSmm(cpu: Cpu): void {
  const { i32, u32 } = cpu;
  cpu.transitions.begin(cpu);
  cpu.smi = false;
  i32[S_SMM >> 2] = SMM_ACTIVE | (cpu.nmiBlocked ? SMM_NMI_BLOCKED : 0);
  cpu.bus.systemManagementChanged?.();
  saveState(cpu, u32[S_SMBASE >> 2]!, cpu.halted && !waitsForLine(cpu));
  endRest(cpu);
  cpu.nmiBlocked = true;
  i32[S_SMM_DEBUG >> 2] = cpu.pendingDebug;
  cpu.pendingDebug = 0;
  control(cpu, cpu.cr0 & ~(CR0_PE | CR0_EM | CR0_TS | CR0_PG), 0, 0);
  u32[(S_DR + 56) >> 2] = DR7_FIXED;
  u32[(S_DR + 60) >> 2] = 0;
  i32[S_CPL >> 2] = 0;
  setEflags(cpu, 2);
  const base = u32[S_SMBASE >> 2]!;
  for (let seg = Seg.ES; seg <= Seg.GS; seg++) setSegment(cpu, seg, 0, ATTR_REAL, 0, FLAT);
  setSegment(cpu, Seg.CS, (base >>> 4) & 0xffff, ATTR_REAL, base, FLAT);
  cpu.eip = ENTRY;
  refresh(cpu);
  cpu.transitions.commit(cpu, T_SMI, -1, -1, -1, -1);
}

/** What RSM refuses in the saved state; the processor shuts down then. */
function unusable(cpu: Cpu, { cr0, cr4, efer, smbase }: SavedControl): string | undefined {
  const model = MODELS[cpu.model];
  const long = (efer & EFER_LME) !== 0 && (cr0 & CR0_PG) !== 0;
  if ((cr0 & CR0_PG) !== 0 && (cr0 & CR0_PE) === 0) return 'CR0.PG is set, CR0.PE is not';
  if ((cr0 & CR0_NW) !== 0 && (cr0 & CR0_CD) === 0) return 'CR0.NW is set, CR0.CD is not';
  if ((cr4 & ~(model.cr4 ?? 0)) !== 0) return 'a reserved bit of CR4 is set';
  if (long && (cr4 & CR4_PAE) === 0) return 'long mode without CR4.PAE';
  if (long !== ((efer & EFER_LMA) !== 0)) return 'EFER.LMA does not fit EFER.LME and CR0.PG';
  if (model.generation === 586 && (smbase & 0x7fff) !== 0) return 'SMBASE is not a multiple of 32 KB';
  return undefined;
}

function shutDown(cpu: Cpu, problem: string): void {
  cpu.shutdownCause = [{ vector: NO_VECTOR, errorCode: undefined, reason: { check: 'rsm-state', data: { problem } } }];
  cpu.shutdown = true;
  cpu.transitions.begin(cpu);
  cpu.transitions.commit(cpu, T_TRIPLE_FAULT, -1, -1, -1, -1);
}

export function resume(cpu: Cpu, insn: Insn): SysResult {
  if (!systemManagement(cpu)) return raiseUD(cpu, 'outside-smm', { mnemonic: insn.row?.mn ?? '' });
  const { i32, u32 } = cpu;
  const saved = loadState(cpu, u32[S_SMBASE >> 2]!);
  const { cr0, cr4, efer, smbase } = saved.control;
  const problem = unusable(cpu, saved.control);
  if (problem !== undefined) {
    shutDown(cpu, problem);
    return JUMPED;
  }
  cpu.transitions.begin(cpu);
  const blocked = (i32[S_SMM >> 2]! & SMM_NMI_BLOCKED) !== 0;
  i32[S_SMM >> 2] = 0;
  u32[S_SMBASE >> 2] = smbase;
  control(cpu, cr0, cr4, efer);
  saved.restore();
  if (saved.restartIo) restartIo(cpu);
  u32[S_IO >> 2] = 0;
  cpu.nmiBlocked = blocked;
  cpu.halted = saved.halted;
  cpu.noStepTrap = true;
  cpu.pendingDebug = i32[S_SMM_DEBUG >> 2]!;
  refresh(cpu);
  if (!loadPointers(cpu, cpu.cr3)) {
    shutDown(cpu, 'a page-directory-pointer entry has reserved bits set');
    return JUMPED;
  }
  i32[S_ATTN >> 2] = 1; // an NMI, SMI or interrupt may wait
  cpu.transitions.commit(cpu, T_RSM, -1, -1, -1, -1);
  return JUMPED;
}
