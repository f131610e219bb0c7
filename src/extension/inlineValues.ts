// Whether the next jump will be taken: the language server gives the condition as an expression, the debugger its value.
import * as vscode from 'vscode';
import { isTakenExpression } from '../lsp/takenExpression';

type Values = vscode.ProviderResult<vscode.InlineValue[]>;

const say = async (
  value: vscode.InlineValueEvaluatableExpression,
  { frameId }: vscode.InlineValueContext,
): Promise<vscode.InlineValue> => {
  try {
    const answer = await vscode.debug.activeDebugSession?.customRequest('evaluate', {
      expression: value.expression,
      frameId,
      context: 'watch',
    });
    const taken = /^(0x)?0*1\b/.test(String(answer?.result));
    return new vscode.InlineValueText(value.range, taken ? 'will jump' : 'will not jump');
  } catch {
    return value;
  }
};

/** Replaces the conditions among the values by words. */
export const foretell = async (values: Values, context: vscode.InlineValueContext): Promise<vscode.InlineValue[]> => {
  const list = (await values) ?? [];
  return Promise.all(
    list.map((value) =>
      value instanceof vscode.InlineValueEvaluatableExpression && isTakenExpression(value.expression)
        ? say(value, context)
        : Promise.resolve(value),
    ),
  );
};
