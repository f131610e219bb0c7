// The import rules themselves: each case is a small tree of files with one import, allowed or not.
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';

/** [importing file, specifier, name of the rule that must object, or undefined] */
const CASES: [string, string, string?][] = [
  ['src/cpu/a.ts', '../base/x'],
  ['src/cpu/b.ts', '../isa/x'],
  ['src/cpu/c.ts', '../engine/x', 'cpu-imports'],
  ['src/cpu/d.ts', 'type ../devices/contract', 'cpu-imports'],
  ['src/base/a.ts', '../isa/x', 'base-imports'],
  ['src/firmware/a.ts', '../devices/contract'],
  ['src/firmware/b.ts', '../devices/vga/x', 'firmware-imports'],
  ['src/machine/boards/a.ts', '../../devices/vga/x'],
  ['src/debugger/a.ts', '../machine/x'],
  ['src/debugger/b.ts', '../dap/x', 'debugger-imports'],
  ['src/debugger/c.ts', 'node:fs', 'node-builtins'],
  ['src/debugger/d.ts', 'fs', 'node-builtins'],
  ['src/debugger/e.ts', '@vscode/debugprotocol', 'protocol-packages'],
  ['src/debugger/f.ts', 'type vscode', 'vscode'],
  ['src/dap/a.ts', '@vscode/debugprotocol'],
  ['src/dap/b.ts', 'node:net'],
  ['src/dap/c.ts', '../machine/x', 'dap-imports'],
  ['src/dap/d.ts', 'vscode', 'vscode'],
  ['src/extension/a.ts', 'vscode'],
  ['src/extension/b.ts', 'type ../debugger/x'],
  ['src/extension/c.ts', '../debugger/x', 'extension-types-only'],
  ['src/extension/d.ts', '../views/rings/provider'],
  ['src/extension/e.ts', '../views/rings/page', 'extension-imports'],
  ['src/extension/f.ts', '../machine/x', 'extension-imports'],
  ['src/cli/a.ts', '../replay/x'],
  ['src/cli/b.ts', '../engine/x', 'cli-imports'],
  ['src/views/screen/page.ts', './protocol'],
  ['src/views/screen/provider.ts', 'type ../../debugger/x'],
  ['src/views/keys/provider.ts', '../../debugger/x', 'views-provider-types-only'],
  ['src/views/keys/page.ts', '../rings/protocol', 'views-imports'],
  ['src/views/keys/page2.ts', 'vscode', 'vscode'],
  ['src/views/serial/page.ts', './provider', 'views-two-sides'],
  ['src/views/rings/other.ts', '../../debugger/x', 'views-imports'],
  ['src/asm/a.ts', 'iced-x86', 'packages'],
  ['src/asm/b.ts', './absent', 'resolvable'],
  ['src/asm/c.ts', '../../scripts/x', 'not-into-tests'],
  ['src/elsewhere/a.ts', '../base/x', 'known-folders'],
  ['src/isa/one.ts', './two', 'no-cycles'],
  ['src/isa/two.ts', './one'],
];

const TARGETS = ['base', 'isa', 'engine', 'devices/vga', 'machine', 'dap', 'debugger', 'replay', 'cli']
  .map((folder) => `src/${folder}/x.ts`)
  .concat('scripts/x.ts', 'src/devices/contract.ts', 'src/views/screen/protocol.ts', 'src/views/rings/protocol.ts')
  .concat('src/views/rings/page.ts', 'src/views/rings/provider.ts', 'src/views/serial/provider.ts');

describe('import rules', function () {
  let root: string;
  let objections: { from: string; rule: { name: string } }[];

  before(function () {
    root = mkdtempSync(path.join(tmpdir(), 'ringside-imports-'));
    const write = (file: string, text: string) => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    };
    for (const file of TARGETS) write(file, 'export const x = 1;\nexport type X = number;\n');
    for (const [file, specifier] of CASES) {
      const [target, type] = specifier.startsWith('type ') ? [specifier.slice(5), 'type '] : [specifier, ''];
      write(file, `import ${type}{ x } from '${target}';\nexport const y = x;\n`);
    }
    for (const file of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
      cpSync(path.join(ROOT, file), path.join(root, file));
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'));
    const run = spawnSync(
      path.join(ROOT, 'node_modules/.bin/depcruise'),
      ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'src', 'scripts'],
      { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 },
    );
    objections = JSON.parse(run.stdout).summary.violations;
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  for (const [file, specifier, rule] of CASES)
    it(`${file} ${rule ? 'may not' : 'may'} import ${specifier}`, () => {
      const found = objections.filter((objection) => objection.from === file).map((objection) => objection.rule.name);
      if (rule) assert.ok(found.includes(rule), `objections: ${found.join(', ') || 'none'}`);
      else
        assert.deepEqual(
          found.filter((name) => name !== 'no-cycles'),
          [],
        );
    });
});
