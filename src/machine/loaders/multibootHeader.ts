// The header by which a kernel asks to be started as the Multiboot specification 0.6.96 says ("OS image format").

export interface MultibootHeader {
  readonly flags: number;
  /** Offset in the file. */
  readonly at: number;
  /** Where a file that is not ELF wants to be, physical addresses. */
  readonly addresses?: {
    readonly header: number;
    readonly load: number;
    /** 0: up to the end of the file. */
    readonly loadEnd: number;
    /** 0: none. */
    readonly bssEnd: number;
    readonly entry: number;
  };
}

const MAGIC = 0x1badb002;
const SEARCHED = 8192;
const HAS_ADDRESSES = 1 << 16;

export function multibootHeader(bytes: Uint8Array): MultibootHeader | undefined {
  const length = Math.min(bytes.length, SEARCHED);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  for (let at = 0; at + 12 <= length; at += 4) {
    const word = (n: number): number => view.getUint32(at + 4 * n, true);
    if (word(0) !== MAGIC || (word(0) + word(1) + word(2)) % 2 ** 32 !== 0) continue;
    const flags = word(1);
    if ((flags & HAS_ADDRESSES) === 0) return { flags, at };
    if (at + 32 > length) continue;
    const addresses = { header: word(3), load: word(4), loadEnd: word(5), bssEnd: word(6), entry: word(7) };
    return { flags, at, addresses };
  }
  return undefined;
}
