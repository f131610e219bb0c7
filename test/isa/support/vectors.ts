// Reads the CPU test vectors taken from silicon, kept beside a checkout in ../shared/vectors (format in the README there).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { CodeBits } from '../../../src/isa/types';

/** What the decoder must say of one encoding: its length, or that the processor raised #UD. */
export interface Expectation {
  bits: CodeBits;
  code: Uint8Array;
  name: string;
  invalid: boolean;
  /** Where the processor went to the next instruction; undefined for jumps and faults. */
  length: number | undefined;
}

/** One vector: the expectation and the flags it shows. */
export interface Expected extends Expectation {
  /** EFLAGS before and after. */
  flags: { before: number; after: number };
  /** Instructions executed, and whether an exception was raised. */
  steps: number;
  fault: boolean;
}

interface Vector {
  n: string;
  b: string;
  i: { ip?: string; f?: string };
  o: { ip?: string; f?: string };
  e?: [number, string?, string?];
  k?: number;
}

const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const VECTORS = resolve(CHECKOUT, '../shared/vectors');
export const vectorsPresent = (): boolean => existsSync(VECTORS);

const DEFAULT_IP = { 16: '4000', 32: '14000', 64: '14000' } as const;

/** Files of one mode, of the sets whose vectors are single instructions. */
export const vectorFiles = (bits: CodeBits): string[] =>
  readdirSync(VECTORS).filter(
    (name) => name.startsWith(`m${bits}-`) && /-(1byte|0f|ud|seg|fault|ac)\.jsonl\.gz$/.test(name),
  );

export function* readVectors(bits: CodeBits, file: string): Generator<Expected> {
  const lines = gunzipSync(readFileSync(join(VECTORS, file)))
    .toString('utf8')
    .split('\n');
  for (const line of lines.slice(1)) {
    if (line === '') continue;
    const vector = JSON.parse(line) as Vector;
    const from = parseInt(vector.i.ip ?? DEFAULT_IP[bits], 16);
    const before = parseInt(vector.i.f ?? '202', 16);
    const single = (vector.k ?? 1) === 1 && vector.e === undefined && vector.o.ip !== undefined;
    yield {
      bits,
      code: Uint8Array.from(Buffer.from(vector.b, 'hex')),
      name: vector.n,
      invalid: vector.e?.[0] === 6,
      flags: { before, after: vector.o.f === undefined ? before : parseInt(vector.o.f, 16) },
      steps: vector.k ?? 1,
      fault: vector.e !== undefined,
      length: single ? parseInt(vector.o.ip!, 16) - from : undefined,
    };
  }
}
