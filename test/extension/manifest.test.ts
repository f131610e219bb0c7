// package.json says the same as the code: languages, launch attributes, commands, views, files.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LAUNCH_ATTRIBUTES } from '../../src/dap/launchArguments';
import { SETTINGS } from '../../src/lsp/settings';
import { ASSEMBLY_LANGUAGES, GAS_LANGUAGE, LANGUAGE, SERVED_LANGUAGES } from '../../src/extension/languages';

const ROOT = path.resolve(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const { contributes } = manifest;
const [ringside] = contributes.debuggers;

const sourceOf = (folder: string): string =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(path.join(ROOT, folder, file), 'utf8'))
    .join('\n');

describe('manifest', () => {
  it('allows breakpoints and F5 in every assembly language, and has menus for them', () => {
    assert.deepEqual(
      contributes.breakpoints.map(({ language }: { language: string }) => language),
      ASSEMBLY_LANGUAGES,
    );
    assert.deepEqual(ringside.languages, ASSEMBLY_LANGUAGES);
    for (const { when } of contributes.menus['editor/title/run']) {
      const pattern = new RegExp(/\/(.*)\//.exec(when)![1]!);
      for (const language of ASSEMBLY_LANGUAGES) assert.match(language, pattern);
    }
    assert.equal(contributes.languages[0].id, LANGUAGE);
  });

  it('describes every launch attribute, and no other', () => {
    const described = Object.keys(ringside.configurationAttributes.launch.properties);
    const wanted = Object.keys(LAUNCH_ATTRIBUTES).filter((name) => name !== 'noDebug'); // set by the editor itself
    assert.deepEqual(described.sort(), wanted.sort());
    for (const [name, schema] of Object.entries<Record<string, unknown>>(
      ringside.configurationAttributes.launch.properties,
    ))
      assert.ok(schema.markdownDescription, `${name} is described`);
  });

  it('has every launch attribute in the guide', () => {
    const guide = readFileSync(path.join(ROOT, 'docs/guide/launch.md'), 'utf8');
    for (const name of Object.keys(ringside.configurationAttributes.launch.properties))
      assert.ok(guide.includes(`| \`${name}\` |`), name);
  });

  it('has snippets that are launch configurations', () => {
    for (const { body } of ringside.configurationSnippets)
      for (const name of Object.keys(body))
        assert.ok(['type', 'request', 'name'].includes(name) || name in LAUNCH_ATTRIBUTES, name);
  });

  it('names commands that the extension registers, and the other way round', () => {
    const declared = contributes.commands.map(({ command }: { command: string }) => command).sort();
    const registered = [...sourceOf('src/extension').matchAll(/'(ringside\.\w+)'(?:: |, )\(/g)].map((m) => m[1]).sort();
    assert.deepEqual(registered, declared);
    const menus = Object.values<{ command: string }[]>(contributes.menus).flat();
    for (const { command } of menus) assert.ok(declared.includes(command), command);
  });

  it('names views and settings that the code knows', () => {
    const code = sourceOf('src/extension') + sourceOf('src/views') + SETTINGS.map((setting) => `'${setting}'`).join();
    for (const { id } of contributes.views.debug) assert.ok(code.includes(`'${id}'`), id);
    for (const setting of Object.keys(contributes.configuration.properties))
      assert.ok(code.includes(`'${setting.replace(/^ringside\./, '')}'`), setting);
  });

  it('refers to files that exist', () => {
    const files = [
      manifest.icon,
      ...contributes.languages.map((language: { configuration: string }) => language.configuration),
      ...contributes.grammars.map((grammar: { path: string }) => grammar.path),
      ...contributes.walkthroughs.flatMap((w: { steps: { media: { markdown: string } }[] }) =>
        w.steps.map((s) => s.media.markdown),
      ),
      ...contributes.views.debug.map(({ icon }: { icon: string }) => icon),
    ];
    for (const file of files) assert.ok(existsSync(path.join(ROOT, file)), file);
  });

  it('declares every setting of the language server, and the guide has it', () => {
    const declared = Object.keys(contributes.configuration.properties);
    const guide = readFileSync(path.join(ROOT, 'docs/guide/editing.md'), 'utf8');
    for (const setting of SETTINGS) {
      assert.ok(declared.includes(`ringside.${setting}`), setting);
      assert.ok(guide.includes(`| \`ringside.${setting}\` |`), setting);
    }
  });

  it('is activated only when it is needed', () => {
    for (const event of manifest.activationEvents) assert.match(event, /^on(Debug|TaskType|Language:)/, event);
    const languages = manifest.activationEvents.flatMap((event: string) => /^onLanguage:(.*)/.exec(event)?.[1] ?? []);
    // Our own languages activate without being named.
    assert.deepEqual([LANGUAGE, GAS_LANGUAGE, ...languages], SERVED_LANGUAGES);
  });

  it('has a problem matcher that reads what the assembler writes', () => {
    const [{ pattern }] = contributes.problemMatchers;
    const match = (line: string) => new RegExp(pattern.regexp).exec(line);
    const found = match("src/boot.asm:12:9: error: symbol `foo' not defined")!;
    assert.deepEqual(
      [1, 2, 3, 4, 5].map((i) => found[i]),
      ['src/boot.asm', '12', '9', 'error', "symbol `foo' not defined"],
    );
    assert.equal(match('C:\\x\\boot.asm:3: warning: label alone on a line')![1], 'C:\\x\\boot.asm');
    assert.equal(match('assembled 512 bytes'), null);
  });
});
