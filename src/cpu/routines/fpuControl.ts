// x87 control instructions (Intel SDM vol. 2, FINIT, FCLEX, FLDCW, FSTCW, FSTSW, FLDENV, FSTENV, FRSTOR, FSAVE, WAIT).
import type { Insn, MemOperand } from '../../isa/types';
import type { Cpu } from '../cpu';
import { block, readBlock } from '../fpu/memory';
import { controlWord, initFpu, setControl, setStatus, statusWord, SW_ES, SW_EXCEPTIONS, SW_SF } from '../fpu/state';
import { checkPending } from '../fpu/unit';
import { CR0_MP, CR0_TS, NM } from '../layout';
import { writeOperand } from '../operands';
import { raise } from '../raise';
import { FAULT, NEXT, type SysResult, type SysRoutine } from '../sys';
import { loadEnvironment, storeEnvironment } from './fpuEnvironment';
import { control, waitingControl } from './fpuFrame';

function loadControl(cpu: Cpu, insn: Insn): SysResult {
  if (!readBlock(cpu, insn.operands[0] as MemOperand, 2, 2)) return FAULT;
  setControl(cpu, block.getUint16(0, true));
  return NEXT;
}

const storeWord = (word: (cpu: Cpu) => number): SysRoutine =>
  control((cpu, insn) => (writeOperand(cpu, insn.operands[0]!, 2, word(cpu)) ? NEXT : FAULT));

function wait(cpu: Cpu): SysResult {
  const blocked = CR0_MP | CR0_TS;
  if ((cpu.cr0 & blocked) === blocked) return raise(cpu, NM, -1, 'wait-task-switched', { cr0: cpu.cr0 });
  return checkPending(cpu);
}

/** Instructions of the 8087 and 80287 that later processors ignore. */
const ignored = control(() => NEXT);

export const FPU_CONTROL_ROUTINES: Record<string, SysRoutine> = {
  wait,
  fldcw: waitingControl(loadControl),
  fnstcw: storeWord(controlWord),
  fnstsw: storeWord(statusWord),
  fldenv: waitingControl((cpu, insn) => loadEnvironment(cpu, insn, false)),
  frstor: waitingControl((cpu, insn) => loadEnvironment(cpu, insn, true)),
  fnstenv: control((cpu, insn) => storeEnvironment(cpu, insn, false)),
  fnsave: control((cpu, insn) => storeEnvironment(cpu, insn, true)),
  fnclex: control((cpu) => {
    setStatus(cpu, statusWord(cpu) & ~(SW_EXCEPTIONS | SW_SF | SW_ES));
    return NEXT;
  }),
  fninit: control((cpu) => {
    initFpu(cpu);
    return NEXT;
  }),
  fneni: ignored,
  fndisi: ignored,
  fsetpm: ignored,
};
