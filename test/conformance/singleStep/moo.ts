// The MOO format of SingleStepTests: chunks of a four-letter tag and a length; a TEST chunk has the processor's state before (INIT)
// and after (FINA) an instruction, of which the latter lists what has changed only.

export const REGISTERS = [
  'ax',
  'bx',
  'cx',
  'dx',
  'cs',
  'ss',
  'ds',
  'es',
  'sp',
  'bp',
  'si',
  'di',
  'ip',
  'flags',
] as const;
export type Register = (typeof REGISTERS)[number];

export interface MooState {
  readonly registers: ReadonlyMap<Register, number>;
  readonly memory: readonly (readonly [address: number, byte: number])[];
}
export interface MooTest {
  readonly index: number;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly before: MooState;
  readonly after: MooState;
  readonly hash: string;
  readonly exception?: { readonly vector: number; readonly flagsAt: number };
}

interface Chunk {
  readonly tag: string;
  readonly data: DataView;
}

function* chunks(view: DataView, at = 0): Generator<Chunk> {
  while (at + 8 <= view.byteLength) {
    const tag = String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(at + i)));
    const length = view.getUint32(at + 4, true);
    yield { tag, data: new DataView(view.buffer, view.byteOffset + at + 8, length) };
    at += 8 + length;
  }
}

const bytesOf = (view: DataView, from: number, length: number): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset + from, length);

function stateOf(view: DataView): MooState {
  const registers = new Map<Register, number>();
  const memory: [number, number][] = [];
  for (const { tag, data } of chunks(view)) {
    if (tag === 'REGS') {
      const present = data.getUint16(0, true);
      let at = 2;
      REGISTERS.forEach((name, bit) => {
        if ((present & (1 << bit)) === 0) return;
        registers.set(name, data.getUint16(at, true));
        at += 2;
      });
    } else if (tag === 'RAM ') {
      for (let n = data.getUint32(0, true), at = 4; n > 0; n--, at += 5)
        memory.push([data.getUint32(at, true), data.getUint8(at + 4)]);
    }
  }
  return { registers, memory };
}

function testOf(view: DataView): MooTest {
  const parts = new Map([...chunks(view, 4)].map(({ tag, data }) => [tag, data]));
  const counted = (tag: string): Uint8Array => {
    const data = parts.get(tag)!;
    return bytesOf(data, 4, data.getUint32(0, true));
  };
  const exception = parts.get('EXCP');
  const hash = parts.get('HASH')!;
  return {
    index: view.getUint32(0, true),
    name: Buffer.from(counted('NAME')).toString('latin1'),
    bytes: counted('BYTS'),
    before: stateOf(parts.get('INIT')!),
    after: stateOf(parts.get('FINA')!),
    hash: Buffer.from(bytesOf(hash, 0, hash.byteLength)).toString('hex'),
    ...(exception && { exception: { vector: exception.getUint8(0), flagsAt: exception.getUint32(1, true) } }),
  };
}

export function* testsOf(file: Uint8Array): Generator<MooTest> {
  const [whole, ...rest] = chunks(new DataView(file.buffer, file.byteOffset, file.byteLength));
  if (whole?.tag !== 'MOO ') throw new Error('not a file of the MOO format');
  for (const { tag, data } of rest) if (tag === 'TEST') yield testOf(data);
}
