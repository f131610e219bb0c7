// How the extension knows an expression that says whether a jump is taken from those of operands: none of these compares.
export const isTakenExpression = (expression: string | undefined): boolean => expression?.includes(' == ') === true;
