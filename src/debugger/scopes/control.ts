// Control and debug registers, bit by bit (Intel SDM vol. 3, "Control Registers", "Debug Registers").

import type { EvaluationContext } from '../expression/value';
import { registerNumber } from '../registers';
import { bitNode, childrenOf, plainNode, registerNode, type BitField, type VariableNode } from './node';

const CR0: readonly BitField[] = [
  { name: 'PE', bit: 0, doc: 'protection enable' },
  { name: 'MP', bit: 1, doc: 'monitor coprocessor' },
  { name: 'EM', bit: 2, doc: 'emulation: no coprocessor' },
  { name: 'TS', bit: 3, doc: 'task switched' },
  { name: 'ET', bit: 4, doc: 'extension type' },
  { name: 'NE', bit: 5, doc: 'numeric error' },
  { name: 'WP', bit: 16, doc: 'write protect: ring 0 respects read-only pages' },
  { name: 'AM', bit: 18, doc: 'alignment mask' },
  { name: 'NW', bit: 29, doc: 'not write-through' },
  { name: 'CD', bit: 30, doc: 'cache disable' },
  { name: 'PG', bit: 31, doc: 'paging' },
];
const CR3: readonly BitField[] = [
  { name: 'PWT', bit: 3, doc: 'page directory write-through' },
  { name: 'PCD', bit: 4, doc: 'page directory cache disable' },
];
const CR4: readonly BitField[] = [
  { name: 'VME', bit: 0, doc: 'virtual-8086 mode extensions' },
  { name: 'PVI', bit: 1, doc: 'protected-mode virtual interrupts' },
  { name: 'TSD', bit: 2, doc: 'RDTSC only in ring 0' },
  { name: 'DE', bit: 3, doc: 'debugging extensions' },
  { name: 'PSE', bit: 4, doc: '4 MB pages' },
  { name: 'PAE', bit: 5, doc: 'physical address extension' },
  { name: 'MCE', bit: 6, doc: 'machine check enable' },
  { name: 'PGE', bit: 7, doc: 'global pages' },
  { name: 'PCE', bit: 8, doc: 'RDPMC in every ring' },
];
const DR6: readonly BitField[] = [
  { name: 'B0', bit: 0, doc: 'DR0 matched' },
  { name: 'B1', bit: 1, doc: 'DR1 matched' },
  { name: 'B2', bit: 2, doc: 'DR2 matched' },
  { name: 'B3', bit: 3, doc: 'DR3 matched' },
  { name: 'BD', bit: 13, doc: 'debug register access' },
  { name: 'BS', bit: 14, doc: 'single step' },
  { name: 'BT', bit: 15, doc: 'task switch' },
];
const DR7: readonly BitField[] = [
  ...[0, 1, 2, 3].flatMap((n): BitField[] => [
    { name: `L${n}`, bit: 2 * n, doc: `DR${n} enabled for this task` },
    { name: `G${n}`, bit: 2 * n + 1, doc: `DR${n} enabled` },
  ]),
  { name: 'LE', bit: 8, doc: 'local exact' },
  { name: 'GE', bit: 9, doc: 'global exact' },
  { name: 'GD', bit: 13, doc: 'general detect' },
  ...[0, 1, 2, 3].flatMap((n): BitField[] => [
    { name: `R/W${n}`, bit: 16 + 4 * n, width: 2, doc: 'execute, write, I/O, read or write' },
    { name: `LEN${n}`, bit: 18 + 4 * n, width: 2, doc: '1, 2, 8 or 4 bytes' },
  ]),
];

const withBits = (
  register: string,
  fields: readonly BitField[],
  context: EvaluationContext,
  type?: string,
): VariableNode => ({
  ...registerNode(register, context, register.toUpperCase(), type ?? setNames(register, fields, context)),
  children: childrenOf(() => fields.map((field) => bitNode(register, field, context))),
});

const setNames = (register: string, fields: readonly BitField[], context: EvaluationContext): string => {
  const value = context.target.getRegister(register) ?? 0n;
  const set = fields.filter(({ bit, width }) => width === undefined && (value >> BigInt(bit)) & 1n);
  return set.map(({ name }) => name).join(' ') || 'none set';
};

export function controlScope(context: EvaluationContext): VariableNode[] {
  const { target } = context;
  const cr3 = registerNumber(target, 'cr3');
  const nodes = [
    withBits('cr0', CR0, context),
    registerNode('cr2', context, 'CR2', 'linear address of the last page fault'),
    withBits(
      'cr3',
      CR3,
      context,
      `page directory at physical ${(cr3 & ~0xfff) >>> 0 ? `0x${((cr3 & ~0xfff) >>> 0).toString(16)}` : '0'}`,
    ),
    withBits('cr4', CR4, context),
  ];
  return [...nodes, plainNode('CPL', String(target.cpl), 'current privilege level'), plainNode('mode', target.mode)];
}

const CONDITIONS = ['execution', 'writes', 'I/O', 'reads and writes'];
const LENGTHS = [1, 2, 8, 4];

export function debugScope(context: EvaluationContext): VariableNode[] {
  const dr7 = registerNumber(context.target, 'dr7');
  const addresses = [0, 1, 2, 3].map((n) => {
    const enabled = (dr7 >> (2 * n)) & 3;
    const length = LENGTHS[(dr7 >> (18 + 4 * n)) & 3];
    const words = enabled
      ? `${CONDITIONS[(dr7 >> (16 + 4 * n)) & 3]}, ${length} byte${length === 1 ? '' : 's'}`
      : 'disabled';
    return registerNode(`dr${n}`, context, `DR${n}`, words);
  });
  return [...addresses, withBits('dr6', DR6, context), withBits('dr7', DR7, context)];
}
