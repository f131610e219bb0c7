// The guest's own instruction breakpoints in DR0-DR3 (Intel SDM vol. 3, "Debug Registers"). They are found like the debugger's,
// by a patched handler, and raise #DB as a fault unless RF suppresses it.
import type { Cpu } from '../cpu/cpu';
import { RF } from '../cpu/layout';
import { raiseDB } from '../cpu/raise';
import { debugRegister, DR_EXECUTE, drEnabled, drKind } from '../cpu/watch';

/** No address: those of the upper half are negative. */
const NONE = -Infinity;

export class GuestBreakpoints {
  private linear: number[] = [NONE, NONE, NONE, NONE];

  constructor(
    private readonly cpu: Cpu,
    /** Told of every linear address at which a breakpoint appeared or went. */
    private readonly changed: (linear: number) => void,
  ) {}

  has(linear: number): boolean {
    return this.linear.includes(linear);
  }

  /** Reads the debug registers again. */
  update(): void {
    const { cpu } = this;
    const old = this.linear;
    this.linear = [0, 1, 2, 3].map((n) =>
      drEnabled(cpu.dr7, n) && drKind(cpu.dr7, n) === DR_EXECUTE ? debugRegister(cpu, n) : NONE,
    );
    for (const linear of new Set([...old, ...this.linear])) {
      if (linear !== NONE && old.includes(linear) !== this.has(linear)) this.changed(linear);
    }
  }

  /** Raises #DB when one of them is at this address, unless RF or a load of SS just before holds it off. */
  raiseAt(linear: number): boolean {
    const { cpu } = this;
    if ((cpu.sysFlags & RF) !== 0 || !this.has(linear) || cpu.hooks.now() < cpu.trapsHeldUntil) return false;
    let dr6 = 0;
    for (let n = 0; n < 4; n++) if (this.linear[n] === linear) dr6 |= 1 << n;
    raiseDB(cpu, dr6, 'instruction-breakpoint', false, { linear });
    return true;
  }
}
