// `gotoTargets` and `goto`: moves the instruction pointer to a line ("Jump to Cursor"); nothing in between is executed.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { resolveLine } from '../../debugger/breakpoints/lines';
import { bitsOfCs, memoryView } from '../../debugger/code/reader';
import { unsignedOf } from '../../debugger/linear';
import { SegIndex } from '../../debugger/target';
import { referenceOf } from '../addresses';
import { countOf, numberOf, optionalString, type Fields } from '../arguments';
import { badArgument, noGotoTarget, notSet } from '../errors';
import { request } from '../handler';
import { Reply, THREAD } from '../session';

export const gotoTargets = request<DebugProtocol.GotoTargetsArguments>({
  command: 'gotoTargets',
  capabilities: { supportsGotoTargetsRequest: true },
  handle(session, args) {
    const { debug } = session.stopped('gotoTargets');
    const path = optionalString('gotoTargets', (args.source ?? {}) as unknown as Fields, 'path');
    if (path === undefined) throw badArgument('gotoTargets', '"source.path" must be a string');
    const { program } = debug;
    const wanted = session.fromClientLine(countOf('gotoTargets', args, 'line', 1e9));
    const found = program?.map ? resolveLine(program, path, wanted) : 'no source';
    if (typeof found === 'string') return { targets: [] };
    const targets = found.entries.map((entry): DebugProtocol.GotoTarget => {
      const linear = program!.placeNow(entry.address, entry.fileOffset, memoryView(debug.target, program));
      const line = session.toClientLine(found.line);
      return {
        id: session.handles.placeId(linear),
        label: `line ${line} at ${referenceOf(linear)}`,
        line,
        instructionPointerReference: referenceOf(linear),
      };
    });
    return { targets };
  },
});

export const goto = request<DebugProtocol.GotoArguments>({
  command: 'goto',
  handle(session, args) {
    const { debug } = session.thread('goto', args.threadId);
    session.running('goto');
    const linear = session.handles.place(numberOf('goto', args, 'targetId'));
    if (linear === undefined) throw noGotoTarget();
    const { base, limit } = debug.target.segment(SegIndex.CS);
    const wide = bitsOfCs(debug.target) === 64;
    const pointer = wide ? 'RIP' : 'EIP';
    const offset = linear - base;
    if (!wide && (offset < 0 || offset > limit))
      throw notSet(pointer, `${referenceOf(linear)} is outside the code segment in CS`);
    const problem = debug.target.setRegister('rip', unsignedOf(offset));
    if (problem) throw notSet(pointer, problem);
    return new Reply(undefined, () => {
      debug.changed();
      session.handles.clear();
      session.state();
      session.event('stopped', { reason: 'goto', threadId: debug.target.processor + THREAD, allThreadsStopped: true });
    });
  },
});
