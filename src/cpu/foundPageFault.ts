// Page faults that the engine's WebAssembly finds and delivers on its own (engine/interp/tlbFill.ts, engine/lower/transfer.ts):
// it notes what it saw in the words from F_PF on, and here they become a fault with its reason when somebody wants to know.
import type { Cpu } from './cpu';
import type { Fault } from './fault';
import {
  CR0_WP,
  PF_CODE,
  PF_CPL,
  PF_INDEX,
  PF_LINEAR,
  PF_PDE,
  PF_PDE_AT,
  PF_PTE,
  PF_PTE_AT,
  PFV,
  S_FAULTED,
} from './layout';
import { ACCESS_USER, ACCESS_WRITE } from './pageAccess';
import { translate } from './paging';

/** The last page fault found, and delivered as entry `index` of the transition log; undefined when there was none. */
export function foundPageFault(cpu: Cpu): { fault: Fault; index: number } | undefined {
  const word = (at: number): number => cpu.u32[at >> 2]!;
  const index = word(PF_INDEX);
  const pteAt = word(PF_PTE_AT);
  const errorCode = word(PF_CODE);
  if (index === 0xffffffff) return undefined;
  const linear = word(PF_LINEAR);
  const data: Fault['reason']['data'] = {
    linear,
    access: (errorCode & 2) !== 0 ? 'write' : 'read',
    user: (errorCode & 4) !== 0,
    cpl: word(PF_CPL),
    cr3: cpu.cr3,
    writeProtect: (cpu.cr0 & CR0_WP) !== 0,
    pde: word(PF_PDE),
    pdeAt: word(PF_PDE_AT),
  };
  if (pteAt === 0) data['level'] = 'PDE';
  else Object.assign(data, { pte: word(PF_PTE), pteAt, level: 'PTE' });
  const check = (errorCode & 1) === 0 ? 'page-not-present' : 'page-protection';
  return { fault: { vector: PFV, errorCode, cr2: linear, reason: { check, data } }, index };
}

/** A page fault was found, but its delivery needs the routines: it is in cpu.fault after this. */
export function raiseFoundPageFault(cpu: Cpu): void {
  cpu.i32[S_FAULTED >> 2] = 0;
  const code = cpu.i32[PF_CODE >> 2]!;
  const access = ((code & 2) !== 0 ? ACCESS_WRITE : 0) | ((code & 4) !== 0 ? ACCESS_USER : 0);
  if (translate(cpu, cpu.u32[PF_LINEAR >> 2]!, access) >= 0) throw new Error('a page fault that is none');
}
