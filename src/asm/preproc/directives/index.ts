// Finds and runs the directive on a line.
import { unquoteText } from '../../text/quote';
import { skipSpace, textOf, type Token } from '../../token/token';
import type { PreprocessorState } from '../state';
import { conditional, emits } from './conditional';
import { assign, define, stringDirective, undefine } from './define';
import { booleanOption, clear, contextDirective, depend, include, lineDirective, pragma, use } from './files';
import { beginMacro, beginRep, endMacro, endRep, exitMacro, exitRep, rotate, undefineMacro } from './macro';
import { directiveNamed, type Directive } from './names';
import { argumentDirective, localDirective, stackSize } from './stack';

/** 'none': the line is no directive. 'done': handled. Otherwise the line it stands for. */
export type DirectiveResult = 'none' | 'done' | { output: readonly Token[] };

const CONDITIONAL = new Set(['if', 'elif', 'else', 'endif']);

export function runDirective(state: PreprocessorState, tokens: readonly Token[]): DirectiveResult {
  if (tokens[0]?.is('#')) {
    lineDirective(state, tokens[0], tokens.slice(1));
    return 'done';
  }
  const at = skipSpace(tokens, 0);
  const word = tokens[at];
  if (word?.kind !== 'ppid') return 'none';
  const directive = directiveNamed(word.text);
  if (!directive) return isSkipping(state) || state.definition ? 'none' : unknown(state, word, tokens, at);
  const rest = tokens.slice(at + 1);
  if (directive.name === 'line') {
    lineDirective(state, word, rest);
    return 'done';
  }
  if (isSkipping(state) && !CONDITIONAL.has(directive.name)) return 'none';
  if (state.definition && !concernsDefinition(state, directive)) return 'none';
  // %strlen(...) and friends at the start of a line are function calls.
  if (state.macros.candidates(word.text) && rest[skipSpace(rest, 0)]?.is('(')) return 'none';
  return run(state, directive, word, rest);
}

/** In a branch not taken, or in a %rep that %exitrep has ended. */
export function isSkipping(state: PreprocessorState): boolean {
  const frame = state.frame();
  return !emits(frame.conditions.at(-1)?.state) || frame.blocks.at(-1)?.remaining === 0;
}

function unknown(state: PreprocessorState, word: Token, tokens: readonly Token[], at: number): DirectiveResult {
  // A function or a macro whose name begins with a percent sign may start a line.
  if (state.macros.candidates(word.text)) return 'none';
  if (tokens[skipSpace(tokens, at + 1)]?.is('(')) return 'none';
  state.error(`unknown preprocessor directive \`${word.text}'`, word);
  return 'done';
}

/** While a body is collected only its end, and nested bodies, matter. */
function concernsDefinition(state: PreprocessorState, directive: Directive): boolean {
  const definition = state.definition!;
  const { name } = directive;
  if (name === 'macro' || name === 'rmacro') {
    state.nestedMacros++;
    return false;
  }
  if (name === 'endmacro') {
    if (state.nestedMacros === 0) return true;
    state.nestedMacros--;
    return false;
  }
  if (definition.macro || state.nestedMacros > 0) return false;
  if (name === 'rep') {
    state.nestedReps++;
    return false;
  }
  if (name !== 'endrep') return false;
  if (state.nestedReps === 0) return true;
  state.nestedReps--;
  return false;
}

function run(state: PreprocessorState, directive: Directive, word: Token, rest: readonly Token[]): DirectiveResult {
  if (conditional(state, directive, word, rest)) return 'done';
  switch (directive.name) {
    case 'define':
    case 'xdefine':
    case 'defalias':
      define(state, directive, word, rest);
      break;
    case 'undef':
    case 'undefalias':
      undefine(state, directive, word, rest);
      break;
    case 'assign':
      assign(state, directive, word, rest);
      break;
    case 'defstr':
    case 'deftok':
    case 'strlen':
    case 'strcat':
    case 'substr':
    case 'pathsearch':
      stringDirective(state, directive, word, rest);
      break;
    case 'macro':
    case 'rmacro':
      beginMacro(state, directive, word, rest);
      break;
    case 'endmacro':
      endMacro(state, word);
      break;
    case 'unmacro':
      undefineMacro(state, directive, word, rest);
      break;
    case 'exitmacro':
      exitMacro(state, word);
      break;
    case 'rotate':
      rotate(state, word, rest);
      break;
    case 'rep':
      beginRep(state, word, rest);
      break;
    case 'endrep':
      endRep(state, word);
      break;
    case 'exitrep':
      exitRep(state, word);
      break;
    case 'include':
    case 'require':
      include(state, word, rest, directive.name === 'require');
      break;
    case 'depend':
      depend(state, word, rest);
      break;
    case 'use':
      use(state, word, rest);
      break;
    case 'clear':
      clear(state, word, rest);
      break;
    case 'aliases':
      state.macros.ignoreAliases = !booleanOption(state, state.expand(rest), !state.macros.ignoreAliases);
      break;
    case 'pragma': {
      const output = pragma(state, rest);
      return output ? { output } : 'done';
    }
    case 'push':
    case 'pop':
    case 'repl':
      contextDirective(state, directive.name, word, rest);
      break;
    case 'stacksize':
      stackSize(state, word, rest);
      break;
    case 'arg':
      argumentDirective(state, word, rest);
      break;
    case 'local':
      localDirective(state, word, rest);
      break;
    case 'error':
    case 'warning':
    case 'fatal':
      message(state, directive.name, word, rest);
      break;
    default:
      break;
  }
  return 'done';
}

function message(
  state: PreprocessorState,
  kind: 'error' | 'warning' | 'fatal',
  word: Token,
  rest: readonly Token[],
): void {
  const tokens = state.expand(rest);
  const start = skipSpace(tokens, 0);
  const alone = tokens[start]?.kind === 'str' && skipSpace(tokens, start + 1) >= tokens.length;
  const text = alone ? unquoteText(tokens[start]!.text) : textOf(tokens.slice(start));
  if (kind === 'fatal') state.fatal(text, word);
  else if (state.host.finalPass) userMessage(state, kind, text, word);
  else {
    // Only the final pass speaks; what the source says then is known now unless it depends on symbols.
    const origin = state.origin();
    state.deferred.push(() => state.host.report(kind, text, origin, word, kind === 'warning' ? 'user' : undefined));
  }
}

function userMessage(state: PreprocessorState, kind: 'error' | 'warning', text: string, word: Token): void {
  if (kind === 'error') state.error(text, word);
  else state.warn('user', text, word);
}
