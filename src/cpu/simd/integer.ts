// Integer vector operations that WebAssembly has nothing close to: MPSADBW, PHMINPOSUW (Intel SDM vol. 2).
import type { Cpu } from '../cpu';
import { V_A, V_B, V_R } from '../layout';
import type { VectorFunction } from './vectorFunction';

function sumsOfDifferences(cpu: Cpu, argument: number): boolean {
  const { u8, u16 } = cpu;
  const first = V_A + (argument & 4);
  const block = V_B + (argument & 3) * 4;
  const sums = Array.from({ length: 8 }, (_, i) => {
    let sum = 0;
    for (let j = 0; j < 4; j++) sum += Math.abs(u8[first + i + j] - u8[block + j]);
    return sum;
  });
  u16.set(sums, V_R >> 1);
  return true;
}

function minimumPosition(cpu: Cpu): boolean {
  const words = [...cpu.u16.subarray(V_B >> 1, (V_B >> 1) + 8)];
  const minimum = Math.min(...words);
  cpu.u8.fill(0, V_R, V_R + 16);
  cpu.u16[V_R >> 1] = minimum;
  cpu.u16[(V_R >> 1) + 1] = words.indexOf(minimum);
  return true;
}

export const INTEGER_FUNCTIONS: Record<string, VectorFunction> = {
  mpsadbw: sumsOfDifferences,
  phminposuw: minimumPosition,
};
