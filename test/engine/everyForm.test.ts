// Walks the instruction table: every form of every row, in every mode, on every processor model, in ring 3 with registers and
// memory that suit it. What the model announces never raises #UD and either completes or raises the fault that the manual
// wants; what it does not announce raises #UD, unless the bytes mean an older instruction there.
import assert from 'node:assert/strict';
import type { CpuModel } from '../../src/cpu/models';
import { MODELS } from '../../src/cpu/models';
import * as L from '../../src/cpu/layout';
import { createDecoder, decode } from '../../src/isa/decode';
import { hasForm } from '../../src/isa/generations';
import { ROWS } from '../../src/isa/table';
import type { CodeBits, Row } from '../../src/isa/types';
import { VectorBoard } from '../../src/machine/vectors/board';
import * as F from '../../src/machine/vectors/format';
import { LongBoard } from '../../src/machine/vectors/longBoard';
import { assemble, GPR_KEYS, Operands } from '../vectors/generator/operands';
import { Random, toBytes } from '../vectors/generator/random';
import { registerDefault } from '../vectors/generator/runner';

const UD = 6;
const GP = 13;
const TRIES = 8;
const HEADER: F.VectorHeader = {
  format: 'x86vec-1',
  mode: 32,
  file: '',
  cpu: '',
  ldt: [
    ['7', '10000', 11, 0],
    ['f', '20000', 3, 0],
    ['17', '28000', 3, 0],
    ['1f', '40000', 3, 0],
    ['27', '22000', 3, 0],
    ['2f', '26000', 3, 0],
  ].map(([sel, base, type, db]) => ({ sel, base, limit: 'ffff', g: 0, db, p: 1, type, dpl: 3 }) as F.LdtEntry),
};
const LONG_SELECTORS = [0, 0x33, 0x2b, 0, 0, 0];

/** Runs one instruction in ring 3; the vector of the exception it raised. */
class Bench {
  private readonly board: VectorBoard;

  constructor(
    model: CpuModel,
    private readonly bits: CodeBits,
  ) {
    this.board = bits === 64 ? new LongBoard() : new VectorBoard();
    this.board.prepare(HEADER);
    this.board.engine.setModel(model);
    this.board.ram.fill(0xcc, F.CODE_START, F.DATA_START);
    this.board.ram.fill(0, F.DATA_START, F.MEMORY_END);
  }

  run(
    bytes: Uint8Array,
    registers: Readonly<Record<string, unknown>>,
    memory: ReadonlyMap<number, Uint8Array>,
  ): number | undefined {
    const { board, bits } = this;
    const { engine, ram } = board;
    const { cpu } = engine;
    if (bits === 64) (board as LongBoard).enterLong(LONG_SELECTORS, 0x22000n, 0x26000n, HEADER, 0x202);
    else board.enterProtected(F.DEFAULT_SELECTORS[bits], HEADER, 0x202);
    cpu.shutdown = false;
    for (let n = 0; n < (bits === 64 ? 16 : 8); n++) {
      const given = registers[GPR_KEYS[n]];
      const value = given === undefined ? registerDefault(bits, n) : BigInt(`0x${String(given)}`);
      if (bits === 64) cpu.u64[n] = value;
      else cpu.setReg32(n, Number(value & 0xffffffffn));
    }
    cpu.i32[L.S_MXCSR >> 2] = 0x1f80;
    cpu.i32[L.S_FCW >> 2] = 0x37f;
    cpu.i32[L.S_FSW >> 2] = cpu.i32[L.S_FTOP >> 2] = 0;
    cpu.i32[L.S_FTAG >> 2] = 0xff;
    const ip = bits === 16 ? 0x4000 : 0x14000;
    ram.fill(0xcc, 0x14000, 0x14020);
    ram.set(bytes, 0x14000);
    for (const [address, content] of memory) ram.set(content, address);
    if (bits === 64) cpu.u64[L.S_RIP >> 3] = BigInt(ip);
    else cpu.eip = ip;
    engine.dropCode(0x14000, 0x20);
    engine.run(1);
    engine.run(1); // the handler's HLT, or the INT3 behind
    assert.ok(!cpu.shutdown, 'triple fault');
    const exception = bits === 64 ? (board as LongBoard).longException() : board.protectedException();
    // an INT3 behind the instruction is the next one's
    return exception?.vector === 3 && Number(exception.ip) !== ip + 1 ? undefined : exception?.vector;
  }
}

/** Faults that forms raise in ring 3 with the state of this test, by what the manual says of them. */
function expected(row: Row, bits: CodeBits): ReadonlySet<number | undefined> {
  const { mn, sem } = row;
  const some = (...vectors: (number | undefined)[]): ReadonlySet<number | undefined> => new Set(vectors);
  if (/^ud[012]/.test(mn) || sem === 'fwcall' || mn === 'rsm' || mn === 'monitor' || mn === 'mwait' || mn === 'vmmcall')
    return some(UD);
  if (mn === 'clac' || mn === 'stac') return some(UD); // in ring 3 they do not exist
  if (mn === 'sysenter' || mn === 'xsetbv') return some(GP); // IA32_SYSENTER_CS is 0; ring 0 only
  if (mn === 'sysret' && bits !== 64) return some(UD, GP);
  if (mn === 'syscall') return bits === 64 ? some(undefined, 14) : some(UD, undefined, 14); // LSTAR is 0
  if (row.cpl !== undefined) return some(GP);
  if (/^i?div$|^aam$/.test(mn)) return some(undefined, 0);
  if (mn === 'int3') return some(3);
  if (mn === 'int1') return some(1);
  if (mn === 'int') return some(GP, 3, 4);
  if (mn === 'into') return some(undefined);
  if (mn === 'bound') return some(undefined, 5);
  if (/^(iret|retf)/.test(mn) || /^l[defgs]s$|^lss$/.test(mn) || sem === 'mov_to_sreg' || sem === 'pop_sreg')
    return some(undefined, GP, 10, 11, 12);
  if (/^(jmp|call)/.test(mn) || mn === 'ret') return some(undefined, GP, 14); // where they go to is chosen at random
  if (/^bt[crs]?$/.test(mn)) return some(undefined, 14); // the bit number moves the operand
  if (row.usesAddrSize) return some(undefined, 14); // with the other address size, too
  if (mn === 'rdpmc') return some(GP); // CR4.PCE is clear
  if (mn === 'xgetbv') return some(undefined, GP); // ECX names no register
  if (/^x(rstor|save)/.test(mn)) return /s(64)?$/.test(mn) ? some(GP) : some(undefined);
  if (/^(cli|sti|in|out)/.test(mn) && !/^(inc|invd|insert)/.test(mn)) return some(GP);
  if (sem === 'popf') return some(undefined);
  if (/^(wr)[fg]sbase$/.test(mn)) return some(undefined, GP);
  if (/^(enter|leave)/.test(mn)) return some(undefined);
  return some(undefined);
}

describe('every form of the table', () => {
  for (const model of Object.keys(MODELS) as CpuModel[]) {
    const { generation, features } = MODELS[model];
    const decodeModel = createDecoder((row) => hasForm(row, generation, features));
    for (const bits of [16, 32, 64] as const) {
      if (bits === 64 && !features.has('lm')) continue;
      it(`${model}, ${bits}-bit code`, () => {
        const bench = new Bench(model, bits);
        const random = new Random(bits);
        const wrong: string[] = [];
        let announced = 0;
        let absent = 0;
        for (const row of ROWS) {
          if (row.only === 'asm' || row.modes === (bits === 64 ? 'no64' : 'only64')) continue;
          const has = hasForm(row, generation, features);
          for (let attempt = 0; attempt < TRIES; attempt++) {
            const built = assemble(row, new Operands(random, bits, undefined, undefined, -1), random, bits);
            if (!built) continue;
            const padded = new Uint8Array(24).fill(0xcc);
            padded.set(built.bytes);
            const insn = decode(padded, 0, bits);
            const there = decodeModel(padded, 0, bits);
            if (insn.row !== row || (!has && there.row !== undefined)) continue;
            const memory = new Map<number, Uint8Array>();
            const registers: Record<string, unknown> = { si: '1000', di: '1000', ...built.state };
            if (bits !== 16) Object.assign(registers, { si: '21000', di: '21000', bx: '22000', ...built.state });
            if (/^ret|^iret/.test(row.mn)) memory.set(0x48000, toBytes(bits === 16 ? 0x5000n : 0x15000n, 8));
            const got = bench.run(built.bytes, registers, memory);
            const wanted = has ? expected(row, bits) : new Set([UD]);
            if (has) announced++;
            else absent++;
            if (!wanted.has(got))
              wrong.push(
                `${row.mn} ${row.ops.join(', ')} [${Buffer.from(built.bytes).toString('hex')}]: exception ${got}`,
              );
            break;
          }
        }
        assert.deepEqual(wrong.slice(0, 60), [], `${wrong.length} of ${announced + absent}`);
        assert.ok(announced > (model === 'x86-64' ? 1400 : 400), `${announced} announced`);
        if (model !== 'x86-64') assert.ok(absent > 900, `${absent} absent`);
      }).timeout(60_000);
    }
  }
});
