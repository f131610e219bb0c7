// Condition codes that %+1 and %-1 accept (NASM manual, "Condition Codes as Macro Parameters"), with their inverses.

const PAIRS = 'a na, ae nae, b nb, be nbe, c nc, e ne, g ng, ge nge, l nl, le nle, o no, p np, s ns, z nz, pe po';

const INVERSE = new Map<string, string | undefined>([
  ...PAIRS.split(', ').flatMap((pair): [string, string][] => {
    const [code, opposite] = pair.split(' ') as [string, string];
    return [
      [code, opposite],
      [opposite, code],
    ];
  }),
  ['cxz', undefined],
  ['ecxz', undefined],
  ['rcxz', undefined],
]);

export const isConditionCode = (text: string): boolean => INVERSE.has(text.toLowerCase());

/** Undefined when the code cannot be inverted (cxz). */
export const inverseCondition = (text: string): string | undefined => INVERSE.get(text.toLowerCase());
