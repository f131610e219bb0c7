// The handler number of every form: a process-wide numbering, so that loops made for one guest fit another one. First come the
// fixed handlers, then the forms as they are met. A loop that has no case for a number goes to the form's function; these are
// compiled together with others that were met at the same time, because a module costs more than the functions in it.
import type { Insn } from '../../isa/types';
import { formKey, formNumber, type CodeContext } from '../form';
import * as R from '../record';
import { formFunctions } from './formFunctions';

/** The plain TypeScript routine of an instruction. */
export const H_SYSTEM = R.FIXED_HANDLERS;

/** Functions that are compiled together. */
export interface FormBatch {
  readonly handlers: readonly number[];
  /** Exports each form's function under its key (formFunctions.ts). */
  readonly module: WebAssembly.Module;
}

/** Functions in a batch, at most. */
const BATCH = 64;

export class FormNumbers {
  private readonly keys: string[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly batches: (FormBatch | undefined)[] = [];

  of(key: string): number {
    let number = this.numbers.get(key);
    if (number === undefined) this.numbers.set(key, (number = H_SYSTEM + this.keys.push(key)));
    return number;
  }
  /** Undefined for the fixed handlers. */
  key(number: number): string | undefined {
    return this.keys[number - H_SYSTEM - 1];
  }
  /** The batch with the form's function; forms that were met after it come along. */
  batch(number: number): FormBatch {
    const known = this.batches[number];
    if (known) return known;
    const handlers: number[] = [];
    const end = Math.min(number + BATCH, H_SYSTEM + this.keys.length + 1);
    for (let other = number; other < end; other++) if (!this.batches[other]) handlers.push(other);
    const batch = { handlers, module: formFunctions(handlers.map((handler) => this.key(handler)!)) };
    for (const handler of handlers) this.batches[handler] = batch;
    return batch;
  }
}

const LEGACY = new FormNumbers();
const LONG = new FormNumbers();
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
