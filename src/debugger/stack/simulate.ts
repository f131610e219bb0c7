// Finds the return of the current procedure without frame pointers: follows the code forward from the program counter with
// only the stack pointer and BP in mind, over every path, until a RET, RETF or IRET is met. Where that return would pop
// its address from is where the caller's address lies. Calls are taken to be balanced, except for `ret n` of the callee.

import type { Insn, Operand } from '../../isa/types';
import type { CodeReader } from '../code/reader';
import { addressIn } from '../linear';
import { codeLinear, stackLinear, wrapCode, wrapStack, type FrameState } from './frame';

const SP = 4;
const BP = 5;
/** Instructions looked at before giving up. */
const BUDGET = 600;

interface Path {
  ip: number;
  sp: number;
  bp: number | undefined;
  /** Stack slots that the simulated code has pushed; undefined = something unknown. */
  pushed: Map<number, number | undefined>;
}

export interface Return {
  /** `system`: SYSRET or SYSEXIT, which take nothing from the stack. */
  kind: 'near' | 'far' | 'interrupt' | 'system';
  /** Offset of the return instruction. */
  ip: number;
  /** Stack pointer when the return executes. */
  sp: number;
  bp: number | undefined;
  opSize: number;
  /** Bytes released besides the return address. */
  release: number;
}

export interface Simulation {
  /** The returns that can be reached, the nearest first. */
  returns: readonly Return[];
  /** Some path left what can be followed; otherwise code without returns loops for ever. */
  lost: boolean;
}

const isRegister = (operand: Operand | undefined, num: number): boolean =>
  operand?.kind === 'reg' &&
  (operand.cls === 'r16' || operand.cls === 'r32' || operand.cls === 'r64') &&
  operand.num === num;

const READS_FIRST = new Set(['cmp', 'test', 'push', 'out', 'bt', 'jmp', 'call', 'bound']);

export function simulate(code: CodeReader, start: FrameState): Simulation {
  const wrap = (sp: number): number => wrapStack(start, sp);
  const visited = new Set<number>();
  const paths: Path[] = [{ ip: start.ip, sp: start.sp, bp: start.bp, pushed: new Map() }];
  const returns: Return[] = [];
  let lost = false;
  let budget = BUDGET;

  const read = (path: Path, sp: number, size: number): number | undefined => {
    const at = wrap(sp);
    if (path.pushed.has(at)) return path.pushed.get(at);
    const bytes = code.read(stackLinear(start, at), size);
    return bytes.length < size ? undefined : addressIn(bytes);
  };
  const push = (path: Path, size: number, value?: number): void => {
    path.sp = wrap(path.sp - size);
    path.pushed.set(path.sp, value);
  };

  while (paths.length > 0) {
    const path = paths.pop()!;
    while (budget-- > 0) {
      const linear = codeLinear(start, path.ip);
      if (visited.has(linear)) break;
      visited.add(linear);
      const insn = code.decodeAt(linear, start.bits);
      if (!insn?.row) {
        // An undefined opcode raises an exception: this path does not return.
        lost ||= insn === undefined;
        break;
      }
      const size = insn.opSize;
      const next = wrapCode(start, path.ip + insn.len);
      const [first, second] = insn.operands;
      const { sem } = insn.row;
      if (sem === 'sysret' || sem === 'sysexit') {
        returns.push({ kind: 'system', ip: path.ip, sp: path.sp, bp: path.bp, opSize: size, release: 0 });
        break;
      }
      if (sem === 'ret' || sem === 'retf' || sem === 'iret') {
        const release = first?.kind === 'imm' ? first.value : 0;
        const kind = sem === 'ret' ? 'near' : sem === 'retf' ? 'far' : 'interrupt';
        returns.push({ kind, ip: path.ip, sp: path.sp, bp: path.bp, opSize: size, release });
        break;
      }
      const target = branchTarget(insn, path.ip, start);
      if (sem === 'jmp' && target !== undefined) {
        path.ip = target;
        continue;
      }
      if (sem === 'jcc' || sem === 'jcxz' || sem.startsWith('loop')) {
        if (target !== undefined) paths.push({ ...path, ip: target, pushed: new Map(path.pushed) });
      } else if (sem === 'call' && target !== undefined) {
        if (target === next) push(path, size, next);
        else path.sp = wrap(path.sp + released(code, { ...start, ip: target }));
      } else if (sem === 'jmp_ind' || sem === 'jmp_far') {
        lost = true;
        break;
      } else if (!followStack(insn, path, push, read)) {
        if (isRegister(first, SP) && !READS_FIRST.has(insn.row.mn)) {
          lost = true;
          break;
        }
        const overwrites = isRegister(first, BP) && !READS_FIRST.has(insn.row.mn);
        if (overwrites || (sem.startsWith('xchg') && isRegister(second, BP))) path.bp = undefined;
        if (changesStackSegment(insn)) {
          lost = true;
          break;
        }
      }
      path.ip = next;
    }
    if (budget <= 0) lost = true;
  }
  return { returns, lost };

  /** Applies the instructions whose effect on SP or BP is known; false for all others. */
  function followStack(insn: Insn, path: Path, pushTo: typeof push, readFrom: typeof read): boolean {
    const size = insn.opSize;
    const { mn, sem } = insn.row!;
    const [first, second] = insn.operands;
    const amount = second?.kind === 'imm' ? second.value : undefined;
    if (mn === 'push')
      pushTo(path, size, isRegister(first, BP) ? path.bp : first?.kind === 'imm' ? first.value : undefined);
    else if (mn === 'pop') {
      const value = readFrom(path, path.sp, size);
      path.sp = wrap(path.sp + size);
      if (isRegister(first, SP)) return false;
      if (isRegister(first, BP)) path.bp = value;
      if (sem === 'pop_sreg' && insn.row!.sreg === 2) return false;
    } else if (sem === 'pushf') pushTo(path, size);
    else if (sem === 'popf') path.sp = wrap(path.sp + size);
    else if (sem === 'pusha') for (let i = 0; i < 8; i++) pushTo(path, size, i === 5 ? path.bp : undefined);
    else if (sem === 'popa') {
      path.bp = readFrom(path, path.sp + 2 * size, size);
      path.sp = wrap(path.sp + 8 * size);
    } else if (sem === 'leave') {
      if (path.bp === undefined) return false;
      path.sp = wrap(path.bp);
      path.bp = readFrom(path, path.sp, size);
      path.sp = wrap(path.sp + size);
    } else if (sem === 'enter') {
      pushTo(path, size, path.bp);
      path.bp = path.sp;
      path.sp = wrap(path.sp - (first?.kind === 'imm' ? first.value : 0));
    } else if (mn === 'mov' && isRegister(first, BP) && isRegister(second, SP)) path.bp = path.sp;
    else if (mn === 'mov' && isRegister(first, SP) && isRegister(second, BP) && path.bp !== undefined)
      path.sp = wrap(path.bp);
    else if (mn === 'add' && isRegister(first, SP) && amount !== undefined) path.sp = wrap(path.sp + amount);
    else if (mn === 'sub' && isRegister(first, SP) && amount !== undefined) path.sp = wrap(path.sp - amount);
    else if (mn === 'inc' && isRegister(first, SP)) path.sp = wrap(path.sp + 1);
    else if (mn === 'dec' && isRegister(first, SP)) path.sp = wrap(path.sp - 1);
    else if (mn === 'lea' && isRegister(first, SP) && second?.kind === 'mem' && second.index < 0) {
      if (second.base === SP) path.sp = wrap(path.sp + second.disp);
      else if (second.base === BP && path.bp !== undefined) path.sp = wrap(path.bp + second.disp);
      else return false;
    } else return false;
    return true;
  }
}

const changesStackSegment = (insn: Insn): boolean => {
  const first = insn.operands[0];
  return (first?.kind === 'reg' && first.cls === 'sreg' && first.num === 2) || insn.row!.mn === 'lss';
};

/** Offset that a relative or direct near branch goes to. */
export function branchTarget(insn: Insn, ip: number, state: Pick<FrameState, 'bits'>): number | undefined {
  const operand = insn.operands[0];
  if (operand?.kind !== 'rel') return undefined;
  const target = ip + insn.len + operand.rel;
  return insn.opSize === 2 ? target & 0xffff : state.bits === 64 ? target : target >>> 0;
}

/** Bytes of parameters that the callee at `state.ip` removes by `ret n`. */
function released(code: CodeReader, state: FrameState): number {
  const visited = new Set<number>();
  const waiting = [state.ip];
  while (waiting.length > 0 && visited.size < 200) {
    const ip = waiting.pop()!;
    if (visited.has(ip)) continue;
    visited.add(ip);
    const insn = code.decodeAt(codeLinear(state, ip), state.bits);
    if (!insn?.row) continue;
    const { sem } = insn.row;
    const [first] = insn.operands;
    if (sem === 'ret') return first?.kind === 'imm' ? first.value : 0;
    if (
      sem === 'retf' ||
      sem === 'iret' ||
      sem === 'sysret' ||
      sem === 'sysexit' ||
      sem === 'jmp_ind' ||
      sem === 'jmp_far'
    )
      continue;
    const target = sem === 'call' ? undefined : branchTarget(insn, ip, state);
    if (sem !== 'jmp') waiting.push(wrapCode(state, ip + insn.len));
    if (target !== undefined) waiting.push(target);
  }
  return 0;
}
