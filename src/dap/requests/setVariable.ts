// `setVariable`: changes a register, flag, table entry or field; the value is any expression.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { numberOf, stringOf } from '../arguments';
import { notSet, notSettable, unknownVariable } from '../errors';
import { request } from '../handler';
import { childrenBody } from '../variableBody';

const COMMAND = 'setVariable';

export const setVariable = request<DebugProtocol.SetVariableArguments>({
  command: COMMAND,
  capabilities: { supportsSetVariable: true },
  handle(session, args) {
    session.stopped(COMMAND);
    session.running(COMMAND);
    const siblings = session.expand(numberOf(COMMAND, args, 'variablesReference'));
    const name = stringOf(COMMAND, args, 'name');
    const find = (): ReturnType<typeof siblings.list>[number] | undefined =>
      siblings.list().find((n) => n.name === name);
    const node = find();
    if (!node) throw unknownVariable(name);
    if (!node.set) throw notSettable(name);
    const problem = node.set(stringOf(COMMAND, args, 'value'));
    if (problem) throw notSet(name, problem);
    const { debug } = session.launched!;
    debug.changed();
    const now = find() ?? node;
    session.stateChanged();
    return { value: now.value, ...(now.type === undefined ? {} : { type: now.type }), ...childrenBody(session, now) };
  },
});
