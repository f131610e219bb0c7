// Hover of registers: what they are for, and which register they are part of.
import type { RegOperand } from '../../isa/types';

const SPECIAL: Readonly<Record<string, string>> = {
  cs: 'Code segment. Its two lowest bits are the RPL; CPL is kept in its descriptor cache.',
  ds: 'Data segment: the default of memory operands.',
  es: 'Extra segment: destination of string instructions.',
  ss: 'Stack segment: the default of operands based on (E)SP and (E)BP.',
  fs: 'Additional data segment.',
  gs: 'Additional data segment.',
  cr0: 'Control register 0: PE (0), MP, EM, TS, ET, NE, WP (16), AM (18), NW, CD, PG (31).',
  cr2: 'Control register 2: the linear address of the last page fault.',
  cr3: 'Control register 3: physical address of the page directory or PML4.',
  cr4: 'Control register 4: VME, PVI, TSD, DE, PSE (4), PAE (5), MCE, PGE (7), OSFXSR (9), ...',
  cr8: 'Control register 8: task priority.',
  dr6: 'Debug status: which condition raised #DB.',
  dr7: 'Debug control: which breakpoints are enabled, their kind and length.',
};

const PURPOSE = [
  'accumulator',
  'counter',
  'data',
  'base',
  'stack pointer',
  'base pointer',
  'source index',
  'destination index',
];

const LEGACY = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'];

const wide = (num: number): string => (num < 8 ? `r${LEGACY[num]!}` : `r${num}`);

export function registerHover(name: string, { cls, num, size }: RegOperand): string {
  const special = SPECIAL[name];
  if (special) return `**${name}**: ${special}`;
  const bits = `${size * 8} bits`;
  switch (cls) {
    case 'r8h':
      return `**${name}**: bits 8 to 15 of \`${LEGACY[num]}\` (${PURPOSE[num]}), 8 bits`;
    case 'r8':
    case 'r16':
    case 'r32':
    case 'r64': {
      const purpose = num < 8 ? PURPOSE[num]! : 'general register of 64-bit mode';
      const part = cls === 'r64' ? '' : `, the low part of \`${wide(num)}\``;
      const zeroes = cls === 'r32' ? '; writing it clears the upper half of the 64-bit register' : '';
      return `**${name}**: ${purpose}, ${bits}${part}${zeroes}`;
    }
    case 'dreg':
      return `**${name}**: debug register, address of breakpoint ${num}`;
    case 'st':
      return `**${name}**: x87 register ${num} from the top of its stack, 80 bits`;
    default:
      return `**${name}**: register of ${bits}`;
  }
}
