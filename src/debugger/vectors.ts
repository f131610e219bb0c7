// Names of the exception vectors (Intel SDM vol. 3, "Exception and Interrupt Reference").

export interface ExceptionVector {
  vector: number;
  mnemonic: string;
  name: string;
  /** What a person has usually done to get it. */
  meaning: string;
}

const V = (vector: number, mnemonic: string, name: string, meaning: string): ExceptionVector => ({
  vector,
  mnemonic,
  name,
  meaning,
});

export const EXCEPTION_VECTORS: readonly ExceptionVector[] = [
  V(0, '#DE', 'divide error', 'a division by zero, or a quotient that does not fit the register'),
  V(1, '#DB', 'debug', 'a single step, a debug register, or INT1'),
  V(2, 'NMI', 'non-maskable interrupt', 'the board signalled a non-maskable interrupt'),
  V(3, '#BP', 'breakpoint', 'the instruction INT3'),
  V(4, '#OF', 'overflow', 'INTO with the overflow flag set'),
  V(5, '#BR', 'bound range exceeded', 'BOUND with an index outside the bounds'),
  V(6, '#UD', 'invalid opcode', 'an instruction that does not exist, or not in this mode'),
  V(7, '#NM', 'device not available', 'a floating-point instruction while CR0.EM or CR0.TS is set'),
  V(8, '#DF', 'double fault', 'a second exception while a first one was being delivered'),
  V(10, '#TS', 'invalid TSS', 'a task switch or stack switch with a wrong TSS'),
  V(11, '#NP', 'segment not present', 'a descriptor or gate whose present bit is 0'),
  V(12, '#SS', 'stack-segment fault', 'a stack access beyond the limit, or a stack segment that is not present'),
  V(13, '#GP', 'general protection', 'a protection rule was broken'),
  V(14, '#PF', 'page fault', 'a page that is not present or does not allow the access'),
  V(16, '#MF', 'x87 floating-point error', 'an unmasked floating-point exception was pending'),
  V(17, '#AC', 'alignment check', 'an unaligned access in ring 3 while alignment checking is on'),
  V(18, '#MC', 'machine check', 'a hardware error'),
  V(19, '#XM', 'SIMD floating-point', 'an unmasked SSE exception'),
];

const BY_VECTOR = new Map(EXCEPTION_VECTORS.map((v) => [v.vector, v]));

export const exceptionVector = (vector: number): ExceptionVector | undefined => BY_VECTOR.get(vector);

/** `#GP general protection`; `vector 0x80` for those without a name. */
export function vectorName(vector: number): string {
  const known = BY_VECTOR.get(vector);
  return known ? `${known.mnemonic} ${known.name}` : `vector 0x${vector.toString(16).padStart(2, '0')}`;
}
