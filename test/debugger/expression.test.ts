import assert from 'node:assert/strict';
import { evaluate } from '../../src/debugger/expression/evaluate';
import type { EvaluationContext } from '../../src/debugger/expression/value';
import { Program } from '../../src/debugger/program';
import { valueText } from '../../src/debugger/text';
import { SegIndex } from '../../src/debugger/target';
import { FakeTarget } from './support/fakeTarget';

const PROGRAM = new Program({
  name: 'test.asm',
  image: new Uint8Array(512),
  symbols: [
    { name: 'main', value: 0x7c00, kind: 'code', section: '.text' },
    { name: 'main.loop', value: 0x7c10, kind: 'code', section: '.text' },
    { name: 'table', value: 0x7d00, kind: 'data', section: '.text', unit: 2, count: 4 },
    { name: 'COUNT', value: 12, kind: 'constant' },
    { name: 'dot.ted', value: 0x7d80, kind: 'data', section: '.text', unit: 1 },
  ],
  sections: [{ name: '.text', vstart: 0x7c00, start: 0x7c00, length: 512, fileOffset: 0, nobits: false }],
});

function setUp(): { target: FakeTarget; context: EvaluationContext } {
  const target = new FakeTarget();
  target.registers.set('rax', 0x12345678n);
  target.registers.set('rbx', 0x10n);
  target.registers.set('rsi', 0x20n);
  target.registers.set('rsp', 0xfff0n);
  target.registers.set('ds', 0x100n);
  target.registers.set('ss', 0x200n);
  target.registers.set('eflags', 0x3246n);
  return { target, context: { target, program: PROGRAM, scope: 'main.loop' } };
}

function value(text: string): bigint {
  const result = evaluate(text, setUp().context);
  if (!result.ok) throw new Error(`${text}: ${result.error.message}`);
  return result.value.value;
}

function problem(text: string, readOnly = false): { message: string; start: number; end: number } {
  const { context } = setUp();
  const result = evaluate(text, { ...context, readOnly });
  if (result.ok) throw new Error(`${text} is ${result.value.value}`);
  return result.error;
}

describe('debugger expressions', () => {
  it('reads numbers as NASM writes them', () => {
    const cases: [string, bigint][] = [
      ['0x1f', 31n], ['1fh', 31n], ['0fh', 15n], ['$0f', 15n], ['0b101', 5n], ['101b', 5n], ['0o17', 15n], ['17q', 15n],
      ['1_000', 1000n], ["'A'", 65n], ["'AB'", 0x4241n], ['0h1f', 31n], ['10d', 10n],
    ]; // prettier-ignore
    for (const [text, expected] of cases) assert.equal(value(text), expected, text);
  });

  it('reads registers of every size, flags and fields of flags', () => {
    const cases: [string, bigint][] = [
      ['eax', 0x12345678n], ['ax', 0x5678n], ['al', 0x78n], ['ah', 0x56n], ['EAX', 0x12345678n], ['rax', 0x12345678n],
      ['ds', 0x100n], ['zf', 1n], ['cf', 0n], ['pf', 1n], ['if', 1n], ['iopl', 3n], ['cpl', 0n], ['cr0', 0n],
    ]; // prettier-ignore
    for (const [text, expected] of cases) assert.equal(value(text), expected, text);
  });

  it('follows the precedence of C', () => {
    assert.equal(value('1 + 2 * 3'), 7n);
    assert.equal(value('(1 + 2) * 3'), 9n);
    assert.equal(value('1 | 2 ^ 3 & 4 == 4'), 1n | (2n ^ (3n & 1n)));
    assert.equal(value('1 << 4 - 1'), 8n);
    assert.equal(value('-5 % 3'), -2n);
    assert.equal(value('~0 & 0xff'), 0xffn);
    assert.equal(value('!zf'), 0n);
    assert.equal(value('zf && cf || 1'), 1n);
    assert.equal(value('zf ? COUNT : 99'), 12n);
    assert.equal(value('cf == 0 && al > 0x70'), 1n);
  });

  it('inverts within the width of a register', () => assert.equal(value('~al'), 0x87n));

  it('compares unsigned, and signed against negative numbers', () => {
    const { target, context } = setUp();
    target.registers.set('rax', 0xffffn);
    const truth = (text: string): bigint => {
      const result = evaluate(text, context);
      assert.ok(result.ok);
      return result.value.value;
    };
    assert.equal(truth('ax > 5'), 1n);
    assert.equal(truth('ax == -1'), 1n);
    assert.equal(truth('ax < -2'), 0n);
    assert.equal(truth('ax > -2'), 1n);
  });

  it('does not evaluate what a short circuit leaves out', () => {
    assert.equal(value('cf && 1 / cf'), 0n);
    assert.equal(value('zf || 1 / cf'), 1n);
  });

  it('dereferences memory through the segments that the processor would use', () => {
    const { target, context } = setUp();
    target.memory.set([0x11, 0x22, 0x33, 0x44], 0x1000 + 0x20); // DS:SI
    target.memory.set([0x55, 0x66], 0x2000 + 0xfff0); // SS:SP
    target.memory.set([0xaa, 0xbb], 0x7d00); // table
    target.memory.set([0x99], 0x500);
    const cases: [string, bigint][] = [
      ['byte [si]', 0x11n], ['word [ds:si]', 0x2211n], ['dword [si]', 0x44332211n], ['word [ds:si+2]', 0x4433n],
      ['word [sp]', 0x6655n], ['word [ss:sp]', 0x6655n], ['word [0x100:0x20]', 0x2211n], ['[table]', 0xbbaan],
      ['byte [table+1]', 0xbbn], ['byte [0x500]', 0x99n], ['byte [lin:0x500]', 0x99n], ['byte [phys:0x500]', 0x99n],
      ['byte [bx+0x10]', 0x11n], ['byte [si + bx - bx]', 0x11n],
    ]; // prettier-ignore
    for (const [text, expected] of cases) {
      const result = evaluate(text, context);
      assert.ok(result.ok, `${text}: ${result.ok ? '' : result.error.message}`);
      assert.equal(result.value.value, expected, text);
    }
  });

  it('wraps 16-bit offsets at 64 KB', () => {
    const { target, context } = setUp();
    target.memory[0x1000 + 0xfffe] = 0x77;
    target.registers.set('rsi', 0n);
    const result = evaluate('byte [si-2]', context);
    assert.ok(result.ok && result.value.value === 0x77n);
  });

  it('goes through descriptors in protected mode', () => {
    const { target, context } = setUp();
    target.mode = 'protected32';
    target.registers.set('gdtr.base', 0x9000n);
    target.registers.set('gdtr.limit', 0x17n);
    target.memory.set([0xff, 0xff, 0x00, 0x00, 0x01, 0x92, 0xcf, 0x00], 0x9008); // 08: base 10000
    target.memory[0x10042] = 0x5a;
    const result = evaluate('byte [8:0x42]', context);
    assert.ok(result.ok && result.value.value === 0x5an);
    assert.match(problemIn('byte [0x18:0]', context), /beyond the limit of the GDT/);
    assert.match(problemIn('byte [0:0]', context), /null selector/);
    assert.match(problemIn('byte [0x0c:0]', context), /LDT/);
  });

  it('knows labels, local labels and constants', () => {
    assert.equal(value('main'), 0x7c00n);
    assert.equal(value('main+4'), 0x7c04n);
    assert.equal(value('.loop'), 0x7c10n);
    assert.equal(value('main.loop'), 0x7c10n);
    assert.equal(value('dot.ted'), 0x7d80n);
    assert.equal(value('COUNT * 2'), 24n);
    assert.equal(value('MAIN'), 0x7c00n);
  });

  it('assigns to registers, parts, flags and memory', () => {
    const { target, context } = setUp();
    const run = (text: string): bigint => {
      const result = evaluate(text, context);
      assert.ok(result.ok, result.ok ? '' : `${text}: ${result.error.message}`);
      return result.value.value;
    };
    assert.equal(run('ah = 0xff'), 0xffn);
    assert.equal(target.registers.get('rax'), 0x1234ff78n);
    assert.equal(run('ax = -1'), 0xffffn);
    assert.equal(run('eax = 1'), 1n);
    assert.equal(run('al += 0xff'), 0n);
    assert.equal(run('zf = 0'), 0n);
    assert.equal(target.registers.get('eflags'), 0x3206n);
    assert.equal(run('iopl = 1'), 1n);
    assert.equal(run('word [table] = 0x1234'), 0x1234n);
    assert.deepEqual([...target.memory.slice(0x7d00, 0x7d02)], [0x34, 0x12]);
    assert.equal(run('byte [phys:0x600] = 7'), 7n);
    assert.equal(target.memory[0x600], 7);
    assert.equal(run('ax = bx = 3'), 3n);
    assert.equal(target.registers.get('rbx'), 3n);
  });

  it('says where a mistake is', () => {
    assert.deepEqual(problem('ax + frob'), {
      message: '`frob` is not a register, a flag or a label of test.asm',
      start: 5,
      end: 9,
    });
    assert.match(problem('').message, /empty/);
    assert.match(problem('1 +').message, /expected a number.*not the end/);
    assert.match(problem('(1').message, /expected `\)`/);
    assert.match(problem('[ax').message, /expected `\]`/);
    assert.match(problem('word 5').message, /expected `\[address\]`/);
    assert.match(problem('ax bx').message, /expected an operator/);
    assert.match(problem('0x').message, /not a number/);
    assert.match(problem('1 / 0').message, /division by zero/);
    assert.match(problem('1 << 500').message, /shift count/);
    assert.match(problem("'").message, /closing quote/);
    assert.match(problem('a # b').message, /no meaning/);
    assert.match(problem('[0x100000]').message, /nothing is mapped/);
    assert.match(problem('5 = 3').message, /only registers/);
    assert.match(problem('al = 300').message, /does not fit into al/);
    assert.match(problem('tr = 8').message, /outside protected mode/);
    assert.match(problem('[0x100:0x12345]').message, /16 bits in real mode/);
    assert.match(problem(`${'('.repeat(5000)}1`).message, /nested too deeply/);
    assert.match(problem(`${'-'.repeat(5000)}1`).message, /nested too deeply/);
    assert.match(problem('0xffffffffffffffff * 0xffffffffffffffff * 0xffffffffffffffff').message, /too large/);
  });

  it('refuses assignments where nothing may change, with a hint', () => {
    assert.match(problem('ax = 5', true).message, /to compare, write `==`/);
    assert.match(problem('ax += 5', true).message, /not allowed here$/);
  });

  it('sees the registers of an outer frame, which cannot be set', () => {
    const { target, context } = setUp();
    const cs = target.segment(SegIndex.CS);
    const frame = {
      registers: new Map([['rip', 0x1234n], ['rsp', 0x8000n]]),
      segments: new Map([[SegIndex.CS, { ...cs, base: 0x30000 }]]),
    }; // prettier-ignore
    const outer = { ...context, frame };
    const ip = evaluate('eip', outer);
    assert.ok(ip.ok && ip.value.value === 0x1234n);
    const here = evaluate('$', outer);
    assert.ok(here.ok && here.value.value === 0x31234n);
    assert.match(problemIn('esp = 5', outer), /outer frame/);
  });

  it('shows values in hexadecimal, decimal and as characters', () => {
    const text = (value: bigint, bits?: number): string =>
      valueText({ value, type: 'number', ...(bits ? { bits } : {}) });
    assert.equal(text(0x41n, 8), "0x41 (65, 'A')");
    assert.equal(text(5n, 16), '0x0005');
    assert.equal(text(0xffffn, 16), '0xffff (65535, -1)');
    assert.equal(text(-2n), '-2 (0xfffffffe)');
    assert.equal(text(12n), '0xc (12)');
    assert.equal(valueText({ value: 1n, bits: 1, type: 'flag' }), '1');
  });
});

function problemIn(text: string, context: EvaluationContext): string {
  const result = evaluate(text, context);
  return result.ok ? `(is ${result.value.value})` : result.error.message;
}
