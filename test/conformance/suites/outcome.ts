// What a run of a case came to, from what the guest printed.
import type { Case } from './cases';

export interface Outcome {
  /** `not run`: the emulator cannot start it. */
  readonly verdict: 'passed' | 'failed' | 'skipped' | 'timeout' | 'not run';
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly detail?: string;
  /** The limit, when it was met. */
  readonly seconds?: number;
}

export interface Ran {
  readonly output: string;
  /** Bytes of port E9. */
  readonly codes: Uint8Array;
  readonly timedOut: boolean;
  /** By the guest's exit device or its own words; undefined when it ended in another way. */
  readonly status: number | undefined;
}

/** The library's own code for a test that skipped everything. */
const SKIPPED = 77;

const count = (output: string, word: string): number => output.match(new RegExp(`^${word}: `, 'gm'))?.length ?? 0;

export function kvmOutcome({ output, timedOut, status }: Ran): Outcome {
  const text = output.replaceAll('\r', '');
  const [passed, failed, skipped] = [count(text, 'PASS'), count(text, 'FAIL'), count(text, 'SKIP')];
  const crash = /^(Unhandled exception[^\n]*)/m.exec(text)?.[1];
  const counts = { passed, failed, skipped, ...(crash === undefined ? {} : { detail: crash }) };
  if (crash !== undefined || failed > 0) return { verdict: 'failed', ...counts };
  if (timedOut) return { verdict: 'timeout', ...counts };
  if (status === SKIPPED || (passed === 0 && /SKIP|not enabled|not detected/.test(text)))
    return { verdict: 'skipped', ...counts };
  return { verdict: status === 0 || (status === undefined && passed > 0) ? 'passed' : 'failed', ...counts };
}

const LAST_CODE = 0xff;

/** POST codes as far as they came; passed when the last one did and every line of arithmetic is that of the reference. */
export function test386Outcome({ output, codes, timedOut }: Ran, reference: string): Outcome {
  const lines = (text: string): string[] =>
    text
      .replaceAll('\r', '')
      .split('\n')
      .filter((line) => line !== '');
  const [got, wanted] = [lines(output), lines(reference)];
  const passed = wanted.filter((line, n) => got[n] === line).length;
  const last = codes.at(-1);
  const detail = `POST ${last === undefined ? 'none' : last.toString(16).toUpperCase().padStart(2, '0')}`;
  const complete = last === LAST_CODE && passed === wanted.length && got.length === wanted.length;
  const verdict = complete ? 'passed' : timedOut && last === LAST_CODE ? 'timeout' : 'failed';
  return { verdict, passed, failed: last === LAST_CODE ? wanted.length - passed : 0, skipped: 0, detail };
}

export function cellOf({ verdict, passed, failed, skipped, detail, seconds }: Outcome, { kind }: Case): string {
  if (verdict === 'not run') return `–${detail === undefined ? '' : ` (${detail})`}`;
  const parts =
    kind === 'firmware' ? [`${detail}, ${passed} lines`] : [passed > 0 || failed > 0 ? `${passed} passed` : ''];
  if (failed > 0) parts.push(`${failed} failed`);
  if (skipped > 0) parts.push(`${skipped} skipped`);
  if (kind !== 'firmware' && detail !== undefined) parts.push('stopped by an exception');
  const said = parts.filter((part) => part !== '').join(', ');
  const word = { passed: 'passed', failed: '**failed**', skipped: 'skipped', timeout: `did not end in ${seconds} s` }[
    verdict
  ];
  return verdict === 'passed' && said !== '' ? said : said === '' ? word : `${word}: ${said}`;
}
