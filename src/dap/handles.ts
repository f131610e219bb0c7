// References that a client holds while the guest is stopped: frames and variables. They end when the guest goes on.

import type { VariableNode } from '../debugger/scopes/node';
import { unknownFrame, unknownReference } from './errors';

/** Children behind a variables reference. */
export interface Expandable {
  list(start?: number, count?: number): VariableNode[];
}

/** Frame identifiers of different stops must differ. */
const FRAMES_PER_STOP = 1000;

export class Handles {
  private stop = 1;
  private variables = new Map<number, Expandable>();
  private next = 1;

  /** The guest goes on: everything handed out is void. */
  clear(): void {
    this.stop++;
    this.variables.clear();
  }

  frameId(index: number): number {
    return this.stop * FRAMES_PER_STOP + index;
  }

  /** Index of the frame; undefined stands for the innermost. */
  frameIndex(id: number | undefined, frames: number): number {
    if (id === undefined || id === 0) return 0;
    const index = id - this.stop * FRAMES_PER_STOP;
    if (!Number.isInteger(index) || index < 0 || index >= frames) throw unknownFrame(id);
    return index;
  }

  reference(children: Expandable): number {
    this.variables.set(this.next, children);
    return this.next++;
  }

  expand(reference: number): Expandable {
    const children = this.variables.get(reference);
    if (!children) throw unknownReference(reference);
    return children;
  }
}
