// A stop in the protocol's words.

import type { DebugProtocol } from '@vscode/debugprotocol';
import type { BreakpointKind } from '../debugger/breakpoints/types';
import type { Debugger } from '../debugger/debugger';
import { linearText } from '../debugger/linear';
import { littleEndianText } from '../debugger/text';
import type { Stop, WatchpointStop } from '../debugger/execution';
import { vectorName } from '../debugger/vectors';

type Body = Pick<DebugProtocol.StoppedEvent['body'], 'reason' | 'description' | 'text' | 'hitBreakpointIds'>;

const REASONS: Readonly<Record<BreakpointKind, string>> = {
  source: 'breakpoint',
  instruction: 'instruction breakpoint',
  function: 'function breakpoint',
  data: 'data breakpoint',
};

/** Exit code and words when the stop is the guest's end. */
export function endOf(stop: Stop): { exitCode: number; text: string } | undefined {
  if (stop.kind !== 'ended') return undefined;
  return stop.cause === 'power-off'
    ? { exitCode: 0, text: 'The guest switched the machine off.' }
    : { exitCode: stop.code, text: `The guest ended with code ${stop.code} (port F4).` };
}

export function stoppedBody(stop: Stop | 'pause', debug: Debugger): Body {
  if (stop === 'pause') return { reason: 'pause' };
  switch (stop.kind) {
    case 'breakpoint':
    case 'watchpoint': {
      const ids = stop.hits.map(({ id }) => id);
      const reason = REASONS[stop.hits[0]!.kind];
      const text = stop.kind === 'watchpoint' ? accessText(stop) : undefined;
      if (stop.problem !== undefined)
        return { reason, hitBreakpointIds: ids, description: stop.problem, text: stop.problem };
      return { reason, hitBreakpointIds: ids, ...(text === undefined ? {} : { text }) };
    }
    case 'step':
    case 'entry':
      return { reason: stop.kind };
    case 'exception': {
      const text = stop.problem ?? debug.exception()!.description;
      return { reason: 'exception', description: vectorName(stop.vector), text };
    }
    case 'transition': {
      const words = transitionWords(stop.index, debug);
      return { reason: 'exception', ...words, ...(stop.problem === undefined ? {} : { text: stop.problem }) };
    }
    case 'triple-fault':
      return { reason: 'exception', description: 'Triple fault', text: debug.exception()!.description };
    case 'halted': {
      const text = 'HLT with interrupts off: nothing can wake the processor';
      return { reason: 'halted', description: 'Halted for good', text };
    }
    case 'limit':
      return { reason: 'pause', description: 'Instruction limit reached' };
    case 'ended':
      return { reason: 'pause', description: 'Ended' };
  }
}

/** `4 bytes written at 0x8038: 0x00000001 → 0x00000002`; without values where there is no plain memory. */
function accessText({ linear, size, access, value, before }: WatchpointStop): string {
  const place = `${size} byte${size > 1 ? 's' : ''} ${access === 'read' ? 'read' : 'written'} at ${linearText(linear)}`;
  const known = [before, value].filter((bytes) => bytes?.length === size) as Uint8Array[];
  return known.length > 0 ? `${place}: ${known.map(littleEndianText).join(' → ')}` : place;
}

/** `Ring change 3 → 0`, `Mode change real → protected16`. */
export function transitionWords(index: number, debug: Debugger): { description: string; text: string } {
  const t = debug.target.transitions.get(index);
  if (!t) return { description: 'Transition', text: 'Transition' };
  const words =
    t.from.cpl !== t.to.cpl ? `Ring change ${t.from.cpl} → ${t.to.cpl}` : `Mode change ${t.from.mode} → ${t.to.mode}`;
  const cause = t.vector === undefined ? t.kind : `${t.kind}, ${vectorName(t.vector)}`;
  return { description: words, text: `${words} by ${cause}` };
}
