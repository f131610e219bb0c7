// Berkeley TestFloat's vector files: FUNCTION.ROUNDING.txt.gz, a line for each vector with its operands, the result and the exception
// flags (1 inexact, 2 underflow, 4 overflow, 8 division by zero, 10 invalid), all in hexadecimal.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ROOT } from '../../../scripts/lib/root.mjs';

export const FOLDER = join(ROOT, '../shared/testfloat');

/** By the word in the file's name: bits RC of the control word and of MXCSR. */
export const ROUNDINGS = { rnear_even: 0, rmin: 1, rmax: 2, rminMag: 3 } as const;
export type Rounding = keyof typeof ROUNDINGS;

export interface VectorFile {
  readonly path: string;
  /** `extF80_add`, `f64_to_i32`. */
  readonly name: string;
  readonly rounding: Rounding;
}
export interface FloatVector {
  readonly operands: readonly bigint[];
  readonly result: bigint;
  readonly flags: number;
  readonly line: string;
}

const NAME = /^((?:extF80|f32|f64|i32|i64)\w*)\.(rnear_even|rmin|rmax|rminMag)\.txt\.gz$/;

/** Empty when there is no such folder. */
export function vectorFiles(folder = FOLDER): VectorFile[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((file) => {
    const found = NAME.exec(file);
    return found ? [{ path: join(folder, file), name: found[1]!, rounding: found[2] as Rounding }] : [];
  });
}

export function vectorsOf({ path }: VectorFile): FloatVector[] {
  const lines = gunzipSync(readFileSync(path)).toString().trim().split('\n');
  return lines.map((line) => {
    const numbers = line
      .trim()
      .split(' ')
      .map((word) => BigInt(`0x${word}`));
    const flags = Number(numbers.pop()!);
    const result = numbers.pop()!;
    return { operands: numbers, result, flags, line };
  });
}
