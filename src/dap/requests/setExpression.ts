// `setExpression`: assigns to a watched expression.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { stringOf } from '../arguments';
import { badExpression } from '../errors';
import { request } from '../handler';
import { valueBody } from '../valueBody';

const COMMAND = 'setExpression';

export const setExpression = request<DebugProtocol.SetExpressionArguments>({
  command: COMMAND,
  capabilities: { supportsSetExpression: true },
  handle(session, args) {
    const { debug } = session.stopped(COMMAND);
    session.running(COMMAND);
    const target = stringOf(COMMAND, args, 'expression');
    const frame = session.frameIndex(args.frameId);
    const text = `${target} = (${stringOf(COMMAND, args, 'value')})`;
    const result = debug.evaluate(text, frame);
    if (!result.ok) throw badExpression(text, result.error.message, result.error.start);
    session.stateChanged();
    const { result: value, ...rest } = valueBody(debug, result.value, target, false);
    return { value, ...rest };
  },
});
