// Exceptions of an instruction in words, as they follow from the facts of its row (Intel SDM vol. 2, "Exceptions" of each
// instruction; vol. 3, "Exception and Interrupt Reference").
import type { Row } from '../isa/types';

export function privilegeText({ cpl }: Row): string | undefined {
  if (cpl === 0) return 'CPL 0 only';
  return cpl === 'iopl' ? 'CPL ≤ IOPL, or allowed by the I/O permission map' : undefined;
}

export const hasMemory = (row: Row): boolean =>
  row.ops.some((op) => /^(m|rm|moffs)|\/m|rm\d+$/.test(op) && !/^(mm|rmr|rmmm|rmxmm|rmymm)/.test(op)) ||
  row.ops.some((op) => /^(mm|xmm|ymm)rm|^vm/.test(op));

/** Take an address and do not access what is there. */
const ADDRESS_ONLY = /^(lea|nop|prefetch|invlpg$|ud\d|loop|j[er]?cxz)/;

const SEGMENT_OPERANDS = /^(sreg|dsreg|es|cs|ss|ds|fs|gs)$/;
const OWN: readonly (readonly [name: RegExp, fault: string])[] = [
  [/^i?div$/, '#DE when the divisor is 0 or the quotient does not fit'],
  [/^aam$/, '#DE when the base is 0'],
  [/^bound$/, '#BR when the index is out of bounds'],
  [/^into$/, '#OF when OF is set'],
  [/^int0?3$/, '#BP always'],
  [/^(int0?1|icebp)$/, '#DB always'],
  [/^ud\d/, '#UD always'],
  [/^rdtscp?$/, '#GP(0) when CR4.TSD is set and CPL > 0'],
  [/^rdpmc$/, '#GP(0) when CR4.PCE is clear and CPL > 0, or for an unknown counter'],
  [/^(rd|wr)msr$/, '#GP(0) for an MSR that does not exist or a value that it does not take'],
  [/^x[gs]etbv$/, '#UD when CR4.OSXSAVE is clear; #GP(0) for an unknown register or value'],
  [/^(rd|wr)[fg]sbase$/, '#UD when CR4.FSGSBASE is clear'],
  [/^sysenter$|^sysexit$/, '#GP(0) when IA32_SYSENTER_CS is 0'],
  [/^syscall$|^sysret$/, '#UD when EFER.SCE is clear'],
  [/^cmpxchg16b$/, '#GP(0) when memory is not aligned to 16 bytes'],
  [/^vmov(aps|apd|dqa|nt)/, '#GP(0) when memory is not aligned to the width of the operand'],
  [/^(fxsave|fxrstor)/, '#GP(0) when memory is not aligned to 16 bytes; #NM when CR0.EM or CR0.TS is set'],
  [
    /^x(save|rstor)/,
    '#GP(0) when memory is not aligned to 64 bytes; #UD when CR4.OSXSAVE is clear; #NM when CR0.TS is set',
  ],
  [/^ldmxcsr$|^vldmxcsr$/, '#GP(0) when a reserved bit is set'],
  [/^rsm$/, '#UD outside system management mode'],
  [/^fwcall$/, '#UD outside the firmware ROM'],
];

/** May be unaligned in memory although it is as wide as a register. */
const UNALIGNED = /^(movup[sd]|movdqu|lddqu|pcmp[ei]str[im])$/;
/** Reports conditions of floating-point arithmetic. */
const ARITHMETIC =
  /^v?(add|sub|mul|div|sqrt|min|max|cmp|u?comi|h(add|sub)|addsub|round|dp|cvt|fn?m(add|sub))\w*([ps][sd]|2\w+)\d*$/;

export function faultsOf(row: Row): string[] {
  const { mn, cpl, modes, ops, cpu = '86' } = row;
  const faults = OWN.filter(([name]) => name.test(mn)).map(([, fault]) => fault);
  if (cpl !== undefined)
    faults.push(`${/^(cl|st)ac$/.test(mn) ? '#UD' : '#GP(0)'} without the privilege (${privilegeText(row)})`);
  if (modes === 'pm' || modes === 'pm32') faults.push('#UD in real and virtual-8086 mode');
  if (modes === 'no64' || modes === 'pm32') faults.push('#UD in 64-bit mode');
  if (modes === 'only64') faults.push('#UD outside 64-bit mode');
  faults.push(...unitFaults(row), ...transferFaults(row));
  if (
    /^sse|^ssse|^aes$|^pclmulqdq$|^sha$/.test(cpu) &&
    ops.some((op) => /^(xmmrm128|m128)$/.test(op)) &&
    !UNALIGNED.test(mn)
  )
    faults.push('#GP(0) when memory is not aligned to 16 bytes');
  if (!ADDRESS_ONLY.test(mn) && (hasMemory(row) || row.usesAddrSize)) {
    faults.push('#GP(0), #SS(0) or #PF when memory cannot be accessed');
    if (row.size !== 1 && !ops.some((op) => /m8$/.test(op))) faults.push('#AC when alignment is checked');
  }
  return faults;
}

/** Those of the unit that executes it: x87, MMX, SSE, AVX. */
function unitFaults({ mn, ops, cpu = '86' }: Row): string[] {
  const arithmetic = ARITHMETIC.test(mn)
    ? ['#XM for an unmasked floating-point condition (#UD when CR4.OSXMMEXCPT is clear)']
    : [];
  if (/^(fpu|287|387)/.test(cpu))
    return [
      mn === 'wait' || mn === 'fwait' ? '#NM when CR0.MP and CR0.TS are set' : '#NM when CR0.EM or CR0.TS is set',
      ...(/^fn[a-z]/.test(mn) && mn !== 'fnop' ? [] : ['#MF when an unmasked x87 exception is pending']),
    ];
  if (cpu === 'mmx' || (ops.some((op) => /^(rm)?mm/.test(op)) && !ops.some((op) => op.includes('xmm'))))
    return ['#UD when CR0.EM is set; #NM when CR0.TS is set', '#MF when an unmasked x87 exception is pending'];
  if (/avx|fma|f16c/.test(cpu))
    return ['#UD unless CR4.OSXSAVE and XCR0 enable AVX; #NM when CR0.TS is set', ...arithmetic];
  if (
    /^s?sse|^aes$|^pclmulqdq$|^sha$/.test(cpu) &&
    !/^(pause|[lms]fence|prefetch|movnti|clflush|crc32|popcnt)/.test(mn)
  )
    return ['#UD when CR0.EM is set or CR4.OSFXSR is clear; #NM when CR0.TS is set', ...arithmetic];
  return [];
}

/** Those of stacks, jumps and segment registers. */
function transferFaults({ mn, ops, sreg }: Row): string[] {
  const faults: string[] = [];
  if (/^(push|pop(?!cnt)|enter|leave|call|ret|iret)/.test(mn))
    faults.push('#SS(0) or #PF when the stack cannot be accessed');
  if (/^(j|call|loop|ret|iret|int)/.test(mn) && !/^int(o|01|03|1|3)$/.test(mn))
    faults.push('#GP(0) when the target is outside the code segment');
  const far = /^(retf|iret|int)/.test(mn) || (/^(jmp|call)$/.test(mn) && ops.some((op) => /^(ptr16|m16:)/.test(op)));
  const loads =
    (mn === 'mov' && SEGMENT_OPERANDS.test(ops[0] ?? '')) ||
    (mn === 'pop' && (sreg !== undefined || SEGMENT_OPERANDS.test(ops[0] ?? ''))) ||
    /^l[defgs]s$/.test(mn);
  if (far || loads || /^(lldt|ltr)$/.test(mn))
    faults.push(`#GP, #NP${far ? ', #TS' : ''} or #SS with the selector when its descriptor does not pass the checks`);
  return faults;
}
