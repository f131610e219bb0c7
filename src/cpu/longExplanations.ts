// Why something was refused in long mode, or by what came with it. Part of explanations.ts.
import type { Explanation } from './explanation';
import type { FaultReason } from './fault';
import { hexLinear } from './linear';

type Data = FaultReason['data'];

const address = (v: unknown): string => `0x${hexLinear(Number(v))}`;
const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS'];
const CANONICAL = 'vol. 1, "Canonical Addressing"';
const GATES = 'vol. 3, "64-Bit Mode IDT"';
const STACKS = 'vol. 3, "Stack Switching in IA-32e Mode"';
const hex = (v: unknown): string => `0x${Number(v).toString(16)}`;

const text = (sentence: (d: Data) => string, section: string): Explanation => ({ text: sentence, section });

export const LONG_EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  'non-canonical': text(
    (d) =>
      `The ${String(d['access'])} of ${String(d['size'])} bytes through ${SEGMENTS[Number(d['segment'])]} is at ${address(d['linear'])}, whose bits 63 to 47 are not all equal.`,
    CANONICAL,
  ),
  'code-not-canonical': text(
    (d) => `There is no code at ${address(d['ip'])}: the address is not canonical.`,
    CANONICAL,
  ),
  'branch-not-canonical': text(() => 'The branch leads to an address that is not canonical.', CANONICAL),
  'stack-not-canonical': text((d) => `The stack pointer ${address(d['sp'])} is not canonical.`, STACKS),
  'handler-not-canonical': text(
    (d) => `The gate of vector ${String(d['vector'])} leads to ${address(d['offset'])}, which is not canonical.`,
    GATES,
  ),
  'handler-not-64-bit': text(
    (d) =>
      `In long mode a gate has to lead to 64-bit code (L set, D clear); the code segment of vector ${String(d['vector'])} is another kind.`,
    GATES,
  ),
  'return-not-canonical': text((d) => `The return address ${address(d['rip'])} is not canonical.`, CANONICAL),
  'base-not-canonical': text((d) => `The base address ${address(d['base'])} is not canonical.`, CANONICAL),
  'code-both-sizes': text(
    () => 'A code segment with both L and D set is reserved in long mode.',
    'vol. 3, "Code-Segment Descriptor in 64-bit Mode"',
  ),
  'not-a-64-bit-gate': text(
    () =>
      'In long mode far transfers go through code segments and 64-bit call gates only: no task gates, TSSs or 16-bit gates.',
    'vol. 3, "64-Bit Mode Call Gates"',
  ),
  'descriptor-upper-half': text(
    () => 'The upper eight bytes of a 16-byte descriptor must have a zero type field.',
    'vol. 3, "Segment Descriptor Tables in IA-32e Mode"',
  ),
  'iret-nested-task': text(() => 'NT is set, and there are no task returns in long mode.', 'vol. 2, "IRET"'),
  'syscall-disabled': text(() => 'SYSCALL and SYSRET need 64-bit code and EFER.SCE.', 'vol. 2, "SYSCALL", "SYSRET"'),
  'sysenter-real-mode': text(() => 'SYSENTER and SYSEXIT need protected mode.', 'vol. 2, "SYSENTER"'),
  'sysenter-cs': text(
    (d) => `IA32_SYSENTER_CS holds the null selector ${hex(d['selector'])}.`,
    'vol. 2, "SYSENTER", "SYSEXIT"',
  ),
  'fsgsbase-disabled': text(
    () => 'CR4.FSGSBASE is clear, so the instructions for the bases of FS and GS do not exist.',
    'vol. 2, "RDFSBASE", "WRFSBASE"',
  ),
  'invpcid-operand': text(
    (d) => `INVPCID cannot have type ${String(d['type'])} with this descriptor (context ${String(d['context'])}).`,
    'vol. 2, "INVPCID"',
  ),
  umip: text(
    (d) => `CR4.UMIP keeps ${String(d['mnemonic']).toUpperCase()} to ring 0; CPL is ${String(d['cpl'])}.`,
    'vol. 3, "Control Registers"',
  ),
  'pdpte-reserved': text(
    () => 'A present page-directory-pointer entry has reserved bits set.',
    'vol. 3, "PDPTE Registers"',
  ),
  'cr0-pg-in-long-mode': text(() => '64-bit code cannot switch paging off.', 'vol. 3, "Control Registers"'),
  'cr0-pg-with-pcide': text(
    () => 'Paging cannot be switched off while CR4.PCIDE is set.',
    'vol. 3, "Control Registers"',
  ),
  'long-without-pae': text(
    () => 'EFER.LME is set: paging needs CR4.PAE to enter long mode.',
    'vol. 3, "Initializing IA-32e Mode"',
  ),
  'long-with-cs-l': text(() => 'CS.L is set before long mode is active.', 'vol. 3, "Initializing IA-32e Mode"'),
  'long-with-16-bit-tss': text(
    () => 'TR holds a 16-bit TSS, which long mode does not have.',
    'vol. 3, "Initializing IA-32e Mode"',
  ),
  'cr3-reserved': text(() => 'CR3 has bits beyond the width of physical addresses.', 'vol. 3, "Control Registers"'),
  'cr4-pae-in-long-mode': text(() => 'CR4.PAE cannot be cleared in long mode.', 'vol. 3, "Control Registers"'),
  'cr4-pcide': text(
    () => 'CR4.PCIDE can be set in long mode only, with bits 11 to 0 of CR3 clear.',
    'vol. 3, "Process-Context Identifiers (PCIDs)"',
  ),
  'cr8-reserved': text(
    (d) => `CR8 holds four bits; ${hex(d['value'])} has more.`,
    'vol. 3, "Task Priority in IA-32e Mode"',
  ),
  'register-upper-half': text(
    (d) => `The upper 32 bits of ${String(d['register']).toUpperCase()} have to be zero.`,
    'vol. 2, "MOV"',
  ),
};
