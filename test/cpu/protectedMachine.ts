// A test machine in flat protected mode with rings: GDT, IDT, TSS and identity paging in low memory.
import * as L from '../../src/cpu/layout';
import { setEflags } from '../../src/cpu/flags';
import { setSegment } from '../../src/cpu/segments';
import { TestMachine } from './testMachine';

export const GDT = 0x1000;
export const IDT = 0x2000;
export const TSS = 0x3000;
export const CODE0 = 0x08,
  DATA0 = 0x10,
  CODE3 = 0x1b,
  DATA3 = 0x23,
  TSS0 = 0x28,
  CODE16 = 0x30,
  DATA16 = 0x38;

export class ProtectedMachine extends TestMachine {
  constructor(ring: 0 | 3 = 0) {
    super();
    const flat = [0xffff, 0x00cf0000];
    const descriptor = (n: number, access: number, high = flat[1]!): void =>
      this.write32(GDT + n * 8, flat[0]!, high | (access << 8));
    descriptor(1, 0x9b);
    descriptor(2, 0x93);
    descriptor(3, 0xfb);
    descriptor(4, 0xf3);
    this.write32(GDT + TSS0, (TSS << 16) | 0x2067, 0x8900);
    descriptor(6, 0x9b, 0);
    descriptor(7, 0x93, 0);
    this.write32(TSS + 4, 0x8000, DATA0);
    this.write16(TSS + 0x66, 0x68);
    const { cpu } = this;
    cpu.u32[L.S_GDTR_BASE >> 2] = GDT;
    cpu.u32[L.S_GDTR_LIMIT >> 2] = 0x7f;
    cpu.u32[L.S_IDTR_BASE >> 2] = IDT;
    cpu.u32[L.S_IDTR_LIMIT >> 2] = 0x7ff;
    cpu.u32[L.S_CR0 >> 2] = 0x11;
    cpu.i32[L.S_CPL >> 2] = ring;
    setEflags(cpu, 2);
    setSegment(cpu, L.TR, TSS0, 0x8b, TSS, 0x2067);
    setSegment(cpu, 1, ring === 0 ? CODE0 : CODE3, 0xc09b | (ring << 5), 0, 0xffffffff);
    for (const seg of [0, 2, 3]) setSegment(cpu, seg, ring === 0 ? DATA0 : DATA3, 0xc093 | (ring << 5), 0, 0xffffffff);
    cpu.setReg32(4, 0x7000);
    cpu.eip = 0x5000;
    cpu.transitions.clear();
  }

  /** An IDT gate to ring-0 code. */
  gate(vector: number, offset: number, access: number, selector = CODE0): void {
    this.write32(IDT + vector * 8, (selector << 16) | (offset & 0xffff), (offset & 0xffff0000) | (access << 8));
  }
}
