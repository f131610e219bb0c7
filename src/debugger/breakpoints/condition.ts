// Conditions, hit counts and log messages of breakpoints. Everything is checked when the breakpoint is set, so that a
// mistake shows in the editor at once and not when the guest gets there.

import { evaluate, evaluateNode } from '../expression/evaluate';
import { parseExpression, type ParseResult } from '../expression/parser';
import type { EvaluationContext } from '../expression/value';
import { valueText } from '../text';
import type { Condition } from './types';

type HitTest = (hits: number) => boolean;

const HIT = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d+)\s*$/;

/** Undefined when the text is no hit condition. */
function hitTest(text: string): HitTest | undefined {
  const match = HIT.exec(text);
  if (!match) return undefined;
  const n = Number(match[2]);
  switch (match[1]) {
    case '==':
    case '=':
      return (hits) => hits === n;
    case '>':
      return (hits) => hits > n;
    case '<':
      return (hits) => hits < n;
    case '<=':
      return (hits) => hits <= n;
    case '%':
      return n === 0 ? undefined : (hits) => hits % n === 0;
    default:
      return (hits) => hits >= n;
  }
}

/** Braces that hold an expression; doubled braces stand for themselves. */
const HOLES = /\{\{|\}\}|\{([^{}]*)\}/g;

/** A mistake in a condition as a sentence, or undefined. */
export function conditionMistake({ condition, hitCondition, logMessage }: Condition): string | undefined {
  if (condition) {
    const parsed = parseExpression(condition);
    if (!parsed.ok) return `condition: ${parsed.error.message} (column ${parsed.error.start + 1})`;
  }
  if (hitCondition && !hitTest(hitCondition))
    return `hit count: write a number, optionally after ==, >=, >, <=, < or %, not \`${hitCondition}\``;
  for (const [, expression] of logMessage?.matchAll(HOLES) ?? []) {
    if (expression === undefined) continue;
    const parsed = parseExpression(expression);
    if (!parsed.ok) return `log message, {${expression}}: ${parsed.error.message}`;
  }
  return undefined;
}

export type ConditionResult = { stop: boolean; log?: string; problem?: string };

/** A condition with its hit counter. */
export class ConditionState {
  private hits = 0;
  private readonly hit: HitTest | undefined;
  private readonly condition: ParseResult | undefined;

  constructor(private readonly wanted: Condition) {
    this.hit = wanted.hitCondition ? hitTest(wanted.hitCondition) : undefined;
    this.condition = wanted.condition ? parseExpression(wanted.condition) : undefined;
  }

  /** `context` must be read-only. */
  reached(context: EvaluationContext): ConditionResult {
    const { condition, logMessage } = this.wanted;
    if (this.condition) {
      const result = this.condition.ok ? evaluateNode(this.condition.node, context) : this.condition;
      if (!result.ok) return { stop: true, problem: `condition \`${condition}\`: ${result.error.message}` };
      if (result.value.value === 0n) return { stop: false };
    }
    this.hits++;
    if (this.hit && !this.hit(this.hits)) return { stop: false };
    return logMessage ? { stop: false, log: fill(logMessage, context) } : { stop: true };
  }

  reset(): void {
    this.hits = 0;
  }
}

const fill = (message: string, context: EvaluationContext): string =>
  message.replace(HOLES, (whole, expression: string | undefined) => {
    if (expression === undefined) return whole[0]!;
    const result = evaluate(expression, context);
    return result.ok ? valueText(result.value) : `<${result.error.message}>`;
  });
