// Instruction fetch: decodes a run of instructions from one page up to the next block end. Limit, page and length checks as
// in Intel SDM vol. 3, "Limit Checking" and "Page-Fault Exceptions": an instruction that crosses into a page or beyond the
// limit faults only when it is itself executed, so a run ends before such an instruction unless it is the first.
import type { Cpu } from '../cpu/cpu';
import { canonical } from '../cpu/linear';
import { ACCESS_FETCH, ACCESS_USER } from '../cpu/pageAccess';
import { translate } from '../cpu/paging';
import { raiseGP } from '../cpu/raise';
import type { CodeBits, Insn } from '../isa/types';
import type { Block, DecodedRun } from './block';
import { codeLinear, type BlockContext } from './codeContext';
import { codeBitsOf } from './form';

const LONGEST = 15;
const MAX_RUN = 48;

export type Decoder = (code: Uint8Array, at: number, bits: CodeBits) => Insn;

/** Physical address of the code at `ip`, or -1 with cpu.fault set. */
export function fetchAddress(cpu: Cpu, context: BlockContext, ip: number): number {
  if (context.long && !canonical(context.csBase + ip)) {
    raiseGP(cpu, 0, 'code-not-canonical', { ip: context.csBase + ip });
    return -1;
  }
  if (ip > context.csLimit) {
    raiseGP(cpu, 0, 'code-limit', { ip, limit: context.csLimit });
    return -1;
  }
  return translateFetch(cpu, codeLinear(context, ip));
}

/** Physical address of the second page's part of a block that lies in two, or -1 with cpu.fault set. */
export const fetchSecond = (cpu: Cpu, { context, ip, physical }: Block): number =>
  translateFetch(cpu, codeLinear(context, ip + 0x1000 - (physical & 0xfff)));

const translateFetch = (cpu: Cpu, linear: number): number =>
  translate(cpu, linear, cpu.cpl === 3 ? ACCESS_FETCH | ACCESS_USER : ACCESS_FETCH);

/** Bytes of physical memory, from RAM or the board. */
function bytesAt(cpu: Cpu, physical: number, count: number): Uint8Array {
  const host = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false);
  if (host >= 0) return cpu.u8.subarray(host + (physical & 0xfff), host + (physical & 0xfff) + count);
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) bytes[i] = cpu.bus.read(physical + i, 1);
  return bytes;
}

/** Decodes from `ip` on; undefined with cpu.fault set when the first instruction cannot be fetched. */
export function decodeRun(
  cpu: Cpu,
  decode: Decoder,
  context: BlockContext,
  ip: number,
  physical: number,
  /** Whether the instruction has to be decoded alone. */
  isVolatile: (physical: number, length: number) => boolean,
): DecodedRun | undefined {
  const bits = codeBitsOf(context);
  const inPage = 0x1000 - (physical & 0xfff);
  const room = context.long ? inPage : Math.min(inPage, context.csLimit - ip + 1);
  const code = bytesAt(cpu, physical, room);
  const plain = cpu.bus.hostPage((physical & ~0xfff) >>> 0, false) >= 0;
  const insns: Insn[] = [];
  let at = 0;
  while (insns.length < MAX_RUN && at < room) {
    const insn = decode(code, at, bits);
    if (insn.invalid === 'truncated') {
      if (insns.length > 0) break;
      return decodeAcross(cpu, decode, context, ip, physical, code, bits);
    }
    const alone = isVolatile(physical + at, insn.len);
    if (alone && insns.length > 0) break;
    insns.push(insn);
    at += insn.len;
    if (alone) return { insns, physical, physical2: -1, bytes: at, volatile: true };
    if (!insn.row || insn.row.ends || !plain) break;
  }
  return { insns, physical, physical2: -1, bytes: at, volatile: false };
}

/** The first instruction runs out of its page or of the segment. */
function decodeAcross(
  cpu: Cpu,
  decode: Decoder,
  context: BlockContext,
  ip: number,
  physical: number,
  here: Uint8Array,
  bits: CodeBits,
): DecodedRun | undefined {
  const inPage = 0x1000 - (physical & 0xfff);
  const inLimit = context.long ? Infinity : context.csLimit - ip + 1;
  if (inLimit <= inPage) {
    raiseGP(cpu, 0, 'code-limit', { ip, limit: context.csLimit });
    return undefined;
  }
  const after = codeLinear(context, ip + inPage);
  if (context.long && !canonical(after)) {
    raiseGP(cpu, 0, 'code-not-canonical', { ip: after });
    return undefined;
  }
  const second = translateFetch(cpu, after);
  if (second < 0) return undefined;
  const more = bytesAt(cpu, second, Math.min(LONGEST, inLimit - inPage));
  const both = new Uint8Array(here.length + more.length);
  both.set(here);
  both.set(more, here.length);
  const insn = decode(both, 0, bits);
  if (insn.invalid === 'truncated') {
    raiseGP(cpu, 0, 'code-limit', { ip, limit: context.csLimit });
    return undefined;
  }
  const physical2 = insn.len > inPage ? second : -1;
  return { insns: [insn], physical, physical2, bytes: insn.len, volatile: false };
}
