// What the grammars make of whole files, .asm, .nasm, .inc, .s and .S, line by line, kept in snapshots/*.tokens.
// UPDATE_SNAPSHOTS=1 writes them anew; read the difference before it is committed.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { GAS_GRAMMAR_FILE, GRAMMAR_FILE, grammarText } from '../../scripts/lib/grammar.mjs';

const FOLDER = path.join(import.meta.dirname, 'snapshots');

const SCOPES = new Map([
  ['source.asm.ringside', GRAMMAR_FILE],
  ['source.gas.ringside', GAS_GRAMMAR_FILE],
]);

/** Every line, and below it each coloured piece with its innermost scope. */
const tokensOf = (grammar: textmate.IGrammar, text: string): string => {
  let state = textmate.INITIAL;
  return text
    .split('\n')
    .map((line) => {
      const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
      state = ruleStack;
      const pieces = tokens
        .map(({ startIndex, endIndex, scopes }) => ({ piece: line.slice(startIndex, endIndex), scope: scopes.at(-1)! }))
        .filter(({ piece, scope }) => piece.trim() !== '' && !scope.startsWith('source.'));
      return [line, ...pieces.map(({ piece, scope }) => `    ${piece.trim()}  ${scope}`)].join('\n');
    })
    .join('\n');
};

describe('grammar snapshots', () => {
  const grammars = new Map<string, textmate.IGrammar>();
  before(async () => {
    const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
    await oniguruma.loadWASM(readFileSync(wasm).buffer as ArrayBuffer);
    const registry = new textmate.Registry({
      onigLib: Promise.resolve({
        createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
        createOnigString: (text) => new oniguruma.OnigString(text),
      }),
      loadGrammar: (scope) =>
        Promise.resolve(textmate.parseRawGrammar(readFileSync(SCOPES.get(scope)!, 'utf8'), 'grammar.json')),
    });
    for (const scope of SCOPES.keys()) grammars.set(scope, (await registry.loadGrammar(scope))!);
  });

  it('the grammar of GNU as is what the instruction table gives', async () => {
    const written = readFileSync(GAS_GRAMMAR_FILE, 'utf8');
    assert.ok(written === (await grammarText(GAS_GRAMMAR_FILE)), 'npm run build writes it anew: commit syntaxes/');
  });

  for (const name of readdirSync(FOLDER).filter((file) => !file.endsWith('.tokens'))) {
    it(name, () => {
      const scope = /\.s$/i.test(name) ? 'source.gas.ringside' : 'source.asm.ringside';
      const tokens = tokensOf(grammars.get(scope)!, readFileSync(path.join(FOLDER, name), 'utf8'));
      const file = path.join(FOLDER, `${name}.tokens`);
      if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, tokens);
      assert.ok(existsSync(file), `${file} is missing: run with UPDATE_SNAPSHOTS=1`);
      assert.equal(tokens, readFileSync(file, 'utf8'));
    });
  }
});
