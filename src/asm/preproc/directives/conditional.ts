// %if ... %elif ... %else ... %endif: the stack of conditions.
import type { Token } from '../../token/token';
import type { ConditionState, PreprocessorState } from '../state';
import { warnTrailing } from './common';
import { testCondition } from './conditions';
import type { Directive } from './names';

export const emits = (condition: ConditionState | undefined): boolean =>
  condition === undefined || condition === 'true' || condition === 'elseTrue';

function test(state: PreprocessorState, directive: Directive, tokens: readonly Token[], word: Token): ConditionState {
  const condition = directive.condition!;
  const ask = (): boolean | undefined => testCondition(state, condition, tokens, word);
  const result = condition === '' ? state.steadily(ask) : ask();
  if (result === undefined) return 'never';
  return result !== directive.negated ? 'true' : 'false';
}

/** Handles the directive when it is one of the family; true when it was. */
export function conditional(
  state: PreprocessorState,
  directive: Directive,
  word: Token,
  tokens: readonly Token[],
): boolean {
  const frame = state.frame();
  const { conditions } = frame;
  const current = conditions.at(-1)?.state;
  const block = frame.blocks.at(-1);
  const set = (value: ConditionState): void => void (conditions.at(-1)!.state = value);
  const missing = (): void => state.error(`\`${word.text}': no matching \`%if'`, word);
  switch (directive.name) {
    case 'if':
      conditions.push({
        state: emits(current) ? test(state, directive, tokens, word) : 'never',
        origin: state.origin(),
        word,
      });
      if (block) block.conditions++;
      return true;
    case 'elif':
      if (!current) missing();
      else if (current === 'true') set('done');
      else if (current === 'false') set(test(state, directive, state.expandParameters(tokens), word));
      else if (current !== 'done' && current !== 'never') {
        state.warn('pp-else-elif', `\`${word.text}' after \`%else', ignoring content`, word);
        set('never');
      }
      return true;
    case 'else':
      warnTrailing(state, tokens, 0, word.text);
      if (!current) missing();
      else if (current === 'true' || current === 'done') set('elseFalse');
      else if (current === 'false') set('elseTrue');
      else if (current !== 'never') {
        state.warn('pp-else-else', `\`${word.text}' after \`%else', ignoring content`, word);
        set('never');
      }
      return true;
    case 'endif':
      warnTrailing(state, tokens, 0, word.text);
      if (!current) missing();
      else {
        conditions.pop();
        if (block) block.conditions--;
      }
      return true;
    default:
      return false;
  }
}
