import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { probeWrite, readLinear, writeLinear } from '../../src/cpu/memory';
import { peek, peekBytes, pageWalk, poke } from '../../src/cpu/pageWalk';
import { ACCESS_FETCH, ACCESS_READ, ACCESS_USER, ACCESS_WRITE } from '../../src/cpu/pageAccess';
import { translate } from '../../src/cpu/paging';
import { slowRead, slowRmwProbe, slowWrite } from '../../src/cpu/slow';
import { clearTlb, flushTranslations, markCodePage, tlbSlot } from '../../src/cpu/tlb';
import { setWatchedPages } from '../../src/cpu/watch';
import { MMIO, TestMachine } from './testMachine';

const PD = 0x10000;
const PT = 0x11000;

function paged(): TestMachine {
  const m = new TestMachine();
  m.write32(PD, PT | 7);
  for (let page = 0; page < 1024; page++) m.write32(PT + page * 4, (page << 12) | 7);
  m.cpu.u32[L.S_CR0 >> 2] = 0x80000001;
  m.cpu.u32[L.S_CR3 >> 2] = PD;
  m.cpu.u32[L.S_CR4 >> 2] = L.CR4_PSE;
  return m;
}

const tag = (m: TestMachine, table: number, linear: number): number => m.cpu.i32[tlbSlot(table, linear)]!;

describe('paging', () => {
  it('gives every combination of rights the access and the error code of the manual', () => {
    for (let bits = 0; bits < 64; bits++) {
      const m = paged();
      const [pdeBits, pteBits] = [bits & 7, bits >> 3];
      m.write32(PD, PT | pdeBits);
      m.write32(PT + 4 * 5, 0x9000 | pteBits);
      for (const wp of [0, L.CR0_WP]) {
        for (let access = 0; access < 4; access++) {
          m.cpu.u32[L.S_CR0 >> 2] = (0x80000001 | wp) >>> 0;
          const [user, write] = [(access & ACCESS_USER) !== 0, (access & ACCESS_WRITE) !== 0];
          const present = (pdeBits & pteBits & 1) !== 0;
          const writable = (pdeBits & pteBits & 2) !== 0 || (!user && wp === 0);
          const allowed = present && (!user || (pdeBits & pteBits & 4) !== 0) && (!write || writable);
          const got = translate(m.cpu, 0x5123, access);
          const where = `pde ${pdeBits} pte ${pteBits} access ${access} wp ${wp !== 0}`;
          assert.equal(got, allowed ? 0x9123 : -1, where);
          if (allowed) continue;
          assert.equal(m.cpu.fault!.vector, 14);
          assert.equal(m.cpu.fault!.errorCode, (present ? 1 : 0) | (write ? 2 : 0) | (user ? 4 : 0), where);
          assert.equal(m.cpu.fault!.cr2, 0x5123);
        }
      }
    }
  });

  it('sets accessed and dirty bits only when the access succeeds', () => {
    const m = paged();
    m.write32(PT + 4 * 5, 0x9000 | 1);
    assert.equal(translate(m.cpu, 0x5000, ACCESS_USER), -1);
    assert.equal(m.read32(PD) & 0x20, 0);
    assert.equal(m.read32(PT + 20) & 0x60, 0);
    translate(m.cpu, 0x5000, ACCESS_READ);
    assert.equal(m.read32(PD) & 0x60, 0x20);
    assert.equal(m.read32(PT + 20) & 0x60, 0x20);
    translate(m.cpu, 0x5000, ACCESS_WRITE);
    assert.equal(m.read32(PT + 20) & 0x60, 0x60);
  });

  it('maps 4 MB pages with CR4.PSE and checks their reserved bits', () => {
    const m = paged();
    m.write32(PD + 4, 0x00000000 | 0x87);
    assert.equal(translate(m.cpu, 0x7abcde, ACCESS_WRITE), 0x3abcde);
    assert.equal(m.read32(PD + 4), 0xe7);
    m.write32(PD + 4, 0x00200087);
    assert.equal(translate(m.cpu, 0x7abcde, ACCESS_USER), -1);
    assert.equal(m.cpu.fault!.errorCode, 13);
    m.cpu.u32[L.S_CR4 >> 2] = 0;
    m.write32(PD + 4, PT | 0x87);
    assert.equal(translate(m.cpu, 0x405678, ACCESS_READ), 0x5678, 'without PSE the bit means nothing');
  });

  it('keeps the fetch bit out of error codes without execute-disable', () => {
    const m = paged();
    m.write32(PT + 4 * 5, 0);
    assert.equal(translate(m.cpu, 0x5000, ACCESS_FETCH | ACCESS_USER), -1);
    assert.equal(m.cpu.fault!.errorCode, 4);
    assert.equal(m.cpu.fault!.reason.data['access'], 'fetch');
  });

  it('enters a page in the write table only after the dirty bit is set', () => {
    const m = paged();
    readLinear(m.cpu, 0x5000, 4, true);
    assert.equal(tag(m, L.TLB_USER_READ, 0x5000), 0x5000);
    assert.equal(tag(m, L.TLB_USER_WRITE, 0x5000), -1);
    assert.equal(tag(m, L.TLB_SUPER_READ, 0x5000), -1);
    writeLinear(m.cpu, 0x5ffc, 4, 0x12345678, true);
    assert.equal(tag(m, L.TLB_USER_WRITE, 0x5000), 0x5000);
    assert.equal(m.cpu.i32[tlbSlot(L.TLB_USER_WRITE, 0x5000) + 2], L.RAM_BASE);
    assert.equal(m.read32(0x5ffc), 0x12345678);
    flushTranslations(m.cpu, 0x5123);
    assert.equal(tag(m, L.TLB_USER_WRITE, 0x5000), -1);
    assert.equal(m.flushes > 0, true);
  });

  it('marks pages with code in the write tables and reports writes there', () => {
    const m = paged();
    writeLinear(m.cpu, 0x5000, 4, 1, false);
    markCodePage(m.cpu, 0x5000, true);
    assert.equal(tag(m, L.TLB_SUPER_WRITE, 0x5000), 0x5001);
    writeLinear(m.cpu, 0x5004, 2, 7, false);
    assert.deepEqual(m.codeWrites, [0x5004]);
    markCodePage(m.cpu, 0x5000, false);
    assert.equal(tag(m, L.TLB_SUPER_WRITE, 0x5000), 0x5000);
  });

  it('splits accesses that cross a page and writes nothing when the second page faults', () => {
    const m = paged();
    m.write32(PT + 4 * 5, 0x8007);
    m.write32(PT + 4 * 6, 0x3007);
    assert.equal(writeLinear(m.cpu, 0x5ffe, 4, 0xddccbbaa, true), true);
    assert.equal(m.read16(0x8ffe), 0xbbaa);
    assert.equal(m.read16(0x3000), 0xddcc);
    assert.equal(readLinear(m.cpu, 0x5fff, 4, true), 0xddccbb + m.read8(0x3002) * 0x1000000);
    m.write32(PT + 4 * 6, 0);
    clearTlb(m.cpu);
    assert.equal(writeLinear(m.cpu, 0x5ffe, 4, 0, true), false);
    assert.equal(m.cpu.fault!.cr2, 0x6000);
    assert.equal(m.read16(0x8ffe), 0xbbaa);
    assert.equal(probeWrite(m.cpu, 0x5fff, 2, true), false);
  });

  it('applies the A20 mask to what the tables give', () => {
    const m = paged();
    m.write32(PT + 4 * 5, 0x103007);
    m.cpu.i32[L.S_A20MASK >> 2] = ~0x100000;
    assert.equal(translate(m.cpu, 0x5000, ACCESS_READ), 0x3000);
    m.cpu.u32[L.S_CR0 >> 2] = 1;
    assert.equal(translate(m.cpu, 0x123456, ACCESS_READ), 0x23456);
  });

  it('goes to the bus for MMIO, every time', () => {
    const m = paged();
    m.write32(PT + 4 * 5, MMIO | 7);
    assert.equal(readLinear(m.cpu, 0x5010, 1, false), 0x5a);
    readLinear(m.cpu, 0x5010, 2, false);
    writeLinear(m.cpu, 0x5020, 4, 0xfedcba98, false);
    assert.deepEqual(m.bus.log, ['read e0000010 1', 'read e0000010 2', 'write e0000020 4 fedcba98']);
    assert.equal(tag(m, L.TLB_SUPER_READ, 0x5000), -1);
  });

  it('serves 8-byte accesses and alignment checks through the scratch area', () => {
    const m = paged();
    m.write32(0x5ffc, 0x11223344, 0x55667788);
    assert.equal(slowRead(m.cpu, 0x5ffc, 8), 0);
    assert.equal(m.cpu.u64[L.S_SCRATCH >> 3], 0x5566778811223344n);
    assert.equal(slowWrite(m.cpu, 0x7ffd, 8), 0);
    assert.equal(m.read32(0x7ffd), 0x11223344);
    assert.equal(slowRmwProbe(m.cpu, 0x5ffe, 4), 0);
    m.cpu.i32[L.S_CPL >> 2] = 3;
    m.cpu.u32[L.S_CR0 >> 2] = 0x80040001;
    m.cpu.sysFlags = L.AC | 2;
    assert.equal(slowRead(m.cpu, 0x5001, 2), 1);
    assert.equal(m.cpu.fault!.vector, 17);
    assert.equal(slowRead(m.cpu, 0x5002, 2), 0);
  });

  it('keeps watched pages out of the TLB and tells of every access to them', () => {
    const m = paged();
    const seen: string[] = [];
    m.cpu.watchAccess = (linear, size, write) => seen.push(`${write ? 'w' : 'r'} ${linear.toString(16)} ${size}`);
    setWatchedPages(m.cpu, [5]);
    readLinear(m.cpu, 0x5010, 4, false);
    writeLinear(m.cpu, 0x5fff, 2, 1, false);
    writeLinear(m.cpu, 0x6010, 2, 1, false);
    assert.deepEqual(seen, ['r 5010 4', 'w 5fff 2']);
    assert.equal(tag(m, L.TLB_SUPER_WRITE, 0x5000), -1);
  });

  it('walks and peeks for the debugger without leaving a trace', () => {
    const m = paged();
    m.write32(PT + 4 * 5, 0x8000 | 1);
    m.write(0x8123, 0x42, 0x43);
    const before = m.cpu.u8.slice(L.RAM_BASE + PD, L.RAM_BASE + PD + 0x2000);
    const walk = pageWalk(m.cpu, 0x5123);
    assert.equal(walk.physical, 0x8123);
    assert.deepEqual(
      walk.entries.map((e) => [e.level, e.index, e.physical, e.present, e.writable, e.user]),
      [
        ['PDE', 0, PD, true, true, true],
        ['PTE', 5, PT + 20, true, false, false],
      ],
    );
    assert.equal(peek(m.cpu, 0x5123), 0x42);
    const bytes = new Uint8Array(2);
    assert.equal(peekBytes(m.cpu, 0x5123, bytes), 2);
    assert.deepEqual([...bytes], [0x42, 0x43]);
    assert.equal(poke(m.cpu, 0x5124, 9), true, 'rights do not bind the debugger');
    assert.equal(m.read8(0x8124), 9);
    m.write32(PT + 4 * 6, MMIO | 7);
    assert.equal(peek(m.cpu, 0x6000), -1);
    assert.equal(poke(m.cpu, 0x6000, 1), false);
    m.write32(PT + 4 * 6, 0x6007);
    assert.deepEqual(m.cpu.u8.slice(L.RAM_BASE + PD, L.RAM_BASE + PD + 0x2000), before);
    assert.equal(m.bus.log.length, 0);
    assert.equal(m.cpu.fault, undefined);
  });
});
