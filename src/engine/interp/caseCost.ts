// Which forms can be cases of the loop, and how much each adds to it. The compiler of the JavaScript engine gives a function
// with very many values a simpler treatment (V8: more than 8,192 virtual registers), and then record and budget live in memory:
// a loop should stay below that.
import * as W from '../../wasm/ir';
import type { Expr, Stmt } from '../../wasm/ir';
import { FunctionBuilder } from '../../wasm/module';
import { parseForm } from '../form';
import { VEX } from '../lower/vex/index';
import { lower } from './formFunctions';
import type { LoopLabels } from './loopLabels';
import type { RuntimeFunctions } from './runtimeFunctions';
import { VexEmit } from './vexEmit';

const costs = new Map<string, number>();

/** Values that the form's case computes; undefined when it has to stay a function. */
export function caseCost(key: string): number | undefined {
  let cost = costs.get(key);
  if (cost === undefined) costs.set(key, (cost = measure(key)));
  return Number.isNaN(cost) ? undefined : cost;
}

/** Repeated string instructions must not start again in the middle of a chunk, which is charged as a whole. */
const staysFunction = (key: string): boolean => {
  const { sem, rep } = parseForm(key);
  return rep !== 0 || sem in VEX || sem === 'cmps';
};

function measure(key: string): number {
  if (staysFunction(key)) return NaN;
  const label = new W.Label('');
  const labels: LoopLabels = { again: label, cold: label, system: label, missRead: label, missWrite: label };
  const fn = new FunctionBuilder(['i32', 'i32'], ['i32']);
  const c = new VexEmit(fn, {} as RuntimeFunctions, labels);
  lower(c, key);
  return sum(c.body, ofStatement);
}

const sum = <T>(list: readonly T[], cost: (each: T) => number): number =>
  list.reduce((total, each) => total + cost(each), 0);

function ofExpression(e: Expr): number {
  switch (e.kind) {
    case 'const':
    case 'local':
    case 'bytes':
      return 0;
    case 'load':
      return 1 + ofExpression(e.address);
    case 'unary':
      return 1 + ofExpression(e.a);
    case 'binary':
    case 'shuffle':
      return 1 + ofExpression(e.a) + ofExpression(e.b);
    case 'lane':
      return 1 + ofExpression(e.a) + (e.b ? ofExpression(e.b) : 0);
    case 'bitselect':
      return 1 + ofExpression(e.a) + ofExpression(e.b) + ofExpression(e.mask);
    case 'select':
      return 1 + ofExpression(e.condition) + ofExpression(e.a) + ofExpression(e.b);
    case 'call':
    case 'callIndirect':
      return 1 + sum(e.args, ofExpression);
  }
}

function ofStatement(s: Stmt): number {
  switch (s.kind) {
    case 'set':
    case 'drop':
      return ofExpression(s.value);
    case 'store':
      return ofExpression(s.address) + ofExpression(s.value);
    case 'if':
      return ofExpression(s.condition) + sum(s.then, ofStatement) + sum(s.else, ofStatement);
    case 'block':
    case 'loop':
      return sum(s.body, ofStatement);
    case 'brIf':
      return ofExpression(s.condition);
    case 'brTable':
      return ofExpression(s.index);
    case 'return':
      return s.value ? ofExpression(s.value) : 0;
    default:
      return 0;
  }
}
