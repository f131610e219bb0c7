// The byte-masked stores MASKMOVQ and MASKMOVDQU (Intel SDM vol. 2).
import { Seg, type RegOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { CR0_EM, CR0_TS, CR4_OSFXSR, FPR_SIZE, S_FPR, S_FSW, S_XMM, XMM_SIZE } from '../layout';
import { enterMmx, SW_ES } from '../fpu/state';
import { offsetMask } from '../operands';
import { VECTOR_FUNCTIONS, VECTOR_UNAVAILABLE } from '../simd/functions';
import { vexUsable } from '../simd/vex';
import { FAULT, NEXT, type SysRoutine } from '../sys';
import { probeVirtualWrite, writeVirtual } from '../virtual';

const DI = 7;

/** False with #UD, #NM or #MF. */
export function vectorUsable(cpu: Cpu, mmx: boolean, sse: boolean): boolean {
  const available =
    (cpu.cr0 & (CR0_EM | CR0_TS)) === 0 &&
    (!sse || (cpu.cr4 & CR4_OSFXSR) !== 0) &&
    (!mmx || (cpu.i32[S_FSW >> 2] & SW_ES) === 0);
  return available || VECTOR_FUNCTIONS[VECTOR_UNAVAILABLE](cpu, (mmx ? 1 : 0) | (sse ? 2 : 0));
}

const maskedStore =
  (size: 8 | 16, usable: (cpu: Cpu) => boolean): SysRoutine =>
  (cpu, insn) => {
    const mmx = size === 8;
    if (!usable(cpu)) return FAULT;
    const at = (i: number): number => {
      const { num } = insn.operands[i] as RegOperand;
      return mmx ? S_FPR + num * FPR_SIZE : S_XMM + num * XMM_SIZE;
    };
    const data = cpu.u8.slice(at(0), at(0) + size);
    const mask = cpu.u8.slice(at(1), at(1) + size);
    const seg = insn.segPrefix < 0 ? Seg.DS : insn.segPrefix;
    const first = insn.addrSize === 8 ? Number(BigInt.asIntN(64, cpu.u64[DI])) : cpu.reg32(DI);
    const offsetOf = (i: number): number => (insn.addrSize === 8 ? first + i : ((first + i) & offsetMask(insn)) >>> 0);
    if (mmx) enterMmx(cpu); // even if it faults, as silicon does
    // all bytes must be writable, selected or not
    if (!probeVirtualWrite(cpu, seg, offsetOf(0), size)) return FAULT;
    for (let i = 0; i < size; i++) if ((mask[i] & 0x80) !== 0) writeVirtual(cpu, seg, offsetOf(i), 1, data[i]);
    return NEXT;
  };

export const VECTOR_ROUTINES: Record<string, SysRoutine> = {
  maskmovq: maskedStore(8, (cpu) => vectorUsable(cpu, true, false)),
  maskmovdqu: maskedStore(16, (cpu) => vectorUsable(cpu, false, true)),
  vmaskmovdqu: maskedStore(16, vexUsable),
};
