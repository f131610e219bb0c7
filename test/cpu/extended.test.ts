// Model-specific registers, extended control registers, random numbers and what else came after the Pentium.
import assert from 'node:assert/strict';
import { getArith } from '../../src/cpu/flags';
import * as L from '../../src/cpu/layout';
import { MSRS } from '../../src/cpu/msrs';
import { resetCpu } from '../../src/cpu/reset';
import { FAULT, NEXT } from '../../src/cpu/sys';
import { TestMachine } from './testMachine';

const RDMSR = [0x0f, 0x32];
const WRMSR = [0x0f, 0x30];
const RDTSCP = [0x0f, 0x01, 0xf9];
const RDPID_EAX = [0xf3, 0x0f, 0xc7, 0xf8];
const XGETBV = [0x0f, 0x01, 0xd0];
const XSETBV = [0x0f, 0x01, 0xd1];
const MONITOR = [0x0f, 0x01, 0xc8];

function modern(): TestMachine {
  const m = new TestMachine();
  m.cpu.model = 'x86-64';
  resetCpu(m.cpu);
  return m;
}

function read(m: TestMachine, msr: number): bigint | string {
  m.cpu.setReg32(1, msr);
  if (m.execute(RDMSR, 32) === FAULT) return m.cpu.fault!.reason!.check;
  return (BigInt(m.cpu.reg32(2)) << 32n) | BigInt(m.cpu.reg32(0));
}

function write(m: TestMachine, msr: number, value: bigint): string {
  m.cpu.setReg32(1, msr);
  m.cpu.setReg32(0, Number(value & 0xffffffffn));
  m.cpu.setReg32(2, Number(value >> 32n));
  return m.execute(WRMSR, 32) === FAULT ? m.cpu.fault!.reason!.check : 'ok';
}

describe('model-specific registers', () => {
  it('have the reset values of the manual, are read back, and refuse what they cannot hold', () => {
    const m = modern();
    assert.equal(read(m, 0xfe), 0x508n);
    assert.equal(read(m, 0x1a0), 0x1801n);
    assert.equal(write(m, 0xfe, 0n), 'msr-read-only');
    assert.equal(m.cpu.fault!.vector, L.GP);
    assert.equal(m.cpu.fault!.errorCode, 0);
    assert.equal(write(m, 0x2ff, 0xc06n), 'ok');
    assert.equal(read(m, 0x2ff), 0xc06n);
    assert.equal(write(m, 0x2ff, 0xc02n), 'msr-value', 'memory type 2 is reserved');
    assert.equal(write(m, 0x2ff, 0x1000n), 'msr-reserved');
    assert.equal(write(m, 0x200, 0x100000000n), 'msr-value', 'beyond the physical address');
    assert.equal(write(m, 0x250, 0x0606060606060606n), 'ok');
    assert.equal(write(m, 0xc0000103, 5n), 'ok');
    assert.equal(write(m, 0xc0000103, 1n << 32n), 'msr-reserved');
    assert.equal(read(m, 0xc0000103), 5n);
    assert.equal(read(m, 0x12345), 'no-such-msr');
  });

  it('exist on the models that have them', () => {
    const m = new TestMachine();
    m.cpu.model = 'pentium';
    assert.equal(read(m, 0x11), 0n);
    assert.equal(read(m, 0xfe), 'no-such-msr');
    m.cpu.model = 'x86-64';
    assert.equal(read(m, 0x11), 'no-such-msr');
  });

  it('are all read by RDMSR when their feature is there, and are set back by RESET', () => {
    const m = modern();
    for (const [number, { name, feature }] of MSRS) {
      const value = read(m, number);
      assert.ok(typeof value === 'bigint' || value === 'no-such-msr', `${name} (${feature}): ${value}`);
    }
    write(m, 0x2ff, 0xc06n);
    resetCpu(m.cpu, true);
    assert.equal(read(m, 0x2ff), 0xc06n, 'INIT keeps them');
    resetCpu(m.cpu);
    assert.equal(read(m, 0x2ff), 0n);
  });

  it('give RDTSCP and RDPID the processor number', () => {
    const m = modern();
    write(m, 0xc0000103, 7n);
    m.icount = 0x123456789;
    assert.equal(m.execute(RDTSCP, 32), NEXT);
    assert.deepEqual([m.cpu.reg32(0), m.cpu.reg32(2), m.cpu.reg32(1)], [0x23456789, 1, 7]);
    assert.equal(m.execute(RDPID_EAX, 32), NEXT);
    assert.equal(m.cpu.reg32(0), 7);
  });
});

describe('random numbers', () => {
  const RDRAND_EAX = [0x0f, 0xc7, 0xf0];

  it('come from the board and set only CF', () => {
    const m = modern();
    const numbers = [0x1122334455667788n, 0xabcdn];
    m.bus.random = () => numbers.shift()!;
    assert.equal(m.execute(RDRAND_EAX, 32), NEXT);
    assert.deepEqual([m.cpu.u64[0], getArith(m.cpu)], [0x55667788n, L.CF]);
    m.cpu.setReg32(3, 0xdead0000);
    assert.equal(m.execute([0x66, 0x0f, 0xc7, 0xfb], 32), NEXT);
    assert.equal(m.cpu.reg32(3), 0xdeadabcd, 'RDSEED BX keeps the upper half');
  });

  it('are not there on a board without a source: CF is clear, the register is zero', () => {
    const m = modern();
    m.cpu.setReg32(0, 5);
    assert.equal(m.execute(RDRAND_EAX, 32), NEXT);
    assert.deepEqual([m.cpu.reg32(0), getArith(m.cpu)], [0, 0]);
  });
});

describe('extended control registers', () => {
  it('need CR4.OSXSAVE and keep the rules of XCR0', () => {
    const m = modern();
    const set = (value: number, number = 0): string => {
      m.cpu.setReg32(1, number);
      m.cpu.setReg32(0, value);
      m.cpu.setReg32(2, 0);
      return m.execute(XSETBV, 32) === FAULT ? `${m.cpu.fault!.vector} ${m.cpu.fault!.reason!.check}` : 'ok';
    };
    assert.equal(set(1), '6 osxsave');
    m.cpu.u32[L.S_CR4 >> 2] = L.CR4_OSXSAVE;
    assert.equal(set(3), 'ok');
    assert.equal(set(2), '13 xcr0-value');
    assert.equal(set(5), '13 xcr0-value');
    assert.equal(set(0x101), '13 xcr0-value');
    assert.equal(set(3, 1), '13 no-such-xcr');
    m.cpu.setReg32(1, 0);
    assert.equal(m.execute(XGETBV, 32), NEXT);
    assert.deepEqual([m.cpu.reg32(0), m.cpu.reg32(2)], [3, 0]);
  });

  it('MONITOR checks its address, its ring and its extensions', () => {
    const m = modern();
    m.cpu.setReg32(1, 0);
    m.cpu.setReg32(0, 0x1000);
    assert.equal(m.execute(MONITOR, 16), NEXT);
    m.cpu.setReg32(1, 1);
    assert.equal(m.execute(MONITOR, 16), FAULT);
    assert.equal(m.cpu.fault!.vector, L.GP);
  });
});
