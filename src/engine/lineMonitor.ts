// The lines that processors monitor: their bytes are watched like decoded code, so that stores elsewhere cost nothing, and a line
// is forgotten with the first store to it. Passes on what it hears to the memory of transfers.
import type { Cpu } from '../cpu/cpu';
import { lineWritten, MONITOR_LINE } from '../cpu/monitor';
import type { CodeWatcher } from './codeMap';

export class LineMonitor implements CodeWatcher {
  private readonly lines = new Set<number>();
  /** For the processors whose state is elsewhere. */
  onWritten: ((line: number) => void) | undefined;

  constructor(
    private readonly cpu: Cpu,
    private readonly next: CodeWatcher,
    /** Has writes to these bytes of RAM reported. */
    private readonly watch: (physical: number, end: number) => void,
  ) {}

  add(line: number): void {
    this.lines.add(line);
    this.watch(line, line + MONITOR_LINE);
  }

  written(physical: number, end: number): void {
    this.next.written(physical, end);
    for (const line of this.lines) {
      if (physical >= line + MONITOR_LINE || end <= line) continue;
      this.lines.delete(line);
      lineWritten(this.cpu, line);
      this.onWritten?.(line);
    }
  }
  pageLeft(physical: number): void {
    this.next.pageLeft(physical);
    for (const line of this.lines) if (line >>> 12 === physical >>> 12) this.add(line);
  }
  clear(): void {
    this.next.clear();
  }

  /** Nothing is watched any more. */
  renew(): void {
    for (const line of this.lines) this.add(line);
  }
}
