// x87 arithmetic with two operands and with one (Intel SDM vol. 2, FADD ... FDIVR, FSQRT, FRNDINT, FSCALE, FPREM, FXTRACT,
// FABS, FCHS). The formulas are in ../fpu.
import type { Insn, MemOperand, RegOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { add, divide, extract, multiply, roundInteger, scale, squareRoot } from '../fpu/arithmetic';
import { fromInteger, fromReal } from '../fpu/convert';
import { DEFAULT_NAN, unpack, type Float, type Raw80 } from '../fpu/float80';
import { block, readBlock } from '../fpu/memory';
import { remainder } from '../fpu/remainder';
import type { Context } from '../fpu/round';
import { setStatus, statusWord, SW_C0, SW_C1, SW_C2, SW_C3 } from '../fpu/state';
import { conclude, context, empty, pop, push, rawSt, setSt, st, stackFault, clearC1 } from '../fpu/unit';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { waiting } from './fpuFrame';

type Binary = (ctx: Context, destination: Float, source: Float) => Raw80;

/** The number that a memory operand holds, as real or integer; undefined on a fault. */
export function readNumber(cpu: Cpu, insn: Insn, integer: boolean): Float | undefined {
  const mem = insn.operands[0] as MemOperand;
  if (!readBlock(cpu, mem, mem.size, mem.size)) return undefined;
  if (mem.size === 2) return unpack(fromInteger(BigInt(block.getInt16(0, true))));
  if (mem.size === 4) {
    if (integer) return unpack(fromInteger(BigInt(block.getInt32(0, true))));
    return fromReal(BigInt(block.getUint32(0, true)), 4);
  }
  if (integer) return unpack(fromInteger(block.getBigInt64(0, true)));
  return fromReal(block.getBigUint64(0, true), 8);
}

/** Stores a result in ST(i), or what a stack underflow gives. */
function deliver(cpu: Cpu, i: number, ctx: Context, value: Raw80): boolean {
  if (!conclude(cpu, ctx)) return false;
  setSt(cpu, i, value);
  return true;
}

function binary(operation: Binary, integer: boolean, pops: boolean): SysRoutine {
  return waiting((cpu, insn) => {
    const [first, second] = insn.operands;
    if (first!.kind === 'mem') {
      const source = readNumber(cpu, insn, integer);
      if (source === undefined) return FAULT;
      if (empty(cpu, 0)) {
        if (stackFault(cpu, false)) setSt(cpu, 0, DEFAULT_NAN);
        return NEXT;
      }
      const ctx = context(cpu);
      deliver(cpu, 0, ctx, operation(ctx, st(cpu, 0), source));
      return NEXT;
    }
    const destination = (first as RegOperand).num;
    const source = (second as RegOperand).num;
    if (empty(cpu, destination) || empty(cpu, source)) {
      if (!stackFault(cpu, false)) return NEXT;
      setSt(cpu, destination, DEFAULT_NAN);
    } else {
      const ctx = context(cpu);
      if (!deliver(cpu, destination, ctx, operation(ctx, st(cpu, destination), st(cpu, source)))) return NEXT;
    }
    if (pops) pop(cpu);
    return NEXT;
  });
}

const BINARY: Readonly<Record<string, Binary>> = {
  add: (ctx, a, b) => add(ctx, a, b, false),
  sub: (ctx, a, b) => add(ctx, a, b, true),
  subr: (ctx, a, b) => add(ctx, b, a, true),
  mul: multiply,
  div: divide,
  divr: (ctx, a, b) => divide(ctx, b, a),
};

/** ST0 = f(ST0). */
export function unary(operation: (ctx: Context, a: Float) => Raw80): SysRoutine {
  return waiting((cpu) => {
    if (empty(cpu, 0)) {
      if (stackFault(cpu, false)) setSt(cpu, 0, DEFAULT_NAN);
      return NEXT;
    }
    const ctx = context(cpu);
    deliver(cpu, 0, ctx, operation(ctx, st(cpu, 0)));
    return NEXT;
  });
}

/** ST0 = f(ST0, ST1), or ST1 = f(ST0, ST1) and pop. */
export function pair(operation: Binary, pops: boolean): SysRoutine {
  return waiting((cpu) => {
    const to = pops ? 1 : 0;
    if (empty(cpu, 0) || empty(cpu, 1)) {
      if (!stackFault(cpu, false)) return NEXT;
      setSt(cpu, to, DEFAULT_NAN);
    } else {
      const ctx = context(cpu);
      if (!deliver(cpu, to, ctx, operation(ctx, st(cpu, 0), st(cpu, 1)))) return NEXT;
    }
    if (pops) pop(cpu);
    return NEXT;
  });
}

/** FPREM and FPREM1: C0, C3, C1 are the quotient's bits 2, 1, 0; C2 tells that the reduction is not complete. */
function partialRemainder(nearest: boolean): SysRoutine {
  return waiting((cpu) => {
    if (empty(cpu, 0) || empty(cpu, 1)) {
      if (stackFault(cpu, false)) setSt(cpu, 0, DEFAULT_NAN);
      setStatus(cpu, statusWord(cpu) & ~SW_C2);
      return NEXT;
    }
    const ctx = context(cpu);
    const { value, quotient, incomplete } = remainder(ctx, st(cpu, 0), st(cpu, 1), nearest);
    const stored = conclude(cpu, ctx);
    if (stored) setSt(cpu, 0, value);
    if (quotient < 0) {
      setStatus(cpu, statusWord(cpu) & ~SW_C2);
      return NEXT;
    }
    if (!stored) return NEXT;
    const conditions =
      ((quotient & 4) !== 0 ? SW_C0 : 0) |
      ((quotient & 2) !== 0 ? SW_C3 : 0) |
      ((quotient & 1) !== 0 ? SW_C1 : 0) |
      (incomplete ? SW_C2 : 0);
    setStatus(cpu, (statusWord(cpu) & ~(SW_C0 | SW_C1 | SW_C2 | SW_C3)) | conditions);
    return NEXT;
  });
}

/** A function with two results: ST0 is replaced by the first and the second is pushed. */
export function splitting(
  operation: (ctx: Context, a: Float) => readonly [replaced: Raw80, pushed: Raw80] | undefined,
  whenUndefined: (cpu: Cpu) => void = () => {},
  whenDefined: (cpu: Cpu) => void = () => {},
): SysRoutine {
  return waiting((cpu): SysResult => {
    if (empty(cpu, 0) || !empty(cpu, 7)) {
      whenDefined(cpu);
      if (!stackFault(cpu, !empty(cpu, 0))) return NEXT;
      setSt(cpu, 0, DEFAULT_NAN);
      push(cpu, DEFAULT_NAN);
      return NEXT;
    }
    const ctx = context(cpu);
    const result = operation(ctx, st(cpu, 0));
    if (result === undefined) {
      whenUndefined(cpu);
      return NEXT;
    }
    whenDefined(cpu);
    if (!conclude(cpu, ctx)) return NEXT;
    setSt(cpu, 0, result[0]);
    push(cpu, result[1]);
    return NEXT;
  });
}

/** FABS and FCHS touch only the sign, of anything. */
function sign(change: (se: number) => number): SysRoutine {
  return waiting((cpu) => {
    if (empty(cpu, 0)) {
      if (stackFault(cpu, false)) setSt(cpu, 0, DEFAULT_NAN);
      return NEXT;
    }
    clearC1(cpu);
    const { se, sig } = rawSt(cpu, 0);
    setSt(cpu, 0, { se: change(se), sig });
    return NEXT;
  });
}

const arithmetic: Record<string, SysRoutine> = {};
for (const [name, operation] of Object.entries(BINARY)) {
  arithmetic[`f${name}`] = binary(operation, false, false);
  arithmetic[`f${name}p`] = binary(operation, false, true);
  arithmetic[`fi${name}`] = binary(operation, true, false);
}

export const FPU_ARITHMETIC_ROUTINES: Record<string, SysRoutine> = {
  ...arithmetic,
  fsqrt: unary(squareRoot),
  frndint: unary(roundInteger),
  fscale: pair(scale, false),
  fprem: partialRemainder(false),
  fprem1: partialRemainder(true),
  fxtract: splitting((ctx, a) => {
    const { exponent, significand } = extract(ctx, a);
    return [exponent, significand];
  }),
  fabs: sign((se) => se & 0x7fff),
  fchs: sign((se) => se ^ 0x8000),
};
