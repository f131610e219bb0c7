// The architectural exceptions by vector (Intel SDM vol. 3, "Protected-Mode Exceptions and Interrupts").

export interface ExceptionName {
  mnemonic: string;
  name: string;
  /** Pushes an error code. */
  errorCode: boolean;
}

const row = (mnemonic: string, name: string, errorCode = false): ExceptionName => ({ mnemonic, name, errorCode });

export const EXCEPTIONS: Readonly<Record<number, ExceptionName>> = {
  0: row('#DE', 'divide error'),
  1: row('#DB', 'debug exception'),
  2: row('NMI', 'non-maskable interrupt'),
  3: row('#BP', 'breakpoint'),
  4: row('#OF', 'overflow'),
  5: row('#BR', 'bound range exceeded'),
  6: row('#UD', 'invalid opcode'),
  7: row('#NM', 'device not available'),
  8: row('#DF', 'double fault', true),
  9: row('CSO', 'coprocessor segment overrun'),
  10: row('#TS', 'invalid TSS', true),
  11: row('#NP', 'segment not present', true),
  12: row('#SS', 'stack-segment fault', true),
  13: row('#GP', 'general protection', true),
  14: row('#PF', 'page fault', true),
  16: row('#MF', 'x87 floating-point error'),
  17: row('#AC', 'alignment check', true),
  18: row('#MC', 'machine check'),
  19: row('#XM', 'SIMD floating-point exception'),
};

/** `#GP` for architectural exceptions, else `interrupt 0x80`. */
export const exceptionMnemonic = (vector: number): string =>
  EXCEPTIONS[vector]?.mnemonic ?? `interrupt 0x${vector.toString(16)}`;
