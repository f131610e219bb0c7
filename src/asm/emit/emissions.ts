// What the final pass put where, statement by statement: for the listing, the source map, the symbols and DWARF. Most runs ask
// for none of it, so that only numbers are noted; the objects are made when somebody wants them.
import type { Origin } from '../diagnostics';
import type { CodeBits } from '../sourceMap';
import { standsOn, type Token } from '../token/token';
import type { Section } from './section';

/** One statement's output. */
export interface Emission {
  origin: Origin;
  /** Column of the instruction or directive. */
  column: number;
  /** Number of listing lines read before it; -1 = not to be listed. */
  listIndex: number;
  /** Undefined in absolute space. */
  section: Section | undefined;
  offset: number;
  length: number;
  /** Length of the first repetition of `times`. */
  unitLength: number;
  times: number;
  bits: CodeBits;
  kind: 'code' | 'data' | 'space';
  unit: number;
  incbin: boolean;
  /** Lengths of separate outputs within the first repetition, as the listing breaks them; reserved ones negative. */
  pieces: readonly number[];
}

/** Where the assembler stands. */
export interface EmissionPlace {
  readonly place: Origin;
  readonly section: Section | undefined;
  readonly listIndex: number;
  readonly listOff: boolean;
  readonly bits: CodeBits;
}

type Detail = Pick<Emission, 'unitLength' | 'unit' | 'incbin' | 'pieces'>;

const KINDS = ['code', 'data', 'space'] as const;
/** column, listIndex, offset, length, times, bits, kind */
const NUMBERS = 7;

export class Emissions {
  private numbers = new Float64Array(NUMBERS * 256);
  private readonly origins: Origin[] = [];
  /** Where the section changes. */
  private readonly sections: { from: number; section: Section | undefined }[] = [];
  /** What cannot be told from the numbers. */
  private readonly details = new Map<number, Detail>();
  private made: Emission[] | undefined;

  /** `token`: the instruction or directive. Without `detail` the output is in one piece, or repeats one by `times`. */
  add(
    from: EmissionPlace,
    token: Token,
    offset: number,
    length: number,
    times: number,
    kind: Emission['kind'],
    detail?: Detail,
  ): void {
    const at = this.origins.length * NUMBERS;
    if (at === this.numbers.length) this.grow();
    const { numbers } = this;
    numbers[at] = standsOn(token, from.place.at) ? token.column : 1;
    numbers[at + 1] = from.listOff ? -1 : from.listIndex;
    numbers[at + 2] = offset;
    numbers[at + 3] = length;
    numbers[at + 4] = times;
    numbers[at + 5] = from.bits;
    numbers[at + 6] = KINDS.indexOf(kind);
    const { section } = from;
    const index = this.origins.length;
    if (index === 0 || this.sections.at(-1)!.section !== section) this.sections.push({ from: index, section });
    if (detail) this.details.set(index, detail);
    this.origins.push(from.place);
    this.made = undefined;
  }

  private grow(): void {
    const grown = new Float64Array(this.numbers.length * 2);
    grown.set(this.numbers);
    this.numbers = grown;
  }

  get list(): readonly Emission[] {
    return (this.made ??= this.makeList());
  }

  private makeList(): Emission[] {
    return this.sections.flatMap(({ from, section }, run) => {
      const end = this.sections[run + 1]?.from ?? this.origins.length;
      return Array.from({ length: end - from }, (_, i) => this.emission(from + i, section));
    });
  }

  private emission(index: number, section: Section | undefined): Emission {
    const at = index * NUMBERS;
    const { numbers } = this;
    const length = numbers[at + 3]!;
    const times = numbers[at + 4]!;
    const detail = this.details.get(index);
    const unitLength = detail?.unitLength ?? length / times;
    return {
      origin: this.origins[index]!,
      column: numbers[at]!,
      listIndex: numbers[at + 1]!,
      section,
      offset: numbers[at + 2]!,
      length,
      unitLength,
      times,
      bits: numbers[at + 5]! as CodeBits,
      kind: KINDS[numbers[at + 6]!]!,
      unit: detail?.unit ?? 1,
      incbin: detail?.incbin ?? false,
      pieces: detail?.pieces ?? [unitLength],
    };
  }
}
