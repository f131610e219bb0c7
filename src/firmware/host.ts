// What the board gives to the firmware besides the processor: drives, memory size, and the processor's bus.

import type { Bus } from '../cpu/bus';
import type { Cpu } from '../cpu/cpu';
import type { BlockDevice } from './blockDevice';
import type { CharacterSets } from './rom/fonts';

export interface FirmwareHost {
  readonly cpu: Cpu;
  readonly bus: Bus;
  readonly ramBytes: number;
  /** For the ROM and the text modes. */
  readonly characters: CharacterSets;
  /** Drives A: and B:. */
  readonly floppies: readonly BlockDevice[];
  /** Drives 80h, 81h. */
  readonly disks: readonly BlockDevice[];
  /** Puts a kernel into memory and the processor at its beginning; it is booted instead of a drive. */
  readonly startKernel?: () => void;
  /** Devices to boot from in order. */
  readonly bootOrder: readonly ('floppy' | 'disk')[];
}
