// Executes exactly one instruction of a block: its record is copied aside, where nothing that follows is taken for granted.
import type { Cpu } from '../cpu/cpu';
import * as L from '../cpu/layout';
import type { BlockCache } from './blocks';
import type { ContextTable } from './codeContext';
import type { Loops } from './loops';
import * as R from './record';
import type { SlowPath } from './slowPath';

/** `again`: a repetition of a string instruction that goes on. `fault`: in cpu.fault, at the instruction. */
export type StepOutcome = 'done' | 'again' | 'fault';

export interface StepParts {
  cpu: Cpu;
  blocks: BlockCache;
  contexts: ContextTable;
  loops: Loops;
  slow: SlowPath;
  /** Around the execution of one instruction. */
  begin(): void;
  finish(): void;
  /** Raises what a handler left the vector of. */
  raise(): void;
}

export class SingleStep {
  /** The record behind the instruction that was stepped last, 0 when it went elsewhere. */
  following = 0;
  private scratch = 0;

  constructor(private readonly parts: StepParts) {}

  /** Decoded code was forgotten, this record of ours with it. */
  renew(): void {
    const { blocks, cpu } = this.parts;
    this.following = 0;
    this.scratch = blocks.allocate(2);
    cpu.u16[(this.scratch + R.RECORD_BYTES + R.R_HANDLER) >> 1] = R.H_STOP;
  }

  /** With `one`, a string instruction is executed for a single repetition. */
  run(record: number, one: boolean): StepOutcome {
    const { cpu, blocks, contexts, slow } = this.parts;
    const insn = blocks.insnAt(record)!;
    const { context } = contexts;
    const ip = blocks.ipOf(record, context);
    blocks.copyAlone(record, this.scratch);
    cpu.i32[L.S_CHUNK >> 2] = one ? 0 : R.CHUNK - 1;
    this.parts.begin();
    const p = this.parts.loops.of(context.long)(this.scratch, 0);
    this.parts.finish();
    switch (cpu.i32[L.S_EXIT >> 2]) {
      case R.X_STOP:
        cpu.eip = ip + insn.len;
        this.following = record + R.RECORD_BYTES;
        return 'done';
      case R.X_JUMP:
      case R.X_ATTENTION:
        return 'done';
      case R.X_REPEAT:
        cpu.eip = ip;
        return 'again';
      case R.X_RAISE:
        cpu.eip = ip;
        this.parts.raise();
        return 'fault';
      case R.X_FAULT:
        cpu.eip = ip;
        return slow.refused ? this.watched(record) : 'fault';
      default: // known code of another window of 4 GB, perhaps
        cpu.eip = blocks.ipOf(p, contexts.context);
        return 'done';
    }
  }

  /** What it touches is watched: now it may. */
  private watched(record: number): StepOutcome {
    const { slow } = this.parts;
    slow.watchedAllowed = true;
    try {
      return this.run(record, true);
    } finally {
      slow.watchedAllowed = false;
    }
  }
}
