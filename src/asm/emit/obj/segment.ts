// Attributes of a segment of an OMF object, and groups of segments (NASM manual, "obj Extensions to the SEGMENT Directive", "Group
// Directive").

/** Values of the C field of SEGDEF's attributes. */
export const COMBINE = { private: 0, public: 2, stack: 5, common: 6 } as const;

export interface ObjSegment {
  /** Number of the segment in the object, from 1. */
  index: number;
  combine: number;
  /** Bytes: 1, 2, 4, 16, 256 or 4096. */
  align: number;
  /** Paragraph of an absolute segment. */
  absolute?: number;
  use32: boolean;
  className?: string;
  overlay?: string;
  group?: ObjGroup;
  /** Pass that mentioned it last. */
  seenIn: number;
}

export interface GroupMember {
  name: string;
  segment: number;
  obj?: ObjSegment;
}

export interface ObjGroup {
  name: string;
  index: number;
  /** Segment number that its base belongs to. */
  segment: number;
  /** Members in the order in which they became known. */
  members: GroupMember[];
  /** Names of members not seen yet. */
  awaited: string[];
}
