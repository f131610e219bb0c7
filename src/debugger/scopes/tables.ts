// System tables in words: GDT, IDT or vector table, LDT, TSS, and the page tables of the addresses in use.

import type { EvaluationContext } from '../expression/value';
import { decodeDescriptor, descriptorWords } from '../descriptors';
import { pageEntryWords, pageWalk, pageWalkWords } from '../paging';
import { registerNumber } from '../registers';
import { segmentOf } from '../segments';
import { SegIndex } from '../target';
import { exceptionVector } from '../vectors';
import { childrenOf, indexedChildren, memoryNode, plainNode, registerNode, type VariableNode } from './node';
import { segmentNode } from './segmentRegisters';

const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

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
  const base = registerNumber(context.target, `${name}.base`);
  const limit = registerNumber(context.target, `${name}.limit`);
  return {
    name: name.toUpperCase(),
    value: `base ${h(base, 8)}, limit ${h(limit, 4)}`,
    memory: base,
    children: childrenOf(() => [
      registerNode(`${name}.base`, context, 'base'),
      registerNode(`${name}.limit`, context, 'limit', 'last byte'),
    ]),
  };
}

function gdt(context: EvaluationContext): VariableNode {
  const { target } = context;
  const [base, limit] = [registerNumber(target, 'gdtr.base'), registerNumber(target, 'gdtr.limit')];
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
  const entry = (index: number): VariableNode => {
    const linear = (base + index * 8) >>> 0;
    const bytes = context.target.readLinear(linear, 8);
    const d = bytes.length === 8 ? decodeDescriptor(bytes) : undefined;
    const value = d === undefined ? '(not mapped)' : index === 0 && ti === 0 ? 'null' : descriptorWords(d);
    return { ...rawEntry(`[${h(index * 8 + ti, 4)}]`, value, linear, context), type: `entry ${index}` };
  };
  return {
    name,
    value: `${total} ${total === 1 ? 'entry' : 'entries'}`,
    memory: base,
    children: indexedChildren(total, entry),
  };
}

/** A table entry of eight bytes whose two halves can be set. */
const rawEntry = (name: string, value: string, linear: number, context: EvaluationContext): VariableNode => ({
  name,
  value,
  memory: linear,
  children: childrenOf(() => [memoryNode('low', linear, 4, context), memoryNode('high', linear + 4, 4, context)]),
});

function interruptTable(context: EvaluationContext): VariableNode {
  const { target } = context;
  const base = registerNumber(target, 'idtr.base');
  const limit = registerNumber(target, 'idtr.limit');
  const real = target.mode === 'real';
  const size = real ? 4 : 8;
  const total = Math.min(Math.floor((limit + 1) / size), 256);
  const entry = (vector: number): VariableNode => {
    const linear = (base + vector * size) >>> 0;
    const bytes = target.readLinear(linear, size);
    const name = `[${h(vector, 2)}]`;
    const known = exceptionVector(vector);
    const type = known ? `${known.mnemonic} ${known.name}` : `vector ${vector}`;
    if (bytes.length < size) return plainNode(name, '(not mapped)', type);
    if (!real) return { ...rawEntry(name, descriptorWords(decodeDescriptor(bytes)), linear, context), type };
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

type TssField = readonly [name: string, offset: number, bytes: 2 | 4];

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
  const fields = cache.type >= 8 ? TSS32 : TSS16;
  return {
    ...node,
    memory: cache.base,
    children: childrenOf(() =>
      fields.map(([name, offset, bytes]) =>
        offset + bytes - 1 > cache.limit
          ? plainNode(name, '(beyond the limit)')
          : memoryNode(name, (cache.base + offset) >>> 0, bytes, context, `+${h(offset, 2)}`),
      ),
    ),
  };
}

function pageTables(context: EvaluationContext): VariableNode {
  const { target } = context;
  if (!target.paging) return plainNode('Page tables', 'paging is off: linear addresses are physical');
  const cs = segmentOf(context, SegIndex.CS);
  const ss = segmentOf(context, SegIndex.SS);
  const addresses: [string, number][] = [
    ['CS:EIP', cs.base + registerNumber(target, 'rip')],
    ['SS:ESP', ss.base + registerNumber(target, 'rsp')],
    ['CR2', registerNumber(target, 'cr2')],
  ];
  return {
    name: 'Page tables',
    value: `page directory at physical ${h((registerNumber(target, 'cr3') & ~0xfff) >>> 0, 8)}`,
    children: childrenOf(() => addresses.map(([name, linear]) => walkNode(name, linear >>> 0, context))),
  };
}

/** The walk of one linear address, level by level. */
export function walkNode(name: string, linear: number, { target }: EvaluationContext): VariableNode {
  const walk = pageWalk(target, linear);
  return {
    name,
    value: `${h(linear, 8)}: ${pageWalkWords(walk)}`,
    memory: linear,
    children: childrenOf(() =>
      walk.entries.map((entry) =>
        plainNode(
          `${entry.level} [${entry.index}]`,
          `${h(entry.value, 8)}: ${pageEntryWords(entry)}`,
          `physical ${h(entry.physical, 8)}`,
        ),
      ),
    ),
  };
}
