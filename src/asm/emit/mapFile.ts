// The map file, as nasm's `[map all]` writes it: origin, sections, symbols by section.
import type { Label } from './labels';
import type { Layout } from './layout';
import type { Section } from './section';

const hex = (value: number | bigint, digits: number, fill = '0'): string =>
  BigInt.asUintN(64, BigInt(value)).toString(16).toUpperCase().padStart(digits, fill);
const rule = (title: string, dashes: number): string => `${title}${'-'.repeat(Math.max(0, dashes))}`;

export function writeMap(source: string, layout: Layout, labels: readonly Label[]): string {
  const output = source.replace(/\.[^./]*$/, '');
  const out: string[] = [
    '',
    rule('- NASM Map file ', 63),
    '',
    `Source file:  ${source}`,
    `Output file:  ${output}`,
    '',
  ];
  out.push(rule('-- Program origin ', 61), '', hex(layout.origin, 8), '');
  out.push(rule('-- Sections (summary) ', 57), '');
  out.push('Vstart            Start             Stop              Length    Class     Name');
  for (const section of layout.order) {
    const { vstart, start, offset } = section;
    const numbers = [vstart, start, start + BigInt(offset)].map((value) => hex(value, 16, ' ')).join('  ');
    out.push(`${numbers}  ${hex(offset, 8)}  ${section.nobits ? 'nobits    ' : 'progbits  '}${section.name}`);
  }
  out.push('', rule('-- Sections (detailed) ', 56), '');
  for (const section of layout.order) out.push(...details(section));
  out.push(rule('-- Symbols ', 68), '', ...symbols(layout, labels));
  return out.map((line) => `${line}\n`).join('');
}

function details(section: Section): string[] {
  const { attributes, name } = section;
  const number = (value: number | bigint | undefined): string =>
    value === undefined ? 'not defined' : hex(value, 16, ' ');
  return [
    rule(`---- Section ${name} `, 65 - name.length),
    '',
    `class:     ${section.nobits ? 'nobits' : 'progbits'}`,
    `length:    ${number(section.offset)}`,
    `start:     ${number(section.start)}`,
    `align:     ${number(attributes.align)}`,
    `follows:   ${attributes.follows ?? 'not defined'}`,
    `vstart:    ${number(section.vstart)}`,
    `valign:    ${number(attributes.valign)}`,
    `vfollows:  ${attributes.vfollows ?? 'not defined'}`,
    '',
  ];
}

function symbols(layout: Layout, labels: readonly Label[]): string[] {
  const out: string[] = [];
  const placed = (label: Label): Section | undefined =>
    layout.order.find((section) => section.segment === label.segment || section.startSegment === label.segment);
  const loose = labels.filter((label) => !placed(label));
  if (loose.length > 0) {
    out.push(rule('---- No Section ', 63), '', 'Value     Name');
    for (const label of loose) out.push(`${hex(label.offset, 8)}  ${label.name}`);
    out.push('', '');
  }
  for (const section of layout.order) {
    const own = labels.filter((label) => placed(label) === section);
    if (own.length === 0) continue;
    out.push(
      rule(`---- Section ${section.name} `, 65 - section.name.length),
      '',
      'Real              Virtual           Name',
    );
    for (const label of own) {
      const address = (base: bigint): string => hex(base + label.offset, 16, ' ');
      out.push(`${address(section.start)}  ${address(section.vstart)}  ${label.name}`);
    }
    out.push('');
  }
  return out;
}
