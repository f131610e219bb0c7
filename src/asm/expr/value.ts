// Values of expressions: a vector of a 64-bit number, registers with factors, section bases with factors, and "unknown"
// (a symbol not defined yet). Sections are numbered by even integers, their segment bases by the odd one after;
// FAR_ABSOLUTE marks a constant segment (`x equ 0x40:0x17`), NO_SEGMENT a plain number.

export const NO_SEGMENT = -1;
export const FAR_ABSOLUTE = 0x4000_0000;

export interface RegTerm {
  /** Lower-case register name. */
  name: string;
  factor: bigint;
}
export interface SegTerm {
  segment: number;
  factor: bigint;
}

export interface Value {
  readonly number: bigint;
  /** Sorted by name; no zero factors. */
  readonly regs?: readonly RegTerm[];
  /** Sorted by segment; no zero factors. */
  readonly segs?: readonly SegTerm[];
  /** Factor of "unknown", never zero: like terms cancel, as in `end - start` with both still to come. */
  readonly unknown?: bigint;
  readonly wrt?: number;
}

export const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const scalarCache: Value[] = Array.from({ length: 1025 }, (_, i) => ({ number: BigInt(i) }));
export const scalar = (value: bigint): Value =>
  value >= 0n && value <= 1024n ? scalarCache[Number(value)]! : { number: wrap(value) };
export const UNKNOWN: Value = { number: 0n, unknown: 1n };
export const ZERO = scalar(0n);

const registers = new Map<string, Value>();
/** The register of that name, once. */
export function registerValue(name: string): Value {
  let value = registers.get(name);
  if (!value) registers.set(name, (value = { number: 0n, regs: [{ name, factor: 1n }] }));
  return value;
}

/** A number, possibly with a far-absolute segment. */
export const isSimple = (value: Value): boolean =>
  !value.regs &&
  !value.unknown &&
  value.wrt === undefined &&
  (!value.segs || (value.number !== 0n && value.segs.every((term) => term.segment >= FAR_ABSOLUTE)));

export const isReallySimple = (value: Value): boolean => isSimple(value) && !value.segs;

/** Unknown and without registers. */
export const isJustUnknown = (value: Value): boolean => value.unknown !== undefined && !value.regs;

/** A number plus at most one section base, possibly minus the base of the current section. */
export function isRelocatable(value: Value, current: number): boolean {
  if (value.regs || value.unknown) return false;
  let plus = 0;
  let minus = 0;
  for (const term of value.segs ?? []) {
    if (term.factor === 1n) plus++;
    else if (term.factor === -1n && term.segment === current) minus++;
    else if (term.factor === -1n) return false;
  }
  return plus <= 1 && minus <= 1;
}

export const segmentOf = (value: Value): number =>
  value.segs?.find((term) => term.factor === 1n)?.segment ?? NO_SEGMENT;

export const isSelfRelative = (value: Value, current: number): boolean =>
  value.segs?.some((term) => term.factor === -1n && term.segment === current) ?? false;

function mergeTerms<T extends { factor: bigint }>(
  a: readonly T[] | undefined,
  b: readonly T[] | undefined,
  compare: (x: T, y: T) => number,
): readonly T[] | undefined {
  if (!a || !b) return a ?? b;
  const out: T[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const order = i >= a.length ? 1 : j >= b.length ? -1 : compare(a[i]!, b[j]!);
    if (order < 0) out.push(a[i++]!);
    else if (order > 0) out.push(b[j++]!);
    else {
      const factor = wrap(a[i]!.factor + b[j]!.factor);
      if (factor !== 0n) out.push({ ...a[i]!, factor });
      i++;
      j++;
    }
  }
  return out.length > 0 ? out : undefined;
}

const byName = (x: RegTerm, y: RegTerm): number => (x.name < y.name ? -1 : x.name > y.name ? 1 : 0);
const bySegment = (x: SegTerm, y: SegTerm): number => x.segment - y.segment;
const farAbsolute = (term: SegTerm): boolean => term.segment >= FAR_ABSOLUTE;
const some = <T>(terms: readonly T[] | undefined): readonly T[] | undefined =>
  terms && terms.length > 0 ? terms : undefined;
const nonZero = (value: bigint): bigint | undefined => (value === 0n ? undefined : value);
const shared = (a: readonly RegTerm[] | undefined, b: readonly RegTerm[] | undefined): boolean =>
  a !== undefined && b !== undefined && a.some((term) => b.some((other) => other.name === term.name));

/** Whether two values are alike, with whatever terms they have. */
export function sameValue(a: Value, b: Value): boolean {
  if (a.number !== b.number || a.unknown !== b.unknown || a.wrt !== b.wrt) return false;
  const text = (value: Value): string =>
    [
      ...(value.regs ?? []).map((term) => `${term.name}*${term.factor}`),
      ...(value.segs ?? []).map((term) => `${term.segment}*${term.factor}`),
    ].join();
  return (!a.regs && !a.segs && !b.regs && !b.segs) || text(a) === text(b);
}

const isPlain = (value: Value): boolean => !value.regs && !value.segs && !value.unknown && value.wrt === undefined;

/** The segment of a plain address, else NO_SEGMENT. */
const addressSegment = ({ regs, segs, unknown, wrt }: Value): number =>
  segs?.length === 1 && segs[0]!.factor === 1n && !regs && !unknown && wrt === undefined && !farAbsolute(segs[0]!)
    ? segs[0]!.segment
    : NO_SEGMENT;

export function subtract(a: Value, b: Value, hint?: { kind: string }): Value {
  const segment = addressSegment(b);
  if (segment === NO_SEGMENT || segment !== addressSegment(a)) return add(a, multiply(b, -1n), hint);
  // Two places of one section: what is left is a number.
  if (hint && a.number !== 0n && b.number !== 0n) hint.kind = 'summed';
  return scalar(a.number - b.number);
}

/** When two like terms are added `hint` says so: nasm then forgets which register was written first. */
export function add(a: Value, b: Value, hint?: { kind: string }): Value {
  if (isPlain(a) && isPlain(b)) {
    const sum = a.number + b.number;
    if (hint && a.number !== 0n && b.number !== 0n && sum !== 0n) hint.kind = 'summed';
    return scalar(sum);
  }
  // A far-absolute segment survives only next to a pure number.
  const keepFar = isReallySimple(a) || isReallySimple(b);
  const segs = mergeTerms(a.segs, b.segs, bySegment);
  const regs = mergeTerms(a.regs, b.regs, byName);
  if (hint && (shared(a.regs, b.regs) || (a.number !== 0n && b.number !== 0n))) hint.kind = 'summed';
  if (a.unknown || b.unknown) return { number: 0n, unknown: nonZero((a.unknown ?? 0n) + (b.unknown ?? 0n)), regs };
  return {
    number: wrap(a.number + b.number),
    regs,
    segs: keepFar ? segs : some(segs?.filter((term) => !farAbsolute(term))),
    wrt: a.wrt ?? b.wrt,
  };
}

/** Multiplies; a far-absolute segment is dropped. */
export function multiply(value: Value, factor: bigint): Value {
  const { regs } = value;
  if (!regs && !value.segs && !value.unknown) return scalar(value.number * factor);
  if (regs?.length === 1 && !value.segs && !value.unknown && factor !== 0n) {
    const [term] = regs;
    const product = wrap(term!.factor * factor);
    if (product !== 0n) {
      return { number: wrap(value.number * factor), regs: [{ name: term!.name, factor: product }], wrt: value.wrt };
    }
  }
  const scale = <T extends { factor: bigint }>(terms: readonly T[] | undefined): readonly T[] | undefined =>
    some(terms?.map((term) => ({ ...term, factor: wrap(term.factor * factor) })).filter((term) => term.factor !== 0n));
  return {
    number: wrap(value.number * factor),
    regs: scale(regs),
    segs: scale(some(value.segs?.filter((term) => !farAbsolute(term)))),
    unknown: value.unknown && nonZero(value.unknown * factor),
    wrt: value.wrt,
  };
}
