// Repeated string instructions: how many instructions they count as does not depend on who watches.
import assert from 'node:assert/strict';
import type { Machine } from '../../src/machine/machine';
import { stateHash } from '../../src/machine/stateHash';
import { bootSector, machineOf } from './guests';

const ROUNDS = 5;
/** Memory and ports, upwards and downwards, ended by the count and by the flags; the clock is read in between. */
const GUEST = bootSector(`
  jmp 0:start
start:
  xor ax, ax
  mov ds, ax
  mov es, ax
  mov ss, ax
  mov sp, 0x7000
  sti
  mov bp, ${ROUNDS}
again:
  mov di, 0x9010
  mov cx, 5000
  mov al, 7
fill:
  rep stosb
  call clock
  mov si, 0x9000
  mov di, 0xa800
  mov cx, 1500
copy:
  rep movsw
  call clock
  mov byte [0x9c00], 9
  mov di, 0x9010
  mov cx, 0xffff
  mov al, 9
  repne scasb
  call clock
  std
  mov si, 0xaf00
  mov di, 0xaf00
  mov cx, 2048
  repe cmpsb
  cld
  call clock
  mov si, 0x9000
  mov cx, 200
  mov dx, 0xe9
print:
  rep outsb
  call clock
  mov di, 0xa000
  mov cx, 130
  mov dx, 0x80
  rep insb
  call clock
  dec bp
  jnz again
  cli
  hlt
clock:
  mov al, 0
  out 0x43, al
  in al, 0x40
  mov [0x500], al
  in al, 0x40
  mov [0x501], al
  rol word [0x502], 3
  mov ax, [0x500]
  add [0x502], ax
  ret`);

const FILL = { linear: 0x9800, length: 4, access: 'write' } as const;

/** What a run left; the state without watchpoints, which are the debugger's. */
function outcome(
  machine: Machine,
  stops: number,
): { icount: number; transitions: number; state: string; stops: number } {
  machine.setWatchpoints([]);
  return { icount: machine.icount, transitions: machine.transitions.count, state: stateHash(machine), stops };
}

function run(prepare: (machine: Machine) => void = () => undefined): ReturnType<typeof outcome> {
  const machine = machineOf(GUEST, { instructionsPerSecond: 2_000 });
  prepare(machine);
  for (let stops = 0; ; stops++) if (machine.run(1e7).kind === 'halted') return outcome(machine, stops);
}

/** Linear address of a byte sequence in the boot sector. */
function codeAt(...bytes: number[]): number {
  const at = Buffer.from(GUEST).indexOf(Buffer.from(bytes));
  assert.ok(at > 0);
  return 0x7c00 + at;
}

describe('repeated string instructions', () => {
  let plain: ReturnType<typeof outcome>;
  before(() => {
    plain = run();
    assert.ok(plain.transitions > 4, 'the timer ticked');
  });

  it('count the same when another place of a page that they touch is watched', () => {
    for (const linear of [0x9000, 0x9ffc, 0xa7fc, 0xaffc]) {
      const watched = run((machine) => machine.setWatchpoints([{ linear, length: 2, access: 'read' }]));
      assert.deepEqual({ ...watched, stops: 0 }, plain, linear.toString(16));
    }
  });

  it('count the same when the run stops among their repetitions', () => {
    const watched = run((machine) => machine.setWatchpoints([FILL]));
    assert.deepEqual({ ...watched, stops: 0 }, plain);
    assert.equal(watched.stops, ROUNDS * 4, 'for every byte');
  });

  it('count the same with breakpoints on them, which are hit once, before the first repetition', () => {
    const places = new Set([codeAt(0xf3, 0xaa), codeAt(0xf3, 0xa5), codeAt(0xf3, 0x6e)]);
    const stopped = run((machine) => machine.setBreakpoints(places));
    assert.deepEqual({ ...stopped, stops: 0 }, plain);
    assert.equal(stopped.stops, ROUNDS * 3);
    const both = run((machine) => {
      machine.setBreakpoints(places);
      machine.setWatchpoints([FILL]);
    });
    assert.deepEqual({ ...both, stops: 0 }, plain);
    assert.equal(both.stops, ROUNDS * 7);
  });

  it('count the same in single steps, watched or not', () => {
    for (const watchpoints of [[], [FILL]]) {
      const machine = machineOf(GUEST, { instructionsPerSecond: 2_000 });
      machine.setWatchpoints(watchpoints);
      while (!machine.halted) machine.step();
      assert.deepEqual(outcome(machine, 0), plain);
    }
  });

  it('count the same when a callback asks for a stop among them', () => {
    const machine = machineOf(GUEST, { instructionsPerSecond: 2_000 });
    let bytes = 0;
    machine.onDebugByte.on(() => {
      if (++bytes % 70 === 0) machine.requestStop();
    });
    let stops = 0;
    while (machine.run(1e7).kind !== 'halted') stops++;
    assert.equal(stops, Math.floor((ROUNDS * 200) / 70));
    assert.deepEqual(outcome(machine, 0), plain);
  });
});
