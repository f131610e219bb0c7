// A 256-bit register of the local APIC (ISR, TMR, IRR): one bit per vector, the highest vector has the highest priority.

/** Eight 32-bit words as plain numbers, so that they can stand in a device's state. */
export type VectorSet = number[];

export const emptySet = (): VectorSet => new Array<number>(8).fill(0);

export const has = (set: VectorSet, vector: number): boolean => ((set[vector >> 5] >>> (vector & 31)) & 1) !== 0;

export function put(set: VectorSet, vector: number, on: boolean): void {
  const bit = 1 << (vector & 31);
  set[vector >> 5] = (on ? set[vector >> 5] | bit : set[vector >> 5] & ~bit) >>> 0;
}

/** The highest vector in the set, -1 when it is empty. */
export function highest(set: VectorSet): number {
  for (let word = 7; word >= 0; word--) if (set[word] !== 0) return word * 32 + 31 - Math.clz32(set[word]);
  return -1;
}
