// What the interpreter calls for instructions that inline code does not do: the routines of cpu/, and the ports. They run
// within the loop's slice; it is left only when something is due at the next boundary or the decoded code does not fit any
// more. What they find out about descriptors and gates is remembered for inline transfers.
import type { Cpu } from '../cpu/cpu';
import { readPort, SINGLE, writePort } from '../cpu/ioRestart';
import * as L from '../cpu/layout';
import { raiseGP, raiseUD } from '../cpu/raise';
import { SYS_ROUTINES } from '../cpu/routines';
import { FAULT, HALTED, JUMPED, NEXT, RETRY, UNFINISHED, type SysResult } from '../cpu/sys';
import type { ImmOperand, Insn, RegOperand } from '../isa/types';
import type { BlockCache } from './blocks';
import type { ContextTable } from './codeContext';
import type { GuestBreakpoints } from './guestBreakpoints';
import * as R from './record';
import type { SlowPath } from './slowPath';
import type { TransferMemo } from './transferMemo';
import { vectorImports } from './vectorCalls';

const TABLE_LOADS = new Set(['lgdt', 'lidt', 'lldt', 'ltr']);

export interface SystemParts {
  cpu: Cpu;
  slow: SlowPath;
  contexts: ContextTable;
  memo: TransferMemo;
  blocks(): BlockCache;
  guestBreakpoints(): GuestBreakpoints;
}

export class SystemCalls {
  readonly imports: {
    system(p: number, b: number): number;
    portIn(p: number, b: number, arg: number): number;
    portOut(p: number, b: number, arg: number, value: number): number;
  };

  constructor(private readonly parts: SystemParts) {
    const { slow } = parts;
    this.imports = {
      ...vectorImports(parts.cpu, parts.slow),
      system: (p, b) => this.system(p, b),
      // S_RIP is set already; what is due after the access, inline code looks at
      portIn: (p, b, arg) => {
        slow.record = p;
        slow.budget = b;
        return readPort(parts.cpu, arg & 0xffff, arg >> 16, SINGLE, this.ipOf(p));
      },
      portOut: (p, b, arg, value) => {
        slow.record = p;
        slow.budget = b;
        writePort(parts.cpu, arg & 0xffff, arg >> 16, value, SINGLE, this.ipOf(p));
        return 0;
      },
    };
  }

  /** Something is due at this boundary that the loop does not know of. */
  interrupted(): boolean {
    const { cpu } = this.parts;
    const { i32 } = cpu;
    const events = i32[L.F_EVENTS >> 2];
    const flags = i32[L.S_EFLAGS >> 2];
    return (
      i32[L.S_ATTN >> 2] !== 0 ||
      cpu.shutdown ||
      cpu.halted ||
      cpu.pendingDebug !== 0 ||
      ((events & L.EVENT_INTR) !== 0 && (flags & L.IF) !== 0) ||
      (events & (L.EVENT_NMI | L.EVENT_NMI_BLOCKED)) === L.EVENT_NMI ||
      (flags & (L.TF | L.RF)) !== 0
    );
  }

  private ipOf(p: number): number {
    const { i32, u32 } = this.parts.cpu;
    return i32[(L.S_WINDOW >> 2) + 1] * 0x100000000 + u32[(p + R.R_IP) >> 2];
  }

  private enter(p: number, b: number): void {
    const { cpu, slow } = this.parts;
    slow.record = p;
    slow.budget = b;
    cpu.u32[L.S_RIP >> 2] = cpu.u32[(p + R.R_IP) >> 2];
    cpu.i32[(L.S_RIP >> 2) + 1] = cpu.i32[(L.S_WINDOW >> 2) + 1];
  }

  /** Answers the next record, bit 0 set to leave the loop; 0 to go to S_RIP. */
  private system(p: number, b: number): number {
    const { cpu, contexts } = this.parts;
    const { i32 } = cpu;
    this.enter(p, b);
    contexts.refresh(); // an inline transfer may have changed the ring
    const before = contexts.context;
    const insn = this.parts.blocks().insnAt(p)!;
    const result = this.call(insn);
    i32[L.S_BUDGET >> 2] = b;
    if (result === FAULT) {
      i32[L.S_EXIT >> 2] = R.X_FAULT;
      return p | 1;
    }
    if (result === RETRY || result === UNFINISHED) {
      if (result === RETRY) i32[L.S_BUDGET >> 2] = b - 1;
      i32[L.S_EXIT >> 2] = R.X_REPEAT;
      return p | 1;
    }
    if (result === NEXT || result === HALTED) cpu.eip = before.ipBase + cpu.u32[(p + R.R_IP) >> 2] + insn.len;
    if (result === HALTED) cpu.halted = true;
    const moved = contexts.refresh();
    const sameLoop = contexts.context.long === before.long;
    if (sameLoop && !contexts.stale && !this.interrupted()) {
      if (!moved && result !== JUMPED) return p + R.RECORD_BYTES;
      if (cpu.u8[p + R.R_LEFT] === 1) return 0;
    }
    i32[L.S_EXIT >> 2] = R.X_ATTENTION;
    return p | 1;
  }

  private call(insn: Insn): SysResult {
    const { cpu, memo } = this.parts;
    if (!insn.row) {
      if (insn.invalid === 'length') return raiseGP(cpu, 0, 'instruction-length', { length: insn.len });
      return raiseUD(cpu, `invalid-${insn.invalid ?? 'opcode'}`);
    }
    const { sem } = insn.row;
    const routine = SYS_ROUTINES[sem];
    cpu.instructionLength = insn.len;
    if (!routine) return raiseUD(cpu, 'not-implemented', { mnemonic: insn.row.mn });
    const flat = cpu.i32[L.F_FLAT >> 2] !== 0;
    const key = cpu.i32[L.F_KEY >> 2];
    const task = cpu.selector(L.TR);
    const result = routine(cpu, insn);
    if (TABLE_LOADS.has(sem) || cpu.selector(L.TR) !== task) memo.clear();
    else if (result === NEXT || result === JUMPED) this.remember(insn, sem, flat, key);
    if (sem === 'mov_to_dr') this.parts.guestBreakpoints().update();
    return result;
  }

  private remember(insn: Insn, sem: string, flat: boolean, key: number): void {
    const { memo, contexts } = this.parts;
    switch (sem) {
      case 'mov_to_sreg':
        return memo.noteSegment((insn.operands[0] as RegOperand).num);
      case 'pop_sreg':
        return memo.noteSegment(insn.row!.sreg!);
      case 'int':
        if (!flat) return;
        contexts.refresh();
        return memo.noteInterrupt((insn.operands[0] as ImmOperand).value & 0xff, key, true);
      case 'iret':
        if (!flat || insn.opSize !== 4) return;
        contexts.refresh();
        return memo.noteReturn(key);
    }
  }
}
