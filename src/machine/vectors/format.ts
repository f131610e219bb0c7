// The format of CPU test vectors recorded on silicon: JSON lines, all numbers hexadecimal strings unless said otherwise.
// Register defaults and the memory image are part of the format.

export interface LdtEntry {
  sel: string;
  base: string;
  limit: string;
  g: number;
  db: number;
  p: number;
  type: number;
  dpl: number;
}
export interface VectorHeader {
  format: string;
  mode: 16 | 32 | 64;
  file: string;
  cpu: string;
  ldt: LdtEntry[];
}
/** Register names, `ip`, `f`, selectors and `m` (list of [linear address, bytes]). */
export type VectorState = Record<string, string> & { m?: [string, string][] };
export interface Vector {
  n: string;
  b: string;
  i: VectorState;
  o: VectorState;
  /** [vector (decimal), error code?, CR2?] */
  e?: [number, string?, string?];
  k?: number;
  u?: string;
  fu?: string;
  um?: [string, number][];
  ud?: 1;
  approx?: 1;
  ulp?: 1;
  amd?: 1;
  pm?: 1;
}

export const GPR_NAMES = ['ax', 'cx', 'dx', 'bx', 'sp', 'bp', 'si', 'di'] as const;
export const SEG_NAMES = ['es', 'cs', 'ss', 'ds', 'fs', 'gs'] as const;

/** Memory of the vectors: linear = physical here. */
export const CODE_START = 0x10000;
export const DATA_START = 0x20000;
export const READ_ONLY_START = 0x38000;
export const READ_ONLY_END = 0x39000;
export const STACK_START = 0x40000;
export const MEMORY_END = 0x50000;

export const defaultRegister = (n: number, mode: 16 | 32): number => {
  if (n === 4) return mode === 16 ? 0x8000 : 0x48000;
  if (n === 5) return mode === 16 ? 0x8800 : 0x48800;
  return (0x11111111 * (n + 1)) >>> 0;
};
export const defaultIp = (mode: 16 | 32): number => (mode === 16 ? 0x4000 : 0x14000);
export const DEFAULT_SELECTORS: Record<16 | 32, readonly number[]> = {
  16: [0x17, 0x07, 0x1f, 0x0f, 0x27, 0x2f],
  32: [0x2b, 0x23, 0x2b, 0x2b, 0x27, 0x2f],
};

export const bytesOf = (hex: string): Uint8Array => {
  const bytes = new Uint8Array(hex.length >> 1);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bytes;
};

/** The image before a vector's own memory is applied; index 0 is linear CODE_START. */
export function pristineMemory(): Uint8Array {
  const image = new Uint8Array(MEMORY_END - CODE_START);
  image.fill(0xcc, 0, DATA_START - CODE_START);
  for (let address = DATA_START; address < MEMORY_END; address++) {
    image[address - CODE_START] = Math.imul(address, 0x9e3779b1) >>> 24;
  }
  return image;
}

/** Compares as 32-bit words; both start on a 4-byte boundary and have the same length. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  const x = words(a);
  const y = words(b);
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return false;
  return true;
}
const words = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
