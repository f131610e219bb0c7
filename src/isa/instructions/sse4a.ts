// SSE4a of AMD's processors (AMD APM vol. 4): bit fields of quadwords, non-temporal scalar stores. No model has it; the
// table has, for disassembly, assembly and the replay of vectors.
import type { Row } from '../types';
import { row } from './row';

const SSE4A = { cpu: 'sse4a' };

export const SSE4A_ROWS: readonly Row[] = [
  row('extrq', 'rmxmm, imm8u, imm8u', 'p66 0f 78 /0 ib ib', { ...SSE4A, sem: 'extrq_i' }),
  row('extrq', 'xmm, rmxmm', 'p66 0f 79 /r', SSE4A),
  row('insertq', 'xmm, rmxmm, imm8u, imm8u', 'pf2 0f 78 /r ib ib', { ...SSE4A, sem: 'insertq_i' }),
  row('insertq', 'xmm, rmxmm', 'pf2 0f 79 /r', SSE4A),
  row('movntss', 'm32, xmm', 'pf3 0f 2b /r', { ...SSE4A, sem: 'movss' }),
  row('movntsd', 'm64, xmm', 'pf2 0f 2b /r', { ...SSE4A, sem: 'movsd_x' }),
];

export const SSE4A_DOCS: Readonly<Record<string, string>> = {
  extrq: 'Extracts a bit field of the low quadword to its low end.',
  insertq: 'Inserts the low bits of the source as a bit field of the low quadword.',
  movntss: 'Stores a single precision number, bypassing the caches.',
  movntsd: 'Stores a double precision number, bypassing the caches.',
};
