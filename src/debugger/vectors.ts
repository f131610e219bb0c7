// The exception vectors as people meet them: the manual's names, and what one has usually done to get the exception.

import { EXCEPTIONS } from '../machine/processorFacts';

export interface ExceptionVector {
  vector: number;
  mnemonic: string;
  name: string;
  meaning: string;
}

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'a division by zero, or a quotient that does not fit the register',
  1: 'a single step, a debug register, or INT1',
  2: 'the board signalled a non-maskable interrupt',
  3: 'the instruction INT3',
  4: 'INTO with the overflow flag set',
  5: 'BOUND with an index outside the bounds',
  6: 'an instruction that does not exist, or not in this mode',
  7: 'a floating-point instruction while CR0.EM or CR0.TS is set',
  8: 'a second exception while a first one was being delivered',
  10: 'a task switch or stack switch with a wrong TSS',
  11: 'a descriptor or gate whose present bit is 0',
  12: 'a stack access beyond the limit, or a stack segment that is not present',
  13: 'a protection rule was broken',
  14: 'a page that is not present or does not allow the access',
  16: 'an unmasked floating-point exception was pending',
  17: 'an unaligned access in ring 3 while alignment checking is on',
  18: 'a hardware error',
  19: 'an unmasked SSE exception',
};

/** Those a guest of today can meet, by rising vector. */
export const EXCEPTION_VECTORS: readonly ExceptionVector[] = Object.entries(EXCEPTIONS).flatMap(
  ([key, { mnemonic, name }]) => {
    const meaning = MEANINGS[Number(key)];
    return meaning === undefined ? [] : [{ vector: Number(key), mnemonic, name, meaning }];
  },
);

export const exceptionVector = (vector: number): ExceptionVector | undefined =>
  EXCEPTION_VECTORS.find((known) => known.vector === vector);

/** `#GP general protection`; `vector 0x80` for those without a name. */
export function vectorName(vector: number): string {
  const known = EXCEPTIONS[vector];
  return known ? `${known.mnemonic} ${known.name}` : `vector 0x${vector.toString(16).padStart(2, '0')}`;
}
