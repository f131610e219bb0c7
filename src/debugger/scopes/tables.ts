// System tables in words: GDT, IDT or vector table, LDT, TSS, and the page tables of the addresses in use.

import { linearPointer } from '../expression/evaluate';
import type { EvaluationContext } from '../expression/value';
import { decodeDescriptor, descriptorWords, isWideDescriptor } from '../descriptors';
import { hexLinear, isLong, isWideCode, registerAddress, wrapLinear } from '../linear';
import { LEVEL_NAMES, pageEntryWords, pageWalkWords } from '../paging';
import { registerNumber } from '../registers';
import { gateBytes, segmentOf } from '../segments';
import { SegIndex } from '../target';
import { exceptionVector } from '../vectors';
import { rootWords } from './control';
import {
  childrenOf,
  indexedChildren,
  memoryNode,
  physicalNode,
  plainNode,
  registerNode,
  type VariableNode,
} from './node';
import { segmentNode } from './segmentRegisters';

const h = (v: number | bigint, digits: number): string => v.toString(16).padStart(digits, '0');

export function tablesScope(context: EvaluationContext): VariableNode[] {
  return [
    tableRegister('gdtr', context),
    gdt(context),
    tableRegister('idtr', context),
    interruptTable(context),
    ldt(context),
    taskState(context),
    pageTables(context),
  ];
}

function tableRegister(name: 'gdtr' | 'idtr', context: EvaluationContext): VariableNode {
  const base = registerAddress(context.target, `${name}.base`);
  const limit = registerNumber(context.target, `${name}.limit`);
  return {
    name: name.toUpperCase(),
    value: `base ${hexLinear(base)}, limit ${h(limit, 4)}`,
    memory: base,
    children: childrenOf(() => [
      registerNode(`${name}.base`, context, 'base'),
      registerNode(`${name}.limit`, context, 'limit', 'last byte'),
    ]),
  };
}

function gdt(context: EvaluationContext): VariableNode {
  const { target } = context;
  const [base, limit] = [registerAddress(target, 'gdtr.base'), registerNumber(target, 'gdtr.limit')];
  // As the processor comes out of reset: base 0, limit FFFF.
  if (target.mode === 'real' && base === 0 && limit === 0xffff) return plainNode('GDT', 'not loaded yet');
  return descriptorTable('GDT', base, limit, 0, context);
}

function ldt(context: EvaluationContext): VariableNode {
  const node = segmentNode('ldtr', SegIndex.LDTR, context);
  const cache = segmentOf(context, SegIndex.LDTR);
  if (cache.unusable || (cache.selector & 0xfffc) === 0) return { ...node, type: 'no local descriptor table' };
  return { ...node, children: descriptorTable('LDT', cache.base, cache.limit, 4, context).children! };
}

/** Entries by selector; `ti` is the table bit of the selectors. */
function descriptorTable(
  name: string,
  base: number,
  limit: number,
  ti: number,
  context: EvaluationContext,
): VariableNode {
  const total = Math.min((limit + 1) >> 3, 8192);
  const { target } = context;
  const long = isLong(target);
  let halves: ReadonlySet<number> | undefined;
  const entry = (index: number): VariableNode => {
    const linear = wrapLinear(target, base + index * 8);
    const bytes = target.readLinear(linear, long ? 16 : 8);
    const d = bytes.length >= 8 ? decodeDescriptor(bytes, long) : undefined;
    halves ??= long ? upperHalves(target.readLinear(base, total * 8), ti === 0) : new Set();
    const value =
      d === undefined
        ? '(not mapped)'
        : index === 0 && ti === 0
          ? 'null'
          : halves.has(index)
            ? `upper half of [${h((index - 1) * 8 + ti, 4)}]`
            : descriptorWords(d);
    const parts = d?.wide && !halves.has(index) ? 3 : 2;
    return { ...rawEntry(`[${h(index * 8 + ti, 4)}]`, value, linear, parts, context), type: `entry ${index}` };
  };
  return {
    name,
    value: `${total} ${total === 1 ? 'entry' : 'entries'}`,
    memory: base,
    children: indexedChildren(total, entry),
  };
}

/** In long mode, the entries that only go on with the descriptor before them. */
function upperHalves(table: Uint8Array, withNull: boolean): ReadonlySet<number> {
  const found = new Set<number>();
  for (let index = withNull ? 1 : 0; (index + 2) * 8 <= table.length; index++)
    if (isWideDescriptor(table.subarray(index * 8, index * 8 + 8))) found.add(++index);
  return found;
}

const PARTS = ['low', 'high', 'upper'];

/** A table entry of eight or more bytes whose doublewords can be set. */
const rawEntry = (
  name: string,
  value: string,
  linear: number,
  parts: number,
  context: EvaluationContext,
): VariableNode => ({
  name,
  value,
  memory: linear,
  children: childrenOf(() =>
    PARTS.slice(0, parts).map((part, i) => memoryNode(part, wrapLinear(context.target, linear + 4 * i), 4, context)),
  ),
});

function interruptTable(context: EvaluationContext): VariableNode {
  const { target } = context;
  const base = registerAddress(target, 'idtr.base');
  const limit = registerNumber(target, 'idtr.limit');
  const real = target.mode === 'real';
  const size = real ? 4 : gateBytes(target);
  const total = Math.min(Math.floor((limit + 1) / size), 256);
  const entry = (vector: number): VariableNode => {
    const linear = wrapLinear(target, base + vector * size);
    const bytes = target.readLinear(linear, size);
    const name = `[${h(vector, 2)}]`;
    const known = exceptionVector(vector);
    const type = known ? `${known.mnemonic} ${known.name}` : `vector ${vector}`;
    if (bytes.length < size) return plainNode(name, '(not mapped)', type);
    if (!real) {
      const words = descriptorWords(decodeDescriptor(bytes, size === 16));
      return { ...rawEntry(name, words, linear, size === 16 ? 3 : 2, context), type };
    }
    const value = `${h(bytes[2]! | (bytes[3]! << 8), 4)}:${h(bytes[0]! | (bytes[1]! << 8), 4)}`;
    const halves = childrenOf(() => [
      memoryNode('offset', linear, 2, context),
      memoryNode('segment', linear + 2, 2, context),
    ]);
    return { name, value, type, memory: linear, children: halves };
  };
  const words = real ? 'vectors of the real-mode table' : total === 1 ? 'gate' : 'gates';
  return {
    name: real ? 'IVT' : 'IDT',
    value: `${total} ${words}`,
    memory: base,
    children: indexedChildren(total, entry),
  };
}

type TssField = readonly [name: string, offset: number, bytes: 2 | 4 | 8];

const TSS32: readonly TssField[] = [
  ['link', 0, 2],
  ...[0, 1, 2].flatMap((n): TssField[] => [
    [`ESP${n}`, 4 + 8 * n, 4],
    [`SS${n}`, 8 + 8 * n, 2],
  ]),
  ['CR3', 28, 4],
  ['EIP', 32, 4],
  ['EFLAGS', 36, 4],
  ...['EAX', 'ECX', 'EDX', 'EBX', 'ESP', 'EBP', 'ESI', 'EDI'].map((name, i): TssField => [name, 40 + 4 * i, 4]),
  ...['ES', 'CS', 'SS', 'DS', 'FS', 'GS', 'LDT'].map((name, i): TssField => [name, 72 + 4 * i, 2]),
  ['T', 100, 2],
  ['I/O map base', 102, 2],
];
const TSS64: readonly TssField[] = [
  ...[0, 1, 2].map((n): TssField => [`RSP${n}`, 4 + 8 * n, 8]),
  ...[1, 2, 3, 4, 5, 6, 7].map((n): TssField => [`IST${n}`, 28 + 8 * n, 8]),
  ['I/O map base', 102, 2],
];
const TSS16: readonly TssField[] = [
  ['link', 0, 2],
  ...[0, 1, 2].flatMap((n): TssField[] => [
    [`SP${n}`, 2 + 4 * n, 2],
    [`SS${n}`, 4 + 4 * n, 2],
  ]),
  ...['IP', 'FLAGS', 'AX', 'CX', 'DX', 'BX', 'SP', 'BP', 'SI', 'DI', 'ES', 'CS', 'SS', 'DS', 'LDT'].map(
    (name, i): TssField => [name, 14 + 2 * i, 2],
  ),
];

function taskState(context: EvaluationContext): VariableNode {
  const node = segmentNode('tr', SegIndex.TR, context);
  const cache = segmentOf(context, SegIndex.TR);
  if (cache.unusable || (cache.selector & 0xfffc) === 0) return { ...node, type: 'no task state segment loaded' };
  const fields = isLong(context.target) ? TSS64 : cache.type >= 8 ? TSS32 : TSS16;
  return {
    ...node,
    memory: cache.base,
    children: childrenOf(() =>
      fields.map(([name, offset, bytes]) =>
        offset + bytes - 1 > cache.limit
          ? plainNode(name, '(beyond the limit)')
          : memoryNode(name, wrapLinear(context.target, cache.base + offset), bytes, context, `+${h(offset, 2)}`),
      ),
    ),
  };
}

function pageTables(context: EvaluationContext): VariableNode {
  const { target } = context;
  if (!target.paging) return plainNode('Page tables', 'paging is off: linear addresses are physical');
  const wide = isWideCode(target);
  const stack = wide ? 0 : segmentOf(context, SegIndex.SS).base;
  const addresses: [string, number][] = [
    [wide ? 'RIP' : 'CS:EIP', linearPointer(context)],
    [wide ? 'RSP' : 'SS:ESP', wrapLinear(target, stack + registerAddress(target, 'rsp'))],
    ['CR2', registerAddress(target, 'cr2')],
  ];
  return {
    name: 'Page tables',
    value: rootWords(context),
    children: childrenOf(() => addresses.map(([name, linear]) => walkNode(name, linear, context))),
  };
}

/** The walk of one linear address, level by level; the entries can be set. */
export function walkNode(name: string, linear: number, context: EvaluationContext): VariableNode {
  const walk = context.target.walk(linear);
  return {
    name,
    value: `${hexLinear(linear)}: ${pageWalkWords(walk)}`,
    memory: linear,
    children: childrenOf(() =>
      walk.entries.map((entry) => {
        const { level, index, physical, value, bytes } = entry;
        const text = `${h(value, bytes * 2)}: ${pageEntryWords(entry, walk)}`;
        const label = `${LEVEL_NAMES[level]} [${index}]`;
        if (walk.paging === 'pae' && level === 'PDPTE')
          return plainNode(label, text, `register of the processor, loaded from physical ${h(physical, 8)}`);
        return physicalNode(label, physical, bytes === 8 ? 8 : 4, text, context);
      }),
    ),
  };
}
