// Executes SingleStepTests in real mode: state before, the instruction and the HLT after it (or at the handler), state after.
import type { Bus } from '../../../src/cpu/bus';
import { getEflags, setEflags } from '../../../src/cpu/flags';
import * as L from '../../../src/cpu/layout';
import type { CpuModel } from '../../../src/cpu/models';
import { setCpl, setSegment } from '../../../src/cpu/segments';
import { Engine } from '../../../src/engine/engine';
import type { MooTest, Register } from './moo';

/** FFFF:FFFF and a little. */
const RAM_BYTES = 0x120000;
const PAGES = (L.RAM_BASE + RAM_BYTES) >> 16;
const GENERAL = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'] as const;
const SEGMENTS = ['es', 'cs', 'ss', 'ds'] as const;
const REAL_MODE_ATTRIBUTES = 0x93;
/** Repeated string instructions count each repetition. */
const LIMIT = 1000;
const SS_VECTOR = 12;
const GP_VECTOR = 13;
/** Behind IP and CS. */
const FLAGS_IN_FRAME = 4;
/** Flags without IOPL and NT, which an 80286 keeps clear in real mode, and without reserved bits. */
const FLAGS = 0x0fd5;

const bus: Bus = {
  hostPage: (page) => (page < RAM_BYTES ? L.RAM_BASE + page : -1),
  read: () => 0xff,
  write: () => undefined,
  in: (_port, size) => (size === 1 ? 0xff : 0xffff),
  out: () => undefined,
  acknowledge: () => 0xff,
  firmwareCall: () => 0,
};

export class SingleStepReplay {
  private readonly engine: Engine;
  private readonly ram: Uint8Array;

  constructor(model: CpuModel) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES });
    this.engine = new Engine({ memory, bus, ramBytes: RAM_BYTES });
    this.engine.cpu.model = model;
    this.ram = new Uint8Array(memory.buffer, L.RAM_BASE, RAM_BYTES);
  }

  /**
   * What differs afterwards, in words; flags only where `mask` is set. With `stackFault` the handler of #GP serves #SS as well, for
   * which an 80286 has no exception of its own in real mode.
   */
  run(test: MooTest, mask: number, stackFault = false): string[] {
    this.prepare(test);
    if (stackFault) this.ram.copyWithin(4 * SS_VECTOR, 4 * GP_VECTOR, 4 * GP_VECTOR + 4);
    const { engine } = this;
    const { cpu } = engine;
    const end = engine.icount + LIMIT;
    let why = '';
    while (why !== 'halted' && engine.icount < end) why = engine.run(1);
    const problems: string[] = [];
    if (why !== 'halted') problems.push(`no HLT: ${why}`);
    const check = (what: string, got: number, wanted: number, bits = 0xffff): void => {
      if (((got ^ wanted) & bits) !== 0) problems.push(`${what} ${got.toString(16)}, not ${wanted.toString(16)}`);
    };
    const wanted = (name: Register): number => test.after.registers.get(name) ?? test.before.registers.get(name)!;
    GENERAL.forEach((name, n) => check(name, cpu.reg32(n) & 0xffff, wanted(name)));
    SEGMENTS.forEach((name, n) => check(name, cpu.selector(n), wanted(name)));
    check('ip', cpu.eip, wanted('ip'));
    check('flags', getEflags(cpu), wanted('flags'), mask & FLAGS);
    this.compareMemory(test, mask, check);
    for (const [address] of [...test.before.memory, ...test.after.memory]) this.ram[address] = 0;
    if (stackFault) this.ram.fill(0, 4 * SS_VECTOR, 4 * SS_VECTOR + 4);
    return problems;
  }

  private prepare({ before }: MooTest): void {
    const { engine, ram } = this;
    const { cpu } = engine;
    for (const [address, byte] of before.memory) {
      ram[address] = byte;
      engine.dropCode(address, 1);
    }
    SEGMENTS.forEach((name, n) => {
      const selector = before.registers.get(name)!;
      setSegment(cpu, n, selector, REAL_MODE_ATTRIBUTES, selector * 16, 0xffff);
    });
    setCpl(cpu, 0);
    setEflags(cpu, (before.registers.get('flags')! & FLAGS) | 2);
    GENERAL.forEach((name, n) => cpu.setReg32(n, before.registers.get(name)!));
    cpu.eip = before.registers.get('ip')!;
    cpu.halted = false;
    engine.stateReplaced();
  }

  private compareMemory(
    test: MooTest,
    mask: number,
    check: (what: string, got: number, wanted: number, bits?: number) => void,
  ): void {
    const { before, after } = test;
    // the address of the flags in the test is that of the bus, which is even
    const frame = (after.registers.get('sp') ?? 0) + FLAGS_IN_FRAME;
    const stack = 16 * (after.registers.get('ss') ?? before.registers.get('ss')!);
    const flagsAt = test.exception ? [0, 1].map((n) => stack + ((frame + n) & 0xffff)) : [];
    const expected = new Map([...before.memory, ...after.memory]);
    for (const [address, byte] of expected) {
      const part = flagsAt.indexOf(address);
      const bits = part === 0 ? mask & FLAGS & 0xff : part === 1 ? (mask & FLAGS) >> 8 : 0xff;
      check(`[${address.toString(16)}]`, this.ram[address]!, byte, bits);
    }
  }
}
