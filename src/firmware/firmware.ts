// The firmware as the processor calls it: one TypeScript service per stub instruction of the ROM.

import type { Cpu } from '../cpu/cpu';
import { cpuidAnswer } from '../cpu/cpuid';
import { readLinear, writeLinear } from '../cpu/memory';
import { FAULT, JUMPED, NEXT, type SysResult } from '../cpu/sys';
import { setParagraph } from '../cpu/segments';
import { BDA_EQUIPMENT, BDA_MEMORY_KB } from './bda';
import { boot, reportNoBoot } from './boot/boot';
import { powerOnSelfTest, resumeAddress } from './boot/post';
import { diskService } from './disk/int13';
import { Guest, MemoryFault, type LinearMemory } from './guest';
import type { FirmwareHost } from './host';
import { keyboardService } from './keyboard/int16';
import { handleKey, type KeyAction } from './keyboard/keyInterrupt';
import { AT_RESET } from './rom/addresses';
import { buildRom, type Rom } from './rom/rom';
import * as fw from './services';
import { systemService } from './system/int15';
import { tick, timeService } from './system/int1a';
import { retrySerial, serialService } from './system/int14';
import { printerService } from './system/int17';
import { clockInterrupt, waitIsOver } from './system/wait';
import { videoService } from './video/int10';

const KEYBOARD_DATA = 0x60;
const MASTER_PIC = 0x20, SLAVE_PIC = 0xa0; // prettier-ignore
const END_OF_INTERRUPT = 0x20;
const CS = 1;

export class Firmware {
  readonly rom: Rom;
  private readonly guest: Guest;
  private readonly services: Readonly<Record<number, () => SysResult>>;

  constructor(private readonly host: FirmwareHost) {
    const [signature, , , features] = cpuidAnswer(host.cpu, 1, 0);
    const { count } = host.cpu;
    this.rom = buildRom(host.characters, count > 1 ? { count, signature, features } : undefined);
    this.guest = new Guest(host.cpu, host.bus, processorMemory(host.cpu));
    this.services = this.serviceTable();
  }

  /** The firmware instruction with operand `service`. */
  call(service: number): SysResult {
    try {
      return this.services[service]?.() ?? NEXT;
    } catch (error) {
      if (error instanceof MemoryFault) return FAULT;
      throw error;
    }
  }

  private serviceTable(): Readonly<Record<number, () => SysResult>> {
    const { guest: g, host } = this;
    const { labels } = this.rom;
    const plain = (work: () => void) => (): SysResult => {
      work();
      return NEXT;
    };
    const endOfInterrupt = (slave: boolean): void => {
      if (slave) g.out8(SLAVE_PIC, END_OF_INTERRUPT);
      g.out8(MASTER_PIC, END_OF_INTERRUPT);
    };
    return {
      [fw.FW_PRINT_SCREEN]: () => NEXT,
      [fw.FW_NMI]: () => NEXT,
      [fw.FW_TICK]: plain(() => tick(g)),
      [fw.FW_VIDEO]: plain(() => videoService(g)),
      [fw.FW_EQUIPMENT]: plain(() => (g.ax = g.read16(BDA_EQUIPMENT))),
      [fw.FW_MEMORY]: plain(() => (g.ax = g.read16(BDA_MEMORY_KB))),
      [fw.FW_DISK]: plain(() => diskService(g, host)),
      [fw.FW_FLOPPY]: plain(() => diskService(g, { ...host, disks: [] })),
      [fw.FW_SERIAL]: () => (serialService(g) === 'wait' ? this.jump(labels.serialWait) : NEXT),
      [fw.FW_SERIAL_RETRY]: () => (retrySerial(g) === 'wait' ? this.jump(labels.serialWait) : NEXT),
      [fw.FW_SYSTEM]: () => {
        const answer = systemService(g, host);
        return answer === 'done' ? NEXT : this.jump(answer === 'wait' ? labels.timeWait : labels.idle);
      },
      [fw.FW_WAIT]: () => this.pollWait(),
      [fw.FW_KEYBOARD]: () => (keyboardService(g) === 'wait' ? this.jump(labels.keyWait) : NEXT),
      [fw.FW_PRINTER]: plain(() => printerService(g)),
      [fw.FW_TIME]: plain(() => timeService(g)),
      [fw.FW_KEY_READ]: plain(() => (g.al = g.in8(KEYBOARD_DATA))),
      [fw.FW_KEY_STORE]: () => this.act(handleKey(g, g.al)),
      [fw.FW_MASTER_IRQ]: plain(() => endOfInterrupt(false)),
      [fw.FW_SLAVE_IRQ]: plain(() => endOfInterrupt(true)),
      [fw.FW_RTC_IRQ]: () => {
        const alarm = clockInterrupt(g);
        endOfInterrupt(true);
        return alarm ? this.jump(labels.alarm) : NEXT;
      },
      [fw.FW_POST]: () => this.start(),
      [fw.FW_BOOT]: () => this.boot(),
      [fw.FW_NO_BOOT]: plain(() => reportNoBoot(g)),
    };
  }

  /** POST and boot; entered from the reset vector, and by the board at power-on. */
  start(): SysResult {
    const resume = resumeAddress(this.guest);
    if (resume) return this.jumpFar(resume.segment, resume.offset);
    powerOnSelfTest(this.guest, this.host, this.rom);
    return this.boot();
  }

  private boot(): SysResult {
    if (this.host.startKernel) {
      this.host.startKernel();
      return JUMPED;
    }
    return boot(this.guest, this.host) ? JUMPED : this.jumpFar(0xf000, this.rom.labels.noBoot);
  }

  private pollWait(): SysResult {
    if (!waitIsOver(this.guest)) return NEXT;
    this.guest.carry = false;
    return this.jump(this.rom.labels.timeWaitDone);
  }

  private act(action: KeyAction): SysResult {
    const { labels } = this.rom;
    switch (action) {
      case 'none':
        return NEXT;
      case 'break':
        return this.jump(labels.keyBreak);
      case 'print-screen':
        return this.jump(labels.keyPrint);
      case 'sysreq-down':
        return this.jump(labels.keySysReqDown);
      case 'sysreq-up':
        return this.jump(labels.keySysReqUp);
      case 'reboot':
        this.guest.out8(MASTER_PIC, END_OF_INTERRUPT);
        return this.jumpFar(0xf000, AT_RESET);
    }
  }

  private jump(offset: number): SysResult {
    this.guest.ip = offset;
    return JUMPED;
  }

  private jumpFar(segment: number, offset: number): SysResult {
    setParagraph(this.host.cpu, CS, segment);
    return this.jump(offset);
  }
}

/** Guest memory with the rights of the present privilege level. */
function processorMemory(cpu: Cpu): LinearMemory {
  return {
    read: (linear, size) => {
      const value = readLinear(cpu, linear >>> 0, size, cpu.cpl === 3);
      if (value < 0) throw new MemoryFault('page fault in a firmware service');
      return value;
    },
    write: (linear, size, value) => {
      if (!writeLinear(cpu, linear >>> 0, size, value, cpu.cpl === 3)) {
        throw new MemoryFault('page fault in a firmware service');
      }
    },
  };
}
