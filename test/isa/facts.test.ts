// The facts of the table's rows (flags, privilege, block ends, words) against iced-x86's and against real silicon.
import assert from 'node:assert/strict';
import { Decoder, DecoderOptions, FlowControl, type Instruction, RflagsBits } from 'iced-x86';
import { createDecoder, decode } from '../../src/isa/decode';
import { encode } from '../../src/isa/encode';
import { hasForm } from '../../src/isa/generations';
import { ROWS } from '../../src/isa/table';
import type { CodeBits, Row } from '../../src/isa/types';
import { rowRequests } from './support/requests';
import { readVectors, vectorFiles, vectorsPresent, VECTORS } from './support/vectors';

const LETTERS: readonly [number, string][] = [
  [RflagsBits.OF, 'o'],
  [RflagsBits.SF, 's'],
  [RflagsBits.ZF, 'z'],
  [RflagsBits.AF, 'a'],
  [RflagsBits.PF, 'p'],
  [RflagsBits.CF, 'c'],
  [RflagsBits.DF, 'd'],
  [RflagsBits.IF, 'i'],
];
const letters = (bits: number): string => LETTERS.map(([bit, letter]) => (bits & bit ? letter : '')).join('');
const ordered = (set = ''): string => LETTERS.map(([, letter]) => (set.includes(letter) ? letter : '')).join('');

/** Flags as `read/written/undefined/cleared/set`. */
const icedFlags = (insn: Instruction): string =>
  [insn.rflagsRead, insn.rflagsWritten, insn.rflagsUndefined, insn.rflagsCleared, insn.rflagsSet]
    .map(letters)
    .join('/');
const ourFlags = ({ flags = {} }: Row): string => [flags.r, flags.w, flags.u, flags.c, flags.s].map(ordered).join('/');

/** Where the table says more, or says it otherwise, than iced. */
const OTHER_FLAGS: ReadonlySet<string> = new Set([
  // iced knows the count or that both operands are one register; the rows hold for all of them.
  ...['rol', 'ror', 'rcl', 'rcr', 'shl', 'shr', 'sar', 'shld', 'shrd', 'sub', 'xor'],
  // The gate decides about IF; iced gives none.
  ...['int', 'int1', 'int3', 'into', 'sysenter'],
  // CLI and STI write VIF instead of IF under PVI and VME.
  ...['cli', 'sti'],
]);
/** Rows that end a block here although control goes on to the next instruction: what they change decides how it runs. */
const ENDS_HERE: ReadonlySet<string> = new Set([
  ...['mov_to_sreg', 'pop_sreg', 'lds_far', 'popf', 'cli', 'sti', 'in', 'out', 'ins', 'outs', 'hlt'],
  ...[
    'mov_to_cr',
    'mov_to_dr',
    'lldt',
    'ltr',
    'lgdt',
    'lidt',
    'lmsw',
    'clts',
    'invlpg',
    'invpcid',
    'wrmsr',
    'clac',
    'stac',
  ],
]);
/** RSM raises #UD outside SMM, whatever the CPL; MONITOR and MWAIT are for CPL 0 (SDM vol. 2), which iced leaves out. */
const OTHER_PRIVILEGE: ReadonlySet<string> = new Set(['rsm', 'monitor', 'mwait']);
/** iced does not know PCOMMIT, and MONTMUL with 32-bit addresses only. */
const NOT_IN_ICED: ReadonlySet<string> = new Set(['pcommit', 'montmul']);

function* instances(bits: CodeBits): Generator<{ row: Row; code: Uint8Array }> {
  for (const row of ROWS) {
    if (row.only !== undefined || row.cpu === 'ringside' || row.until !== undefined) continue;
    for (const request of rowRequests(row, bits)) {
      const result = encode(request);
      if (!result.ok) continue;
      const code = new Uint8Array(15);
      code.set(result.bytes);
      if (decode(code, 0, bits).row === row) yield { row, code };
    }
  }
}

describe('facts of the table', () => {
  it('every row has words, a semantic name and known flags', () => {
    for (const row of ROWS) {
      const what = `${row.mn} ${row.ops.join(', ')} (${row.enc})`;
      assert.ok(row.doc && /^[A-Z].*[.]$/.test(row.doc), `${what}: doc is ${row.doc}`);
      assert.match(row.sem, /^[a-z0-9_]+$/, what);
      for (const set of Object.values(row.flags ?? {})) {
        if (set !== true) assert.match(set, /^[oszapctidnlrv]*$/, what);
      }
    }
  });

  it('no two rows have the same form', () => {
    const seen = new Map<string, string>();
    for (const row of ROWS) {
      if (row.only === 'asm') continue;
      const key = `${row.enc}|${row.ops.join()}|${row.cc ?? ''}|${row.modes ?? ''}`;
      assert.ok(!seen.has(key), `${row.mn} and ${seen.get(key)}: ${key}`);
      seen.set(key, row.mn);
    }
  });

  it('flags, privilege and block ends agree with iced-x86', () => {
    const wrong = new Set<string>();
    let compared = 0;
    for (const bits of [32, 64] as const) {
      for (const { row, code } of instances(bits)) {
        if (NOT_IN_ICED.has(row.mn)) continue;
        const decoder = new Decoder(bits, code, DecoderOptions.AMD);
        const insn = decoder.decode();
        const what = `${row.mn} ${row.ops.join()}`;
        if (!OTHER_FLAGS.has(row.sem) && icedFlags(insn) !== ourFlags(row)) {
          wrong.add(`${what}: flags ${ourFlags(row)}, iced has ${icedFlags(insn)}`);
        }
        const ends = insn.flowControl !== FlowControl.Next || ENDS_HERE.has(row.sem);
        if (ends !== (row.ends === true)) wrong.add(`${what}: ends is ${row.ends}`);
        if (!OTHER_PRIVILEGE.has(row.sem) && insn.isPrivileged !== (row.cpl !== undefined)) {
          wrong.add(`${what}: cpl is ${row.cpl}, iced: privileged ${insn.isPrivileged}`);
        }
        compared++;
        insn.free();
        decoder.free();
      }
    }
    assert.deepEqual([...wrong].slice(0, 20), []);
    assert.ok(compared > 5000, `only ${compared} compared`);
  });

  it('every form that is assembled decodes back to its meaning, and every row is reached', () => {
    const reached = new Set<Row>();
    for (const bits of [16, 32, 64] as const) {
      for (const row of ROWS) {
        if (row.only === 'decode') continue;
        for (const request of rowRequests(row, bits)) {
          const result = encode(request);
          if (!result.ok || result.row.until) continue;
          // NASM's own notation for WAIT with the instruction after it, and forms that raise #UD.
          const at = result.row.enc.startsWith('wait') ? 1 : 0;
          const gather = result.row.ops[1]?.startsWith('vm') === true;
          const toCs = result.row.sem === 'mov_to_sreg' && (result.bytes.at(-1)! & 0x38) === 8;
          const insn = decode(Uint8Array.from(result.bytes), at, bits);
          // gathers whose registers are not distinct raise #UD
          if (toCs || /^ud[012]/.test(row.mn) || (gather && insn.row === undefined)) continue;
          const what = `bits ${bits}: ${row.mn} ${row.ops.join()}: ${Buffer.from(result.bytes).toString('hex')}`;
          // XCHG of the accumulator with itself is the NOP opcode.
          const sem = result.row.sem === 'xchg' && insn.row?.mn === 'nop' ? 'nop' : result.row.sem;
          assert.equal(insn.row?.sem, sem, what);
          assert.equal(insn.len + at, result.bytes.length, what);
          reached.add(insn.row!);
        }
      }
    }
    const missed = ROWS.filter((row) => row.only === undefined && row.until === undefined && !reached.has(row));
    assert.deepEqual(
      missed
        .filter((row) => !/^ud\d/.test(row.mn) && !row.ops.includes('rel8') && !row.ops.includes('relz'))
        .map((r) => `${r.mn} ${r.ops.join()} ${r.enc}`),
      [],
    );
  });

  it('3DNow! forms are told apart by their last byte, the rest is undefined', () => {
    const read = (...code: number[]) => decode(Uint8Array.of(...code), 0, 32);
    assert.equal(read(0x0f, 0x0f, 0xca, 0x9e).row?.mn, 'pfadd');
    const fromMemory = read(0x0f, 0x0f, 0x4b, 0x08, 0xbf);
    assert.deepEqual([fromMemory.row?.mn, fromMemory.len], ['pavgusb', 5]);
    assert.deepEqual([read(0x0f, 0x0f, 0xca, 0x00).row, read(0x0f, 0x0f, 0xca, 0x00).invalid], [undefined, 'opcode']);
    assert.equal(read(0x0f, 0x0f, 0xca).invalid, 'truncated');
    const first = createDecoder((row) => hasForm(row, 586, new Set(['mmx', '3dnow'])));
    assert.equal(first(Uint8Array.of(0x0f, 0x0f, 0xca, 0x9e), 0, 32).row?.mn, 'pfadd');
    assert.equal(first(Uint8Array.of(0x0f, 0x0f, 0xca, 0xbb), 0, 32).row, undefined);
  });

  it('a decoder can be limited to one processor', () => {
    const old = createDecoder((row) => hasForm(row, 386, new Set(['fpu'])));
    const pentium = createDecoder((row) => hasForm(row, 586, new Set(['fpu'])));
    assert.equal(old(Uint8Array.of(0x0f, 0xc8), 0, 32).row, undefined);
    assert.equal(decode(Uint8Array.of(0x0f, 0xc8), 0, 32).row?.mn, 'bswap');
    assert.equal(pentium(Uint8Array.of(0x0f, 0xc8), 0, 32).row?.mn, 'bswap');
    assert.equal(pentium(Uint8Array.of(0x0f, 0x40, 0xc1), 0, 32).row, undefined);
    assert.equal(pentium(Uint8Array.of(0x0f, 0x1f, 0xc1), 0, 32).row, undefined);
    assert.equal(pentium(Uint8Array.of(0xd8, 0xc1), 0, 32).row?.mn, 'fadd');
    assert.equal(pentium(Uint8Array.of(0x0f, 0x24, 0xf0), 0, 32).row, undefined);
    assert.equal(pentium(Uint8Array.of(0xf3, 0x0f, 0xbc, 0xc1), 0, 32).row?.mn, 'bsf');
    assert.equal(old(Uint8Array.of(0xf3, 0x0f, 0xbc, 0xc1), 0, 32).row?.mn, 'bsf');
    assert.equal(decode(Uint8Array.of(0xf3, 0x0f, 0xbc, 0xc1), 0, 32).row?.mn, 'tzcnt');
    assert.equal(old(Uint8Array.of(0x0f, 0x24, 0xf0), 0, 32).row?.mn, 'mov');
    assert.equal(decode(Uint8Array.of(0x0f, 0x24, 0xf0), 0, 32).row, undefined);
  });

  it('silicon changes no flag that a row does not name', function () {
    if (!vectorsPresent()) {
      console.log(`      not run: no vectors at ${VECTORS}`);
      this.skip();
    }
    const BITS: readonly [number, string][] = [
      [0, 'c'],
      [2, 'p'],
      [4, 'a'],
      [6, 'z'],
      [7, 's'],
      [8, 't'],
      [9, 'i'],
      [10, 'd'],
      [11, 'o'],
    ];
    const wrong = new Set<string>();
    let checked = 0;
    for (const bits of [16, 32, 64] as const) {
      for (const file of vectorFiles(bits)) {
        for (const { code, flags, steps, fault } of readVectors(bits, file)) {
          const { row } = decode(code, 0, bits);
          if (!row || fault || steps !== 1) continue;
          const { w = '', u = '', c = '', s = '' } = row.flags ?? {};
          for (const [bit, letter] of BITS) {
            const [before, after] = [(flags.before >> bit) & 1, (flags.after >> bit) & 1];
            if (before !== after && !(w + u + c + s).includes(letter)) wrong.add(`${row.mn} changes ${letter}`);
            if (after && c.includes(letter)) wrong.add(`${row.mn} does not clear ${letter}`);
            if (!after && s.includes(letter)) wrong.add(`${row.mn} does not set ${letter}`);
          }
          checked++;
        }
      }
    }
    assert.deepEqual([...wrong], []);
    assert.ok(checked > 20000, `only ${checked} checked`);
  }).timeout(120_000);
});
