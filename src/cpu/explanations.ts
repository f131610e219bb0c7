// One plain sentence per failed check, with the manual's section (Intel SDM; vol. 2 means the page of the instruction).
// `FaultReason.check` is the key, its data fill in the numbers.
import { numberText as h, type Explanation } from './explanation';
import type { FaultReason } from './fault';
import { LONG_EXPLANATIONS } from './longExplanations';
import { PROCESSOR_EXPLANATIONS } from './processorExplanations';
import { VECTOR_EXPLANATIONS } from './vectorExplanations';
import { X87_EXPLANATIONS } from './x87Explanations';

type Data = FaultReason['data'];

const SEGMENTS = ['ES', 'CS', 'SS', 'DS', 'FS', 'GS', 'LDTR', 'TR'];
const seg = (d: Data): string => (typeof d['segment'] === 'number' ? SEGMENTS[d['segment']]! : 'the segment');
/** `0x1b (GDT entry 3, RPL 3)`. */
const sel = (v: unknown): string => {
  const s = Number(v);
  return `${h(s)} (${(s & 4) !== 0 ? 'LDT' : 'GDT'} entry ${s >> 3}, RPL ${s & 3})`;
};
const toSegment = (d: Data): string => (d['segment'] === undefined ? '' : ` loaded into ${seg(d)}`);
const KINDS: Readonly<Record<number, string>> = {
  0: 'reserved',
  1: 'available 16-bit TSS',
  2: 'LDT',
  3: 'busy 16-bit TSS',
  4: '16-bit call gate',
  5: 'task gate',
  6: '16-bit interrupt gate',
  7: '16-bit trap gate',
  8: 'reserved',
  9: 'available 32-bit TSS',
  10: 'reserved',
  11: 'busy 32-bit TSS',
  12: '32-bit call gate',
  13: 'reserved',
  14: '32-bit interrupt gate',
  15: '32-bit trap gate',
};

/** What a descriptor is, from S and type. */
export function kindName(kind: number): string {
  if (kind < 16) return KINDS[kind]!;
  if ((kind & 8) === 0) {
    return `${(kind & 2) !== 0 ? 'writable' : 'read-only'}${(kind & 4) !== 0 ? ' expand-down' : ''} data segment`;
  }
  return `${(kind & 2) !== 0 ? 'readable' : 'execute-only'}${(kind & 4) !== 0 ? ' conforming' : ''} code segment`;
}
const what = (d: Data): string => `a ${kindName(Number(d['kind']))}`;
const rings = (d: Data): string => `CPL ${d['cpl']}, RPL ${d['rpl']}, DPL ${d['dpl']}`;

const LIMITS = 'vol. 3, "Limit Checking"';
const TYPES = 'vol. 3, "Type Checking"';
const DATA = 'vol. 3, "Privilege Level Checking When Accessing Data Segments"';
const STACK = 'vol. 3, "Privilege Level Checking When Loading the SS Register"';
const CODE = 'vol. 3, "Privilege Level Checking When Transferring Program Control Between Code Segments"';
const GATES = 'vol. 3, "Gate Descriptors", "Call Gates"';
const SWITCH = 'vol. 3, "Stack Switching"';
const IDT = 'vol. 3, "IDT Descriptors", "Exception and Interrupt Handling"';
const TASKS = 'vol. 3, "Task Management"';
const PRESENT = 'vol. 3, "Segment Descriptors" (P flag)';
const TABLES = 'vol. 3, "Segment Descriptor Tables"';
const V86 = 'vol. 3, "Virtual-8086 Mode"';
const PAGES = 'vol. 3, "Page-Fault Exceptions"';
const IO = 'vol. 1, "I/O Permission Bit Map"';
const CR = 'vol. 3, "Control Registers"';

const pageEntry = (d: Data): string => {
  const level = String(d['level'] ?? 'page directory entry');
  const key = level.toLowerCase();
  return `${level} ${h(d[key])} at physical ${h(d[`${key}At`])}`;
};
/** Which right is missing. */
function protection(d: Data): string {
  const { access, user, userPage, noExecute } = d;
  if (user && userPage === false) return 'it belongs to the supervisor (U/S is clear on the way)';
  if (access === 'fetch' && noExecute) return `it may not be executed (bit 63, XD, of its ${String(noExecute)})`;
  if (!user && userPage === true && access === 'fetch')
    return 'it is a user page, which CR4.SMEP keeps ring 0 from executing';
  if (access === 'write' && d['writable'] === false)
    return user ? 'read-only' : 'read-only, and CR0.WP makes that count in ring 0 too';
  if (!user && userPage === true) return 'it is a user page, which CR4.SMAP keeps ring 0 from while EFLAGS.AC is clear';
  if (access === 'write' && !user) return 'read-only, and CR0.WP makes that count in ring 0 too';
  return access === 'fetch' ? 'may not be executed from here' : 'its U/S or R/W bits forbid this';
}
const accessText = (d: Data): string =>
  `${d['user'] ? 'user-mode' : 'supervisor'} ${d['access']} at linear address ${h(d['linear'])}`;

export const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ...LONG_EXPLANATIONS,
  ...PROCESSOR_EXPLANATIONS,
  ...VECTOR_EXPLANATIONS,
  ...X87_EXPLANATIONS,
  'segment-limit': {
    text: (d) =>
      `The ${d['access']} of ${d['size']} byte(s) at ${seg(d)}:${h(d['offset'])} is outside the segment: its limit is ` +
      `${h(d['limit'])}${(Number(d['attributes']) & 0x1c) === 0x14 ? ' and it expands down, so valid offsets lie above it' : ''}.`,
    section: LIMITS,
  },
  'segment-null': {
    text: (d) => `${seg(d)} holds the null selector ${h(d['selector'])}; nothing can be accessed through it.`,
    section: DATA,
  },
  'segment-not-writable': {
    text: (d) => `${seg(d)} = ${sel(d['selector'])} is not a writable data segment.`,
    section: TYPES,
  },
  'segment-not-readable': {
    text: (d) => `${seg(d)} = ${sel(d['selector'])} is an execute-only code segment and cannot be read.`,
    section: TYPES,
  },
  alignment: {
    text: (d) =>
      `Linear address ${h(d['linear'])} is not a multiple of ${d['alignment']}, and alignment checks are on (CR0.AM, EFLAGS.AC, CPL 3).`,
    section: 'vol. 3, "Alignment Check Exception (#AC)"',
  },
  'code-limit': {
    text: (d) =>
      `The instruction offset ${h(d['offset'] ?? d['ip'])} is beyond the limit ${h(d['limit'])} of the code segment.`,
    section: LIMITS,
  },
  'branch-limit': {
    text: (d) => `The branch target is beyond the limit ${h(d['limit'])} of the code segment.`,
    section: LIMITS,
  },
  'instruction-length': {
    text: () => 'The instruction is longer than 15 bytes.',
    section: 'vol. 2, "Instruction Format"',
  },
  'stack-limit': {
    text: (d) =>
      `Pushing ${d['bytes']} byte(s) below ${h(d['sp'])} does not fit in the stack segment (limit ${h(d['limit'])}).`,
    section: LIMITS,
  },

  'selector-outside-table': {
    text: (d) =>
      `Selector ${sel(d['selector'])}${toSegment(d)} points outside the ${d['table']}, whose limit is ${h(d['tableLimit'])}.`,
    section: TABLES,
  },
  'selector-null': { text: (d) => `The selector ${h(d['selector'])} is null.`, section: TABLES },
  'selector-in-ldt': { text: (d) => `Selector ${sel(d['selector'])} must lie in the GDT.`, section: TABLES },
  'segment-not-present': {
    text: (d) => `The descriptor of ${sel(d['selector'])} (${kindName(Number(d['kind']))}) is marked not present.`,
    section: PRESENT,
  },
  'not-readable-segment': {
    text: (d) => `Selector ${sel(d['selector'])}${toSegment(d)} is ${what(d)}, not data or readable code.`,
    section: TYPES,
  },
  'data-privilege': {
    text: (d) => `Selector ${sel(d['selector'])}${toSegment(d)}: DPL must be at least both CPL and RPL (${rings(d)}).`,
    section: DATA,
  },
  'stack-null': { text: (d) => `The null selector ${h(d['selector'])} cannot be loaded into SS.`, section: STACK },
  'stack-not-writable': {
    text: (d) => `Selector ${sel(d['selector'])} for SS is ${what(d)}, not writable data.`,
    section: TYPES,
  },
  'stack-privilege': {
    text: (d) => `Selector ${sel(d['selector'])} for SS: RPL and DPL must equal CPL (${rings(d)}).`,
    section: STACK,
  },
  'stack-not-present': {
    text: (d) => `The stack segment ${sel(d['selector'])} is marked not present.`,
    section: PRESENT,
  },
  'not-ldt': { text: (d) => `Selector ${sel(d['selector'])} is ${what(d)}, not an LDT.`, section: TABLES },
  'not-available-tss': {
    text: (d) => `Selector ${sel(d['selector'])} is ${what(d)}, not an available TSS.`,
    section: TASKS,
  },
  'tss-not-busy': {
    text: (d) => `The task to return to, ${sel(d['selector'])}, is ${what(d)}, not a busy TSS.`,
    section: TASKS,
  },
  'tss-selector-in-ldt': { text: (d) => `The TSS selector ${sel(d['selector'])} must lie in the GDT.`, section: TASKS },
  'tss-limit': {
    text: (d) => `The TSS ${sel(d['selector'])} is too small: its limit is ${h(d['limit'])}.`,
    section: TASKS,
  },

  'not-code': { text: (d) => `Selector ${sel(d['selector'])} is ${what(d)}, not a code segment.`, section: CODE },
  'code-privilege': {
    text: (d) =>
      `Code segment ${sel(d['selector'])} cannot be entered this way from here (${rings(d)}; ${kindName(Number(d['kind']))}).`,
    section: CODE,
  },
  'not-a-transfer-target': {
    text: (d) =>
      `Selector ${sel(d['selector'])} is ${what(d)}; a far JMP or CALL needs a code segment, call gate, task gate or available TSS.`,
    section: CODE,
  },
  'gate-dpl': {
    text: (d) =>
      d['vector'] === undefined
        ? `The gate or TSS ${sel(d['selector'])} needs DPL at least CPL and RPL (${rings(d)}).`
        : `The IDT gate of vector ${h(d['vector'])} has DPL ${d['dpl']}: software at CPL ${d['cpl']} may not use it with INT.`,
    section: GATES,
  },
  'gate-not-present': {
    text: (d) =>
      d['vector'] === undefined
        ? `The gate ${sel(d['selector'])} is marked not present.`
        : `The IDT gate of vector ${h(d['vector'])} is marked not present.`,
    section: IDT,
  },
  'gate-selector-null': { text: () => 'The gate holds a null code-segment selector.', section: GATES },
  'inner-stack-null': {
    text: (d) => `The TSS ${sel(d['tss'])} holds a null SS for ring ${d['ring']}.`,
    section: SWITCH,
  },
  'inner-stack-outside-table': {
    text: (d) => `The ring-${d['ring']} SS ${sel(d['selector'])} of the TSS ${sel(d['tss'])} points outside its table.`,
    section: SWITCH,
  },
  'inner-stack-privilege': {
    text: (d) =>
      `The ring-${d['ring']} SS ${sel(d['selector'])} of the TSS must have RPL and DPL ${d['ring']} (DPL ${d['dpl']}).`,
    section: SWITCH,
  },
  'inner-stack-not-writable': {
    text: (d) => `The ring-${d['ring']} SS ${sel(d['selector'])} of the TSS is ${what(d)}, not writable data.`,
    section: SWITCH,
  },
  'inner-stack-not-present': {
    text: (d) => `The ring-${d['ring']} SS ${sel(d['selector'])} of the TSS is marked not present.`,
    section: SWITCH,
  },

  'return-null': { text: () => 'The CS on the stack is null.', section: 'vol. 2, "RET", "IRET"' },
  'return-to-inner-ring': {
    text: (d) =>
      `The CS on the stack, ${sel(d['selector'])}, has RPL ${d['rpl']}: a return cannot go to a more privileged ring than CPL ${d['cpl']}.`,
    section: CODE,
  },
  'return-privilege': {
    text: (d) =>
      `The CS on the stack, ${sel(d['selector'])}, does not fit its descriptor (${rings(d)}; ${kindName(Number(d['kind']))}).`,
    section: CODE,
  },
  'return-stack-null': { text: () => 'The SS on the stack of a return to an outer ring is null.', section: STACK },
  'return-stack-privilege': {
    text: (d) =>
      `The SS on the stack, ${sel(d['selector'])}, must have the RPL and DPL of the returned CS (${rings(d)}).`,
    section: STACK,
  },

  'idt-limit': {
    text: (d) => `Vector ${h(d['vector'])} lies beyond the IDT, whose limit is ${h(d['limit'])}.`,
    section: IDT,
  },
  'ivt-limit': {
    text: (d) => `Vector ${h(d['vector'])} lies beyond the interrupt vector table, whose limit is ${h(d['limit'])}.`,
    section: IDT,
  },
  'not-interrupt-gate': {
    text: (d) => `The IDT entry of vector ${h(d['vector'])} is ${what(d)}, not an interrupt, trap or task gate.`,
    section: IDT,
  },
  'handler-not-code': {
    text: (d) => `The gate of vector ${h(d['vector'])} leads to ${sel(d['selector'])}, which is ${what(d)}, not code.`,
    section: IDT,
  },
  'handler-privilege': {
    text: (d) =>
      `The handler of vector ${h(d['vector'])} is in ring ${d['dpl']}, less privileged than CPL ${d['cpl']}.`,
    section: IDT,
  },
  'handler-offset': {
    text: (d) =>
      `The handler of vector ${h(d['vector'])} at ${h(d['offset'])} is beyond its segment's limit ${h(d['limit'])}.`,
    section: IDT,
  },
  'v86-handler-ring': {
    text: (d) =>
      `An interrupt in v8086 mode needs a non-conforming handler in ring 0; vector ${h(d['vector'])} leads to ${what(d)} with DPL ${d['dpl']}.`,
    section: V86,
  },
  'double-fault': {
    text: (d) =>
      `While exception ${d['first']} (${d['firstCheck']}) was being delivered, exception ${d['second']} (${d['secondCheck']}) came up.`,
    section: 'vol. 3, "Double Fault Exception (#DF)"',
  },

  'page-not-present': { text: (d) => `${capital(accessText(d))}: the ${pageEntry(d)} is not present.`, section: PAGES },
  'page-protection': {
    text: (d) => `${capital(accessText(d))}: the page is present, but ${protection(d)} (${pageEntry(d)}).`,
    section: PAGES,
  },
  'page-reserved-bit': {
    text: (d) => `${capital(accessText(d))}: the ${pageEntry(d)} has a reserved bit set.`,
    section: PAGES,
  },

  privileged: {
    text: (d) => `${String(d['mnemonic']).toUpperCase()} is only allowed at CPL 0; CPL is ${d['cpl']}.`,
    section: 'vol. 3, "Privileged Instructions"',
  },
  'protected-mode-only': {
    text: (d) => `${String(d['mnemonic']).toUpperCase()} is not recognised in real and v8086 mode.`,
    section: 'vol. 2',
  },
  iopl: { text: (d) => `CLI and STI need CPL at most IOPL (CPL ${d['cpl']}, IOPL ${d['iopl']}).`, section: IO },
  vip: { text: () => 'STI found a pending virtual interrupt (EFLAGS.VIP).', section: V86 },
  'vme-flags': {
    text: () => 'The flags would set TF, or IF while a virtual interrupt is pending; the v8086 monitor has to act.',
    section: V86,
  },
  'int-iopl': {
    text: (d) => `INT ${h(d['vector'])} in v8086 mode needs IOPL 3 (IOPL ${d['iopl']}); the v8086 monitor has to act.`,
    section: V86,
  },
  'iret-iopl': { text: (d) => `IRET in v8086 mode needs IOPL 3 (IOPL ${d['iopl']}).`, section: V86 },
  'pushf-iopl': { text: (d) => `PUSHF in v8086 mode needs IOPL 3 (IOPL ${d['iopl']}).`, section: V86 },
  'popf-iopl': { text: (d) => `POPF in v8086 mode needs IOPL 3 (IOPL ${d['iopl']}).`, section: V86 },
  'redirection-bitmap': {
    text: (d) =>
      `The interrupt redirection bitmap lies outside the TSS (I/O map base ${h(d['map'])}, limit ${h(d['limit'])}).`,
    section: V86,
  },
  'io-no-bitmap': {
    text: (d) =>
      `Port ${h(d['port'])} at CPL ${d['cpl']} with IOPL ${d['iopl']} needs the I/O permission bitmap, and TR has no 32-bit TSS with one.`,
    section: IO,
  },
  'io-beyond-bitmap': {
    text: (d) =>
      `Port ${h(d['port'])} lies beyond the I/O permission bitmap (base ${h(d['map'])}, TSS limit ${h(d['limit'])}).`,
    section: IO,
  },
  'io-bitmap': {
    text: (d) =>
      `The I/O permission bitmap forbids ${d['size']} byte(s) at port ${h(d['port'])} (CPL ${d['cpl']}, IOPL ${d['iopl']}).`,
    section: IO,
  },

  'cr0-pg-without-pe': { text: () => 'CR0.PG cannot be set while CR0.PE is clear.', section: CR },
  'cr0-nw-without-cd': { text: () => 'CR0.NW cannot be set while CR0.CD is clear.', section: CR },
  'cr4-reserved': {
    text: (d) => `CR4 = ${h(d['value'])} sets bits that this processor does not have (allowed: ${h(d['allowed'])}).`,
    section: CR,
  },
  tsd: { text: (d) => `CR4.TSD restricts RDTSC to ring 0; CPL is ${d['cpl']}.`, section: CR },
  'no-such-msr': {
    text: (d) => `This processor has no model-specific register ${h(d['msr'])}.`,
    section: 'vol. 2, "RDMSR", "WRMSR"',
  },
  'no-such-register': {
    text: (d) => `There is no register ${String(d['register']).toUpperCase()} to access here.`,
    section: 'vol. 2, "MOV"',
  },
  'no-such-instruction': {
    text: (d) => `This processor model does not have ${String(d['mnemonic']).toUpperCase()}.`,
    section: 'vol. 2',
  },
  'not-implemented': {
    text: (d) => `Ringside does not execute ${String(d['mnemonic']).toUpperCase()} yet.`,
    section: 'none',
  },
  'undefined-on-purpose': {
    text: (d) => `${String(d['mnemonic']).toUpperCase()} raises this exception on purpose.`,
    section: 'vol. 2, "UD"',
  },
  'fwcall-outside-rom': {
    text: (d) => `FWCALL exists only in the firmware ROM; it was executed at ${h(d['linear'])}.`,
    section: 'none',
  },
  'invalid-opcode': { text: () => 'The bytes are no instruction of this processor.', section: 'vol. 2, "Opcode Map"' },
  'invalid-lock': { text: () => 'The LOCK prefix is not allowed with this instruction.', section: 'vol. 2, "LOCK"' },
  'invalid-mode': { text: () => 'The instruction does not exist in this mode.', section: 'vol. 2' },

  bound: {
    text: (d) => `The index ${d['index']} is outside ${d['lower']}..${d['upper']}.`,
    section: 'vol. 2, "BOUND"',
  },
  divide: {
    text: () => 'The divisor is zero or the quotient does not fit in its register.',
    section: 'vol. 2, "DIV", "IDIV"',
  },
  'single-step': { text: () => 'Single-step trap (EFLAGS.TF).', section: 'vol. 3, "Debug Exceptions"' },
  'data-breakpoint': {
    text: () => 'A data or I/O breakpoint of the debug registers matched.',
    section: 'vol. 3, "Debug Exceptions"',
  },
  'task-switch-trap': {
    text: () => 'The new task has the T bit set in its TSS.',
    section: 'vol. 3, "Debug Exceptions"',
  },
  'debug-trap': {
    text: () => 'A debug trap: single step, data or I/O breakpoint, or task switch with the T bit (see DR6).',
    section: 'vol. 3, "Debug Exceptions"',
  },
  'instruction-breakpoint': {
    text: (d) => `A debug register breaks on execution at ${h(d['linear'])}.`,
    section: 'vol. 3, "Debug Exceptions"',
  },
  'general-detect': {
    text: () => 'A debug register was accessed while DR7.GD is set.',
    section: 'vol. 3, "Debug Exceptions"',
  },
};

function capital(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1);
}
