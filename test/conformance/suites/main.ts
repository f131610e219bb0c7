// `npm run conformance:suites -- FOLDER [NAME...]`: runs the public suites that were built in the folder on Ringside, QEMU and
// Bochs and writes their section of docs/conformance.md. Results are kept in FOLDER/results-EMULATOR.json: what has one already is
// run again only when it is named (by the beginning of a case's name, or an emulator).
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../../scripts/lib/root.mjs';
import { CASES, KVM, TEST386, type Case } from './cases';
import { EMULATORS, runOn, versions, type Emulator } from './emulators';
import { cellOf, kvmOutcome, test386Outcome, type Outcome } from './outcome';

interface Kept extends Outcome {
  readonly date: string;
  readonly version: string;
}

const SECONDS = Number(process.env['RINGSIDE_SUITE_SECONDS'] ?? 300);
const BEGIN = '<!-- suites: written by npm run conformance:suites -->';
const END = '<!-- end of suites -->';

const [folder, ...names] = process.argv.slice(2);
if (folder === undefined || !existsSync(folder)) {
  console.error('name the folder with the built suites: kvm32, kvm64 (kvm-unit-tests), test386 (test386.asm)');
  process.exit(2);
}
const storeOf = (emulator: Emulator): string => path.join(folder, `results-${emulator}.json`);
const results: Record<string, Kept> = {};
const load = (emulator: Emulator): void => {
  if (existsSync(storeOf(emulator))) Object.assign(results, JSON.parse(readFileSync(storeOf(emulator), 'utf8')));
};
EMULATORS.forEach(load);
const keyOf = (test: Case, emulator: Emulator): string => `${test.suite}/${test.name}/${emulator}`;
const emulators = names.filter((name): name is Emulator => (EMULATORS as readonly string[]).includes(name));
const cases = names.filter((name) => !(EMULATORS as readonly string[]).includes(name));
const version = versions();

async function outcomeOf(test: Case, emulator: Emulator): Promise<Outcome> {
  const image = path.join(folder!, test.image);
  const nothing = { passed: 0, failed: 0, skipped: 0 };
  if (!existsSync(image)) return { verdict: 'not run', ...nothing, detail: 'not built' };
  const ran = await runOn(emulator, test, image, SECONDS);
  if (!ran) return { verdict: 'not run', ...nothing };
  const reference = (): string => readFileSync(path.join(path.dirname(image), 'test386-EE-reference.txt'), 'latin1');
  const outcome = test.kind === 'multiboot' ? kvmOutcome(ran) : test386Outcome(ran, reference());
  return ran.timedOut ? { ...outcome, seconds: SECONDS } : outcome;
}

async function runAll(): Promise<void> {
  for (const emulator of emulators.length > 0 ? emulators : EMULATORS) {
    for (const test of CASES) {
      const key = keyOf(test, emulator);
      const asked = cases.some((name) => test.name.startsWith(name)) || (cases.length === 0 && emulators.length > 0);
      if ((results[key] && !asked) || (cases.length > 0 && !asked)) continue;
      const outcome = await outcomeOf(test, emulator);
      results[key] = { ...outcome, date: new Date().toISOString().slice(0, 10), version: version[emulator] };
      const own = Object.entries(results).filter(([name]) => name.endsWith(`/${emulator}`));
      writeFileSync(storeOf(emulator), `${JSON.stringify(Object.fromEntries(own), undefined, 1)}\n`);
      console.log(`${emulator}: ${test.name}: ${cellOf(outcome, test)}`);
    }
  }
}

function row(test: Case): string {
  const cells = EMULATORS.map((emulator) => {
    const kept = results[keyOf(test, emulator)];
    return kept ? cellOf(kept, test) : '–';
  });
  return `| ${test.name} | ${cells.join(' | ')} | ${test.note ?? ''} |`;
}

function total(suite: string, emulator: Emulator): string {
  const of = CASES.filter((test) => test.suite === suite).flatMap((test) => results[keyOf(test, emulator)] ?? []);
  const passed = of.filter(({ verdict }) => verdict === 'passed').length;
  const checks = of.reduce((sum, kept) => sum + kept.passed, 0);
  return `${passed} of ${of.filter(({ verdict }) => verdict !== 'not run').length}, ${checks} checks`;
}

function section(): string {
  const dates = [...new Set(Object.values(results).map(({ date }) => date))].sort();
  const used = (emulator: Emulator): string =>
    [...new Set(CASES.flatMap((test) => results[keyOf(test, emulator)]?.version ?? []))].join(', ');
  const lines = [
    `Run on ${dates.join(', ')}: Ringside ${used('Ringside')}, QEMU ${used('QEMU')} (TCG), Bochs ${used('Bochs')}.`,
  ];
  for (const suite of [KVM, TEST386]) {
    lines.push(
      '',
      `### ${suite}`,
      '',
      `| test | ${EMULATORS.join(' | ')} | |`,
      '|---|---|---|---|---|',
      ...CASES.filter((test) => test.suite === suite).map(row),
      `| passed | ${EMULATORS.map((emulator) => total(suite, emulator)).join(' | ')} | |`,
    );
  }
  return lines.join('\n');
}

function write(): void {
  EMULATORS.forEach(load); // what other runs have added meanwhile
  const target = path.join(ROOT, 'docs/conformance.md');
  const text = readFileSync(target, 'utf8');
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${target} has no place for the suites (${BEGIN} ... ${END})`);
  writeFileSync(target, `${before}${BEGIN}\n\n${section()}\n\n${END}${after}`);
}

void runAll().then(write);
