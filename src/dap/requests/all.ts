// Every request that the adapter answers.

import type { RequestHandler } from '../session';
import { assemble } from './assemble';
import { attach } from './attach';
import { breakpointLocations } from './breakpointLocations';
import { cancel } from './cancel';
import { completions } from './completions';
import { configurationDone } from './configurationDone';
import { continueRequest } from './continue';
import { dataBreakpointInfo } from './dataBreakpointInfo';
import { disassemble } from './disassemble';
import { disconnect } from './disconnect';
import { evaluate } from './evaluate';
import { exceptionInfo } from './exceptionInfo';
import { goto, gotoTargets } from './goto';
import { initialize } from './initialize';
import { launch } from './launch';
import { loadedSources } from './loadedSources';
import { modules } from './modules';
import { next } from './next';
import { pause } from './pause';
import { readMemory } from './readMemory';
import { restart } from './restart';
import { scopes } from './scopes';
import { setBreakpoints } from './setBreakpoints';
import { setDataBreakpoints } from './setDataBreakpoints';
import { setExceptionBreakpoints } from './setExceptionBreakpoints';
import { setExpression } from './setExpression';
import { setFunctionBreakpoints } from './setFunctionBreakpoints';
import { setInstructionBreakpoints } from './setInstructionBreakpoints';
import { setVariable } from './setVariable';
import { source } from './source';
import { stackTrace } from './stackTrace';
import { stepIn } from './stepIn';
import { stepOut } from './stepOut';
import { terminate } from './terminate';
import { threads } from './threads';
import { variables } from './variables';
import { focus, key, mode, screen, serial, transition, transitions } from './views';
import { writeMemory } from './writeMemory';

export const REQUESTS: readonly RequestHandler[] = [
  initialize,
  launch,
  attach,
  configurationDone,
  restart,
  terminate,
  disconnect,
  cancel,
  pause,
  continueRequest,
  next,
  stepIn,
  stepOut,
  gotoTargets,
  goto,
  setBreakpoints,
  setInstructionBreakpoints,
  setFunctionBreakpoints,
  dataBreakpointInfo,
  setDataBreakpoints,
  setExceptionBreakpoints,
  breakpointLocations,
  threads,
  stackTrace,
  scopes,
  variables,
  setVariable,
  setExpression,
  evaluate,
  completions,
  readMemory,
  writeMemory,
  disassemble,
  exceptionInfo,
  modules,
  loadedSources,
  source,
  transitions,
  transition,
  screen,
  key,
  serial,
  mode,
  focus,
  assemble,
];
