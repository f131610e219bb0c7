// What an OMF object says besides its bytes: segments with their attributes, groups, imports, exports (NASM manual, "obj:
// Microsoft OMF Object Files"; Tool Interface Standards, "Relocatable Object Module Format", version 1.1).
import type { Section } from '../section';
import type { ObjGroup } from './segment';

export interface ObjImport {
  internal: string;
  library: string;
  external: string | number | undefined;
}

export interface ObjExport {
  external: string;
  internal: string;
  ordinal: number;
  flags: number;
}

export class ObjModule {
  readonly segments: Section[] = [];
  readonly groups: ObjGroup[] = [];
  readonly imports: ObjImport[] = [];
  readonly exports: ObjExport[] = [];
  /** Names are written in capitals. */
  uppercase = false;
  /** The segment that a directive of this pass chose. */
  current: Section | undefined;
  /** Frames of externals declared inside a 32-bit segment, by the external's segment number. */
  readonly frames = new Map<number, Section | ObjGroup>();

  groupNamed(name: string): ObjGroup | undefined {
    return this.groups.find((group) => group.name === name);
  }
}

/** Number that stands for the base of a segment or group. */
export const baseOf = (frame: Section | ObjGroup): number => frame.segment + 1;
