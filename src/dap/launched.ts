// A guest that was launched, with everything the requests need of it.

import type { Debugger } from '../debugger/debugger';
import type { Guest } from '../debugger/guest';
import type { LaunchArguments } from './launchArguments';

export interface Launched {
  debug: Debugger;
  guest: Guest;
  /** As given, with defaults filled in by what was found. */
  args: LaunchArguments;
  /** Files the program was built from. */
  files: readonly string[];
}
