// x87 loads, stores and register moves (Intel SDM vol. 2, FLD, FST, FILD, FIST, FISTTP, FBLD, FBSTP, FXCH, FCMOVcc, FLD
// constants, FFREE, FINCSTP, FDECSTP).
import type { Insn, MemOperand, RegOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { getArith } from '../flags';
import { CONSTANTS } from '../fpu/constants';
import { DECIMAL_INDEFINITE, fromDecimal, load, toDecimal, toInteger, toReal } from '../fpu/convert';
import { DEFAULT_NAN, repack, unpack, type Float, type Raw80 } from '../fpu/float80';
import { block, probeBlock, readBlock, writeBlock } from '../fpu/memory';
import { roundExtended, type Context } from '../fpu/round';
import { physical, setEmpty, setTop, SW_OE, SW_UE, top } from '../fpu/state';
import {
  clearC1,
  conclude,
  context,
  empty,
  forbidden,
  pop,
  push,
  rawSt,
  roomToPush,
  setSt,
  stackFault,
} from '../fpu/unit';
import { CF, PF, ZF } from '../layout';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { readNumber } from './fpuArithmetic';
import { waiting } from './fpuFrame';

const number = (insn: Insn, operand: number): number => (insn.operands[operand] as RegOperand).num;

/** The ten bytes of the block. */
const blockRaw = (): Raw80 => ({ sig: block.getBigUint64(0, true), se: block.getUint16(8, true) });
function setBlockRaw({ sig, se }: Raw80): void {
  block.setBigUint64(0, sig, true);
  block.setUint16(8, se, true);
}
const blockDecimal = (): bigint => (BigInt(block.getUint16(8, true)) << 64n) | block.getBigUint64(0, true);
function setBlockDecimal(bits: bigint): void {
  setBlockRaw({ sig: BigInt.asUintN(64, bits), se: Number(bits >> 64n) });
}
const TEN_BYTE_ALIGNMENT = 8;

function loadReal(cpu: Cpu, insn: Insn): SysResult {
  const operand = insn.operands[0]!;
  if (operand.kind === 'reg') {
    if (empty(cpu, operand.num)) {
      if (stackFault(cpu, false)) push(cpu, DEFAULT_NAN);
      return NEXT;
    }
    if (!roomToPush(cpu)) return NEXT;
    const value = rawSt(cpu, operand.num);
    clearC1(cpu);
    push(cpu, value);
    return NEXT;
  }
  const mem = operand as MemOperand;
  if (mem.size === 10) {
    if (!readBlock(cpu, mem, 10, TEN_BYTE_ALIGNMENT)) return FAULT;
    const value = blockRaw();
    if (!roomToPush(cpu)) return NEXT;
    clearC1(cpu);
    push(cpu, value);
    return NEXT;
  }
  const value = readNumber(cpu, insn, false);
  if (value === undefined) return FAULT;
  if (!roomToPush(cpu)) return NEXT;
  const ctx = context(cpu);
  const raw = load(ctx, value);
  if (conclude(cpu, ctx)) push(cpu, raw);
  return NEXT;
}

function loadInteger(cpu: Cpu, insn: Insn): SysResult {
  const value = readNumber(cpu, insn, true);
  if (value === undefined) return FAULT;
  if (!roomToPush(cpu)) return NEXT;
  clearC1(cpu);
  push(cpu, repack(value));
  return NEXT;
}

function loadDecimal(cpu: Cpu, insn: Insn): SysResult {
  if (!readBlock(cpu, insn.operands[0] as MemOperand, 10, TEN_BYTE_ALIGNMENT)) return FAULT;
  const bits = blockDecimal();
  if (!roomToPush(cpu)) return NEXT;
  clearC1(cpu);
  push(cpu, fromDecimal(bits));
  return NEXT;
}

/**
 * Stores ST0 to memory. `convert` fills the block; an unmasked overflow or underflow of the destination's format, or an
 * unmasked invalid operation, leaves memory and stack alone.
 */
function store(
  cpu: Cpu,
  mem: MemOperand,
  alignment: number,
  pops: boolean,
  convert: (ctx: Context, value: Float, raw: Raw80) => void,
  indefinite: () => void,
): SysResult {
  if (!probeBlock(cpu, mem, mem.size, alignment)) return FAULT;
  if (empty(cpu, 0)) {
    const ctx = context(cpu);
    if ((ctx.masked & 1) === 0) {
      stackFault(cpu, false);
      return NEXT;
    }
    indefinite();
    if (!writeBlock(cpu, mem, mem.size, alignment)) return FAULT;
    stackFault(cpu, false);
  } else {
    const ctx = context(cpu);
    const raw = rawSt(cpu, 0);
    convert(ctx, unpack(raw), raw);
    if (forbidden(ctx) || (ctx.flags & ~ctx.masked & (SW_OE | SW_UE)) !== 0) {
      ctx.up = false;
      conclude(cpu, ctx);
      return NEXT;
    }
    if (!writeBlock(cpu, mem, mem.size, alignment)) return FAULT;
    conclude(cpu, ctx);
  }
  if (pops) pop(cpu);
  return NEXT;
}

const REAL_INDEFINITE = { 4: 0xffc00000n, 8: 0xfff8000000000000n } as const;

function storeReal(cpu: Cpu, insn: Insn, pops: boolean): SysResult {
  const operand = insn.operands[0]!;
  if (operand.kind === 'reg') return storeRegister(cpu, operand.num, pops);
  const mem = operand as MemOperand;
  if (mem.size === 10) {
    const whole = (_: Context, __: Float, raw: Raw80): void => setBlockRaw(raw);
    return store(cpu, mem, TEN_BYTE_ALIGNMENT, pops, whole, () => setBlockRaw(DEFAULT_NAN));
  }
  const size = mem.size as 4 | 8;
  const put = (bits: bigint): void => block.setBigUint64(0, bits, true);
  return store(
    cpu,
    mem,
    size,
    pops,
    (ctx, value) => put(toReal(ctx, value, size)),
    () => put(REAL_INDEFINITE[size]),
  );
}

function storeRegister(cpu: Cpu, to: number, pops: boolean): SysResult {
  if (empty(cpu, 0)) {
    if (!stackFault(cpu, false)) return NEXT;
    setSt(cpu, to, DEFAULT_NAN);
  } else {
    clearC1(cpu);
    setSt(cpu, to, rawSt(cpu, 0));
  }
  if (pops) pop(cpu);
  return NEXT;
}

function storeInteger(cpu: Cpu, insn: Insn, pops: boolean, chop: boolean): SysResult {
  const mem = insn.operands[0] as MemOperand;
  const size = mem.size as 2 | 4 | 8;
  const put = (bits: bigint): void => block.setBigUint64(0, bits, true);
  return store(
    cpu,
    mem,
    size,
    pops,
    (ctx, value) => put(toInteger(ctx, value, size, chop)),
    () => put(1n << BigInt(size * 8 - 1)),
  );
}

function storeDecimal(cpu: Cpu, insn: Insn): SysResult {
  return store(
    cpu,
    insn.operands[0] as MemOperand,
    TEN_BYTE_ALIGNMENT,
    true,
    (ctx, value) => setBlockDecimal(toDecimal(ctx, value)),
    () => setBlockDecimal(DECIMAL_INDEFINITE),
  );
}

function exchange(cpu: Cpu, insn: Insn): SysResult {
  const i = number(insn, 0);
  const missing = [0, i].filter((n) => empty(cpu, n));
  if (missing.length > 0) {
    if (!stackFault(cpu, false)) return NEXT;
    for (const n of missing) setSt(cpu, n, DEFAULT_NAN);
  } else clearC1(cpu);
  const first = rawSt(cpu, 0);
  setSt(cpu, 0, rawSt(cpu, i));
  setSt(cpu, i, first);
  return NEXT;
}

function conditionalMove(flags: number, wanted: boolean): SysRoutine {
  return waiting((cpu, insn) => {
    const from = number(insn, 1);
    if (empty(cpu, 0) || empty(cpu, from)) {
      if (stackFault(cpu, false)) setSt(cpu, 0, DEFAULT_NAN);
      return NEXT;
    }
    if (((getArith(cpu) & flags) !== 0) === wanted) setSt(cpu, 0, rawSt(cpu, from));
    return NEXT;
  });
}

const conditionalMoves: Record<string, SysRoutine> = {};
for (const [suffix, flags] of [
  ['b', CF],
  ['e', ZF],
  ['be', CF | ZF],
  ['u', PF],
] as const)
  // prettier-ignore
  for (const wanted of [true, false])
    conditionalMoves[`fcmov${wanted ? '' : 'n'}${suffix}`] = conditionalMove(flags, wanted);

const constants: Record<string, SysRoutine> = {};
for (const [name, value] of Object.entries(CONSTANTS)) {
  constants[name] = waiting((cpu) => {
    if (!roomToPush(cpu)) return NEXT;
    clearC1(cpu);
    const { exp, sig } = value();
    // rounded as the control word says, without noting that the value is inexact
    push(cpu, roundExtended(context(cpu), 0, exp, sig, 64));
    return NEXT;
  });
}

const rotate = (by: number): SysRoutine =>
  waiting((cpu) => {
    clearC1(cpu);
    setTop(cpu, top(cpu) + by);
    return NEXT;
  });

export const FPU_MOVE_ROUTINES: Record<string, SysRoutine> = {
  ...conditionalMoves,
  ...constants,
  fld: waiting(loadReal),
  fild: waiting(loadInteger),
  fbld: waiting(loadDecimal),
  fstpnce: waiting((cpu, insn) => {
    if (empty(cpu, 0)) {
      clearC1(cpu);
      pop(cpu);
      return NEXT;
    }
    return storeRegister(cpu, number(insn, 0), true);
  }),
  fst: waiting((cpu, insn) => storeReal(cpu, insn, false)),
  fstp: waiting((cpu, insn) => storeReal(cpu, insn, true)),
  fist: waiting((cpu, insn) => storeInteger(cpu, insn, false, false)),
  fistp: waiting((cpu, insn) => storeInteger(cpu, insn, true, false)),
  fisttp: waiting((cpu, insn) => storeInteger(cpu, insn, true, true)),
  fbstp: waiting(storeDecimal),
  fxch: waiting(exchange),
  ffree: waiting((cpu, insn) => {
    clearC1(cpu);
    setEmpty(cpu, physical(cpu, number(insn, 0)));
    return NEXT;
  }),
  ffreep: waiting((cpu, insn) => {
    clearC1(cpu);
    setEmpty(cpu, physical(cpu, number(insn, 0)));
    pop(cpu);
    return NEXT;
  }),
  fincstp: rotate(1),
  fdecstp: rotate(-1),
  fnop: waiting(() => NEXT),
};
