// Caps that make every run end, whatever the source says. The figures follow nasm's `--limit-*` defaults where it has them.
import type { AssembleLimits } from './types';

export const DEFAULT_LIMITS: AssembleLimits = {
  passes: 1000,
  lines: 1_000_000,
  rep: 1_000_000,
  depth: 10_000,
  bytes: 256 * 1024 * 1024,
  errors: 200,
};

/** Passes without progress (fewer moving labels) before the optimiser gives up. */
export const STALLED_PASSES = 200;
/** Passes for a source with errors, whose labels need not come to rest. */
export const PASSES_WITH_ERRORS = 20;
/** Terms in one expression. */
export const EXPRESSION_TERMS = 8_192;
/** Lines read, those of loops and macros included, for each line that may be assembled. */
export const READ_PER_LINE = 4;
/** Tokens produced while expanding one line. */
export const EXPANSION_TOKENS = 300_000;
/** Nested single-line macro expansions. */
export const EXPANSION_LEVELS = 1_500;
/** Multi-line macro expansions before returning to the top level. */
export const MACRO_CALLS = 100_000;
/** Parenthesis and operator nesting in one expression (the parsers are recursive). */
export const EXPRESSION_DEPTH = 1_000;
/** `%[...]` inside `%[...]`. */
export const INDIRECTION_DEPTH = 100;
/** Nested `%include`s. */
export const INCLUDE_DEPTH = 256;
