// The stack frame of an interrupt or a call in 64-bit mode: values of 8 bytes, checked together and then written.
import type { Cpu } from './cpu';
import { S_GPR, SS_ } from './layout';
import { canonicalRange } from './linear';
import { probeWrite, writeLinear } from './memory';
import { raise } from './raise';
import { alignmentChecked, checkAlignment } from './virtual';
import { asOneAccess } from './watch';

const RSP = S_GPR + 4 * 8;
const CAPACITY = 8;

export const getRsp = (cpu: Cpu): number => cpu.signed64(RSP);
export const setRsp = (cpu: Cpu, value: number): void => cpu.setSigned64(RSP, value);

class LongFrame {
  private readonly values = new Int32Array(CAPACITY * 2);
  private count = 0;

  begin(): void {
    this.count = 0;
  }
  /** A canonical address, or anything of up to 53 bits. */
  push(value: number): void {
    this.pushHalves(value | 0, Math.floor(value / 0x100000000) | 0);
  }
  /** A register with all of its bits. */
  pushRegister(cpu: Cpu, n: number): void {
    this.pushHalves(cpu.i32[n * 2]!, cpu.i32[n * 2 + 1]!);
  }
  private pushHalves(low: number, high: number): void {
    this.values[this.count * 2] = low;
    this.values[this.count * 2 + 1] = high;
    this.count++;
  }

  /**
   * Writes the frame, `size` bytes a value, below `top` with the rights of `user`; the new stack pointer, or undefined with #SS(`errorCode`),
   * #AC or #PF in cpu.fault and nothing written.
   */
  write(cpu: Cpu, top: number, user: boolean, errorCode: number, size = 8): number | undefined {
    const bytes = this.count * size;
    const sp = top - bytes;
    if (!canonicalRange(sp, bytes)) {
      raise(cpu, SS_, errorCode, 'stack-not-canonical', { sp: top, bytes, cpl: cpu.cpl });
      return undefined;
    }
    if (user && alignmentChecked(cpu) && !checkAlignment(cpu, sp, size)) return undefined;
    for (let i = 1; i <= this.count; i++) if (!probeWrite(cpu, top - i * size, size, user)) return undefined;
    for (let i = 0; i < this.count; i++) {
      const at = top - (i + 1) * size;
      const [low, high] = [this.values[i * 2]!, this.values[i * 2 + 1]!];
      asOneAccess(cpu, at, size, true, () => {
        const done = writeLinear(cpu, at, Math.min(size, 4), low, user);
        return done && (size < 8 || writeLinear(cpu, at + 4, 4, high, user));
      });
    }
    return sp;
  }
}

/** The work space of all deliveries and far calls: only one is in the making at any time. */
export const longFrame = new LongFrame();
