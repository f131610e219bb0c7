// The stack pointers of the 64-bit task state segment (Intel SDM vol. 3, "64-Bit Task State Segment"): RSP0 to RSP2 and the
// seven interrupt stacks.
import type { Cpu } from './cpu';
import { selectorFacts } from './descriptors';
import { TR } from './layout';
import { canonical } from './linear';
import { codeOf } from './loadSegment';
import { readSystem } from './memory';
import { raiseSS, raiseTS } from './raise';

/** `slot` 0 to 2: RSP of that ring; 4 to 10: IST1 to IST7. Undefined with #TS, #SS or #PF in cpu.fault. */
export function readTaskStack(cpu: Cpu, slot: number, ext: number): number | undefined {
  const at = 4 + slot * 8;
  const tss = cpu.selector(TR);
  const facts = { offset: at, limit: cpu.limit(TR), stack: slot < 3 ? `RSP${slot}` : `IST${slot - 3}` };
  if (at + 7 > cpu.limit(TR)) {
    raiseTS(cpu, codeOf(tss) | ext, 'tss-limit', selectorFacts(cpu, tss, facts));
    return undefined;
  }
  const base = cpu.base64(TR);
  const low = readSystem(cpu, base + at, 4);
  if (low < 0) return undefined;
  const high = readSystem(cpu, base + at + 4, 4);
  if (high < 0) return undefined;
  const stack = (high | 0) * 0x100000000 + low;
  if (canonical(stack)) return stack;
  raiseSS(cpu, ext, 'stack-not-canonical', selectorFacts(cpu, tss, { ...facts, sp: stack }));
  return undefined;
}
