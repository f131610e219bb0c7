// The encoder: finds the form and the encoding that NASM 2.16 chooses for an instruction whose operands are already
// evaluated, by default as with -Ox. Deviation: `o32 jmp x` and its kind take a displacement of the written size, where NASM 2.16
// writes the prefix before a displacement of the mode's size.
import { IMPOSSIBLE, prefixSize } from './encodeAddress';
import { usesOperandSize, writeForm, type Refusal } from './encodeBytes';
import { Fit, matchForm, needsLongMode } from './encodeMatch';
import type { AsmRequest, AsmResult } from './encodeTypes';
import { allForms, type Form } from './form';

let formsByMnemonic: Map<string, Form[]> | undefined;

function forms(): Map<string, Form[]> {
  if (formsByMnemonic) return formsByMnemonic;
  formsByMnemonic = new Map();
  for (const form of allForms()) {
    if (form.row.only === 'decode') continue;
    const list = formsByMnemonic.get(form.row.mn);
    if (list) list.push(form);
    else formsByMnemonic.set(form.row.mn, [form]);
  }
  return formsByMnemonic;
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
  const list = forms().get(written.mnemonic);
  if (!list) return { ok: false, error: `unknown instruction \`${written.mnemonic}'` };
  const request = narrowMove(written);
  const addressPrefix = prefixSize(request.prefixes);
  if (addressPrefix === (request.bits === 64 ? 2 : 8)) return { ok: false, error: IMPOSSIBLE };
  const wrongMode = `instruction not supported in ${request.bits}-bit mode`;
  const long = request.bits === 64;
  // Hardware lock elision goes with ModRM forms only.
  const elides = request.prefixes.includes('xacquire') || request.prefixes.includes('xrelease');
  let best: Exclude<Fit, Fit.Ok> = Fit.Invalid;
  let supported = true;
  let refusal: Refusal | undefined;
  const unsized: { form: Form; opSize: number; memSize: number }[] = [];

  for (const form of list) {
    const available = long ? form.long : form.legacy;
    for (const opSize of operandSizes(form, request)) {
      const { fit, pinned, memSize } = matchForm(form, request, opSize);
      if (fit === Fit.Invalid || (elides && form.specs.some((spec) => spec.place === 'moffs'))) continue;
      if (fit !== Fit.Ok && fit > best) best = fit;
      const free = !pinned && usesOperandSize(form) && opSize !== defaultSize(form, request) && form.opSizes === 14;
      if (fit === Fit.SizeMismatch || (free && fit === Fit.Ok)) continue;
      if (!available || !encodable(form, opSize, request)) {
        if (fit === Fit.Ok) supported = false;
        continue;
      }
      if (fit === Fit.SizeMissing) {
        unsized.push({ form, opSize, memSize });
        continue;
      }
      const result = writeForm(form, request, opSize);
      if (result.ok) return schemeHolds(request, form, result.bytes) ?? result;
      refusal ??= result;
      if (!result.outOfRange) return result;
    }
  }
  // without a size NASM converts a doubleword
  if (unsized[0]?.form.row.sem.startsWith('cvtsi2')) return writeForm(unsized[0].form, request, unsized[0].opSize);
  const sizes = new Set(unsized.map(({ memSize }) => memSize));
  if (sizes.size === 1 && !sizes.has(-1)) return writeForm(unsized[0]!.form, request, unsized[0]!.opSize);
  if (refusal) return { ok: false, error: refusal.error };
  if (!supported) return { ok: false, error: wrongMode };
  return { ok: false, error: ERRORS[best] };
}

/** `{vex2}` and its kin: an error when the chosen bytes are not so. */
function schemeHolds({ prefixes }: AsmRequest, form: Form, bytes: Uint8Array): AsmResult | undefined {
  const scheme = prefixes.find((prefix) => prefix === 'evex' || prefix.startsWith('vex'));
  if (scheme === undefined) return undefined;
  if (!form.vex || scheme === 'evex') return { ok: false, error: 'specific encoding scheme not available' };
  const three =
    bytes.includes(0xc4) &&
    bytes.indexOf(0xc4) <= 4 &&
    !(bytes.indexOf(0xc5) >= 0 && bytes.indexOf(0xc5) < bytes.indexOf(0xc4));
  return scheme === 'vex2' && three ? { ok: false, error: 'instruction not encodable with {vex2} prefix' } : undefined;
}

/** The operand size of the form when no operand says otherwise: `oNN` prefix, else the mode's. */
function defaultSize(form: Form, request: AsmRequest): number {
  const prefix = [2, 4, 8].find((size) => request.prefixes.includes(`o${size * 8}`));
  if (prefix !== undefined && !(prefix === 4 && request.bits === 64 && form.default64)) return prefix;
  if (request.bits !== 64) return request.bits / 8;
  if (!form.long) return 4;
  const far = form.row.sem === 'jmp_far' || form.row.sem === 'call_far';
  return form.default64 || form.force64 || far ? 8 : 4;
}

function operandSizes(form: Form, request: AsmRequest): number[] {
  const fallback = defaultSize(form, request);
  if (form.defaultOpSizeOnly || !usesOperandSize(form)) return [fallback];
  const sizes = (form.long ? [2, 4, 8] : [2, 4]).filter((size) => (form.opSizes & size) !== 0);
  return sizes.includes(fallback) ? [fallback, ...sizes.filter((size) => size !== fallback)] : sizes;
}

/** Whether the mode can encode that operand size and the registers. */
function encodable(form: Form, opSize: number, request: AsmRequest): boolean {
  if (request.bits !== 64) return opSize !== 8 && !request.operands.some(needsLongMode);
  if (form.row.rep === 'bnd' && form.specs.some((spec) => spec.place === 'rel' || spec.place === 'rm'))
    return opSize === 8;
  return opSize !== 4 || !usesOperandSize(form) || !(form.default64 || form.force64);
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
