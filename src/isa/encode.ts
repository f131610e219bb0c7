// The encoder: finds the form and the encoding that NASM 2.16 chooses for an instruction whose operands are already
// evaluated, by default as with -Ox. Deviation: `o32 jmp x` and its kind take a displacement of the written size, where NASM 2.16
// writes the prefix before a displacement of the mode's size.
import { IMPOSSIBLE, prefixSize, writtenSize } from './encodeAddress';
import { writeForm, type Refusal } from './encodeBytes';
import { acceptsKinds, Fit, kindsOf, matchForm, needsLongMode } from './encodeMatch';
import type { AsmOperand, AsmRequest, AsmResult } from './encodeTypes';
import { allForms, type Form } from './form';

interface FormList {
  all: Form[];
  /** Those that take operands of such kinds; made when first asked for. */
  byKinds: Map<number, readonly Form[]>;
}

let formsByMnemonic: Map<string, FormList> | undefined;

function forms(): Map<string, FormList> {
  if (formsByMnemonic) return formsByMnemonic;
  formsByMnemonic = new Map();
  for (const form of allForms()) {
    if (form.row.only === 'decode') continue;
    const list = formsByMnemonic.get(form.row.mn);
    if (list) list.all.push(form);
    else formsByMnemonic.set(form.row.mn, { all: [form], byKinds: new Map<number, readonly Form[]>() });
  }
  return formsByMnemonic;
}

function formsFor({ all, byKinds }: FormList, operands: readonly AsmOperand[]): readonly Form[] {
  const kinds = kindsOf(operands);
  let list = byKinds.get(kinds);
  if (!list) byKinds.set(kinds, (list = all.filter((form) => acceptsKinds(form, operands))));
  return list;
}

/** Every mnemonic that the encoder accepts, in lower case. */
export const mnemonics = (): ReadonlySet<string> => new Set(forms().keys());

/** Prefix words accepted before a mnemonic, besides segment register names. */
export const PREFIXES: readonly string[] = [
  ...['lock', 'rep', 'repe', 'repz', 'repne', 'repnz', 'xacquire', 'xrelease', 'bnd', 'wait'],
  ...['a16', 'a32', 'a64', 'o16', 'o32', 'o64'],
];

const ERRORS: Readonly<Record<Exclude<Fit, Fit.Ok>, string>> = {
  [Fit.Invalid]: 'invalid combination of opcode and operands',
  [Fit.SizeMissing]: 'operation size not specified',
  [Fit.SizeMismatch]: 'mismatch in operand sizes',
};

/** Encodes one instruction; errors are in NASM's words where it has some. */
export function encode(written: AsmRequest): AsmResult {
  const named = forms().get(written.mnemonic);
  if (!named) return { ok: false, error: `unknown instruction \`${written.mnemonic}'` };
  const request = narrowMove(written);
  const addressPrefix = prefixSize(request.prefixes);
  if (addressPrefix === (request.bits === 64 ? 2 : 8)) return { ok: false, error: IMPOSSIBLE };
  const long = request.bits === 64;
  // Hardware lock elision goes with ModRM forms only.
  const elides = request.prefixes.length > 0 && isElision(request.prefixes);
  let best: Exclude<Fit, Fit.Ok> = Fit.Invalid;
  let supported = true;
  let refusal: Refusal | undefined;
  let unsized: Unsized[] | undefined;

  for (const form of formsFor(named, request.operands)) {
    const available = long ? form.long : form.legacy;
    for (const opSize of operandSizes(form, request)) {
      const { fit, pinned, memSize } = matchForm(form, request, opSize);
      if (fit === Fit.Invalid || (elides && form.specs.some((spec) => spec.place === 'moffs'))) continue;
      if (fit !== Fit.Ok && fit > best) best = fit;
      const free = !pinned && form.sized && opSize !== defaultSize(form, request) && form.opSizes === 14;
      if (fit === Fit.SizeMismatch || (free && fit === Fit.Ok)) continue;
      if (!available || !encodable(form, opSize, request)) {
        if (fit === Fit.Ok) supported = false;
        continue;
      }
      if (fit === Fit.SizeMissing) {
        (unsized ??= []).push({ form, opSize, memSize });
        continue;
      }
      const result = writeForm(form, request, opSize);
      if (result.ok) return schemeHolds(request, form, result.bytes) ?? result;
      refusal ??= result;
      if (!result.outOfRange) return result;
    }
  }
  const guess = unsized && guessSize(unsized);
  if (guess) return writeForm(guess.form, request, guess.opSize);
  if (refusal) return { ok: false, error: refusal.error };
  if (!supported) return { ok: false, error: `instruction not supported in ${request.bits}-bit mode` };
  return { ok: false, error: ERRORS[best] };
}

const isElision = (prefixes: readonly string[]): boolean =>
  prefixes.includes('xacquire') || prefixes.includes('xrelease');

interface Unsized {
  form: Form;
  opSize: number;
  memSize: number;
}

/** The form that NASM takes when the memory operand has no size: the only size there is; of conversions and MOVD a doubleword. */
function guessSize(unsized: readonly Unsized[]): Unsized | undefined {
  const [first] = unsized;
  if (/^(cvtsi2|movd$)/.test(first!.form.row.mn)) return first;
  return first!.memSize !== -1 && unsized.every(({ memSize }) => memSize === first!.memSize) ? first : undefined;
}

/** `{rex}`, `{vex2}` and their kin: an error when the chosen bytes are not so. */
function schemeHolds({ prefixes, bits }: AsmRequest, form: Form, bytes: readonly number[]): AsmResult | undefined {
  if (prefixes.length === 0) return undefined;
  const scheme = prefixes.find((prefix) => /^(rex|e?vex)/.test(prefix));
  if (scheme === undefined) return undefined;
  const three = bytes.indexOf(0xc4) >= 0 && (bytes.indexOf(0xc5) < 0 || bytes.indexOf(0xc4) < bytes.indexOf(0xc5));
  const holds =
    scheme === 'rex'
      ? bits === 64 && !form.vex
      : form.vex !== undefined && scheme !== 'evex' && !(scheme === 'vex2' && three);
  return holds ? undefined : { ok: false, error: `instruction not encodable with {${scheme}} prefix` };
}

/** The operand size of the form when no operand says otherwise: `oNN` prefix, else the mode's. */
function defaultSize(form: Form, request: AsmRequest): number {
  const prefix = writtenSize(request.prefixes, 'o');
  if (prefix !== undefined && !(prefix === 4 && request.bits === 64 && form.default64)) return prefix;
  if (request.bits !== 64) return request.bits / 8;
  if (!form.long) return 4;
  const far = form.row.sem === 'jmp_far' || form.row.sem === 'call_far';
  return form.default64 || form.force64 || far ? 8 : 4;
}

function operandSizes(form: Form, request: AsmRequest): readonly number[] {
  const fallback = defaultSize(form, request);
  return form.defaultOpSizeOnly || !form.sized ? sizeList(0, fallback) : sizeList(form.opSizes, fallback, form.long);
}

const sizeLists: (readonly number[] | undefined)[] = [];

/** The sizes of a sum of 2, 4 and 8 (only with `long`), beginning with `first` where it is one of them; of none, `first`. */
function sizeList(sum: number, first: number, long = false): readonly number[] {
  const usable = long ? sum : sum & 6;
  const key = (sum === 0 ? 16 : usable) * 16 + first;
  return (sizeLists[key] ??=
    sum === 0
      ? [first]
      : [first, 2, 4, 8].filter((size, at, all) => all.indexOf(size) === at && (usable & size) !== 0));
}

/** Whether the mode can encode that operand size and the registers. */
function encodable(form: Form, opSize: number, request: AsmRequest): boolean {
  if (request.bits !== 64)
    return opSize !== 8 && !request.operands.some((operand, i) => needsLongMode(operand, form.specs[i]!));
  if (form.row.rep === 'bnd' && form.specs.some((spec) => spec.place === 'rel' || spec.place === 'rm'))
    return opSize === 8;
  return opSize !== 4 || !form.sized || !(form.default64 || form.force64);
}

/** `mov r64, value`: NASM takes the 32-bit form when the value fits it, then the sign-extended one. */
function narrowMove(request: AsmRequest): AsmRequest {
  const [target, source] = request.operands;
  if (request.optimize === 'minimal' || request.optimize === 'none') return request;
  if (request.mnemonic !== 'mov' || request.bits !== 64 || target?.kind !== 'reg' || source?.kind !== 'imm')
    return request;
  if (target.cls !== 'r64' || source.strict || !source.known || source.relocatable) return request;
  if (source.size !== undefined && source.size !== 8) return request;
  const value = BigInt.asIntN(64, source.value);
  if (value >= 0n && value <= 0xffffffffn) {
    const { size: _dropped, ...plain } = source;
    return { ...request, operands: [{ ...target, cls: 'r32', size: 4 }, plain] };
  }
  if (value !== BigInt.asIntN(32, value)) return request;
  return { ...request, operands: [target, { ...source, size: 4 }] };
}
