// `dataBreakpointInfo`: whether something can be watched, and as what. The identifier is `linear address/length`.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Evaluation } from '../../debugger/expression/value';
import { referenceOf } from '../addresses';
import { request } from '../handler';
import { unknownVariable } from '../errors';
import type { Launched } from '../launched';
import { optionalString, stringOf, type Fields } from '../arguments';

const COMMAND = 'dataBreakpointInfo';
const LONGEST = 4096;

interface Watched {
  linear: number;
  length: number;
  what: string;
}

export const dataBreakpointInfo = request<DebugProtocol.DataBreakpointInfoArguments>({
  command: COMMAND,
  capabilities: { supportsDataBreakpoints: true, supportsDataBreakpointBytes: true },
  handle(session, args) {
    const launched = session.get(COMMAND);
    const name = stringOf(COMMAND, args, 'name');
    optionalString(COMMAND, args as unknown as Fields, 'mode');
    const watched = args.variablesReference
      ? ofVariable(session.expand(args.variablesReference).list(), name)
      : ofExpression(launched, name, session.frameIndex(args.frameId), args);
    if (typeof watched === 'string') return { dataId: null, description: watched };
    const length = args.bytes ? Math.min(args.bytes, LONGEST) : watched.length;
    const { linear, what } = watched;
    return {
      dataId: `${referenceOf(linear)}/${length}`,
      description: `${what} (${length} byte${length > 1 ? 's' : ''} at ${referenceOf(linear)})`,
      accessTypes: ['read', 'write', 'readWrite'],
      canPersist: false,
    };
  },
});

function ofVariable(
  nodes: readonly { name: string; memory?: number; evaluateName?: string }[],
  name: string,
): Watched | string {
  const node = nodes.find((n) => n.name === name);
  if (!node) throw unknownVariable(name);
  if (node.memory === undefined) return `${name} is not in memory`;
  const size = { byte: 1, word: 2, dword: 4, qword: 8 }[node.evaluateName?.split(' ')[0] ?? ''];
  return { linear: node.memory, length: size ?? 1, what: name };
}

function ofExpression(
  { debug }: Launched,
  text: string,
  frame: number,
  { asAddress }: DebugProtocol.DataBreakpointInfoArguments,
): Watched | string {
  if (asAddress) {
    const address = debug.address(text, frame);
    if (!address.ok) return address.error.message;
    return address.space === 'linear'
      ? { linear: address.at, length: 1, what: text }
      : 'only linear addresses can be watched';
  }
  const result: Evaluation = debug.evaluate(text, frame, true);
  if (!result.ok) return result.error.message;
  const { place, linear, type, bits } = result.value;
  if (place?.kind === 'linear') return { linear: place.address, length: place.bytes, what: text };
  if (linear === undefined)
    return type === 'register' || type === 'flag' ? `${text} is a register, not memory` : `${text} is not in memory`;
  const unit = debug.program?.symbols.find(text)?.unit;
  return { linear, length: unit ?? (bits ? bits / 8 : 1), what: text };
}
