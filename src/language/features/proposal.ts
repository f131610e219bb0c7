// A completion as the features give it.
import type { Range } from '../position';
import type { DefinitionKind } from '../syntax/types';

export type CompletionKind = 'instruction' | 'directive' | 'register' | 'keyword' | 'file' | 'folder' | DefinitionKind;

export interface Completion {
  label: string;
  kind: CompletionKind;
  detail?: string;
  /** Markdown. */
  documentation?: string;
  /** Sorted by this, then by label. */
  rank: number;
  range: Range;
  text?: string;
}

/** Before it is known what text it replaces. */
export type Proposal = Omit<Completion, 'range'>;
