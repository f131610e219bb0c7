// What one file says by itself, before anything is expanded: lines, names defined and used, includes, blocks. Made from the
// assembler's own tokens, so that it also serves sources with errors and branches of %if that are not assembled.
import type { Token } from '../../asm/token/token';
import type { Flavour } from '../flavour';
import type { Range } from '../position';

export type DefinitionKind =
  | 'label'
  | 'local'
  | 'data'
  | 'equ'
  | 'struc'
  | 'field'
  | 'extern'
  /** %define and its kind. */
  | 'constant'
  | 'macro'
  | 'macroLocal';

/** A name at a place. */
export interface Name {
  text: string;
  /** What it means in the whole program: `main.loop` for `.loop` below `main`. */
  key: string;
  range: Range;
  /** The line's index in `lines`. */
  index: number;
}

export interface Definition extends Name {
  kind: DefinitionKind;
  /** Any letter case matches (%idefine, %imacro). */
  insensitive?: boolean;
  /** A word alone on a line: a label, unless a macro has that name. */
  perhapsCall?: boolean;
  /** Text after the name: body of a macro, value of an equ, parameters. */
  detail?: string;
  /** Parameters of a single-line macro. */
  parameters?: readonly string[];
  /** Fewest and most parameters of a multi-line macro. */
  counts?: { least: number; most: number };
  /** Last line of what it opens: a macro's body, a structure. */
  lastLine: number;
}

export interface SyntaxLine {
  /** 0-based. */
  line: number;
  /** Without white space. */
  tokens: readonly Token[];
  label?: Token;
  prefixes: readonly Token[];
  /** Instruction, pseudo-instruction, directive, `%directive` or macro call. */
  head?: Token;
  kind: 'empty' | 'instruction' | 'data' | 'directive' | 'preprocessor' | 'call' | 'label';
  /** Tokens after `head`, split at commas that no bracket protects. */
  operands: readonly (readonly Token[])[];
  /** Where `;` stands, or -1. */
  comment: number;
  /** The macro whose body it belongs to. */
  inMacro?: string;
  /** The last label that is not local. */
  scope: string;
}

export type BlockKind = 'macro' | 'if' | 'rep' | 'struc' | 'comment' | 'region' | 'label';

export interface Block {
  kind: BlockKind;
  start: number;
  end: number;
}

export interface FileReference {
  /** As written, without quotes. */
  path: string;
  range: Range;
  kind: 'include' | 'incbin';
}

export interface FileSyntax {
  path: string;
  text: string;
  flavour: Flavour;
  /** Physical lines. */
  texts: readonly string[];
  lines: readonly SyntaxLine[];
  definitions: readonly Definition[];
  uses: readonly Name[];
  references: readonly FileReference[];
  blocks: readonly Block[];
}
