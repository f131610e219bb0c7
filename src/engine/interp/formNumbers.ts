// The handler number of every form: a process-wide numbering, so that loops made for one guest fit another one. First come the
// fixed handlers, then the forms that are cases of the loop from the start, then whatever else is met. A loop that has no case
// for a number goes to the form's function.
import type { Insn } from '../../isa/types';
import { formKey, formNumber, type CodeContext } from '../form';
import * as R from '../record';
import { HOT_FORMS } from './hotForms';
import { HOT_LONG_FORMS } from './hotLongForms';

/** The plain TypeScript routine of an instruction. */
export const H_SYSTEM = R.FIXED_HANDLERS;

export class FormNumbers {
  private readonly keys: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** @param initial forms that every loop of this kind has from the start. */
  constructor(readonly initial: readonly string[]) {
    for (const key of initial) this.of(key);
  }

  of(key: string): number {
    let number = this.numbers.get(key);
    if (number === undefined) this.numbers.set(key, (number = H_SYSTEM + this.keys.push(key)));
    return number;
  }
  /** Undefined for the fixed handlers. */
  key(number: number): string | undefined {
    return this.keys[number - H_SYSTEM - 1];
  }
}

const LEGACY = new FormNumbers(HOT_FORMS);
const LONG = new FormNumbers(HOT_LONG_FORMS);
/** Of 64-bit code, or of all other. */
export const formNumbers = (long: boolean): FormNumbers => (long ? LONG : LEGACY);

/** By what the context says, then by number: most instructions were met before in the same form. */
const handlers: (Map<number, number> | undefined)[] = [];

/** Of an instruction: `unused`, nobody reads its flags; `beyond`, its branch target is outside of the limit. */
export function handlerOf(insn: Insn, context: CodeContext, unused: boolean, beyond: boolean): number {
  const flavour = (context.long ? 4 : 0) + (context.flat ? 2 : 0) + (context.stack32 ? 1 : 0);
  const known = (handlers[flavour] ??= new Map());
  const number = formNumber(insn) * 4 + (unused ? 2 : 0) + (beyond ? 1 : 0);
  let handler = known.get(number);
  if (handler === undefined) {
    const marks = [...(unused ? ['nf'] : []), ...(beyond ? ['bt'] : [])];
    known.set(number, (handler = formNumbers(context.long).of(formKey(insn, context, marks))));
  }
  return handler;
}
