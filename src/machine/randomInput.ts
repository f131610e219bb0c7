// Where RDRAND and RDSEED get their numbers: from outside, in blocks that enter the machine's input log with the instruction count
// at which the guest ran out of them. Who gives the numbers of a log beforehand gets the same run again. Without a source in
// the options the numbers come from SplitMix64, seeded by the time at power-on, so that runs repeat by themselves.

const STEP = 0x9e3779b97f4a7c15n;
const MIX1 = 0xbf58476d1ce4e5b9n;
const MIX2 = 0x94d049bb133111ebn;
/** Numbers that are fetched at once. */
const BLOCK = 16;

export interface RandomState {
  readonly numbers: readonly bigint[];
  readonly generator: bigint;
}

export class RandomInput {
  /** Fetched and not yet drawn. */
  private numbers: bigint[] = [];
  private generator: bigint;

  constructor(
    private readonly seed: bigint,
    private readonly source: (() => bigint) | undefined,
    private readonly record: (numbers: readonly bigint[]) => void,
  ) {
    this.generator = seed;
  }

  powerOn(): void {
    this.numbers = [];
    this.generator = this.seed;
  }

  /** Numbers of 64 bits that the guest draws before any other. */
  supply(numbers: readonly bigint[]): void {
    this.numbers.push(...numbers);
    this.record(numbers);
  }

  draw(): bigint {
    if (this.numbers.length === 0) {
      const next = this.source ?? ((): bigint => this.generate());
      this.supply(Array.from({ length: BLOCK }, () => BigInt.asUintN(64, next())));
    }
    return this.numbers.shift()!;
  }

  private generate(): bigint {
    this.generator = BigInt.asUintN(64, this.generator + STEP);
    let z = this.generator;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * MIX1);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * MIX2);
    return z ^ (z >> 31n);
  }

  getState(): RandomState {
    return { numbers: [...this.numbers], generator: this.generator };
  }
  setState({ numbers, generator }: RandomState): void {
    this.numbers = [...numbers];
    this.generator = generator;
  }
}
