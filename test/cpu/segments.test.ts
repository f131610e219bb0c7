import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { loadSegment } from '../../src/cpu/loadSegment';
import { setNull, setParagraph, setSegment } from '../../src/cpu/segments';
import { JUMPED, NEXT } from '../../src/cpu/sys';
import { checkSegment, readVirtual, writeVirtual } from '../../src/cpu/virtual';
import { DATA0, DATA16, GDT, ProtectedMachine } from './protectedMachine';
import { TestMachine } from './testMachine';

const fast = (m: TestMachine, seg: number): [number, number] => {
  const at = (L.S_SEG + seg * L.SEG_SIZE) >> 2;
  return [m.cpu.u32[at + (L.SEG_FAST_READ >> 2)]!, m.cpu.u32[at + (L.SEG_FAST_WRITE >> 2)]!];
};

describe('segment caches', () => {
  it('derives the fast limits from type, presence and limit', () => {
    const m = new ProtectedMachine();
    const set = (attr: number, limit: number): [number, number] => {
      setSegment(m.cpu, 3, 8, attr, 0, limit);
      return fast(m, 3);
    };
    assert.deepEqual(set(0xc093, 0xffffffff), [0xffffffff, 0xffffffff]);
    assert.deepEqual(set(0x93, 0xfff), [0x1000, 0x1000]);
    assert.deepEqual(set(0x91, 0xfff), [0x1000, 0], 'read-only');
    assert.deepEqual(set(0x97, 0xfff), [0, 0], 'expand-down');
    assert.deepEqual(set(0x9b, 0xfff), [0x1000, 0], 'readable code');
    assert.deepEqual(set(0x99, 0xfff), [0, 0], 'execute-only code');
    setNull(m.cpu, 3, 0);
    assert.deepEqual(fast(m, 3), [0, 0]);
  });

  it('checks what the fast limits leave open', () => {
    const m = new ProtectedMachine();
    const can = (attr: number, limit: number, offset: number, size: number, write: boolean): boolean => {
      setSegment(m.cpu, 3, 8, attr, 0, limit);
      return checkSegment(m.cpu, 3, offset, size, write);
    };
    assert.equal(can(0x93, 0xfff, 0xffc, 4, true), true);
    assert.equal(can(0x93, 0xfff, 0xffd, 4, true), false);
    assert.equal(m.cpu.fault!.vector, 13);
    assert.equal(m.cpu.fault!.reason.check, 'segment-limit');
    assert.equal(can(0xc093, 0xffffffff, 0xfffffffe, 4, true), true, 'a flat segment wraps');
    assert.equal(can(0x97, 0xfff, 0xfff, 1, true), false);
    assert.equal(can(0x97, 0xfff, 0x1000, 1, true), true);
    assert.equal(can(0x97, 0xfff, 0xffff, 2, true), false, 'a 16-bit one ends at FFFFh');
    assert.equal(can(0x4097, 0xfff, 0xffff, 2, true), true);
    assert.equal(can(0x99, 0xfff, 0, 1, false), false);
    m.cpu.fault = undefined;
    setSegment(m.cpu, 2, 8, 0x93, 0, 0xff);
    assert.equal(checkSegment(m.cpu, 2, 0x100, 1, false), false);
    assert.equal(m.cpu.fault!.vector, 12);
  });

  it('sets the accessed bit in memory', () => {
    const m = new ProtectedMachine();
    m.write32(GDT + DATA0 + 4, 0x00cf9200);
    assert.equal(loadSegment(m.cpu, 0, DATA0), true);
    assert.equal(m.read32(GDT + DATA0 + 4), 0x00cf9300);
  });

  it('keeps limits over a switch to real mode ("unreal" mode), which gives all segments write access', () => {
    const m = new ProtectedMachine();
    loadSegment(m.cpu, 3, DATA0);
    assert.equal(m.execute([0xea, 0x00, 0x60, 0, 0, 0x30, 0], 32), JUMPED); // 16-bit code segment
    assert.deepEqual(fast(m, 1), [0x10000, 0]);
    m.cpu.setReg32(0, 0x10);
    assert.equal(m.execute([0x0f, 0x22, 0xc0], 16), NEXT);
    assert.deepEqual(fast(m, 1), [0x10000, 0x10000]);
    setParagraph(m.cpu, 3, 0x100);
    assert.equal(m.cpu.base(3), 0x1000);
    assert.equal(m.cpu.limit(3), 0xffffffff);
    assert.equal(writeVirtual(m.cpu, 3, 0x200000, 4, 0x1234567), true);
    assert.equal(readVirtual(m.cpu, 3, 0x200000, 4), 0x1234567);
    assert.equal(m.read32(0x201000), 0x1234567);
  });

  it('gives CS fixed rights in real mode up to the 486', () => {
    const m = new TestMachine();
    m.cpu.model = '486';
    setSegment(m.cpu, 1, 8, 0x409b, 0, 0xffffffff);
    setParagraph(m.cpu, 1, 0x1000);
    assert.deepEqual([m.cpu.attr(1), m.cpu.base(1), m.cpu.limit(1)], [0x93, 0x10000, 0xffff]);
  });

  it('loads a 16-bit stack and moves SP only', () => {
    const m = new ProtectedMachine();
    m.cpu.setReg32(0, DATA16);
    assert.equal(m.execute([0x8e, 0xd0], 32), NEXT);
    m.cpu.setReg32(4, 0x12340100);
    assert.equal(m.execute([0x60], 32), NEXT);
    assert.equal(m.cpu.reg32(4), 0x123400e0);
    assert.equal(m.read32(0xfc), DATA16);
  });
});
