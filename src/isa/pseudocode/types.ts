// Pseudo-code by mnemonic; lines are separated by line feeds. Conditional instructions stand under their stem (`j`, `set`, `cmov`).
export type Pseudocode = Readonly<Record<string, string>>;
