// The decoder's look-up tables, built once from the rows: per mode family, opcode map and opcode, and for forms with a
// ModRM byte per ModRM.reg and register/memory, the short list of candidate forms, most specific first.
import { allForms, type Form, Mandatory } from './form';
import type { Row } from './types';

/** The candidates of one opcode: one list, or 16 lists by ModRM.reg + 8 for mod 3. */
export interface Slot {
  modrm: boolean;
  lists: readonly (readonly Candidate[])[];
}

export interface Candidate {
  form: Form;
  row: Row;
  index: number;
  mandatory: Mandatory;
  /** Allowed operand sizes (sum of 2, 4, 8); `clamp`: a 64-bit operand size acts as 32 here. */
  opSizes: number;
  clamp: boolean;
  /** Required ModRM.rm with mod 3, or -1. */
  rm: number;
  /** The forms that share it, told apart by a byte after the operands. */
  bySuffix: ReadonlyMap<number, Form> | undefined;
  /** True when nothing but the opcode selects it. */
  plain: boolean;
}

/** The VEX maps come after those of the same number without VEX. */
export const VEX_MAPS = 4;

export type DecodeTable = readonly (Slot | undefined)[];

const specificity = (c: Candidate): number =>
  (c.mandatory !== Mandatory.Any ? 8 : 0) +
  (c.rm >= 0 || c.form.noRexB ? 4 : 0) +
  (c.form.digit >= 0 ? 2 : 0) +
  (c.form.opSizes !== 14 || (c.form.vex?.w ?? -1) >= 0 ? 1 : 0) +
  (c.form.defaultOpSizeOnly ? 1.5 : 0) -
  (c.row.only === 'decode' ? 0.25 : 0);

/** Which of the 16 ModRM classes (reg + 8 for mod 3) a form covers, and its fixed rm. */
function classes(form: Form): readonly number[] {
  if (form.fixed.length > 0) return [8 + ((form.fixed[0]! >> 3) & 7)];
  const place = form.specs.find((spec) => spec.place === 'rm');
  const register = form.modAny || form.specs.some((spec) => spec.place === 'sti') || place?.cls !== undefined;
  const memory = form.modAny || place?.mem === true;
  const result: number[] = [];
  for (let i = 0; i < 16; i++) {
    if ((form.digit < 0 || form.digit === (i & 7)) && (i < 8 ? memory : register)) result.push(i);
  }
  return result;
}

function candidate(form: Form, rm: number, bySuffix?: ReadonlyMap<number, Form>): Candidate {
  return {
    form,
    bySuffix,
    row: form.row,
    index: form.index,
    mandatory: form.mandatory,
    opSizes: form.opSizes,
    clamp: false,
    rm,
    plain:
      form.mandatory === Mandatory.Any &&
      form.opSizes === 14 &&
      rm < 0 &&
      !form.defaultOpSizeOnly &&
      !form.noRexB &&
      form.addrSizes === 14,
  };
}

/** In 64-bit code, forms of 32-bit operand size also take REX.W where no 64-bit form exists (IN, INS, ...). */
function widen(list: Candidate[]): Candidate[] {
  const ordered = list.length < 2 ? list : [...list].sort((a, b) => specificity(b) - specificity(a));
  if (ordered.some((c) => (c.opSizes & 8) !== 0)) return ordered;
  return ordered.map((c) => ((c.opSizes & 4) !== 0 ? { ...c, opSizes: c.opSizes | 8, clamp: true, plain: false } : c));
}

function build(forms: readonly Form[], long: boolean): (Slot | undefined)[] {
  const lists = new Map<number, { modrm: boolean; lists: Candidate[][] }>();
  const slotOf = (key: number, modrm: boolean) => {
    let slot = lists.get(key);
    if (!slot) lists.set(key, (slot = { modrm, lists: Array.from({ length: modrm ? 16 : 1 }, () => []) }));
    return slot;
  };
  const bySuffix = new Map<number, Map<number, Form>>();
  for (const form of forms) {
    if (!(long ? form.long : form.legacy)) continue;
    const key = ((form.vex ? VEX_MAPS : 0) + form.map) * 256 + form.opcode;
    const modrm = form.modrm || form.fixed.length > 0;
    if (!modrm) {
      for (let r = 0; r < (form.plus === 'r' ? 8 : 1); r++) slotOf(key + r, false).lists[0]!.push(candidate(form, -1));
      continue;
    }
    const slot = slotOf(key, true);
    if (form.implied >= 0) {
      const shared = bySuffix.get(key);
      if (shared) {
        shared.set(form.implied, form);
        continue;
      }
      bySuffix.set(key, new Map([[form.implied, form]]));
    }
    const rm = form.fixed.length === 0 || form.plus === 'i' ? -1 : form.fixed[0]! & 7;
    const entry = candidate(form, rm, bySuffix.get(key));
    for (const at of classes(form)) slot.lists[at]!.push(entry);
  }
  const slots: (Slot | undefined)[] = new Array<Slot | undefined>(2 * VEX_MAPS * 256).fill(undefined);
  for (const [key, slot] of lists) {
    slots[key] = { modrm: slot.modrm, lists: slot.lists.map(widen) };
  }
  return slots;
}

/** Slots by `map * 256 + opcode` (VEX: `(VEX_MAPS + map) * 256 + opcode`), for 16/32-bit code or for 64-bit code (`long`). */
export const buildDecodeTable = (accept: (row: Row) => boolean, long: boolean): DecodeTable =>
  build(
    allForms().filter((form) => form.row.only !== 'asm' && accept(form.row)),
    long,
  );
