import assert from 'node:assert/strict';
import { changeFlags, getArith, getEflags, setArith, setEflags, writableFlags } from '../../src/cpu/flags';
import * as L from '../../src/cpu/layout';
import { TestMachine } from './testMachine';

describe('flags', () => {
  const { cpu } = new TestMachine();

  it('keeps every combination of the arithmetic flags through the lazy form', () => {
    const bits = [L.CF, L.PF, L.AF, L.ZF, L.SF, L.OF];
    for (let n = 0; n < 64; n++) {
      const flags = bits.reduce((sum, bit, i) => sum | ((n >> i) & 1 ? bit : 0), 0);
      setArith(cpu, flags);
      assert.equal(getArith(cpu), flags);
    }
  });

  it('reads flags from results as the engine leaves them', () => {
    const lazy = (result: bigint, aux: number): number => {
      cpu.u64[L.S_RES >> 3] = BigInt.asUintN(64, result);
      cpu.i32[L.S_AUX >> 2] = aux;
      return getArith(cpu);
    };
    assert.equal(lazy(0n, 0), L.ZF | L.PF);
    assert.equal(lazy(-1n, 0), L.SF | L.PF);
    assert.equal(lazy(0x80n, 0), 0);
    assert.equal(lazy(3n, 1 << 31), L.CF | L.OF | L.PF);
    assert.equal(lazy(3n, (1 << 31) | (1 << 30)), L.CF | L.PF);
    assert.equal(lazy(1n, 1 << 30), L.OF);
    assert.equal(lazy(1n, 8), L.AF);
    assert.equal(lazy(0x100000000n, 0), L.PF, 'the upper half counts for ZF');
  });

  it('drops reserved bits and sets bit 1', () => {
    setEflags(cpu, 0xffffffff);
    assert.equal(getEflags(cpu), 0x3f7fd7);
    setEflags(cpu, 0);
    assert.equal(getEflags(cpu), 2);
  });

  it('lets POPF change IF and IOPL only as CPL and IOPL allow', () => {
    const at = (cpl: number, iopl: number): number => {
      cpu.i32[L.S_CPL >> 2] = cpl;
      setEflags(cpu, iopl << 12);
      return writableFlags(cpu, 4) & (L.IF | L.IOPL);
    };
    assert.equal(at(0, 0), L.IF | L.IOPL);
    assert.equal(at(3, 0), 0);
    assert.equal(at(3, 3), L.IF);
    assert.equal(at(1, 1), L.IF);
    changeFlags(cpu, 0xffff, L.CF | L.DF);
    assert.equal(getEflags(cpu) & 0xffff, L.CF | L.DF | 0x1002);
    cpu.i32[L.S_CPL >> 2] = 0;
  });

  it('has the flags of the model only', () => {
    cpu.model = '386';
    assert.equal(writableFlags(cpu, 4) & (L.AC | L.ID), 0);
    cpu.model = '486';
    assert.equal(writableFlags(cpu, 4) & (L.AC | L.ID), L.AC);
    cpu.model = 'pentium';
    assert.equal(writableFlags(cpu, 4) & (L.AC | L.ID), L.AC | L.ID);
  });
});
