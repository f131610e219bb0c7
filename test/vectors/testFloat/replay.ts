// Replays a vector file as instructions of a guest: one loop over all of its vectors, results and exceptions compared afterwards.
// NaNs are compared by class, as TestFloat's payloads follow rules of its own; denormal operands are no exception of IEEE 754.
import { CR4_OSFXSR, RAM_BASE, S_CR4 } from '../../../src/cpu/layout';
import { FlatGuest, ORIGIN, assembleWithNasm } from '../../engine/flatGuest';
import { ROUNDINGS, vectorsOf, type VectorFile } from './files';
import { programOf, type Format, type Program } from './programs';

const COUNT = 0x10000;
const CONTROL = 0x10004;
const MXCSR = 0x10008;
const OPERANDS = 0x20000;
const RESULTS = 0x80000;
const STRIDE = 32;
const SECOND = 16;
const FLAGS_AT = 16;
const PRECISION_CONTROL = { 24: 0, 53: 2, 64: 3 } as const;

const BYTES = { extF80: 10, f64: 8, f32: 4, i64: 8, i32: 4, truth: 4 } as const satisfies Record<Format, number>;

const source = ({ unit, code }: Program): string => `
  mov ecx, [${COUNT}]
  mov esi, ${OPERANDS}
  mov edi, ${RESULTS}
next:
  ${unit === 'x87' ? `fninit\nfldcw [${CONTROL}]` : `ldmxcsr [${MXCSR}]`}
  ${code.join('\n')}
  ${unit === 'x87' ? `fnstsw [edi+${FLAGS_AT}]` : `stmxcsr [edi+${FLAGS_AT}]`}
  add esi, ${STRIDE}
  add edi, ${STRIDE}
  dec ecx
  jnz next
  hlt`;

/** The exception bits, in the same order in the status word and in MXCSR, as TestFloat has them. */
const flagsOf = (bits: number): number =>
  ((bits & 0x20) >> 5) | ((bits & 0x10) >> 3) | ((bits & 8) >> 1) | ((bits & 4) << 1) | ((bits & 1) << 4);

function isNan(format: Format, value: bigint): boolean {
  const [exponent, quietAndRest] = (
    { extF80: [0x7fffn << 64n, (1n << 63n) - 1n], f64: [0x7ffn << 52n, (1n << 52n) - 1n], f32: [0xffn << 23n, (1n << 23n) - 1n] } as Partial<Record<Format, [bigint, bigint]>>
  )[format] ?? [1n << 80n, 0n]; // prettier-ignore
  return (value & exponent) === exponent && (value & quietAndRest) !== 0n;
}

export interface Replayed {
  readonly passed: number;
  /** A line each. */
  readonly wrong: readonly string[];
}

export class FloatReplay {
  private readonly guest = new FlatGuest('hlt');
  private readonly assembled = new Map<string, Uint8Array>();

  constructor() {
    const { cpu } = this.guest.engine;
    cpu.model = 'x86-64';
    cpu.u32[S_CR4 >> 2] = CR4_OSFXSR;
  }

  /** Every vector, or each `step`th one. Undefined when no instruction does what the file's function does. */
  run(file: VectorFile, step = 1): Replayed | undefined {
    const program = programOf(file.name);
    if (!program) return undefined;
    const vectors = vectorsOf(file).filter((_, n) => n % step === 0);
    const { ram } = this.guest;
    const memory = new DataView(ram.buffer, RAM_BASE, ram.length);
    const put = (at: number, value: bigint): void => {
      memory.setBigUint64(at, BigInt.asUintN(64, value), true);
      memory.setBigUint64(at + 8, value >> 64n, true);
    };
    vectors.forEach(({ operands: [a, b] }, n) => {
      put(OPERANDS + n * STRIDE, a!);
      put(OPERANDS + n * STRIDE + SECOND, b ?? 0n);
    });
    const rounding = ROUNDINGS[file.rounding];
    memory.setUint32(COUNT, vectors.length, true);
    memory.setUint32(CONTROL, 0x3f | (PRECISION_CONTROL[program.precision] << 8) | (rounding << 10), true);
    memory.setUint32(MXCSR, 0x1f80 | (rounding << 13), true);
    this.execute(file.name, program);

    const wrong: string[] = [];
    vectors.forEach(({ result, flags, line }, n) => {
      const at = RESULTS + n * STRIDE;
      const whole = memory.getBigUint64(at, true) | (memory.getBigUint64(at + 8, true) << 64n);
      const got = BigInt.asUintN(8 * BYTES[program.result], whole);
      const raised = flagsOf(memory.getUint16(at + FLAGS_AT, true));
      const same = got === result || (isNan(program.result, got) && isNan(program.result, result));
      if (!same || raised !== flags) wrong.push(`${line}: ${got.toString(16)} ${raised.toString(16)}`);
    });
    return { passed: vectors.length - wrong.length, wrong };
  }

  private execute(name: string, program: Program): void {
    const { engine, ram } = this.guest;
    let code = this.assembled.get(name);
    if (!code) this.assembled.set(name, (code = assembleWithNasm(`bits 32\norg ${ORIGIN}\n${source(program)}\n`)));
    ram.fill(0, RESULTS);
    ram.set(code, ORIGIN);
    engine.dropCode(ORIGIN, code.length);
    engine.cpu.eip = ORIGIN;
    engine.cpu.halted = false;
    engine.stateReplaced();
    const end = engine.icount + 10_000_000;
    for (;;) {
      const why = engine.run(1_000_000);
      if (why === 'halted') return;
      if (why !== 'limit' || engine.icount > end) throw new Error(`${name}: ${why} at ${engine.cpu.eip.toString(16)}`);
    }
  }
}
