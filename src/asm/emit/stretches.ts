// Instructions in a row whose lengths hang on nothing but the mode of the assembler: while labels are still being placed, such a
// row is passed over in one step.
import type { AssemblyLine } from '../assemblyLine';
import { encodingMode, steadyEncoding } from './instruction';
import type { AssemblyState } from './state';

const SHORTEST = 2;

export class Stretches {
  /** By the number of the line that one begins with: the line after it, its bytes, the mode. */
  private readonly ends: Int32Array;
  private readonly bytes: Int32Array;
  private readonly modes: Int32Array;

  /** Lines numbered in `breaks`, ascending, are not within one: something is to be asked before them. */
  constructor(lines: readonly AssemblyLine[], breaks: readonly number[]) {
    this.ends = new Int32Array(lines.length + 1);
    this.bytes = new Int32Array(lines.length + 1);
    this.modes = new Int32Array(lines.length + 1);
    let next = 0;
    for (let i = 0; i < lines.length; i++) {
      while (next < breaks.length && breaks[next]! <= i) next++;
      i = this.add(lines, i, breaks[next] ?? lines.length);
    }
  }

  /** Notes the stretch that begins with a line and ends before another one; gives the last line that was looked at. */
  private add(lines: readonly AssemblyLine[], start: number, limit: number): number {
    let bytes = 0;
    let mode = -1;
    let end = start;
    for (; end < limit; end++) {
      const steady = steadyEncoding(lines[end]!);
      if (!steady || (mode >= 0 && steady.mode !== mode)) break;
      mode = steady.mode;
      bytes += steady.length;
    }
    if (end - start < SHORTEST) return start;
    this.ends[start] = end;
    this.bytes[start] = bytes;
    this.modes[start] = mode;
    return end - 1;
  }

  /** Passes over the stretch that begins with the line; gives the number of the line after it, or of the line itself. */
  skip(state: AssemblyState, line: number): number {
    const end = this.ends[line]!;
    if (end === 0 || this.modes[line] !== encodingMode(state)) return line;
    const bytes = this.bytes[line]!;
    // Where the output becomes too large is the line's to say.
    if (!state.section || state.outputSize + bytes > state.limits.bytes) return line;
    state.advance(bytes);
    return end;
  }
}
