// Puts a kernel, its modules and its boot information into memory and the processor into the state that the Multiboot
// specification gives a kernel ("Machine state"): flat 32-bit protected mode, paging and interrupts off, A20 on.

import type { Cpu } from '../../cpu/cpu';
import { setEflags } from '../../cpu/flags';
import { CR0_PE, RAM_BASE, S_GDTR_BASE, S_GDTR_LIMIT } from '../../cpu/layout';
import { writeCr0 } from '../../cpu/routines/control';
import { setCpl, setSegment } from '../../cpu/segments';
import { EBDA } from '../../firmware/bda';
import { Seg } from '../../isa/types';
import type { Engine } from '../../engine/engine';
import type { KernelOptions } from '../types';
import { kernelImage, type KernelImage } from './kernelImage';
import {
  GDT_BYTES,
  informationBlock,
  KERNEL_CS,
  KERNEL_DS,
  type BootInformation,
  type ModulePlace,
} from './multibootInfo';

const LOADER_MAGIC = 0x2badb002;
const PAGE = 0x1000;
const MEGABYTE = 0x100000;
const CODE = 0xc09b; // present, ring 0, execute and read, accessed; 32 bits, pages
const DATA = 0xc093;
const [EAX, EBX, ESP] = [0, 3, 4];

interface Piece {
  readonly physical: number;
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** Everything that is put into memory, and where the processor begins. */
export interface KernelPlan {
  readonly pieces: readonly Piece[];
  readonly entry: number;
  readonly information: number;
  readonly gdt: number;
}

const pageUp = (value: number): number => Math.ceil(value / PAGE) * PAGE;

/** Answers a sentence without subject when the kernel or its modules cannot be started with so much memory. */
export function kernelPlan(
  { image, commandLine = '', modules = [] }: KernelOptions,
  ramBytes: number,
): KernelPlan | string {
  const kernel = kernelImage(image, ramBytes);
  if (typeof kernel === 'string') return kernel;
  const placed: ModulePlace[] = [];
  let next = pageUp(Math.max(MEGABYTE, ...kernel.parts.map(({ physical, size }) => physical + size)));
  for (const module of modules) {
    const end = next + module.bytes.length;
    if (end > ramBytes) return `and its modules do not fit into the memory of ${ramBytes / MEGABYTE}M`;
    placed.push({ start: next, end, commandLine: module.commandLine });
    next = pageUp(end);
  }
  const boot: BootInformation = { ramBytes, commandLine, modules: placed };
  const information = informationPlace(kernel, informationBlock(boot, 0).length);
  if (information === undefined) return 'leaves no room below 640 KB for its boot information';
  const block = informationBlock(boot, information);
  return {
    pieces: [
      ...kernel.parts,
      ...modules.map(({ bytes }, n) => ({ physical: placed[n]!.start, bytes, size: bytes.length })),
      { physical: information, bytes: block, size: block.length },
    ],
    entry: kernel.entry,
    information,
    gdt: information + block.length - GDT_BYTES,
  };
}

/** At the end of base memory, or below parts of the kernel there; above the first megabyte's vectors and BIOS data. */
function informationPlace({ parts }: KernelImage, length: number): number | undefined {
  let end = EBDA;
  const low = parts.filter(({ physical }) => physical < EBDA).sort((a, b) => b.physical - a.physical);
  for (const part of [...low, { physical: PAGE, size: 0 }]) {
    const at = (end - length) & ~(PAGE - 1);
    if (at >= part.physical + part.size) return at;
    end = Math.min(end, part.physical);
  }
  return undefined;
}

/** For the firmware: nothing without a kernel. Throws RangeError when it cannot be started. */
export function kernelStart(kernel: KernelOptions | undefined, engine: Engine): { startKernel?: () => void } {
  if (!kernel) return {};
  const plan = kernelPlan(kernel, engine.cpu.ramBytes);
  if (typeof plan === 'string') throw new RangeError(`${kernel.name} ${plan}`);
  return { startKernel: () => startKernel(engine.cpu, plan, (physical, size) => engine.dropCode(physical, size)) };
}

/** @param written a range of RAM was filled: decoded code there is stale. */
function startKernel(cpu: Cpu, plan: KernelPlan, written: (physical: number, size: number) => void): void {
  for (const { physical, bytes, size } of plan.pieces) {
    cpu.u8.set(bytes, RAM_BASE + physical);
    cpu.u8.fill(0, RAM_BASE + physical + bytes.length, RAM_BASE + physical + size);
    written(physical, size);
  }
  for (let register = 0; register < 8; register++) cpu.setReg32(register, 0);
  cpu.setReg32(EAX, LOADER_MAGIC);
  cpu.setReg32(EBX, plan.information);
  cpu.setReg32(ESP, plan.information);
  cpu.u64[S_GDTR_BASE >> 3] = BigInt(plan.gdt);
  cpu.u32[S_GDTR_LIMIT >> 2] = GDT_BYTES - 1;
  writeCr0(cpu, cpu.cr0 | CR0_PE);
  for (const segment of [Seg.ES, Seg.SS, Seg.DS, Seg.FS, Seg.GS])
    setSegment(cpu, segment, KERNEL_DS, DATA, 0, 0xffffffff);
  setSegment(cpu, Seg.CS, KERNEL_CS, CODE, 0, 0xffffffff);
  setCpl(cpu, 0);
  setEflags(cpu, 0);
  cpu.eip = plan.entry;
}
