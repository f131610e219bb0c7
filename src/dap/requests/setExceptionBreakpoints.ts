// `setExceptionBreakpoints`: which exceptions and transitions stop the guest, perhaps only under a condition.

import type { DebugProtocol } from '@vscode/debugprotocol';
import { conditionMistake } from '../../debugger/breakpoints/condition';
import { arrayOf, objectOf, optionalString, stringOf } from '../arguments';
import { badArgument } from '../errors';
import { EXCEPTION_FILTERS, MODE_CHANGE, RING_CHANGE, TRIPLE_FAULT } from '../exceptionFilters';
import { request } from '../handler';

const COMMAND = 'setExceptionBreakpoints';

export const setExceptionBreakpoints = request<DebugProtocol.SetExceptionBreakpointsArguments>({
  command: COMMAND,
  capabilities: { supportsExceptionFilterOptions: true },
  handle(session, args) {
    const { debug, args: launch } = session.get(COMMAND);
    const plain = objectOf(COMMAND, args)['filters'] ?? [];
    if (!Array.isArray(plain) || !plain.every((f) => typeof f === 'string'))
      throw badArgument(COMMAND, '"filters" must be an array of strings');
    const wanted = new Map<string, string | undefined>((plain as string[]).map((filter) => [filter, undefined]));
    const options = arrayOf(COMMAND, args, 'filterOptions').map((item) => ({
      filter: stringOf(COMMAND, item, 'filterId'),
      condition: optionalString(COMMAND, item, 'condition'),
    }));
    for (const { filter, condition } of options) wanted.set(filter, condition);
    const answers = [...(plain as string[]).map((filter) => ({ filter, condition: undefined })), ...options].map(
      ({ filter, condition }) => {
        const known = EXCEPTION_FILTERS.some((f) => f.filter === filter);
        const mistake = known
          ? condition
            ? conditionMistake({ condition })
            : undefined
          : `there is no filter "${filter}"`;
        if (mistake) wanted.delete(filter);
        return mistake ? { verified: false, message: mistake } : { verified: true };
      },
    );
    const vectors = EXCEPTION_FILTERS.flatMap(({ filter, vector }) =>
      vector !== undefined && wanted.has(filter) ? [{ vector, condition: wanted.get(filter) }] : [],
    );
    const filters = {
      exceptions: new Set(vectors.map(({ vector }) => vector)),
      ringChange: wanted.has(RING_CHANGE),
      modeChange: wanted.has(MODE_CHANGE),
      tripleFault: wanted.has(TRIPLE_FAULT),
    };
    const ringChange = wanted.get(RING_CHANGE);
    const modeChange = wanted.get(MODE_CHANGE);
    const conditions = {
      exceptions: new Map(
        vectors.flatMap(({ vector, condition }) => (condition === undefined ? [] : [[vector, condition]])),
      ),
      ...(ringChange === undefined ? {} : { ringChange }),
      ...(modeChange === undefined ? {} : { modeChange }),
    };
    if (!launch.noDebug) debug.setFilters(filters, conditions);
    return { breakpoints: answers };
  },
});
