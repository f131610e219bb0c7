// The benchmark: every guest on every machine, one after the other. Options:
//   --only ID,...     machines: ringside, v86-nojit, bochs, v86-jit, qemu (Ringside always counts, so it always runs)
//   --guests NAME,... workloads
//   --check           exit code 1 when a target is missed
//   --assembler       only the assembler, against nasm
// Writes out/bench.json. Exit code 1 when a machine computed something else or a run failed, 2 for wrong usage.
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { assemblerLine, assemblerSpeed } from './assembler';
import { measureGuest, References } from './guestRow';
import { GUESTS, type Guest } from './guests';
import { MACHINES } from './machines';
import type { BenchMachine } from './machines/types';
import { describeResult, eventTable, missesTarget, ratio, speedTable, TARGETS, type Row } from './report';
import { ROOT } from './root';

function usage(message: string): never {
  console.error(
    `${message}\nusage: npm run bench -- [--only MACHINE,...] [--guests GUEST,...] [--check] [--assembler]`,
  );
  process.exit(2);
}

function chosen<T>(text: string | undefined, all: readonly T[], name: (each: T) => string, kind: string): readonly T[] {
  if (text === undefined) return all;
  const wanted = text.split(',').map((each) => each.trim());
  for (const each of wanted) {
    if (!all.some((one) => name(one) === each)) usage(`no ${kind} "${each}"; there are ${all.map(name).join(', ')}`);
  }
  return all.filter((one) => wanted.includes(name(one)));
}

function options(): {
  machines: readonly BenchMachine[];
  guests: readonly Guest[];
  check: boolean;
  assemblerOnly: boolean;
} {
  try {
    const string = { type: 'string' } as const;
    const { values } = parseArgs({
      options: { only: string, guests: string, check: { type: 'boolean' }, assembler: { type: 'boolean' } },
    });
    return {
      machines: chosen(values.only, MACHINES, (m) => m.id, 'machine'),
      guests: chosen(values.guests, GUESTS, (g) => g.name, 'guest'),
      check: values.check ?? false,
      assemblerOnly: values.assembler ?? false,
    };
  } catch (error) {
    return usage((error as Error).message);
  }
}

async function main(): Promise<number> {
  const { machines, guests, check, assemblerOnly } = options();
  const started = Date.now();
  const assembler = assemblerSpeed();
  console.log(assemblerLine(assembler));
  if (assemblerOnly) return assembler.error === undefined ? 0 : 1;
  const cpu = os.cpus()[0]?.model ?? 'unknown';
  console.log(`${cpu}, ${os.cpus().length} threads, Node ${process.versions.node}, load ${os.loadavg()[0].toFixed(1)}`);
  const absent = new Map(machines.map((m) => [m, m.missing()] as const).filter(([, missing]) => missing !== undefined));
  for (const machine of machines) {
    const missing = absent.get(machine);
    console.log(missing ? `MISSING ${machine.title}: ${missing}` : `${machine.title}: ${machine.version()}`);
  }
  const present = machines.filter((machine) => !absent.has(machine));
  const counting = MACHINES[0].open(guests[0]);
  const references = new References(counting);
  const rows: Row[] = [];
  const failures: string[] = [];
  for (const guest of guests) {
    console.log(`${guest.name} (${guest.about})`);
    const row = await measureGuest(guest, present, references);
    for (const { id, title } of present) {
      const result = row.results[id];
      console.log(`  ${title}: ${describeResult(result)}`);
      if ('error' in result) failures.push(`${guest.name} on ${title}: ${result.error}`);
    }
    rows.push(row);
  }
  counting.close();

  console.log(`\n${speedTable(rows, machines)}`);
  const events = eventTable(rows, machines);
  if (events) console.log(`\n${events}`);
  const missed = TARGETS.flatMap((target) =>
    rows.filter((row) => missesTarget(row, target)).map((row) => ({ target, row })),
  );
  console.log('');
  for (const [machine, missing] of absent) console.log(`MISSING ${machine.title}: ${missing}`);
  for (const failure of failures) console.log(`ERROR ${failure}`);
  for (const { target, row } of missed) {
    console.log(
      `! ${row.guest.name}: ${ratio(row, target.rival)!.toFixed(2)}x ${target.rival}, wanted ${target.factor}x`,
    );
  }
  const seconds = (Date.now() - started) / 1000;
  console.log(`${seconds.toFixed(0)} s; a "!" marks a missed target`);

  const file = path.join(ROOT, 'out/bench.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const machineFacts = machines.map((m) => ({
    id: m.id,
    title: m.title,
    ...(absent.has(m) ? { missing: absent.get(m) } : { version: m.version() }),
  }));
  const host = { cpu, threads: os.cpus().length, node: process.versions.node, load: os.loadavg() };
  const report = {
    date: new Date(started).toISOString(),
    seconds,
    host,
    targets: TARGETS,
    machines: machineFacts,
    rows,
    assembler,
  };
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`);
  console.log(`written: ${path.relative(process.cwd(), file)}`);
  return failures.length > 0 || (check && missed.length > 0) ? 1 : 0;
}

process.exitCode = await main();
