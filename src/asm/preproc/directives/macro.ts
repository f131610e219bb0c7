// %macro, %unmacro, %rotate, %exitmacro, %rep and %exitrep.
import { skipSpace, withoutSpace, type Token } from '../../token/token';
import { overlaps, splitParameters } from '../multiMacros';
import type { Definition, MultiMacro, PreprocessorState } from '../state';
import { expandName, readCount } from './common';
import type { Directive } from './names';

/** Name, parameter counts, `.nolist` and defaults of a %macro line. */
function parseSpecification(
  state: PreprocessorState,
  directive: Directive,
  word: Token,
  tokens: readonly Token[],
): MultiMacro | undefined {
  const { head, rest } = expandName(state, tokens);
  if (head?.kind !== 'id') {
    state.error(`\`${word.text}' expects a macro name`, head ?? word);
    return undefined;
  }
  const expanded = state.expand(rest);
  const shape = readCount(state, expanded, word);
  let next = shape.next;
  const option = expanded[next];
  const silent = option?.kind === 'id' && option.text.toLowerCase() === '.nolist';
  if (silent) next++;
  const macro: MultiMacro = {
    name: head.text,
    caseSensitive: directive.caseSensitive,
    least: shape.least,
    most: shape.most,
    greedy: shape.greedy,
    silent,
    defaults: [],
    body: [],
    capturesLabel: false,
    recursive: directive.name === 'rmacro',
    active: 0,
  };
  if (next >= expanded.length) return macro;
  const defaults = splitParameters(state, expanded.slice(next));
  macro.defaults = defaults.list;
  if (defaults.emptyTail && !state.sanePragma) {
    macro.defaults = defaults.list.slice(0, -1);
    const message = `dropping trailing empty default parameter in definition of multi-line macro \`${macro.name}'`;
    state.warn('pp-macro-params-legacy', message, head);
  }
  if (macro.defaults.length > macro.most - macro.least && !macro.greedy) {
    state.warn('pp-macro-defaults', `too many default macro parameters in macro \`${macro.name}'`, head);
  }
  return macro;
}

export function beginMacro(
  state: PreprocessorState,
  directive: Directive,
  word: Token,
  tokens: readonly Token[],
): void {
  const macro = parseSpecification(state, directive, word, tokens);
  // Even a bad %macro line begins a body, so that its lines are not assembled.
  const broken = macro === undefined;
  const shell: MultiMacro = macro ?? {
    name: '',
    caseSensitive: true,
    least: 0,
    most: 0,
    greedy: false,
    silent: false,
    defaults: [],
    body: [],
    capturesLabel: false,
    recursive: false,
    active: 0,
  };
  state.definition = {
    macro: shell,
    repetitions: 0,
    silent: shell.silent,
    lines: [],
    outer: state.definition,
    where: state.frame().where,
  };
  if (broken) return;
  const clash = state.multi
    .get(shell.name.toLowerCase())
    ?.some((old) => old.name === shell.name && overlaps(old, shell.least, shell.most, shell.greedy));
  if (clash) state.warn('pp-macro-redef-multi', `redefining multi-line macro \`${shell.name}'`, word);
}

export function endMacro(state: PreprocessorState, word: Token): void {
  const definition = state.definition;
  if (!definition?.macro) {
    state.error(`\`${word.text}': not defining a macro`, word);
    return;
  }
  state.definition = definition.outer;
  const { macro } = definition;
  if (macro.name === '') return;
  macro.body = definition.lines;
  macro.capturesLabel = definition.lines.some((line) =>
    line.tokens.some((token) => token.kind === 'param' && token.text === '%00'),
  );
  const key = macro.name.toLowerCase();
  state.multi.set(key, [macro, ...(state.multi.get(key) ?? [])]);
}

export function undefineMacro(
  state: PreprocessorState,
  directive: Directive,
  word: Token,
  tokens: readonly Token[],
): void {
  const shape = parseSpecification(state, directive, word, tokens);
  if (!shape) return;
  const key = shape.name.toLowerCase();
  const list = state.multi.get(key);
  const doomed = (macro: MultiMacro): boolean =>
    macro.caseSensitive === shape.caseSensitive &&
    (shape.caseSensitive ? macro.name === shape.name : macro.name.toLowerCase() === key) &&
    macro.least === shape.least &&
    macro.most === shape.most &&
    macro.greedy === shape.greedy;
  if (list?.some((macro) => doomed(macro) && macro.active > 0)) {
    state.error("`%unmacro' can't undefine the macro being expanded", word);
    return;
  }
  const kept = list?.filter((macro) => !doomed(macro)) ?? [];
  if (kept.length > 0) state.multi.set(key, kept);
  else state.multi.delete(key);
}

export function exitMacro(state: PreprocessorState, word: Token): void {
  const frame = state.frame();
  const index = frame.blocks.findLastIndex((block) => block.invocation !== undefined);
  if (index < 0) {
    state.error("`%exitmacro' not within `%macro' block", word);
    return;
  }
  // Blocks inside (%rep) end with the macro, and so do the conditions opened since.
  for (const block of frame.blocks.slice(index)) {
    for (; block.conditions > 0 && frame.conditions.length > 0; block.conditions--) frame.conditions.pop();
    block.conditions = 0;
    block.index = block.lines.length;
    block.remaining = Math.min(block.remaining, 1);
  }
}

export function rotate(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  if (skipSpace(tokens, 0) >= tokens.length) {
    state.error(`\`${word.text}' missing rotate count`, word);
    return;
  }
  const count = state.evaluateNumber(state.expand(tokens), `non-constant value given to \`${word.text}'`);
  if (count === undefined) return;
  const call = state.frame().blocks.at(-1)?.macro;
  if (!call) state.error(`\`${word.text}' invoked outside a macro call`, word);
  else if (call.count === 0) state.error(`\`${word.text}' invoked within macro without parameters`, word);
  else {
    const total = BigInt(call.count);
    const sum = (BigInt(call.rotation) + count) % total;
    call.rotation = Number(sum < 0n ? sum + total : sum);
  }
}

export function beginRep(state: PreprocessorState, word: Token, tokens: readonly Token[]): void {
  let rest = withoutSpace(tokens);
  const silent = rest[0]?.kind === 'id' && rest[0].text.toLowerCase() === '.nolist';
  if (silent) rest = rest.slice(1);
  const definition: Definition = {
    repetitions: 0,
    silent,
    lines: [],
    outer: state.definition,
    where: state.frame().where,
  };
  if (rest.length === 0) state.error(`\`${word.text}' expects a repeat count`, word);
  else {
    const start = silent ? tokens.indexOf(rest[0]!) : 0;
    const count = state.evaluateNumber(
      state.expand(tokens.slice(start)),
      `non-constant value given to \`${word.text}'`,
    );
    const limit = BigInt(state.host.limits.rep);
    if (count !== undefined && count > limit) {
      state.error(`\`${word.text}' count ${count} exceeds limit (currently ${limit})`, rest[0]);
    } else if (count !== undefined && count < 0n) {
      if (state.host.finalPass) state.warn('pp-rep-negative', `negative \`${word.text}' count: ${count}`, rest[0]);
    } else if (count !== undefined) definition.repetitions = Number(count) + 1;
  }
  state.definition = definition;
}

export function endRep(state: PreprocessorState, word: Token): void {
  const definition = state.definition;
  if (!definition || definition.macro) {
    state.error("`%endrep': no matching `%rep'", word);
    return;
  }
  state.definition = definition.outer;
  const frame = state.frame();
  const silent = definition.silent || frame.blocks.at(-1)?.silent === true;
  frame.blocks.push({
    lines: definition.lines,
    index: definition.lines.length,
    remaining: definition.repetitions,
    macro: frame.blocks.at(-1)?.macro,
    conditions: 0,
    returnTo: frame.where,
    silent,
  });
  if (!silent) state.host.listLevel(1);
}

export function exitRep(state: PreprocessorState, word: Token): void {
  const block = state.frame().blocks.findLast((candidate) => !candidate.invocation);
  if (block) block.remaining = 0;
  else state.error("`%exitrep' not within `%rep' block", word);
}
