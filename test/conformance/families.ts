// The instruction families of the conformance table: the features of `Row.cpu` put together as people speak of them.
import type { Row } from '../../src/isa/types';

const BY_FEATURE: Readonly<Record<string, string>> = {
  fpu: 'x87',
  '287': 'x87',
  '387': 'x87',
  cmov: 'integer, P6 and later',
  mmx: 'MMX',
  sse: 'SSE',
  sse2: 'SSE2',
  sse3: 'SSE3',
  ssse3: 'SSSE3',
  'sse4.1': 'SSE4.1',
  'sse4.2': 'SSE4.2',
  aes: 'AES-NI',
  pclmulqdq: 'PCLMULQDQ',
  sha: 'SHA',
  bmi1: 'BMI1, BMI2',
  bmi2: 'BMI1, BMI2',
  avx: 'AVX',
  avx2: 'AVX2',
  fma: 'FMA',
  f16c: 'F16C',
  vaes: 'VAES, VPCLMULQDQ',
  vpclmulqdq: 'VAES, VPCLMULQDQ',
};

const INTEGER = 'integer and system, 8086 to Pentium';

/** Family of a decoded instruction; without a row, the encoding raises #UD. */
export function familyOf(row: Row | undefined): string {
  if (!row) return 'undefined encodings (#UD)';
  const { cpu } = row;
  if (cpu === undefined || Number(cpu) <= 586) return BY_FEATURE[cpu ?? ''] ?? INTEGER;
  return BY_FEATURE[cpu] ?? 'integer, P6 and later';
}
