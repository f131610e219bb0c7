// What a person can set; the names are those of the editor's settings below `ringside.`.

export interface LanguageSettings {
  /** Folders searched by %include and incbin, absolute. */
  includePaths: readonly string[];
  /** As with `-D`. */
  defines: Readonly<Record<string, string>>;
  diagnostics: boolean;
  inlayHints: InlayHintSettings;
  codeLens: CodeLensSettings;
  formatting: FormatSettings;
}

export interface CodeLensSettings {
  references: boolean;
  size: boolean;
  cycles: boolean;
  /** Starts of the debugger; only where the client can do so. */
  run: boolean;
}

export interface InlayHintSettings {
  address: boolean;
  bytes: boolean;
  stackDepth: boolean;
  jumpDistance: boolean;
}

export interface FormatSettings {
  /** Column of instructions, 0-based. */
  instructionColumn: number;
  /** Column that operands start at, at the least; 0 leaves one blank. */
  operandColumn: number;
  /** Column that comments after code start at, at the least; 0 keeps them where they are. */
  commentColumn: number;
}

export const DEFAULT_SETTINGS: LanguageSettings = {
  includePaths: [],
  defines: {},
  diagnostics: true,
  inlayHints: { address: false, bytes: false, stackDepth: false, jumpDistance: true },
  codeLens: { references: true, size: true, cycles: true, run: true },
  formatting: { instructionColumn: 0, operandColumn: 0, commentColumn: 0 },
};
