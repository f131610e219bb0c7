// The TextMate grammar's file and its text, made from src/language/grammar.ts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { ROOT } from './root.mjs';

export const GRAMMAR_FILE = path.join(ROOT, 'syntaxes/ringside-asm.tmLanguage.json');

/** @returns {Promise<string>} the text of the grammar file */
export const grammarText = async () => {
  const { outputFiles } = await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['src/language/grammar.ts'],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { grammar } = await import(`data:text/javascript;base64,${code}`);
  return `${JSON.stringify(grammar(), null, 2)}\n`;
};

/** Writes the file when it differs. @returns {Promise<boolean>} whether it differed */
export const writeGrammar = async () => {
  const text = await grammarText();
  if (existsSync(GRAMMAR_FILE) && readFileSync(GRAMMAR_FILE, 'utf8') === text) return false;
  mkdirSync(path.dirname(GRAMMAR_FILE), { recursive: true });
  writeFileSync(GRAMMAR_FILE, text);
  return true;
};
