// One random instruction of the privilege torture: far transfers, interrupts, task switches, segment loads, stack and flag
// instructions in any ring, aimed at good and bad selectors of the generated descriptor tables.
import { ARENA, type Segment, type TortureContext } from './tortureParts';

export function randomInstruction(
  from: TortureContext,
  wide: boolean,
  virtual: boolean,
  ring: number,
  stack: DataView,
  ss: Segment,
): { code: number[]; text: string } {
  const r = from.random;
  const big = r.chance(50);
  const prefix = big !== wide ? [0x66] : [];
  const size = big ? 4 : 2;
  const over = r.chance(25) ? [r.pick([0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65])] : [];
  const at = wide ? 3 : 7; // [ebx] or [bx]
  const mem = (reg: number): number => at | (reg << 3);
  const reg = (n: number): number => 0xc0 | (n << 3);
  const put = (offset: number, value: number, bytes: number): void => {
    if (bytes === 2) stack.setUint16(offset, value & 0xffff, true);
    else stack.setUint32(offset, value >>> 0, true);
  };
  const target = (): { selector: number; offset: number } => {
    if (virtual) return { selector: r.pick([0x6000, 0x6000, 0x6010, 0x6100]), offset: 0x100 + r.below(0x400) };
    const s = r.pick(from.code[r.chance(60) ? ring : r.below(4)]!);
    if (r.chance(60))
      return {
        selector: s.selector | (r.chance(70) ? ring : r.below(4)),
        offset: r.chance(95) ? from.landing(s.base) : r.next(),
      };
    const selector = from.anySelector();
    return { selector, offset: from.landing(from.baseOf(selector)) };
  };
  const far = (): { selector: number; offset: number } => {
    if (!virtual && r.chance(55)) {
      const list = r.chance(70) ? from.gates : from.tasks;
      return { selector: r.pick(list) | (r.chance(50) ? 0 : r.below(4)), offset: r.next() };
    }
    return target();
  };
  const farBytes = (): number[] => {
    const { selector, offset } = far();
    const bytes: number[] = [];
    for (let i = 0; i < size; i++) bytes.push((offset >>> (8 * i)) & 0xff);
    return [...bytes, selector & 0xff, selector >>> 8];
  };
  const returnFrame = (flagsToo: boolean, release: number): void => {
    const outer = r.chance(50) ? ring : r.below(4);
    const s = virtual ? undefined : r.pick(from.code[outer]!);
    const to = s && r.chance(70) ? { selector: s.selector | outer, offset: from.landing(s.base) } : target();
    put(0, to.offset, size);
    put(size, to.selector | (r.chance(50) ? 0 : r.next() << 16), size);
    let next = 2 * size;
    if (flagsToo) {
      let flags =
        2 |
        (r.next() & 0x8d5) |
        (r.below(4) << 12) |
        (r.chance(5) ? 0x4000 : 0) |
        (r.chance(4) ? 0x100 : 0) |
        (r.chance(5) ? 0x40000 : 0) |
        (r.chance(8) ? 0x10000 : 0) |
        (r.chance(5) ? 0x180000 : 0);
      if (!virtual && r.chance(20)) {
        flags |= 0x20000;
        if (ring === 0 && big) {
          put(0, 0x100 + r.below(0x400), 4);
          put(4, 0x6000, 4);
          put(8, flags, 4);
          put(12, 0x6800, 4);
          for (let n = 0; n < 5; n++) put(16 + n * 4, r.pick([0x6000, 0x6100, 0x1234]), 4);
          return;
        }
      }
      put(next, flags, size);
      next += size;
    }
    const rpl = to.selector & 3;
    const stackSegment = r.chance(75) ? r.pick(from.data[rpl]!) : undefined;
    put(next + release, 0x6900 + (stackSegment?.base === 0 ? ARENA : 0), size);
    put(next + release + size, stackSegment ? stackSegment.selector | rpl : from.anySelector(), size);
  };
  void ss;
  const simple = (text: string, ...code: number[]) => ({ text, code });
  const choice = r.below(40);
  switch (choice) {
    case 0:
    case 1:
    case 2:
      return simple('mov sreg, ax', ...prefix, 0x8e, reg(r.pick([0, 2, 3, 4, 5, 2])));
    case 3:
      return simple('mov sreg, mem', ...over, ...prefix, 0x8e, mem(r.pick([0, 2, 3, 4, 5])));
    case 4:
    case 5:
      put(0, from.anySelector(), 2);
      return simple('pop sreg', ...prefix, ...r.pick([[0x07], [0x17], [0x1f], [0x0f, 0xa1], [0x0f, 0xa9]]));
    case 6:
      return simple('push sreg', ...prefix, ...r.pick([[0x06], [0x0e], [0x16], [0x1e], [0x0f, 0xa0], [0x0f, 0xa8]]));
    case 7:
      return simple(
        'lds and others',
        ...over,
        ...prefix,
        ...r.pick([[0xc5], [0xc4], [0x0f, 0xb2], [0x0f, 0xb4], [0x0f, 0xb5]]),
        mem(r.pick([0, 1, 2, 6, 7])),
      );
    case 8:
    case 9:
    case 10:
      return simple('jmp far', ...prefix, 0xea, ...farBytes());
    case 11:
    case 12:
    case 13:
    case 14:
      return simple('call far', ...prefix, 0x9a, ...farBytes());
    case 15:
      return simple('jmp far [mem]', ...over, ...prefix, 0xff, mem(5));
    case 16:
      return simple('call far [mem]', ...over, ...prefix, 0xff, mem(3));
    case 17:
    case 18:
      returnFrame(false, 0);
      return simple('retf', ...prefix, 0xcb);
    case 19: {
      const n = r.pick([2, 4, 8]);
      returnFrame(false, n);
      return simple('retf n', ...prefix, 0xca, n, 0);
    }
    case 20:
    case 21:
    case 22:
    case 23:
      returnFrame(true, 0);
      return simple('iret', ...prefix, 0xcf);
    case 24:
    case 25:
    case 26:
    case 27:
    case 28:
      return simple('int n', 0xcd, r.chance(85) ? 32 + r.below(224) : r.below(32));
    case 29:
      return simple('int3, into, int1', r.pick([0xcc, 0xce, 0xce]));
    case 30:
      return simple(
        'lar and others',
        ...prefix,
        ...r.pick([
          [0x0f, 0x02],
          [0x0f, 0x03],
        ]),
        r.chance(70) ? 0xc8 : mem(1),
      );
    case 31:
      return simple(
        'verr, verw, sldt, str',
        ...prefix,
        0x0f,
        0x00,
        r.chance(70) ? 0xc0 | (r.pick([0, 1, 4, 5]) << 3) : mem(r.pick([0, 1, 4, 5])),
      );
    case 32:
      return r.chance(50)
        ? simple('lldt, ltr', 0x0f, 0x00, r.pick([0xd0, 0xd8]))
        : simple('arpl', 0x63, r.chance(60) ? 0xd0 : mem(0));
    case 33:
      return simple('flags', ...prefix, r.pick([0x9c, 0xfa, 0xfb, 0x9c]));
    case 34:
      put(0, r.next() & ~0x300, 4);
      return simple('popf', ...prefix, 0x9d);
    case 35:
      return simple('in, out', ...prefix, r.pick([0xec, 0xee, 0xef, 0xed, 0x6c, 0x6e, 0x6f, 0x6d]));
    case 36:
      return simple('sgdt, sidt, smsw, invlpg', ...over, 0x0f, 0x01, mem(r.pick([0, 1, 4, 7])));
    case 37:
      return simple(
        'mov cr, dr',
        0x0f,
        ...r.pick([
          [0x20, 0xc0],
          [0x20, 0xd0],
          [0x20, 0xd8],
          [0x21, 0xc1],
          [0x21, 0xf1],
          [0x21, 0xf9],
          [0x23, 0xc0],
          [0x06],
          [0x20, 0xc8],
          [0x22, 0xd0],
        ]),
      );
    case 38:
      return simple(
        'pusha, popa, enter',
        ...prefix,
        ...r.pick([[0x60], [0x61], [0xc8, 8, 0, 0], [0xc8, 8, 0, 2], [0xc9], [0xc8, 0xff, 0x0f, 3]]),
      );
    default:
      return simple('hlt, bound', ...r.pick([[0x62, mem(0)], ring === 0 ? [0xf8] : [0xf4], [0x62, 0xc0]]));
  }
}
