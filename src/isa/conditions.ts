// The sixteen condition codes of Jcc, SETcc and CMOVcc (Intel SDM vol. 1, appendix "EFLAGS Condition Codes").

export interface ConditionFlags {
  c: boolean;
  p: boolean;
  z: boolean;
  s: boolean;
  o: boolean;
}

const TEXT: readonly [string, string][] = [
  ['overflow (OF=1)', 'no overflow (OF=0)'],
  ['below, unsigned (CF=1)', 'above or equal, unsigned (CF=0)'],
  ['equal, zero (ZF=1)', 'not equal, not zero (ZF=0)'],
  ['below or equal, unsigned (CF=1 or ZF=1)', 'above, unsigned (CF=0 and ZF=0)'],
  ['negative (SF=1)', 'not negative (SF=0)'],
  ['even parity (PF=1)', 'odd parity (PF=0)'],
  ['less, signed (SF≠OF)', 'greater or equal, signed (SF=OF)'],
  ['less or equal, signed (ZF=1 or SF≠OF)', 'greater, signed (ZF=0 and SF=OF)'],
];

/** The condition in words, with the flags it tests. */
export const conditionText = (cc: number): string => TEXT[cc >> 1]![cc & 1]!;

/** Whether condition `cc` (0..15) holds for these flags. */
export function conditionHolds(cc: number, flags: ConditionFlags): boolean {
  const { c, p, z, s, o } = flags;
  const base = [o, c, z, c || z, s, p, s !== o, z || s !== o][cc >> 1]!;
  return (cc & 1) === 1 ? !base : base;
}
