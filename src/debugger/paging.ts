// The page walk of a linear address in words (Intel SDM vol. 3, "32-Bit Paging"). PAE and 4-level paging come with long mode.

import { registerNumber } from './registers';
import type { DebugTarget } from './target';

export interface PageEntry {
  level: 'page directory' | 'page table';
  index: number;
  /** Physical address of the entry. */
  physical: number;
  value: number;
  present: boolean;
  /** Maps a 4 MB page. */
  large: boolean;
}

export interface PageWalk {
  linear: number;
  entries: readonly PageEntry[];
  /** Undefined when an entry is not present. */
  physical: number | undefined;
  /** Permissions of both levels together. */
  writable: boolean;
  user: boolean;
}

const PSE = 0x10;

export function pageWalk(target: DebugTarget, linear: number): PageWalk {
  const dword = (physical: number): number => {
    const b = target.readPhysical(physical, 4);
    return b.length < 4 ? 0 : (b[0]! | (b[1]! << 8) | (b[2]! << 16) | (b[3]! << 24)) >>> 0;
  };
  const entries: PageEntry[] = [];
  const add = (
    level: PageEntry['level'],
    table: number,
    index: number,
    large: (value: number) => boolean,
  ): PageEntry => {
    const physical = ((table & ~0xfff) >>> 0) + index * 4;
    const value = dword(physical);
    const entry = { level, index, physical, value, present: (value & 1) !== 0, large: large(value) };
    entries.push(entry);
    return entry;
  };
  const pse = (registerNumber(target, 'cr4') & PSE) !== 0;
  const directory = add('page directory', registerNumber(target, 'cr3'), linear >>> 22, (v) => pse && (v & 0x80) !== 0);
  const all = (bit: number): boolean => entries.every(({ value }) => (value & bit) !== 0);
  const finish = (physical: number | undefined): PageWalk => ({
    linear,
    entries,
    physical,
    writable: all(2),
    user: all(4),
  });
  if (!directory.present) return finish(undefined);
  if (directory.large) return finish(((directory.value & 0xffc00000) | (linear & 0x3fffff)) >>> 0);
  const table = add('page table', directory.value, (linear >>> 12) & 0x3ff, () => false);
  return finish(table.present ? ((table.value & ~0xfff) | (linear & 0xfff)) >>> 0 : undefined);
}

const FLAGS: readonly (readonly [number, string, string?])[] = [
  [1, 'present', 'not present'],
  [2, 'writable', 'read only'],
  [4, 'user', 'supervisor'],
  [8, 'write-through'],
  [0x10, 'cache disabled'],
  [0x20, 'accessed'],
  [0x40, 'dirty'],
  [0x100, 'global'],
];

/** `present, writable, supervisor, accessed, to 00011000`. */
export function pageEntryWords({ value, present, large, level }: PageEntry): string {
  if (!present) return 'not present';
  const words = FLAGS.flatMap(([bit, set, clear]) => (value & bit ? [set] : clear ? [clear] : []));
  const to = ((large ? value & 0xffc00000 : value & ~0xfff) >>> 0).toString(16).padStart(8, '0');
  return [
    ...words,
    ...(large ? ['4 MB page'] : []),
    `${level === 'page directory' && !large ? 'table at' : 'to'} ${to}`,
  ].join(', ');
}

export function pageWalkWords(walk: PageWalk): string {
  if (walk.physical === undefined) return `not mapped: ${walk.entries.at(-1)!.level} entry not present`;
  return `physical ${walk.physical.toString(16).padStart(8, '0')}, ${walk.writable ? 'writable' : 'read only'}, ${walk.user ? 'user' : 'supervisor'}`;
}
