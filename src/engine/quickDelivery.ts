// Exceptions through gates that were gone through before (transferMemo.ts), in flat 32-bit code: demand paging faults all the
// time. The same as cpu/interrupts.ts does, less the checks whose outcome is remembered; answers false to leave it to that.
import type { Cpu } from '../cpu/cpu';
import type { Fault } from '../cpu/fault';
import { getEflags, setSystemFlag } from '../cpu/flags';
import * as L from '../cpu/layout';
import { readSystem } from '../cpu/memory';
import { tlbSlot, writeTable } from '../cpu/tlb';
import { T_EXCEPTION } from '../cpu/transitions';

const CS = L.S_SEG + L.SEG_SIZE;
const SS = L.S_SEG + 2 * L.SEG_SIZE;
const CACHE_WORDS = 7;

function copyCache(i32: Int32Array, to: number, from: number): void {
  for (let n = 0; n < CACHE_WORDS; n++) i32[(to >> 2) + n] = i32[from + n];
}

export function deliverQuickly(cpu: Cpu, fault: Fault): boolean {
  const { i32 } = cpu;
  const { vector, errorCode } = fault;
  const memo = (L.GATE_MEMO + vector * L.GATE_MEMO_BYTES) >> 2;
  const flags = cpu.sysFlags;
  if (i32[L.F_FLAT >> 2] === 0 || i32[memo + L.GATE_MEMO_ANY / 4] !== i32[L.F_KEY >> 2]) return false;
  if ((flags & (L.TF | L.VM | L.AC)) !== 0 || fault.ip !== undefined || fault.trap || vector === L.DB) return false;
  const inner = i32[memo + 2] !== 0;
  const ring = i32[memo + 1];
  let top = cpu.reg32(4);
  if (inner) {
    if (i32[L.F_JC_SUPER >> 2] === 0) return false;
    const field = i32[memo + 3] >>> 0;
    top = readSystem(cpu, field, 4);
    if (top < 0 || readSystem(cpu, (field + 4) >>> 0, 2) !== i32[memo + 4]) return forget(cpu, fault);
  }
  const words = (inner ? 5 : 3) + (errorCode === undefined ? 0 : 1);
  const sp = top - words * 4;
  const slot = tlbSlot(writeTable(ring === 3), sp);
  const page = sp & ~0xfff;
  if (sp < 0 || (sp & 3) !== 0 || i32[slot] !== page || ((sp + words * 4 - 1) & ~0xfff) !== page) return false;

  cpu.transitions.begin(cpu);
  cpu.fault = undefined;
  cpu.noStepTrap = true;
  if (fault.cr2 !== undefined) cpu.u32[L.S_CR2 >> 2] = fault.cr2;
  let at = (sp + i32[slot + 2]) >> 2;
  if (errorCode !== undefined) i32[at++] = errorCode;
  i32[at++] = cpu.eip;
  i32[at++] = i32[CS >> 2];
  i32[at++] = getEflags(cpu) | L.RF;
  if (inner) {
    i32[at++] = cpu.reg32(4);
    i32[at] = i32[SS >> 2];
    copyCache(i32, SS, memo + 16);
  }
  copyCache(i32, CS, memo + 8);
  setSystemFlag(cpu, i32[memo + 6], false);
  cpu.setReg32(4, sp);
  cpu.eip = i32[memo + 7] >>> 0;
  if (inner) enterRing(i32, ring);
  cpu.transitions.commit(cpu, T_EXCEPTION, vector, vector * 8, inner ? i32[memo + 5] : -1, errorCode ?? -1);
  return true;
}

/** As lower/transfer.ts does it for an inner ring. */
function enterRing(i32: Int32Array, ring: number): void {
  i32[L.S_CPL >> 2] = ring;
  i32[L.F_KEY >> 2] = 0x80000000 | (ring << 16);
  i32[L.S_TLBR >> 2] = L.TLB_SUPER_READ;
  i32[L.S_TLBW >> 2] = L.TLB_SUPER_WRITE;
  i32[L.S_JC >> 2] = i32[L.F_JC_SUPER >> 2];
  i32[L.F_CONTEXT >> 2] = 1;
}

/** Reading the TSS may have raised a fault of its own, which the full delivery meets again. */
function forget(cpu: Cpu, fault: Fault): false {
  cpu.fault = fault;
  return false;
}
