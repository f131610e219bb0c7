// Completions of the debug console: commands, registers, flags, size keywords and labels that begin with what was typed.

import type { Debugger } from '../debugger';
import { REGISTER_NAMES, registerPart } from '../registers';
import { isLocalName } from '../../symbols/symbolTable';
import { COMMAND_NAMES, INFO_ARGUMENTS } from './commands';

export interface Completion {
  text: string;
  kind: 'register' | 'label' | 'constant' | 'keyword' | 'command';
  /** Replaced part of the text: 0-based start and length. */
  start: number;
  length: number;
}

const KEYWORDS = ['byte', 'word', 'dword', 'qword', 'cpl', 'icount', 'phys', 'lin'];
const MOST = 200;

/** `at` is the 0-based position of the cursor in `text`. */
export function completions(debug: Debugger, text: string, at: number): Completion[] {
  const before = text.slice(0, at);
  const word = /[A-Za-z0-9_.$#@~?]*$/.exec(before)![0];
  const start = at - word.length;
  const prefix = word.toLowerCase();
  const found: Completion[] = [];
  const offer = (names: Iterable<string>, kind: Completion['kind']): void => {
    for (const name of names)
      if (name.toLowerCase().startsWith(prefix)) found.push({ text: name, kind, start, length: word.length });
  };
  if (/^\s*info\s+\w*$/.test(before)) {
    offer(INFO_ARGUMENTS, 'keyword');
    return found;
  }
  if (before.trim() === word) offer(COMMAND_NAMES, 'command');
  offer(
    REGISTER_NAMES.filter((name) => debug.target.getRegister(registerPart(name)!.whole) !== undefined),
    'register',
  );
  offer(KEYWORDS, 'keyword');
  const scope = debug.context().scope;
  const parent = scope === undefined ? undefined : isLocalName(scope) ? scope.slice(0, scope.indexOf('.', 1)) : scope;
  for (const symbol of debug.program?.symbols.all ?? []) {
    const local = parent !== undefined && symbol.name.startsWith(`${parent}.`);
    const name = word.startsWith('.') && local ? symbol.name.slice(parent.length) : symbol.name;
    offer([name], symbol.kind === 'constant' ? 'constant' : 'label');
  }
  return found.slice(0, MOST);
}
