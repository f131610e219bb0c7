// Condition, hit count and log message of any kind of breakpoint.

import type { Condition } from '../../debugger/breakpoints/types';
import { optionalString, type Fields } from '../arguments';

export function conditionOf(command: string, item: Fields): Condition {
  const condition = optionalString(command, item, 'condition');
  const hitCondition = optionalString(command, item, 'hitCondition');
  const logMessage = optionalString(command, item, 'logMessage');
  return {
    ...(condition === undefined ? {} : { condition }),
    ...(hitCondition === undefined ? {} : { hitCondition }),
    ...(logMessage === undefined ? {} : { logMessage }),
  };
}
