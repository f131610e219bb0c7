// References that a client holds while the guest is stopped: frames and variables. They end when the guest goes on.

import type { VariableNode } from '../debugger/scopes/node';
import { unknownReference } from './errors';

/** Children behind a variables reference. */
export interface Expandable {
  list(start?: number, count?: number): VariableNode[];
}

/** Frame identifiers of different stops must differ. */
const FRAMES_PER_PROCESSOR = 1000;
const FRAMES_PER_STOP = 8 * FRAMES_PER_PROCESSOR;

export class Handles {
  private stop = 1;
  private variables = new Map<number, { children: Expandable; processor: number }>();
  private next = 1;
  private places: number[] = [];

  /** The guest goes on: everything handed out is void. */
  clear(): void {
    this.stop++;
    this.variables.clear();
    this.places = [];
  }

  frameId(index: number, processor: number): number {
    return this.stop * FRAMES_PER_STOP + processor * FRAMES_PER_PROCESSOR + index;
  }

  /** Processor and number within its stack, of a frame of this stop. */
  frame(id: number): { processor: number; index: number } | undefined {
    const number = id - this.stop * FRAMES_PER_STOP;
    if (!Number.isInteger(number) || number < 0 || number >= FRAMES_PER_STOP) return undefined;
    return { processor: Math.floor(number / FRAMES_PER_PROCESSOR), index: number % FRAMES_PER_PROCESSOR };
  }

  /** Identifier of a linear address to go to, and back. */
  placeId(linear: number): number {
    const known = this.places.indexOf(linear);
    return known >= 0 ? known + 1 : this.places.push(linear);
  }
  place(id: number): number | undefined {
    return this.places[id - 1];
  }

  reference(children: Expandable, processor: number): number {
    this.variables.set(this.next, { children, processor });
    return this.next++;
  }

  expand(reference: number): { children: Expandable; processor: number } {
    const children = this.variables.get(reference);
    if (!children) throw unknownReference(reference);
    return children;
  }
}
