import assert from 'node:assert/strict';
import { codeBitsOf, formKey, formNumber, type CodeContext } from '../../src/engine/form';
import { decode } from '../../src/isa/decode';
import { generator } from './randomCode';

const FLAVOURS: readonly CodeContext[] = [
  { long: true, code32: false, stack32: false, flat: true },
  { long: false, code32: true, stack32: true, flat: true },
  { long: false, code32: true, stack32: false, flat: false },
  { long: false, code32: false, stack32: false, flat: false },
  { long: false, code32: false, stack32: true, flat: true },
];
const PREFIXES = [0x66, 0x67, 0xf2, 0xf3, 0x26, 0x2e, 0x36, 0x64, 0x48, 0x41];
const ESCAPES = [[], [], [0x0f], [0x0f, 0x38], [0x0f, 0x3a], [0xc5], [0xc4]];

describe('forms', () => {
  it('have a number that never stands for two of them', () => {
    const random = generator(1);
    const code = new Uint8Array(24);
    for (const context of FLAVOURS) {
      const keys = new Map<number, string>();
      let met = 0;
      for (let i = 0; i < 30_000; i++) {
        for (let n = 0; n < code.length; n++) code[n] = random(256);
        const start: number[] = [];
        while (random(3) === 0) start.push(PREFIXES[random(PREFIXES.length)]);
        code.set([...start.slice(0, 4), ...ESCAPES[random(ESCAPES.length)]]);
        const insn = decode(code, 0, codeBitsOf(context));
        if (!insn.row) continue;
        const key = formKey(insn, context, []);
        const number = formNumber(insn);
        const known = keys.get(number);
        if (known === undefined) keys.set(number, key);
        else {
          met++;
          assert.equal(known, key, `${insn.row.mn} ${insn.row.ops.join()}`);
        }
      }
      assert.ok(met > 4000, `${met} were met again`);
    }
  });
});
