// The decoder against real silicon: every vector's code is a valid instruction of the right length, or #UD, as the
// processor had it. Encodings of instruction sets that the table does not have yet are listed by name.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { decode } from '../../src/isa/decode';
import { ROWS } from '../../src/isa/table';
import type { CodeBits, Insn } from '../../src/isa/types';
import { type Expectation, readVectors, vectorFiles, vectorsPresent, VECTORS } from './support/vectors';

const SAMPLE = new URL('./fixtures/silicon.txt', import.meta.url);

/** A complaint, undefined when the decoder agrees with the silicon, or 'uncovered' when the table lacks the instruction. */
function judge(expected: Expectation, insn: Insn): string | undefined {
  const { row } = insn;
  if (expected.invalid)
    return row && row.sem !== 'ud2' && row.sem !== 'fwcall' ? `#UD decodes as ${row.mn}` : undefined;
  if (!row) return insn.invalid === 'opcode' && !inSlice(expected) ? 'uncovered' : `is #UD (${insn.invalid})`;
  const straight = !row.ends && insn.rep === 0;
  const wrong = straight && expected.length !== undefined && expected.length !== insn.len;
  return wrong ? `${row.mn} has length ${insn.len}, not ${expected.length}` : undefined;
}

/** Whether the table should have the instruction: it has the mnemonic, and it is no SSE namesake of a string instruction. */
const MNEMONICS = new Set(ROWS.map((row) => row.mn));
const PREFIXES = /^(lock|rep|repe|repne|bnd|notrack|xacquire|xrelease) /;
const inSlice = ({ name, code }: Expectation): boolean => {
  const mnemonic = name.replace(PREFIXES, '').split(' ')[0]!;
  const escape = code.findIndex((byte) => byte === 0x0f);
  return MNEMONICS.has(mnemonic) && !(/^(movsd|cmpsd|movq)$/.test(mnemonic) && escape >= 0 && escape < 6);
};

function check(vectors: Iterable<Expectation>, uncovered: Map<string, number>): { checked: number; wrong: string[] } {
  const wrong: string[] = [];
  let checked = 0;
  for (const vector of vectors) {
    const verdict = judge(vector, decode(vector.code, 0, vector.bits));
    if (verdict === 'uncovered') {
      const name = vector.name.split(' ')[0]!;
      uncovered.set(name, (uncovered.get(name) ?? 0) + 1);
      continue;
    }
    checked++;
    if (verdict)
      wrong.push(`bits ${vector.bits}: ${Buffer.from(vector.code).toString('hex')} (${vector.name}) ${verdict}`);
  }
  return { checked, wrong };
}

const assertNone = (wrong: readonly string[]): void =>
  assert.ok(wrong.length === 0, `${wrong.length} wrong:\n${wrong.slice(0, 20).join('\n')}`);

describe('decoder against silicon', () => {
  it('agrees on the sample kept in the project', () => {
    const lines = readFileSync(SAMPLE, 'utf8')
      .split('\n')
      .filter((line) => /^\d/.test(line));
    const vectors = lines.map((line): Expectation => {
      const [bits, code, result, ...name] = line.split(' ') as [string, string, string, ...string[]];
      return {
        bits: Number(bits) as CodeBits,
        code: Uint8Array.from(Buffer.from(code, 'hex')),
        name: name.join(' '),
        invalid: result === 'ud',
        length: /^\d+$/.test(result) ? Number(result) : undefined,
      };
    });
    const uncovered = new Map<string, number>();
    const { checked, wrong } = check(vectors, uncovered);
    assertNone(wrong);
    assert.ok(checked > 1000, `only ${checked} checked`);
    assert.equal(uncovered.size, 0);
  });

  for (const bits of [16, 32, 64] as const) {
    it(`agrees on every vector of mode ${bits}`, function () {
      if (!vectorsPresent()) {
        console.log(`      not run: no vectors at ${VECTORS}`);
        this.skip();
      }
      const uncovered = new Map<string, number>();
      let total = 0;
      for (const file of vectorFiles(bits)) {
        const { checked, wrong } = check(readVectors(bits, file), uncovered);
        assertNone(wrong);
        total += checked;
      }
      const missing = [...uncovered.values()].reduce((a, b) => a + b, 0);
      const names = [...uncovered.keys()].sort().join(' ');
      console.log(
        `      ${total} checked; ${missing} of ${uncovered.size} instructions not in the table yet: ${names.slice(0, 300)}...`,
      );
      assert.ok(total > 15000, `only ${total} checked`);
    }).timeout(120_000);
  }
});
