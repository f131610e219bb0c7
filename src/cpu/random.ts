// The generator behind RDRAND and RDSEED: SplitMix64 over one word of processor state. The machine seeds it from its recorded
// options, so that runs repeat; nothing of the host's goes in.
import type { Cpu } from './cpu';
import { S_RANDOM } from './layout';

const STEP = 0x9e3779b97f4a7c15n;
const MIX1 = 0xbf58476d1ce4e5b9n;
const MIX2 = 0x94d049bb133111ebn;

export function seedRandom(cpu: Cpu, seed: bigint): void {
  cpu.u64[S_RANDOM >> 3] = BigInt.asUintN(64, seed);
}

/** The next 64 bits. */
export function nextRandom(cpu: Cpu): bigint {
  const state = BigInt.asUintN(64, cpu.u64[S_RANDOM >> 3]! + STEP);
  cpu.u64[S_RANDOM >> 3] = state;
  let z = state;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * MIX1);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * MIX2);
  return z ^ (z >> 31n);
}
