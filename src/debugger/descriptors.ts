// Descriptors in words: segments, system segments and gates of the GDT, LDT and IDT (Intel SDM vol. 3, "Segment
// Descriptors" and "Gate Descriptors"). In long mode system descriptors and gates have 16 bytes ("64-Bit Mode IDT").

import { hexLinear } from './linear';

export interface Descriptor {
  /** Bits 0-3. */
  type: number;
  /** S bit: code or data. */
  codeOrData: boolean;
  dpl: number;
  present: boolean;
  /** Segments and system segments. */
  base?: number;
  /** In bytes, after granularity. */
  limit?: number;
  big?: boolean;
  long?: boolean;
  granular?: boolean;
  /** Gates. */
  selector?: number;
  offset?: number;
  /** Call gates: words or doublewords to copy. */
  parameters?: number;
  /** Gates of the IDT in long mode: number of the interrupt stack, 0 for none. */
  ist?: number;
  /** All bytes are zero. */
  empty: boolean;
  /** A system descriptor of long mode, of 16 bytes. */
  wide: boolean;
}

const GATES = new Set([4, 5, 6, 7, 12, 14, 15]);
const TASK_GATE = 5;

const SYSTEM: readonly (string | undefined)[] = [
  undefined,
  '16-bit TSS, available',
  'LDT',
  '16-bit TSS, busy',
  '16-bit call gate',
  'task gate',
  '16-bit interrupt gate',
  '16-bit trap gate',
  undefined,
  '32-bit TSS, available',
  undefined,
  '32-bit TSS, busy',
  '32-bit call gate',
  undefined,
  '32-bit interrupt gate',
  '32-bit trap gate',
];

const WIDE_SYSTEM: Readonly<Record<number, string>> = {
  2: 'LDT',
  9: '64-bit TSS, available',
  11: '64-bit TSS, busy',
  12: '64-bit call gate',
  14: '64-bit interrupt gate',
  15: '64-bit trap gate',
};
const CALL_GATE = 12;

/** Whether the descriptor that begins with these eight bytes has eight more in long mode: all but code, data and empty ones. */
export const isWideDescriptor = (bytes: Uint8Array): boolean =>
  (bytes[5]! & 0x10) === 0 && bytes.some((byte) => byte !== 0);

/** With `long`, as long mode has it: of 16 bytes unless it is code or data. */
export function decodeDescriptor(bytes: Uint8Array, long = false): Descriptor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (long && isWideDescriptor(bytes.subarray(0, 8)) && bytes.length >= 16) return decodeWide(view);
  const low = view.getUint32(0, true);
  const high = view.getUint32(4, true);
  const type = (high >>> 8) & 15;
  const codeOrData = (high & 0x1000) !== 0;
  const common = {
    type,
    codeOrData,
    dpl: (high >>> 13) & 3,
    present: (high & 0x8000) !== 0,
    empty: low === 0 && high === 0,
    wide: false,
  };
  if (!codeOrData && GATES.has(type)) {
    const wide = type >= 8;
    return {
      ...common,
      selector: low >>> 16,
      ...(type === TASK_GATE
        ? {}
        : { offset: ((wide ? high & 0xffff0000 : 0) | (low & 0xffff)) >>> 0, parameters: high & 31 }),
    };
  }
  const granular = (high & 0x800000) !== 0;
  const raw = (high & 0xf0000) | (low & 0xffff);
  return {
    ...common,
    base: ((high & 0xff000000) | ((high & 0xff) << 16) | (low >>> 16)) >>> 0,
    limit: granular ? raw * 4096 + 4095 : raw,
    granular,
    big: (high & 0x400000) !== 0,
    long: (high & 0x200000) !== 0,
  };
}

function decodeWide(view: DataView): Descriptor {
  const low = view.getUint32(0, true);
  const high = view.getUint32(4, true);
  const upper = view.getInt32(8, true) * 0x100000000;
  const type = (high >>> 8) & 15;
  const common = {
    type,
    codeOrData: false,
    dpl: (high >>> 13) & 3,
    present: (high & 0x8000) !== 0,
    empty: false,
    wide: true,
  };
  if (GATES.has(type)) {
    const offset = upper + (((high & 0xffff0000) | (low & 0xffff)) >>> 0);
    return { ...common, selector: low >>> 16, offset, ...(type === CALL_GATE ? {} : { ist: high & 7 }) };
  }
  const granular = (high & 0x800000) !== 0;
  const raw = (high & 0xf0000) | (low & 0xffff);
  return {
    ...common,
    base: upper + (((high & 0xff000000) | ((high & 0xff) << 16) | (low >>> 16)) >>> 0),
    limit: granular ? raw * 4096 + 4095 : raw,
    granular,
    big: false,
    long: false,
  };
}

/** `code, readable, conforming` and the like; system types by name. */
export function typeWords(d: {
  type: number;
  codeOrData: boolean;
  big?: boolean;
  long?: boolean;
  wide?: boolean;
}): string {
  if (!d.codeOrData) return (d.wide ? WIDE_SYSTEM[d.type] : SYSTEM[d.type]) ?? `reserved system type ${d.type}`;
  const accessed = d.type & 1 ? ', accessed' : '';
  if (d.type & 8) {
    const size = d.long ? '64-bit' : d.big ? '32-bit' : '16-bit';
    return `${size} code${d.type & 2 ? ', readable' : ', execute only'}${d.type & 4 ? ', conforming' : ''}${accessed}`;
  }
  const size = d.big ? '32-bit' : '16-bit';
  return `${size} data${d.type & 2 ? ', writable' : ', read only'}${d.type & 4 ? ', expand-down' : ''}${accessed}`;
}

const h = (v: number, digits: number): string => v.toString(16).padStart(digits, '0');

/** The whole descriptor on one line. */
export function descriptorWords(d: Descriptor): string {
  if (d.empty) return 'empty';
  const rest = [`DPL ${d.dpl}`, ...(d.present ? [] : ['not present'])].join(', ');
  if (d.selector !== undefined) {
    const to = d.offset === undefined ? `to TSS ${h(d.selector, 4)}` : `to ${h(d.selector, 4)}:${hexLinear(d.offset)}`;
    const copies =
      (d.type & 7) === 4 && d.parameters ? `, copies ${d.parameters} parameter${d.parameters > 1 ? 's' : ''}` : '';
    return `${typeWords(d)}, ${rest}, ${to}${d.ist ? `, on stack IST${d.ist}` : ''}${copies}`;
  }
  return `${typeWords(d)}, ${rest}, base ${hexLinear(d.base!)}, limit ${h(d.limit!, 8)}`;
}
