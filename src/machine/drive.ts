// A disk image with a copy-on-write overlay: the caller's bytes are never changed, written sectors live beside them.

import { Emitter } from '../base/events';
import { SECTOR, type BlockDevice } from '../firmware/blockDevice';
import type { DriveOptions } from './types';
import { driveGeometry, type Geometry } from './geometry';

/** Written sectors by number; buffers are never changed after they are stored, so a snapshot shares them. */
export type DriveState = readonly (readonly [sector: number, bytes: Uint8Array])[];

/** Sectors of a drive that a read has put into memory. */
export interface LoadedSectors {
  readonly sector: number;
  readonly count: number;
  readonly linear: number;
}

export class Drive implements BlockDevice {
  readonly onLoaded = new Emitter<LoadedSectors>();
  readonly kind: DriveOptions['kind'];
  readonly name: string;
  readonly readOnly: boolean;
  readonly sectors: number;
  readonly geometry: Geometry;
  private readonly image: Uint8Array;
  private overlay = new Map<number, Uint8Array>();

  constructor(options: DriveOptions) {
    this.kind = options.kind;
    this.name = options.name;
    this.readOnly = options.readOnly ?? false;
    this.image = options.image;
    this.geometry = driveGeometry(options.kind, options.image.length);
    const { cylinders, heads, sectorsPerTrack } = this.geometry;
    const held = Math.ceil(options.image.length / SECTOR);
    this.sectors = options.kind === 'floppy' ? cylinders * heads * sectorsPerTrack : Math.max(1, held);
  }

  /** Copies one sector into `into` at `offset`; what lies past the end of the image reads as zeros. */
  read(sector: number, into: Uint8Array, offset = 0): void {
    const written = this.overlay.get(sector);
    if (written) {
      into.set(written, offset);
      return;
    }
    const start = sector * SECTOR;
    const held = this.image.subarray(start, start + SECTOR);
    into.set(held, offset);
    into.fill(0, offset + held.length, offset + SECTOR);
  }

  /** Stores one sector from `from` at `offset`. */
  write(sector: number, from: Uint8Array, offset = 0): void {
    this.overlay.set(sector, from.slice(offset, offset + SECTOR));
  }

  loaded(sector: number, count: number, linear: number): void {
    this.onLoaded.fire({ sector, count, linear });
  }

  getState(): DriveState {
    return [...this.overlay];
  }

  setState(state: DriveState): void {
    this.overlay = new Map(state);
  }
}
