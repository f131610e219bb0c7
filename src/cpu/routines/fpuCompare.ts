// x87 comparisons and FXAM (Intel SDM vol. 2, FCOM, FICOM, FUCOM, FCOMI, FTST, FXAM). As on the processor of the test vectors,
// the condition codes or flags are set even when an unmasked exception keeps the stack as it was, and FCOMI leaves C1 alone
// but for a stack underflow.
import type { Insn, RegOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { setArith } from '../flags';
import { compare, CONDITION_OF, EXAMINED_EMPTY, examined, type Order } from '../fpu/compare';
import { unpack, zero, type Float } from '../fpu/float80';
import { setStatus, statusWord, SW_C1, SW_CONDITIONS } from '../fpu/state';
import { conclude, context, empty, pop, rawSt, st, stackFault } from '../fpu/unit';
import { CF, PF, ZF } from '../layout';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { readNumber } from './fpuArithmetic';
import { waiting } from './fpuFrame';

const ZERO = unpack(zero(0));

const setConditions = (cpu: Cpu, order: Order): void =>
  setStatus(cpu, (statusWord(cpu) & ~(SW_CONDITIONS & ~SW_C1)) | CONDITION_OF[order]);

const FLAGS_OF: Readonly<Record<Order, number>> = { greater: 0, less: CF, equal: ZF, unordered: ZF | PF | CF };

function against(
  cpu: Cpu,
  other: Float | undefined,
  quietly: boolean,
  pops: number,
  answer: (cpu: Cpu, order: Order) => void,
  keepsC1 = false,
): SysResult {
  if (other === undefined || empty(cpu, 0)) {
    const masked = stackFault(cpu, false);
    answer(cpu, 'unordered');
    if (!masked) return NEXT;
  } else {
    const ctx = context(cpu);
    ctx.up = keepsC1 && (statusWord(cpu) & SW_C1) !== 0;
    const order = compare(ctx, st(cpu, 0), other, quietly);
    const goesOn = conclude(cpu, ctx, keepsC1);
    answer(cpu, order);
    if (!goesOn) return NEXT;
  }
  for (let i = 0; i < pops; i++) pop(cpu);
  return NEXT;
}

const register = (cpu: Cpu, i: number): Float | undefined => (empty(cpu, i) ? undefined : st(cpu, i));

/** FCOM and FUCOM with a register, or a real or integer in memory; FCOMPP compares with ST1. */
function conditionCodes(quietly: boolean, pops: number, integer = false): SysRoutine {
  return waiting((cpu, insn) => {
    const operand = insn.operands[0];
    if (operand?.kind !== 'mem') {
      return against(cpu, register(cpu, operand === undefined ? 1 : (operand as RegOperand).num), quietly, pops, setConditions); // prettier-ignore
    }
    const value = readNumber(cpu, insn, integer);
    return value === undefined ? FAULT : against(cpu, value, quietly, pops, setConditions);
  });
}

const eflags = (quietly: boolean, pops: number): SysRoutine =>
  waiting((cpu: Cpu, insn: Insn) =>
    against(
      cpu,
      register(cpu, (insn.operands[1] as RegOperand).num),
      quietly,
      pops,
      (_, order) => setArith(cpu, FLAGS_OF[order]),
      true,
    ),
  );

export const FPU_COMPARE_ROUTINES: Record<string, SysRoutine> = {
  fcom: conditionCodes(false, 0),
  fcomp: conditionCodes(false, 1),
  fcompp: conditionCodes(false, 2),
  fucom: conditionCodes(true, 0),
  fucomp: conditionCodes(true, 1),
  fucompp: conditionCodes(true, 2),
  ficom: conditionCodes(false, 0, true),
  ficomp: conditionCodes(false, 1, true),
  fcomi: eflags(false, 0),
  fcomip: eflags(false, 1),
  fucomi: eflags(true, 0),
  fucomip: eflags(true, 1),
  ftst: waiting((cpu) => against(cpu, ZERO, false, 0, setConditions)),
  fxam: waiting((cpu) => {
    const raw = rawSt(cpu, 0);
    const found = empty(cpu, 0) ? EXAMINED_EMPTY : examined(unpack(raw));
    setStatus(cpu, (statusWord(cpu) & ~SW_CONDITIONS) | found | ((raw.se & 0x8000) !== 0 ? SW_C1 : 0));
    return NEXT;
  }),
};
