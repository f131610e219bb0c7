// The TextMate grammars' files and their texts, made from src/language/grammar.ts and gasGrammar.ts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { ROOT } from './root.mjs';

export const GRAMMAR_FILE = path.join(ROOT, 'syntaxes/ringside-asm.tmLanguage.json');
export const GAS_GRAMMAR_FILE = path.join(ROOT, 'syntaxes/ringside-gas.tmLanguage.json');

const GRAMMARS = [
  { file: GRAMMAR_FILE, source: 'src/language/grammar.ts', name: 'grammar' },
  { file: GAS_GRAMMAR_FILE, source: 'src/language/gasGrammar.ts', name: 'gasGrammar' },
];

/** @param {string} [file] @returns {Promise<string>} the text of a grammar's file */
export const grammarText = async (file = GRAMMAR_FILE) => {
  const { source, name } = /** @type {(typeof GRAMMARS)[number]} */ (GRAMMARS.find((known) => known.file === file));
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: [source],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const module = await import(`data:text/javascript;base64,${code}`);
  return `${JSON.stringify(module[name](), null, 2)}\n`;
};

/** Writes the files that differ. @returns {Promise<boolean>} whether one did */
export const writeGrammar = async () => {
  let wrote = false;
  for (const { file } of GRAMMARS) {
    const text = await grammarText(file);
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    wrote = true;
  }
  return wrote;
};
