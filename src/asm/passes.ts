// Runs the passes: a first one, more while labels move, a last one that generates code. The preprocessor belongs to every
// pass, since %if and %assign may ask for symbols and addresses; but as long as every such question gets the answer it got
// before, the lines it gave then are used again instead.
import { PASSES_WITH_ERRORS, STALLED_PASSES } from './limits';
import type { Origin } from './diagnostics';
import { evaluate } from './expr/evaluate';
import { sameValue, type Value } from './expr/value';
import type { Expr } from './expr/ast';
import type { AssemblyLine, Statement } from './assemblyLine';
import { Expansion } from './expansions';
import { execute } from './emit/execute';
import { Stretches } from './emit/stretches';
import type { ListLine } from './emit/listing';
import type { AssemblyState, PassKind } from './emit/state';
import { parseLine } from './parse/lineParser';
import { Preprocessor } from './preproc/preprocessor';
import { storedLines, type PreprocessorHost, type StoredLine } from './preproc/state';

export interface PassesResult {
  listing: readonly ListLine[];
  /** The lines that the preprocessor left to assemble. */
  outputs: readonly AssemblyLine[];
}

/** A question of the preprocessor whose answer may be another one in the next pass. */
interface Question {
  expr: Expr;
  /** Number of lines to assemble before it. */
  index: number;
  origin: Origin;
  answer: Value | undefined;
}

interface Pass {
  outputs: AssemblyLine[];
  listing: ListLine[];
  questions: readonly Question[];
  /** The source asks which pass it is. */
  passDependent: boolean;
  /** Made when first needed. */
  stretches?: Stretches;
  /** %error and %warning that speak in the final pass. */
  deferred: readonly (() => void)[];
}

export function runPasses(state: AssemblyState, text: string): PassesResult {
  const source = storedLines(state.input.file, text, state.lines);
  let last = preprocessingPass(state, source, 'first');
  if (!state.stopped) {
    let least = Infinity;
    let stalled = 0;
    do {
      last = nextPass(state, source, last, 'optimise');
      const { changed } = state.labels;
      stalled = changed < least ? 0 : stalled + 1;
      least = Math.min(least, changed);
      if (state.diagnostics.errors > 0 && state.pass >= PASSES_WITH_ERRORS) break;
      if (state.labels.changed > 0 && (stalled > STALLED_PASSES || state.pass >= state.limits.passes)) {
        reportUnstable(state);
        break;
      }
    } while (state.labels.changed > 0 && !state.stopped);
  }
  if (!state.stopped) last = nextPass(state, source, last, 'final');
  return { listing: last.listing, outputs: last.outputs };
}

function reportUnstable(state: AssemblyState): void {
  const label = state.labels.lastChanged;
  const message =
    `unable to find valid values for all labels after ${state.pass} passes; giving up. ` +
    `\`${label?.name ?? '?'}' still moves: possible causes are recursive EQUs, macro abuse, a size that depends on itself`;
  state.place = label?.origin ?? { at: { file: state.input.file, line: 1 }, stack: [] };
  state.error(message, label?.token);
}

function nextPass(state: AssemblyState, source: readonly StoredLine[], last: Pass, kind: PassKind): Pass {
  if (last.passDependent && kind === 'final') return preprocessingPass(state, source, kind);
  state.startPass(kind);
  if (replay(state, last)) {
    if (kind === 'final') for (const speak of last.deferred) speak();
    return last;
  }
  // Labels that moved before the answer changed have moved all the same.
  const { changed } = state.labels;
  const pass = preprocessingPass(state, source, kind);
  state.labels.changed += changed;
  return pass;
}

/** Executes the statements of an earlier pass; false as soon as the preprocessor would have given others. */
function replay(state: AssemblyState, last: Pass): boolean {
  const { questions, outputs } = last;
  const stretches = state.final ? undefined : (last.stretches ??= stretchesOf(last));
  let next = 0;
  for (let i = 0; i <= outputs.length; i++) {
    for (; next < questions.length && questions[next]!.index <= i; next++) {
      const { expr, origin, answer } = questions[next]!;
      const value = ask(state, expr, origin);
      if (!value || !answer || !sameValue(value, answer)) return false;
    }
    if (i === outputs.length || state.stopped || state.diagnostics.full) break;
    if (stretches) {
      const end = stretches.skip(state, i);
      if (end > i) {
        i = end - 1;
        continue;
      }
    }
    const line = outputs[i]!;
    if (hasParsed(line)) execute(state, line);
  }
  return true;
}

const stretchesOf = ({ outputs, questions }: Pass): Stretches =>
  new Stretches(
    outputs,
    questions.map(({ index }) => index),
  );

function ask(state: AssemblyState, expr: Expr, origin: Origin): Value | undefined {
  state.place = origin;
  state.here = state.offset;
  return state.critically(() => evaluate(expr, state));
}

/** Reads the source, parses and executes each line as it comes. */
function preprocessingPass(state: AssemblyState, source: readonly StoredLine[], kind: PassKind): Pass {
  state.startPass(kind);
  const listing: ListLine[] = [];
  const outputs: AssemblyLine[] = [];
  const questions: Question[] = [];
  const host = preprocessorHost(state, listing, (expr, origin) => {
    const answer = ask(state, expr, origin);
    if (dependsOnPlace(expr)) questions.push({ expr, index: outputs.length, origin, answer });
    return answer;
  });
  const preprocessor = new Preprocessor(host, state.input.file, source, state.input.defines ?? {});
  for (let line = preprocessor.next(); line && !state.stopped; line = preprocessor.next()) {
    state.place = line.origin;
    line.listIndex = listing.length;
    outputs.push(line);
    parseOnce(state, line);
    if (hasParsed(line)) execute(state, line);
    if (state.diagnostics.full) break;
  }
  if (!state.diagnostics.full) preprocessor.end();
  if (preprocessor.stopped || state.diagnostics.full) state.stopped = true;
  return {
    outputs,
    listing,
    questions,
    passDependent: preprocessor.passDependent,
    deferred: preprocessor.deferred,
  };
}

/** Parses the line unless one that reads the same was parsed before. */
function parseOnce(state: AssemblyState, line: AssemblyLine): void {
  const { reading, origin } = line;
  if (reading.parsed !== undefined) return;
  let clean = true;
  const parsed = parseLine(reading.tokens, origin, (severity, message, at, token, code) => {
    clean = false;
    state.diagnostics.add(severity, message, at, token, code);
  });
  if (clean) reading.keep(parsed ?? null);
  else line.reading = new Expansion(reading.tokens, parsed);
}

const hasParsed = (line: AssemblyLine): line is Statement => !!line.reading.parsed;

type Ask = (expr: Expr, origin: Origin) => Value | undefined;

function preprocessorHost(state: AssemblyState, listing: ListLine[], answer: Ask): PreprocessorHost {
  let level = 0;
  const { input, files, diagnostics } = state;
  return {
    get bits() {
      return state.bits;
    },
    finalPass: state.final,
    get reports() {
      return diagnostics.added;
    },
    limits: state.limits,
    environment: input.environment ?? {},
    time: input.time ?? 0,
    compat: input.compat ?? '2.16',
    format: state.format,
    debug: input.debug,
    evaluate: (expr, preprocessor) => answer(expr, preprocessor.origin()),
    report: (severity, message, origin, token, code) => diagnostics.add(severity, message, origin, token, code),
    listLine(text, line) {
      if (!state.listOff) listing.push({ text, line, level });
    },
    listStored(line) {
      if (state.listOff) return;
      listing.push(level === 0 ? line : { text: line.text, line: line.line, level });
    },
    listLevel(change) {
      level += change;
    },
    readSource: (path, from) => files.source(path, from),
    findBinary: (path, from) => files.binary(path, from)?.path,
  };
}

/** Whether a value may be another one in the next pass. */
function dependsOnPlace(expr: Expr): boolean {
  switch (expr.kind) {
    case 'symbol':
    case 'here':
    case 'base':
      return true;
    case 'negate':
    case 'not':
    case 'logicalNot':
    case 'segment':
    case 'ilog2':
      return dependsOnPlace(expr.operand);
    case 'binary':
      return dependsOnPlace(expr.left) || dependsOnPlace(expr.right);
    case 'conditional':
      return dependsOnPlace(expr.test) || dependsOnPlace(expr.yes) || dependsOnPlace(expr.no);
    case 'wrt':
      return dependsOnPlace(expr.value) || dependsOnPlace(expr.base);
    default:
      return false;
  }
}
