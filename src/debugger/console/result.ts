// What a console command answers.

import type { VariableNode } from '../scopes/node';

export interface ConsoleResult {
  ok: boolean;
  text: string;
  /** Something that can be unfolded. */
  node?: VariableNode;
}
