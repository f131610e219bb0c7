// Places the sections of a flat binary: order in the file, load addresses (start), run addresses (vstart)
// (NASM manual, "Multisection Support for the bin Format"). A failure is a message and the section it is about.
import type { Section } from './section';

export interface LayoutProblem {
  message: string;
  section: Section;
}

export interface Layout {
  /** Progbits in file order, then nobits. */
  order: readonly Section[];
  /** Unsigned. */
  origin: bigint;
}

interface Node {
  section: Section;
  next?: Node;
  /** Has a load address of its own. */
  placed: boolean;
}

const alignUp = (value: bigint, unit: number): bigint => (value + BigInt(unit) - 1n) & ~(BigInt(unit) - 1n);

/** `sections` in the order of their first mention, the default one first. */
export function layOut(sections: readonly Section[], origin: bigint | undefined): Layout | LayoutProblem {
  const progbits = sections.filter((section) => !section.nobits);
  const nobits = sections.filter((section) => section.nobits);
  for (const section of nobits) {
    const problem = unifyNobits(section);
    if (problem) return problem;
  }
  const linked = follow(progbits);
  if ('message' in linked) return linked;
  const ordered = sortByStart(linked);
  const base = origin ?? ordered[0]!.attributes.start ?? 0n;
  const order = [...ordered, ...nobits];
  return (
    placeProgbits(ordered, base, origin) ?? placeVirtually(order, sections, ordered.at(-1)!) ?? { order, origin: base }
  );
}

/** Load and run address are one for a section without contents. */
function unifyNobits(section: Section): LayoutProblem | undefined {
  const { attributes } = section;
  const real = attributes.start !== undefined || attributes.align !== undefined || attributes.follows !== undefined;
  const virtual =
    attributes.vstart !== undefined || attributes.valign !== undefined || attributes.vfollows !== undefined;
  if (real && virtual) {
    return { message: `cannot mix real and virtual attributes in nobits section (${section.name})`, section };
  }
  attributes.vstart ??= attributes.start;
  attributes.valign ??= attributes.align;
  attributes.vfollows ??= attributes.follows;
  delete attributes.follows;
  return undefined;
}

/** Moves groups headed by a section with `follows=` behind the section they name. */
function follow(sections: readonly Section[]): Node | LayoutProblem {
  const head: Node = { section: sections[0]!, placed: false };
  let tail = head;
  for (const section of sections.slice(1))
    tail = tail.next = { section, placed: section.attributes.start !== undefined };
  head.placed = head.section.attributes.start !== undefined;
  const anchor: Node = { section: head.section, next: head, placed: false };
  const follows = (node: Node | undefined): string | undefined => node?.section.attributes.follows;
  const misplaced = (node: Node): boolean => {
    const wanted = follows(node.next);
    return wanted !== undefined && wanted !== node.section.name;
  };
  let before: Node = anchor;
  for (let group: Node | undefined = head; group;) {
    if (follows(group) === undefined) {
      while (group.next && !misplaced(group)) group = group.next;
      if (!group.next) break;
      before = group;
      group = group.next;
    }
    const { section } = group;
    const wanted = follows(group)!;
    let target: Node | undefined = anchor.next;
    while (target && target.section.name !== wanted) target = target.next;
    if (!target)
      return { message: `section ${section.name} follows an invalid or unknown section (${wanted})`, section };
    if (target === group) return { message: `section ${section.name} is self following`, section };
    if (target.next !== group && follows(target.next) === target.section.name) {
      const message = `sections ${section.name} and ${target.next!.section.name} can't both follow section ${target.section.name}`;
      return { message, section };
    }
    let last: Node = group;
    let end: Node | undefined = group.next;
    while (end && end !== target && !end.placed) {
      const breaks: boolean = end.next !== undefined && misplaced(end);
      last = end;
      end = end.next;
      if (breaks) break;
    }
    if (target.next === group) {
      before = last;
    } else {
      last.next = target.next;
      target.next = group;
      before.next = end;
    }
    group = end;
  }
  return anchor.next!;
}

/** Sorts groups headed by a section with `start=` by that address; sections without one stay behind their leader. */
function sortByStart(head: Node): Section[] {
  const groups: Section[][] = [];
  for (let node: Node | undefined = head; node; node = node.next) {
    if (groups.length === 0 || node.section.attributes.start !== undefined) groups.push([node.section]);
    else groups.at(-1)!.push(node.section);
  }
  const sorted: Section[][] = [];
  for (const group of groups) {
    const start = group[0]!.attributes.start ?? 0n;
    const at = sorted.findIndex((other) => {
      const address = other[0]!.attributes.start;
      return address !== undefined && start < address;
    });
    sorted.splice(at < 0 ? sorted.length : at, 0, group);
  }
  return sorted.flat();
}

function placeProgbits(order: readonly Section[], base: bigint, origin: bigint | undefined): LayoutProblem | undefined {
  const first = order[0]!;
  const { start, align } = first.attributes;
  if (origin !== undefined && start !== undefined && start < origin) {
    return { message: `section ${first.name} begins before program origin`, section: first };
  }
  first.attributes.start = start ?? (origin !== undefined && align !== undefined ? alignUp(origin, align) : base);
  let end = first.attributes.start;
  for (let i = 0; i < order.length; i++) {
    const section = order[i]!;
    const { attributes } = section;
    attributes.start ??= alignUp(end, (attributes.align ??= 4));
    section.start = attributes.start;
    if (attributes.vstart === undefined && attributes.vfollows === undefined) {
      attributes.vstart = attributes.valign === undefined ? section.start : alignUp(end, attributes.valign);
    }
    if (section.start < end) continue;
    end = section.start + BigInt(section.offset);
    const next = order.slice(i + 1).find((other) => other.offset > 0 && other.attributes.start !== undefined);
    if (!next) continue;
    if (next.attributes.start! < base)
      return { message: `section ${next.name} begins before program origin`, section: next };
    if (end > next.attributes.start!)
      return { message: `sections ${section.name} and ${next.name} overlap!`, section: next };
  }
  return undefined;
}

/** Run addresses: given, or after the section named by `vfollows=`, or after the one mentioned before. */
function placeVirtually(
  order: readonly Section[],
  mentioned: readonly Section[],
  lastProgbits: Section,
): LayoutProblem | undefined {
  let waiting = order.filter((section) => section.attributes.vstart === undefined);
  for (const section of order) section.vstart = section.attributes.vstart ?? 0n;
  while (waiting.length > 0) {
    const done = new Set<Section>();
    for (const section of waiting) {
      const { attributes } = section;
      let leader = section.name === '.bss' ? lastProgbits : (section.previous ?? lastProgbits);
      if (attributes.vfollows !== undefined) {
        const named = mentioned.find((other) => other.name === attributes.vfollows);
        if (!named)
          return { message: `section ${section.name} vfollows unknown section (${attributes.vfollows})`, section };
        leader = named;
      }
      if (leader.attributes.vstart === undefined) continue;
      attributes.vstart = section.vstart = alignUp(
        leader.attributes.vstart + BigInt(leader.offset),
        (attributes.valign ??= 4),
      );
      done.add(section);
    }
    if (done.size === 0)
      return {
        message: `cannot compute vstart for section ${waiting[0]!.name}: circular vfollows path detected`,
        section: waiting[0]!,
      };
    waiting = waiting.filter((section) => !done.has(section));
  }
  for (const section of order) if (section.nobits) section.start = section.vstart;
  return undefined;
}

/** The file: progbits sections at their distance from the origin, zeros between. */
export function fileImage(
  layout: Layout,
  contents: (section: Section) => Uint8Array,
  most: number,
): Uint8Array | undefined {
  const pieces = layout.order.filter((section) => !section.nobits && section.offset > 0);
  const from = (section: Section): number => Number(section.start - layout.origin);
  const length = pieces.reduce((end, section) => Math.max(end, from(section) + section.offset), 0);
  if (length > most) return undefined;
  const image = new Uint8Array(length);
  for (const section of pieces) image.set(contents(section), from(section));
  return image;
}
