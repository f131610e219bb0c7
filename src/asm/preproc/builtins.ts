// Single-line macros defined before the source begins: version, date, format; aliases of older spellings
// (NASM manual, "Standard Macros"). The version is that of the dialect, nasm 2.16.
import { quote } from '../text/quote';
import { toByteString } from '../text/bytes';
import { madeToken, numberToken, type SourceLine } from '../token/token';
import { template } from './template';
import type { SingleMacro } from './singleMacros';
import type { PreprocessorState } from './state';

/** Names whose old spelling lacks the question marks: __LINE__ for __?LINE?__. */
const OLD_SPELLINGS = [
  'SECT',
  'SECTALIGN_ALIGN_UPDATES_SECTION',
  'FLOAT_DAZ',
  'FLOAT_ROUND',
  'FLOAT',
  'NASM_MAJOR',
  'NASM_MINOR',
  'NASM_SUBMINOR',
  'NASM_PATCHLEVEL',
  'NASM_SNAPSHOT',
  'NASM_VERSION_ID',
  'NASM_VER',
  'OUTPUT_FORMAT',
  'DEBUG_FORMAT',
  'DATE',
  'DATE_NUM',
  'TIME',
  'TIME_NUM',
  'UTC_DATE',
  'UTC_DATE_NUM',
  'UTC_TIME',
  'UTC_TIME_NUM',
  'POSIX_TIME',
  'FILE',
  'LINE',
  'BITS',
  'PTR',
  'PASS',
];
const OLD_INSENSITIVE = [
  'infinity',
  'nan',
  'qnan',
  'snan',
  'float8',
  'float16',
  'float32',
  'float64',
  'float80m',
  'float80e',
  'float128l',
  'float128h',
  'utf16',
  'utf16le',
  'utf16be',
  'utf32',
  'utf32le',
  'utf32be',
  'ilog2e',
  'ilog2w',
  'ilog2f',
  'ilog2c',
];

const VERSIONS = {
  '2.16': { text: '2.16.01', numbers: [2, 16, 1, 0] },
  '3': { text: '3.01', numbers: [3, 1, 0, 0] },
} as const;

export function addBuiltins(state: PreprocessorState, firstPassesOnly: boolean): void {
  const { host } = state;
  const set = (name: string, text: string): void => {
    state.macros.define({ name, caseSensitive: true, body: template(text) }, () => undefined);
  };
  const magic = (name: string, native: NonNullable<SingleMacro['native']>): void => {
    state.macros.define({ name, caseSensitive: true, body: [], native }, () => undefined);
  };
  const alias = (name: string, target: string, caseSensitive: boolean): void => {
    state.macros.define({ name, caseSensitive, body: [madeToken('id', target)], alias: true }, () => undefined);
  };
  const version = VERSIONS[host.compat];
  const [major, minor, sub, patch] = version.numbers;
  set('__?NASM_MAJOR?__', `${major}`);
  set('__?NASM_MINOR?__', `${minor}`);
  set('__?NASM_SUBMINOR?__', `${sub}`);
  set('__?NASM_PATCHLEVEL?__', `${patch}`);
  set('__?NASM_VERSION_ID?__', `0x${version.numbers.map((part) => part.toString(16).padStart(2, '0')).join('')}`);
  set('__?NASM_VER?__', `"${version.text}"`);
  set('__?OUTPUT_FORMAT?__', host.format);
  if (host.debug !== undefined) set('__?DEBUG_FORMAT?__', host.debug);
  set('__?SECT?__', '[section .text]');
  set('__?SECTALIGN_ALIGN_UPDATES_SECTION?__', '1');
  set('__?FLOAT_DAZ?__', 'nodaz');
  set('__?FLOAT_ROUND?__', 'near');
  set('__?FLOAT?__', '__?FLOAT_DAZ?__,__?FLOAT_ROUND?__');
  magic('__?PASS?__', (call) => {
    state.passDependent = true;
    return [numberToken(firstPassesOnly ? 1 : 2, call.name)];
  });
  magic('__?LINE?__', (call) => [numberToken(visibleLine(state).line, call.name)]);
  magic('__?FILE?__', (call) => [madeToken('str', quote(toByteString(visibleLine(state).file)), call.name)]);
  magic('__?BITS?__', (call) => [numberToken(host.bits, call.name)]);
  magic('__?PTR?__', (call) => [
    madeToken('id', host.bits === 16 ? 'word' : host.bits === 32 ? 'dword' : 'qword', call.name),
  ]);
  addTime(host.time, set);
  for (const name of OLD_SPELLINGS) alias(`__${name}__`, `__?${name}?__`, true);
  for (const name of OLD_INSENSITIVE) alias(`__${name}__`, `__?${name}?__`, false);
}

/** The line being read: in a macro's body that of the body, unless the macro is .nolist. */
function visibleLine(state: PreprocessorState): SourceLine {
  let { where } = state.frame();
  for (let call = state.frame().blocks.at(-1)?.macro; call?.macro.silent; call = call.outer) where = call.callAt;
  return where;
}

/** Proleptic Gregorian date of a day count since 1970-01-01. */
function civilDate(days: number): [number, number, number] {
  const shifted = days + 719468;
  const era = Math.floor(shifted / 146097);
  const dayOfEra = shifted - era * 146097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36524) - Math.floor(dayOfEra / 146096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return [yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day];
}

/** Local time is taken to be UTC: a build must not depend on where it runs. */
function addTime(seconds: number, set: (name: string, text: string) => void): void {
  const [year, month, day] = civilDate(Math.floor(seconds / 86400));
  const rest = ((seconds % 86400) + 86400) % 86400;
  const pad = (value: number, width = 2): string => String(value).padStart(width, '0');
  const clock = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map((value) => pad(value));
  const date = [pad(year, 4), pad(month), pad(day)];
  for (const zone of ['', 'UTC_']) {
    set(`__?${zone}DATE?__`, `"${date.join('-')}"`);
    set(`__?${zone}TIME?__`, `"${clock.join(':')}"`);
    set(`__?${zone}DATE_NUM?__`, date.join(''));
    set(`__?${zone}TIME_NUM?__`, clock.join(''));
  }
  set('__?POSIX_TIME?__', `${seconds}`);
}
