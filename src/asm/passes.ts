// Runs the passes: a first one, more while labels move, a last one that generates code. When the preprocessor's output
// does not depend on symbols or addresses, its lines are parsed once and kept.
import { STALLED_PASSES } from './limits';
import { evaluate } from './expr/evaluate';
import type { Expr } from './expr/ast';
import { execute } from './emit/execute';
import type { ListLine } from './emit/listing';
import type { AssemblyState, PassKind } from './emit/state';
import { parseLine } from './parse/lineParser';
import type { Statement } from './parse/statement';
import { Preprocessor } from './preproc/preprocessor';
import type { PreprocessorHost } from './preproc/state';

export interface PassesResult {
  listing: readonly ListLine[];
}

interface Pass {
  statements: Statement[];
  listing: ListLine[];
  /** The preprocessor has to run again in the next pass. */
  volatile: boolean;
  /** %error and %warning that speak in the final pass. */
  deferred: readonly (() => void)[];
}

export function runPasses(state: AssemblyState, source: string): PassesResult {
  let last = preprocessingPass(state, source, 'first');
  if (!state.stopped) {
    let least = Infinity;
    let stalled = 0;
    do {
      last = nextPass(state, source, last, 'optimise');
      const { changed } = state.labels;
      stalled = changed < least ? 0 : stalled + 1;
      least = Math.min(least, changed);
      if (state.labels.changed > 0 && (stalled > STALLED_PASSES || state.pass >= state.limits.passes)) {
        reportUnstable(state);
        break;
      }
    } while (state.labels.changed > 0 && !state.stopped);
  }
  if (!state.stopped) last = nextPass(state, source, last, 'final');
  return { listing: last.listing };
}

function reportUnstable(state: AssemblyState): void {
  const message =
    `unable to find valid values for all labels after ${state.pass} passes; giving up. ` +
    'Possible causes: recursive EQUs, macro abuse, a size that depends on itself';
  state.place = { at: { file: state.input.file, line: 1 }, stack: [] };
  state.error(message, undefined);
}

function nextPass(state: AssemblyState, source: string, last: Pass, kind: PassKind): Pass {
  if (last.volatile) return preprocessingPass(state, source, kind);
  state.startPass(kind);
  if (kind === 'final') for (const speak of last.deferred) speak();
  for (const statement of last.statements) {
    if (state.stopped || state.diagnostics.full) break;
    execute(state, statement);
  }
  return last;
}

/** Reads the source, parses and executes each line as it comes. */
function preprocessingPass(state: AssemblyState, source: string, kind: PassKind): Pass {
  state.startPass(kind);
  const listing: ListLine[] = [];
  const statements: Statement[] = [];
  const preprocessor = new Preprocessor(preprocessorHost(state, listing), state.input.file, source, state.input.defines ?? {});
  for (let line = preprocessor.next(); line && !state.stopped; line = preprocessor.next()) {
    state.place = line.origin;
    const statement = parseLine(line.tokens, line.origin, listing.length, (severity, message, origin, token, code) =>
      state.diagnostics.add(severity, message, origin, token, code),
    );
    if (!statement) continue;
    statements.push(statement);
    execute(state, statement);
    if (state.diagnostics.full) break;
  }
  if (!state.diagnostics.full) preprocessor.end();
  if (preprocessor.stopped || state.diagnostics.full) state.stopped = true;
  return { statements, listing, volatile: preprocessor.volatile, deferred: preprocessor.deferred };
}

function preprocessorHost(state: AssemblyState, listing: ListLine[]): PreprocessorHost {
  let level = 0;
  const { input, files, diagnostics } = state;
  return {
    get bits() {
      return state.bits;
    },
    finalPass: state.final,
    limits: state.limits,
    environment: input.environment ?? {},
    time: input.time ?? 0,
    compat: input.compat ?? '2.16',
    evaluate(expr, preprocessor) {
      if (dependsOnPlace(expr)) preprocessor.volatile = true;
      state.place = preprocessor.origin();
      state.hereOffset = BigInt(state.offset);
      return state.critically(() => evaluate(expr, state));
    },
    report: (severity, message, origin, token, code) => diagnostics.add(severity, message, origin, token, code),
    listLine(text, line) {
      if (!state.listOff) listing.push({ text, line, level });
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
