// `scopes`: registers by group. Values of an outer frame are the processor's, but for CS:EIP, SS:ESP and EBP.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { SCOPES } from '../../debugger/scopes/scopes';
import { numberOf } from '../arguments';
import { isLabel } from '../frames';
import { request } from '../handler';

export const scopes = request<DebugProtocol.ScopesArguments>({
  command: 'scopes',
  handle(session, args) {
    const { debug } = session.stopped('scopes');
    const id = numberOf('scopes', args, 'frameId');
    if (isLabel(session, id)) return { scopes: [] };
    const frame = session.frameIndex(id);
    const bodies = SCOPES.filter(({ exists }) => exists?.(debug.target) ?? true).map((scope): DebugProtocol.Scope => ({
      name: scope.name,
      variablesReference: session.reference({ list: () => scope.variables(debug.context(frame)) }),
      expensive: false,
      // Registers-hinted scopes are not unfolded by themselves: only the first one is to be.
      ...(scope.id === 'general' ? {} : { presentationHint: 'registers' }),
    }));
    return { scopes: bodies };
  },
});
