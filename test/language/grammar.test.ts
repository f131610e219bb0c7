// The TextMate grammar, run by VS Code's own tokenizer engine over short sources and over the samples.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';
import { mnemonics } from '../../src/isa/encode';
import { GRAMMAR_FILE, grammarText } from '../../scripts/lib/grammar.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

const load = async (): Promise<textmate.IGrammar> => {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await oniguruma.loadWASM(readFileSync(wasm).buffer as ArrayBuffer);
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (text) => new oniguruma.OnigString(text),
    }),
    loadGrammar: () => Promise.resolve(textmate.parseRawGrammar(readFileSync(GRAMMAR_FILE, 'utf8'), 'grammar.json')),
  });
  return (await registry.loadGrammar('source.asm.ringside'))!;
};

describe('grammar', () => {
  let grammar: textmate.IGrammar;
  before(async () => {
    grammar = await load();
  });

  /** `text:scope` of each coloured run of characters, the scope without its `.asm`. */
  const tokens = (line: string): string[] => {
    const runs: { start: number; end: number; scope: string }[] = [];
    for (const { startIndex, endIndex, scopes } of grammar.tokenizeLine(line, textmate.INITIAL).tokens) {
      const scope = scopes.at(-1)!;
      const last = runs.at(-1);
      if (last && last.scope === scope && last.end === startIndex) last.end = endIndex;
      else runs.push({ start: startIndex, end: endIndex, scope });
    }
    return runs
      .map(({ start, end, scope }) => ({ text: line.slice(start, end).trim(), scope }))
      .filter(({ text, scope }) => text !== '' && scope !== 'source.asm.ringside')
      .map(({ text, scope }) => `${text}:${scope.replace(/\.asm$/, '')}`);
  };

  it('is what the instruction table gives', async () => {
    assert.equal(readFileSync(GRAMMAR_FILE, 'utf8'), await grammarText());
  });

  it('colours label, mnemonic, registers, size, numbers, comment', () => {
    assert.deepEqual(tokens('.next:  mov word [es:bx+0x10], 1010b ; note'), [
      '.next:entity.name.function.label',
      '::punctuation.separator.label',
      'mov:support.function.mnemonic',
      'word:storage.type.size',
      'es:variable.language.register',
      'bx:variable.language.register',
      '+:keyword.operator',
      '0x10:constant.numeric.hex',
      '1010b:constant.numeric.binary',
      '; note:comment.line.semicolon',
    ]);
  });

  it('tells control flow and privileged instructions from the rest', () => {
    assert.deepEqual(tokens('  JNZ short .next'), ['JNZ:keyword.control.flow.mnemonic', 'short:storage.modifier']);
    assert.deepEqual(tokens('  rep movsb'), ['rep:keyword.other.prefix', 'movsb:support.function.mnemonic']);
    for (const privileged of ['lgdt', 'lidt', 'invlpg', 'ltr', 'clts', 'wrmsr'])
      assert.deepEqual(tokens(`  ${privileged}`), [`${privileged}:keyword.other.privileged.mnemonic`]);
  });

  it('colours data, directives and the preprocessor', () => {
    assert.deepEqual(tokens("text db 'a;b', 13, 0"), [
      'text:entity.name.function.label',
      'db:storage.type.data',
      "'a;b':string.quoted.single",
      '13:constant.numeric.decimal',
      '0:constant.numeric.decimal',
    ]);
    assert.deepEqual(tokens('        org 0x7c00'), ['org:keyword.other.directive', '0x7c00:constant.numeric.hex']);
    assert.deepEqual(tokens('%macro put 1'), [
      '%macro:keyword.control.preprocessor',
      'put:entity.name.function.preprocessor',
      '1:constant.numeric.decimal',
    ]);
    assert.deepEqual(tokens('  mov al, %1'), [
      'mov:support.function.mnemonic',
      'al:variable.language.register',
      '%1:variable.parameter.macro',
    ]);
    assert.deepEqual(tokens('times 510 - ($ - $$) db 0').slice(0, 2), [
      'times:storage.type.data',
      '510:constant.numeric.decimal',
    ]);
  });

  it('leaves longer words that begin or end like a reserved one alone', () => {
    for (const word of ['axis', 'my_mov', 'call_gate', 'org_x', 'r8_value', 'x.mov'])
      assert.deepEqual(tokens(`  dw ${word}`), ['dw:storage.type.data']);
  });

  it('knows every mnemonic of the table', () => {
    const unknown = [...mnemonics()].filter((m) => !tokens(`  ${m}`).some((t) => /mnemonic|prefix/.test(t)));
    assert.deepEqual(unknown, []);
  });

  it('colours the first word of every statement of the samples, calls of their macros aside', () => {
    const samples = path.join(ROOT, 'samples');
    for (const name of readdirSync(samples)) {
      const file = path.join(samples, name, 'boot.asm');
      if (!existsSync(file)) continue;
      const text = readFileSync(file, 'utf8');
      const macros = new Set([...text.matchAll(/^\s*%i?macro\s+(\w+)/gim)].map((match) => match[1]));
      text.split('\n').forEach((line, i) => {
        const statement = /^\s+([a-z]\w+)/.exec(line.replace(/;.*/, ''));
        if (!statement || macros.has(statement[1])) return;
        assert.ok(
          tokens(line).some((t) => t.toLowerCase().startsWith(`${statement[1]!.toLowerCase()}:`)),
          `${name}, line ${i + 1}: ${line}`,
        );
      });
    }
  });
});
