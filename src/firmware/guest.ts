// What a firmware service works on: the caller's registers, the flags it will return to, guest memory and I/O ports.
// Memory goes through the processor's linear address space, so that services work under a v8086 monitor's paging too;
// a page fault there abandons the service (MemoryFault) and the instruction is executed again once it is resolved.

import type { Bus } from '../cpu/bus';
import type { Cpu } from '../cpu/cpu';
import { CF, ZF } from '../cpu/layout';
import { setParagraph } from '../cpu/segments';

/** Linear accesses of 1, 2 or 4 bytes with the rights of the processor itself. Throw MemoryFault. */
export interface LinearMemory {
  read(linear: number, size: number): number;
  write(linear: number, size: number, value: number): void;
}

/** The processor has recorded the fault. */
export class MemoryFault extends Error {}

const AX = 0, CX = 1, DX = 2, BX = 3, SP = 4, BP = 5, SI = 6, DI = 7; // prettier-ignore
const ES = 0, SS = 2, DS = 3; // prettier-ignore
const ATTR_BIG = 1 << 14;

export class Guest {
  constructor(
    readonly cpu: Cpu,
    private readonly bus: Bus,
    private readonly memory: LinearMemory,
  ) {}

  get ax(): number {
    return this.cpu.reg16(AX);
  }
  set ax(v: number) {
    this.cpu.setReg16(AX, v);
  }
  get bx(): number {
    return this.cpu.reg16(BX);
  }
  set bx(v: number) {
    this.cpu.setReg16(BX, v);
  }
  get cx(): number {
    return this.cpu.reg16(CX);
  }
  set cx(v: number) {
    this.cpu.setReg16(CX, v);
  }
  get dx(): number {
    return this.cpu.reg16(DX);
  }
  set dx(v: number) {
    this.cpu.setReg16(DX, v);
  }
  get si(): number {
    return this.cpu.reg16(SI);
  }
  set si(v: number) {
    this.cpu.setReg16(SI, v);
  }
  get di(): number {
    return this.cpu.reg16(DI);
  }
  set di(v: number) {
    this.cpu.setReg16(DI, v);
  }
  get bp(): number {
    return this.cpu.reg16(BP);
  }
  set bp(v: number) {
    this.cpu.setReg16(BP, v);
  }
  get al(): number {
    return this.cpu.u8[AX * 8];
  }
  set al(v: number) {
    this.cpu.u8[AX * 8] = v;
  }
  get ah(): number {
    return this.cpu.u8[AX * 8 + 1];
  }
  set ah(v: number) {
    this.cpu.u8[AX * 8 + 1] = v;
  }
  get bl(): number {
    return this.cpu.u8[BX * 8];
  }
  set bl(v: number) {
    this.cpu.u8[BX * 8] = v;
  }
  get bh(): number {
    return this.cpu.u8[BX * 8 + 1];
  }
  set bh(v: number) {
    this.cpu.u8[BX * 8 + 1] = v;
  }
  get cl(): number {
    return this.cpu.u8[CX * 8];
  }
  set cl(v: number) {
    this.cpu.u8[CX * 8] = v;
  }
  get ch(): number {
    return this.cpu.u8[CX * 8 + 1];
  }
  set ch(v: number) {
    this.cpu.u8[CX * 8 + 1] = v;
  }
  get dl(): number {
    return this.cpu.u8[DX * 8];
  }
  set dl(v: number) {
    this.cpu.u8[DX * 8] = v;
  }
  get dh(): number {
    return this.cpu.u8[DX * 8 + 1];
  }
  set dh(v: number) {
    this.cpu.u8[DX * 8 + 1] = v;
  }
  get eax(): number {
    return this.cpu.reg32(AX);
  }
  set eax(v: number) {
    this.cpu.u32[AX * 2] = v;
  }
  get ebx(): number {
    return this.cpu.reg32(BX);
  }
  set ebx(v: number) {
    this.cpu.u32[BX * 2] = v;
  }
  get ecx(): number {
    return this.cpu.reg32(CX);
  }
  set ecx(v: number) {
    this.cpu.u32[CX * 2] = v;
  }
  get edx(): number {
    return this.cpu.reg32(DX);
  }
  set edx(v: number) {
    this.cpu.u32[DX * 2] = v;
  }
  get es(): number {
    return this.cpu.selector(ES);
  }
  get ds(): number {
    return this.cpu.selector(DS);
  }

  set es(selector: number) {
    setParagraph(this.cpu, ES, selector);
  }

  /** Offset within the firmware's code segment at which execution goes on when the service answers JUMPED. */
  set ip(offset: number) {
    this.cpu.eip = offset;
  }

  read8(linear: number): number {
    return this.memory.read(linear, 1);
  }
  read16(linear: number): number {
    return this.memory.read(linear, 2);
  }
  read32(linear: number): number {
    return this.memory.read(linear, 4);
  }
  write8(linear: number, value: number): void {
    this.memory.write(linear, 1, value & 0xff);
  }
  write16(linear: number, value: number): void {
    this.memory.write(linear, 2, value & 0xffff);
  }
  write32(linear: number, value: number): void {
    this.memory.write(linear, 4, value >>> 0);
  }

  /** Linear address of a real-mode pointer; the offset wraps at 64 KB. */
  static linear(segment: number, offset: number): number {
    return segment * 16 + (offset & 0xffff);
  }

  /** Copies `bytes` to consecutive offsets of a segment, wrapping at 64 KB. */
  writeBytes(segment: number, offset: number, bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length;) {
      const linear = Guest.linear(segment, offset + i);
      if (bytes.length - i >= 4 && ((offset + i) & 0xffff) <= 0xfffc) {
        this.write32(linear, bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24));
        i += 4;
      } else {
        this.write8(linear, bytes[i++]);
      }
    }
  }

  readBytes(segment: number, offset: number, length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.read8(Guest.linear(segment, offset + i));
    return bytes;
  }

  in8(port: number): number {
    return this.bus.in(port, 1);
  }
  out8(port: number, value: number): void {
    this.bus.out(port, 1, value & 0xff);
  }
  out16(port: number, value: number): void {
    this.bus.out(port, 2, value & 0xffff);
  }

  /** The FLAGS image that the stub's IRET will load. */
  get returnFlags(): number {
    return this.read16(this.flagsAddress());
  }
  set returnFlags(v: number) {
    this.write16(this.flagsAddress(), v);
  }
  set carry(on: boolean) {
    this.setReturnFlag(CF, on);
  }
  set zero(on: boolean) {
    this.setReturnFlag(ZF, on);
  }

  private setReturnFlag(bit: number, on: boolean): void {
    const flags = this.returnFlags;
    this.returnFlags = on ? flags | bit : flags & ~bit;
  }

  /** An interrupt's frame is IP, CS, FLAGS at SS:SP. */
  private flagsAddress(): number {
    const stack = this.cpu.attr(SS) & ATTR_BIG ? this.cpu.reg32(SP) + 4 : (this.cpu.reg16(SP) + 4) & 0xffff;
    return (this.cpu.base(SS) + stack) >>> 0;
  }
}
