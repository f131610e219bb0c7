// The stack that the TSS holds for an inner ring, with the checks of call gates and interrupt delivery
// (Intel SDM vol. 2, "CALL", "INT n", more-privilege branches; vol. 3, "Stack Switching").
import type { Cpu } from './cpu';
import { descriptorFacts, FOUND, isNull, OUTSIDE, readDescriptor, selectorFacts } from './descriptors';
import { TR } from './layout';
import { codeOf } from './loadSegment';
import { readSystem } from './memory';
import { raiseSS, raiseTS } from './raise';

/**
 * Reads SS:ESP for `ring` from the TSS into cpu.innerSs/innerEsp and the stack's descriptor into cpu.stack.
 * `ext` is the EXT bit of error codes. False with the fault in cpu.fault.
 */
export function readInnerStack(cpu: Cpu, ring: number, ext: number): boolean {
  const base = cpu.base(TR);
  const wide = (cpu.attr(TR) & 8) !== 0;
  const at = wide ? 4 + ring * 8 : 2 + ring * 4;
  const tss = cpu.selector(TR);
  if (at + (wide ? 5 : 3) > cpu.limit(TR)) {
    raiseTS(cpu, codeOf(tss) | ext, 'tss-limit', selectorFacts(cpu, tss, { limit: cpu.limit(TR), offset: at, ring }));
    return false;
  }
  const esp = readSystem(cpu, (base + at) >>> 0, wide ? 4 : 2);
  if (esp < 0) return false;
  const ss = readSystem(cpu, (base + at + (wide ? 4 : 2)) >>> 0, 2);
  if (ss < 0) return false;
  cpu.innerEsp = esp;
  cpu.innerSs = ss;
  const code = codeOf(ss) | ext;
  const facts = { tss, ring, esp };
  if (isNull(ss)) return fail(raiseTS(cpu, ext, 'inner-stack-null', selectorFacts(cpu, ss, facts)));
  const d = cpu.stack;
  const found = readDescriptor(cpu, ss, d);
  if (found !== FOUND) {
    return found === OUTSIDE && fail(raiseTS(cpu, code, 'inner-stack-outside-table', selectorFacts(cpu, ss, facts)));
  }
  if ((ss & 3) !== ring || d.dpl !== ring) {
    return fail(raiseTS(cpu, code, 'inner-stack-privilege', descriptorFacts(cpu, d, facts)));
  }
  if (!d.isWritableData) return fail(raiseTS(cpu, code, 'inner-stack-not-writable', descriptorFacts(cpu, d, facts)));
  if (!d.present) return fail(raiseSS(cpu, code, 'inner-stack-not-present', descriptorFacts(cpu, d, facts)));
  return true;
}

const fail = (_: number): false => false;
