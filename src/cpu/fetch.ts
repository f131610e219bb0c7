// Instruction fetch: CS limit, translation with the rights of the present CPL, bytes for the decoder
// (Intel SDM vol. 3, "Limit Checking"; code segments are not checked for type, CS cannot hold anything else).
import { Seg } from '../isa/types';
import type { Cpu } from './cpu';
import { ACCESS_FETCH, ACCESS_USER, translate } from './paging';
import { loadHost } from './physical';
import { raiseGP } from './raise';

/** Longest instruction in bytes; a longer one raises #GP(0). */
export const MAX_INSTRUCTION = 15;

/** Physical address of the code byte at `offset` in CS, or -1 with #GP(0) or #PF in cpu.fault. */
export function translateFetch(cpu: Cpu, offset: number): number {
  offset >>>= 0;
  const limit = cpu.limit(Seg.CS);
  if (offset > limit) {
    raiseGP(cpu, 0, 'code-limit', { offset, limit, selector: cpu.selector(Seg.CS) });
    return -1;
  }
  const access = cpu.cpl === 3 ? ACCESS_FETCH | ACCESS_USER : ACCESS_FETCH;
  return translate(cpu, (cpu.base(Seg.CS) + offset) >>> 0, access);
}

/** Offset in linear memory of a page of code, or -1 when code there can only be read through the bus. */
export const codeHost = (cpu: Cpu, physical: number): number => cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);

/**
 * Copies up to 15 code bytes from `offset` in CS and answers how many could be had; when fewer than 15, cpu.fault holds
 * what the next byte would raise (it counts only if the instruction needs that byte).
 */
export function fetchBytes(cpu: Cpu, offset: number, into: Uint8Array): number {
  cpu.fault = undefined;
  let physical = -1;
  const limit = cpu.limit(Seg.CS);
  const base = cpu.base(Seg.CS);
  for (let i = 0; i < MAX_INSTRUCTION; i++) {
    const at = (offset + i) >>> 0;
    if (i === 0 || at > limit || ((base + at) & 0xfff) === 0) {
      physical = translateFetch(cpu, at);
      if (physical < 0) return i;
    } else physical = (physical + 1) >>> 0;
    const host = codeHost(cpu, physical);
    into[i] = host < 0 ? cpu.bus.read(physical, 1) : loadHost(cpu, host + (physical & 0xfff), 1);
  }
  return MAX_INSTRUCTION;
}
