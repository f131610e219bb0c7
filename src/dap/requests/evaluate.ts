// `evaluate`: expressions in watches, hovers and the console; the console also has commands and may assign.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { runCommand } from '../../debugger/console/commands';
import { stringOf } from '../arguments';
import { badExpression, commandFailed } from '../errors';
import { request } from '../handler';
import { valueBody } from '../valueBody';
import { childrenBody } from '../variableBody';

const COMMAND = 'evaluate';

export const evaluate = request<DebugProtocol.EvaluateArguments>({
  command: COMMAND,
  capabilities: { supportsEvaluateForHovers: true, supportsClipboardContext: true },
  handle(session, args) {
    const { debug } = session.stopped(COMMAND);
    const text = stringOf(COMMAND, args, 'expression');
    const frame = session.frameIndex(args.frameId);
    const console = args.context === 'repl';
    const command = console ? runCommand(debug, text, frame) : undefined;
    if (command) {
      if (!command.ok) throw commandFailed(command.text);
      const children = command.node ? childrenBody(session, command.node) : { variablesReference: 0 };
      // A tree that can be unfolded has its title only; text is for what has no tree.
      return {
        result: command.node?.children ? `${command.node.name} ${command.node.value}\n${command.text}` : command.text,
        ...children,
      };
    }
    const result = debug.evaluate(text, frame, !console || session.ended);
    if (!result.ok) throw badExpression(text, result.error.message, result.error.start);
    const changed = console && /(?<![=!<>])=(?!=)/.test(text);
    if (changed) session.stateChanged();
    const hexOnly = args.format?.hex === true || args.context === 'clipboard';
    return { ...valueBody(debug, result.value, text, hexOnly), variablesReference: 0 };
  },
});
