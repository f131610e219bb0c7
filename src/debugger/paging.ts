// The page walk of a linear address in words: 32-bit paging with 4 KB and 4 MB pages, PAE, and four levels (Intel SDM vol. 3,
// "Paging"). The walk itself is the processor's (cpu/pageWalk.ts).

import type { PageWalk, PageWalkEntry } from '../machine/processorFacts';

export const LEVEL_NAMES: Readonly<Record<PageWalkEntry['level'], string>> = {
  PML4E: 'PML4',
  PDPTE: 'PDPT',
  PDE: 'page directory',
  PTE: 'page table',
};

const NEXT_TABLE: Readonly<Record<PageWalkEntry['level'], string>> = {
  PML4E: 'PDPT at',
  PDPTE: 'page directory at',
  PDE: 'table at',
  PTE: 'to',
};

const FLAGS: readonly (readonly [bigint, string])[] = [
  [8n, 'write-through'],
  [0x10n, 'cache disabled'],
  [0x20n, 'accessed'],
  [0x40n, 'dirty'],
  [0x100n, 'global'],
];
const PHYSICAL = 0xffffffffff000n;

const h = (value: bigint | number): string =>
  value.toString(16).padStart(value > 0xffffffffn || value > 0xffffffff ? 16 : 8, '0');

const pageText = (bytes: number): string =>
  bytes >= 0x40000000
    ? `${bytes / 0x40000000} GB`
    : bytes >= 0x100000
      ? `${bytes / 0x100000} MB`
      : `${bytes / 1024} KB`;

/** `present, writable, supervisor, accessed, to 00011000`. */
export function pageEntryWords(entry: PageWalkEntry, { pageSize, paging }: PageWalk): string {
  const { value, present, large, level, bytes, writable, user, noExecute, reserved } = entry;
  if (!present) return 'not present';
  const rights = paging === 'pae' && level === 'PDPTE' ? [] : [writable ? 'writable' : 'read only', user ? 'user' : 'supervisor']; // prettier-ignore
  const mask = bytes === 4 ? 0xfffff000n : PHYSICAL;
  const to = value & mask & (large ? ~BigInt(pageSize - 1) : -1n);
  return [
    'present',
    ...rights,
    ...FLAGS.flatMap(([bit, name]) => ((value & bit) !== 0n ? [name] : [])),
    ...(noExecute ? ['no execute'] : []),
    ...(reserved ? ['reserved bits set'] : []),
    ...(large && !reserved ? [`${pageText(pageSize)} page`] : []),
    `${large ? 'to' : NEXT_TABLE[level]} ${h(to)}`,
  ].join(', ');
}

const PROBLEMS: Readonly<Record<NonNullable<PageWalk['problem']>, string>> = {
  'not-canonical': 'the address is not canonical',
  'not-present': 'entry not present',
  reserved: 'entry has reserved bits set',
};

export function pageWalkWords(walk: PageWalk): string {
  const { physical, entries, pageSize, problem } = walk;
  if (physical === undefined) {
    const last = entries.at(-1);
    return `not mapped: ${last ? `${LEVEL_NAMES[last.level]} ` : ''}${PROBLEMS[problem ?? 'not-present']}`;
  }
  const all = (right: 'writable' | 'user'): boolean => entries.every((entry) => entry[right]);
  return [
    `physical ${h(physical)}${physical > 0xffffffff ? ' (nothing is there)' : ''}`,
    all('writable') ? 'writable' : 'read only',
    all('user') ? 'user' : 'supervisor',
    ...(entries.some(({ noExecute }) => noExecute) ? ['no execute'] : []),
    ...(pageSize > 0x1000 ? [`${pageText(pageSize)} page`] : []),
  ].join(', ');
}
