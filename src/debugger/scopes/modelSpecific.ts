// Model-specific registers that a kernel sets up: system calls, segment bases, local APIC, memory types (Intel SDM vol. 4,
// "Model-Specific Registers"). EFER stands among the control registers.

import { symbolText } from '../../symbols/symbolTable';
import { memoryView } from '../code/reader';
import type { EvaluationContext } from '../expression/value';
import { linearOfValue } from '../linear';
import { FLAG_BITS, MSR_REGISTERS } from '../registers';
import type { DebugTarget } from '../target';
import { bitNode, childrenOf, registerNode, type BitField, type VariableNode } from './node';

type Describe = (value: bigint, context: EvaluationContext) => string;

const h4 = (value: bigint): string => (value & 0xffffn).toString(16).padStart(4, '0');

/** `SYSCALL in 64-bit code goes here: system_call`. */
const entry =
  (text: string): Describe =>
  (value, { program, target }) => {
    const linear = linearOfValue(value);
    const label = linear === undefined ? undefined : program?.labelAt(linear, linear, memoryView(target, program));
    return label ? `${text}: ${symbolText(label)}` : text;
  };

const star: Describe = (value) => {
  const kernel = value >> 32n;
  const user = value >> 48n;
  return `SYSCALL: CS ${h4(kernel & 0xfffcn)}, SS ${h4((kernel & 0xfffcn) + 8n)}; SYSRET: CS ${h4((user + 16n) | 3n)}, SS ${h4((user + 8n) | 3n)}`;
};

const fmask: Describe = (value) => {
  const cleared = FLAG_BITS.filter(({ bit, width }) => width === undefined && (value >> BigInt(bit)) & 1n);
  return `SYSCALL clears ${cleared.map(({ name }) => name.toUpperCase()).join(' ') || 'no flags'}`;
};

const APIC_FIELDS: readonly BitField[] = [
  { name: 'BSP', bit: 8, doc: 'the processor that starts at power-on' },
  { name: 'EN', bit: 11, doc: 'local APIC enabled' },
];

const DESCRIPTIONS: Readonly<Record<(typeof MSR_REGISTERS)[number], Describe | undefined>> = {
  efer: undefined,
  star,
  lstar: entry('SYSCALL in 64-bit code'),
  cstar: entry('SYSCALL in compatibility mode (AMD)'),
  fmask,
  fsbase: () => 'base of FS',
  gsbase: () => 'base of GS',
  kernelgsbase: () => 'SWAPGS exchanges it with the base of GS',
  sysenter_cs: (value) =>
    (value & 0xfffcn) === 0n ? 'SYSENTER is refused' : `SYSENTER: CS ${h4(value)}, SS ${h4(value + 8n)}`,
  sysenter_esp: () => 'stack pointer of SYSENTER',
  sysenter_eip: entry('SYSENTER'),
  apic_base: (value) => `local APIC ${(value & 0x800n) !== 0n ? 'enabled' : 'disabled'}`,
  pat: () => 'memory types of pages',
  tsc_aux: () => 'what RDTSCP and RDPID give',
};

const names = (target: DebugTarget): (typeof MSR_REGISTERS)[number][] =>
  MSR_REGISTERS.filter((name) => DESCRIPTIONS[name] && target.getRegister(name) !== undefined);

/** Old models have none. */
export const hasModelSpecific = (target: DebugTarget): boolean => names(target).length > 0;

export const modelSpecificScope = (context: EvaluationContext): VariableNode[] =>
  names(context.target).map((name) => {
    const value = context.target.getRegister(name)!;
    const node = registerNode(name, context, name.toUpperCase(), DESCRIPTIONS[name]!(value, context));
    if (name !== 'apic_base') return node;
    return { ...node, children: childrenOf(() => APIC_FIELDS.map((field) => bitNode(name, field, context))) };
  });
