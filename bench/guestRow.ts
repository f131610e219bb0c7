// One workload on every machine: first the length of each, then rounds with a sample of each in turn, so that a rival that
// shares the computer, or a processor that changes its speed, meets all machines alike.
import { assembleGuest, imageOf, type Guest } from './guests';
import type { BenchMachine, ImageRun, Session } from './machines/types';
import { Meter } from './measure';
import type { Result, Row } from './report';

const ROUNDS = 5;

/** Runs of Ringside by guest and length: the checksum to expect and the count of instructions. */
export class References {
  private readonly known = new Map<string, Promise<ImageRun>>();

  constructor(private readonly session: Session) {}

  of(guest: Guest, program: Uint8Array, count: number): Promise<ImageRun> {
    const key = `${guest.name} ${count}`;
    let run = this.known.get(key);
    if (!run) {
      run = this.session.run(imageOf(program, count)).catch((error: Error) => {
        throw new Error(`Ringside's run to compare with: ${error.message}`);
      });
      this.known.set(key, run);
    }
    return run;
  }
}

/** A machine's part of a row; the first error ends it. */
class Entry {
  private error: string | undefined;

  constructor(
    readonly id: string,
    private readonly session: Session,
    private readonly meter: Meter,
    private readonly reference: (count: number) => Promise<ImageRun>,
  ) {}

  async attempt(act: (meter: Meter) => Promise<void>): Promise<void> {
    if (this.error !== undefined) return;
    try {
      await act(this.meter);
    } catch (error) {
      this.error = (error as Error).message;
    }
  }
  async end(): Promise<Result> {
    this.session.close();
    if (this.error !== undefined) return { error: this.error };
    const m = this.meter.result();
    const instructions = (await this.reference(m.long)).icount! - (await this.reference(m.short)).icount!;
    return { ...m, instructions, mips: instructions / m.seconds / 1e6 };
  }
}

export async function measureGuest(
  guest: Guest,
  machines: readonly BenchMachine[],
  references: References,
): Promise<Row> {
  const program = assembleGuest(guest.name);
  const reference = (count: number): Promise<ImageRun> => references.of(guest, program, count);
  const row: Row = { guest, results: {} };
  const entries: Entry[] = [];
  for (const machine of machines) {
    if (guest.long && machine.only32) {
      row.results[machine.id] = { unable: 'no 64-bit mode' };
      continue;
    }
    const session = machine.open(guest);
    entries.push(new Entry(machine.id, session, new Meter(session, program, guest, reference), reference));
  }
  for (const entry of entries) await entry.attempt((meter) => meter.calibrate());
  for (let i = 0; i < ROUNDS; i++) for (const entry of entries) await entry.attempt((meter) => meter.sample());
  for (const entry of entries) row.results[entry.id] = await entry.end();
  return row;
}
