// Variables in the protocol's words.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { VariableNode } from '../debugger/scopes/node';
import { referenceOf } from './addresses';
import type { Session } from './session';

/** Reference and counts of a node's children. */
export function childrenBody(
  session: Session,
  { children }: VariableNode,
): Pick<DebugProtocol.Variable, 'variablesReference' | 'indexedVariables'> {
  if (!children) return { variablesReference: 0 };
  const indexed = children.indexed === undefined ? {} : { indexedVariables: children.indexed };
  return { variablesReference: session.reference(children), ...indexed };
}

export function variableBody(session: Session, node: VariableNode): DebugProtocol.Variable {
  const { name, value, type, evaluateName, memory, set } = node;
  return {
    name,
    value,
    ...(type === undefined ? {} : { type }),
    ...(evaluateName === undefined ? {} : { evaluateName }),
    ...(memory === undefined ? {} : { memoryReference: referenceOf(memory) }),
    ...(set ? {} : { presentationHint: { attributes: ['readOnly'] } }),
    ...childrenBody(session, node),
  };
}
