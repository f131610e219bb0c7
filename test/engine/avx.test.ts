// AVX outside what vectors reach: when it exists at all, restarted gathers, faults under a mask, exceptions of all lanes at once.
import assert from 'node:assert/strict';
import * as L from '../../src/cpu/layout';
import { FlatGuest, ORIGIN } from './flatGuest';

const XCR0_ALL = 7n;

class AvxGuest extends FlatGuest {
  constructor(source: string, xcr0 = XCR0_ALL) {
    super(source);
    const { cpu } = this.engine;
    cpu.model = 'x86-64';
    cpu.u32[L.S_CR4 >> 2] = L.CR4_OSFXSR | L.CR4_OSXMMEXCPT | L.CR4_OSXSAVE;
    cpu.u64[L.S_XCR0 >> 3] = xcr0;
    cpu.u32[L.S_MXCSR >> 2] = 0x1f80;
    this.engine.stateReplaced();
  }
  /** Doublewords of a YMM register. */
  get ymm(): (n: number) => number[] {
    return (n) => [...this.engine.cpu.i32.subarray((L.S_XMM + 64 * n) >> 2, (L.S_XMM + 64 * n + 32) >> 2)];
  }
  setYmm(n: number, ...values: number[]): void {
    this.engine.cpu.i32.set(values, (L.S_XMM + 64 * n) >> 2);
  }
  /** Runs until an exception is about to be delivered; its vector. */
  vectorOf(): number | undefined {
    const { engine } = this;
    engine.faultFilter = () => true;
    return engine.run(100) === 'exception' ? engine.cpu.fault!.vector : undefined;
  }
}

describe('AVX', () => {
  it('needs protected mode, CR4.OSXSAVE, XCR0 and a clear CR0.TS', () => {
    const check = (change: (guest: AvxGuest) => void, code = 'vaddps ymm1, ymm2, ymm3'): [number?, string?] => {
      const guest = new AvxGuest(`${code}\nhlt`);
      change(guest);
      guest.engine.stateReplaced();
      const vector = guest.vectorOf();
      return vector === undefined ? [] : [vector, guest.engine.cpu.fault!.reason!.check];
    };
    assert.deepEqual(
      check(() => undefined),
      [],
    );
    assert.deepEqual(
      check(({ engine: { cpu } }) => (cpu.u32[L.S_CR4 >> 2] = L.CR4_OSFXSR)),
      [L.UD, 'osxsave'],
    );
    assert.deepEqual(
      check(({ engine: { cpu } }) => (cpu.u64[L.S_XCR0 >> 3] = 3n)),
      [L.UD, 'avx-disabled'],
    );
    assert.deepEqual(
      check(({ engine: { cpu } }) => (cpu.u32[L.S_CR0 >> 2]! |= L.CR0_TS)),
      [L.NM, 'vector-task-switched'],
    );
    const real = ({ engine: { cpu } }: AvxGuest): void => void (cpu.u32[L.S_CR0 >> 2]! &= ~L.CR0_PE);
    assert.deepEqual(check(real), [L.UD, 'vex-mode']);
    assert.equal(check(real, 'andn eax, ebx, ecx')[0], L.UD);
    assert.deepEqual(
      check(({ engine: { cpu } }) => (cpu.u32[L.S_CR4 >> 2] = 0), 'andn eax, ebx, ecx'),
      [],
      'BMI needs no enabling',
    );
  });

  it('clears what lies above the result, and SSE does not', () => {
    const guest = new AvxGuest('vpaddd xmm1, xmm1, xmm2\npaddd xmm3, xmm2\nvzeroupper\nhlt');
    guest.setYmm(1, 1, 2, 3, 4, 5, 6, 7, 8);
    guest.setYmm(2, 10, 10, 10, 10, 9, 9, 9, 9);
    guest.setYmm(3, 1, 1, 1, 1, 5, 6, 7, 8);
    guest.engine.run(2);
    assert.deepEqual(guest.ymm(1), [11, 12, 13, 14, 0, 0, 0, 0]);
    assert.deepEqual(guest.ymm(3), [11, 11, 11, 11, 5, 6, 7, 8]);
    guest.engine.run(1);
    assert.deepEqual(guest.ymm(2), [10, 10, 10, 10, 0, 0, 0, 0]);
  });

  it('gathers keep what they have when an element faults, and go on from there', () => {
    const guest = new AvxGuest('vpgatherdd xmm1, [esi + xmm2*4], xmm3\nhlt');
    const { cpu } = guest.engine;
    // pages of 4 KB: 20000 is there, 21000 comes later
    const view = new DataView(guest.ram.buffer, guest.ram.byteOffset);
    view.setUint32(0x50000, 0x51003, true);
    for (let page = 0; page < 256; page++) view.setUint32(0x51000 + page * 4, (page << 12) | 3, true);
    view.setUint32(0x51000 + 0x21 * 4, 0, true);
    cpu.u32[L.S_CR3 >> 2] = 0x50000;
    cpu.u32[L.S_CR0 >> 2]! |= L.CR0_PG;
    cpu.setReg32(6, 0x20000);
    guest.engine.flushAll();
    guest.engine.stateReplaced();
    view.setUint32(0x20008, 0x1111, true);
    view.setUint32(0x21000, 0x2222, true);
    view.setUint32(0x20004, 0x3333, true);
    guest.setYmm(1, -1, -2, -3, -4, 1, 1, 1, 1);
    guest.setYmm(2, 2, 0x400, 0x7fffffff, 1);
    guest.setYmm(3, 0x80000000, 0x80000000, 0x7fffffff, 0xffffffff, 1, 1, 1, 1);
    assert.equal(guest.vectorOf(), L.PFV);
    assert.equal(cpu.eip, ORIGIN);
    assert.deepEqual(guest.ymm(1).slice(0, 4), [0x1111, -2, -3, -4]);
    assert.deepEqual(guest.ymm(3).slice(0, 4), [0, -1, 0, -1]);
    view.setUint32(0x51000 + 0x21 * 4, 0x21003, true);
    const resumed = new AvxGuest('vpgatherdd xmm1, [esi + xmm2*4], xmm3\nhlt');
    resumed.engine.cpu.u8.set(cpu.u8.subarray(0, L.S_END));
    resumed.ram.set(guest.ram);
    resumed.engine.stateReplaced();
    resumed.engine.run(1);
    assert.deepEqual(resumed.ymm(1), [0x1111, 0x2222, -3, 0x3333, 0, 0, 0, 0]);
    assert.deepEqual(resumed.ymm(3), [0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('masked moves do not touch what is masked out', () => {
    const top = 0xffff0;
    const guest = new AvxGuest(`
      mov esi, ${top}
      vmaskmovps ymm1, ymm2, [esi]
      vpmaskmovd [esi], ymm2, ymm3
      hlt`);
    const { cpu } = guest.engine;
    for (const seg of [0, 2, 3]) cpu.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_LIMIT) >> 2] = top + 15;
    for (const seg of [0, 2, 3]) for (const at of [20, 24]) cpu.u32[(L.S_SEG + seg * L.SEG_SIZE + at) >> 2] = 0;
    guest.engine.stateReplaced();
    new DataView(guest.ram.buffer, guest.ram.byteOffset).setUint32(top + 4, 0x7777, true);
    guest.setYmm(2, 0, -1, 0, 0, 0, 0, 0, 0);
    guest.setYmm(3, 1, 2, 3, 4, 5, 6, 7, 8);
    assert.equal(guest.vectorOf(), undefined);
    assert.deepEqual(guest.ymm(1), [0, 0x7777, 0, 0, 0, 0, 0, 0]);
    assert.deepEqual([...guest.ram.subarray(top, top + 12)], [0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]);
    const faulting = new AvxGuest(`mov esi, ${top}\nvmaskmovps ymm1, ymm2, [esi]\nhlt`);
    for (const seg of [0, 2, 3]) {
      faulting.engine.cpu.u32[(L.S_SEG + seg * L.SEG_SIZE + L.SEG_LIMIT) >> 2] = top + 15;
      for (const at of [20, 24]) faulting.engine.cpu.u32[(L.S_SEG + seg * L.SEG_SIZE + at) >> 2] = 0;
    }
    faulting.engine.stateReplaced();
    faulting.setYmm(2, 0, 0, 0, 0, -1, 0, 0, 0);
    assert.equal(faulting.vectorOf(), L.GP);
  });

  it('reports the exceptions of both halves before it stops', () => {
    const guest = new AvxGuest('vdivps ymm1, ymm2, ymm3\nhlt');
    const { cpu } = guest.engine;
    cpu.u32[L.S_MXCSR >> 2] = 0x1f80 & ~0x200; // division by zero is not masked
    guest.setYmm(1, 1, 1, 1, 1, 1, 1, 1, 1);
    guest.setYmm(2, 0x3f800000, 0, 0, 0, 0x7f800001, 0, 0, 0);
    guest.setYmm(3, 0, 0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000, 0x3f800000);
    assert.equal(guest.vectorOf(), 19);
    assert.equal(cpu.u32[L.S_MXCSR >> 2]! & 0x3f, 5, 'the zero divide below and the signaling NaN above');
    assert.deepEqual(guest.ymm(1), [1, 1, 1, 1, 1, 1, 1, 1]);
  });
});
