// Control and debug registers, bit by bit (Intel SDM vol. 3, "Control Registers", "Debug Registers").

import type { EvaluationContext } from '../expression/value';
import { registerNumber } from '../registers';
import type { DebugTarget } from '../target';
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
const CR3_BITS: readonly BitField[] = [
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
  { name: 'OSFXSR', bit: 9, doc: 'the system saves SSE state' },
  { name: 'OSXMMEXCPT', bit: 10, doc: 'the system handles #XM' },
  { name: 'UMIP', bit: 11, doc: 'SGDT, SIDT, SLDT, SMSW and STR only in ring 0' },
  { name: 'FSGSBASE', bit: 16, doc: 'RDFSBASE and the like' },
  { name: 'PCIDE', bit: 17, doc: 'process-context identifiers in CR3' },
  { name: 'OSXSAVE', bit: 18, doc: 'the system saves extended state' },
  { name: 'SMEP', bit: 20, doc: 'ring 0 executes no user pages' },
  { name: 'SMAP', bit: 21, doc: 'ring 0 accesses user pages only with EFLAGS.AC' },
];
const EFER: readonly BitField[] = [
  { name: 'SCE', bit: 0, doc: 'SYSCALL and SYSRET' },
  { name: 'LME', bit: 8, doc: 'long mode when paging is on' },
  { name: 'LMA', bit: 10, doc: 'long mode is active (cannot be set)' },
  { name: 'NXE', bit: 11, doc: 'no-execute pages' },
];
const XCR0: readonly BitField[] = [
  { name: 'X87', bit: 0, doc: 'x87 state: always set' },
  { name: 'SSE', bit: 1, doc: 'XMM registers and MXCSR' },
  { name: 'AVX', bit: 2, doc: 'upper halves of the YMM registers' },
];
const CR8: readonly BitField[] = [
  { name: 'TPR', bit: 0, width: 4, doc: 'task priority: interrupts of this class and below wait' },
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

const ROOTS = {
  off: 'page directory',
  '32-bit': 'page directory',
  pae: 'page-directory pointers',
  '4-level': 'PML4',
} as const;

/** `PML4 at physical 00010000, PCID 3`. */
export function rootWords({ target }: EvaluationContext): string {
  const cr3 = target.getRegister('cr3') ?? 0n;
  const { paging } = target.walk(0);
  const root = cr3 & (paging === 'pae' ? 0xffffffe0n : 0xffffffffff000n);
  const pcid = paging === '4-level' && hasPcid(target) ? `, PCID ${cr3 & 0xfffn}` : '';
  return `${ROOTS[paging]} at physical ${root.toString(16).padStart(8, '0')}${pcid}`;
}
const hasPcid = (target: DebugTarget): boolean => ((target.getRegister('cr4') ?? 0n) & 0x20000n) !== 0n;

export function controlScope(context: EvaluationContext): VariableNode[] {
  const { target } = context;
  const cr3 = hasPcid(target) ? [{ name: 'PCID', bit: 0, width: 12, doc: 'process-context identifier' }] : CR3_BITS;
  const optional = (name: string, fields: readonly BitField[], type?: string): VariableNode[] =>
    target.getRegister(name) === undefined ? [] : [withBits(name, fields, context, type)];
  return [
    withBits('cr0', CR0, context),
    registerNode('cr2', context, 'CR2', 'linear address of the last page fault'),
    withBits('cr3', cr3, context, rootWords(context)),
    ...optional('cr4', CR4),
    ...optional('cr8', CR8, 'task priority'),
    ...optional('efer', EFER),
    ...optional('xcr0', XCR0),
    plainNode('CPL', String(target.cpl), 'current privilege level'),
    plainNode('mode', target.mode),
  ];
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
