// The packaged extension, installed as a user installs it: F5 in a folder with nothing but a source, and how long it takes to
// the first stop. Beside it the same with a debugger that only answers: the editor's own share. The limit is asserted in the
// journey of samples/rings.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { FIXTURES, LANGUAGE_NAME, lineOf } from './support';

const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const VSIX = path.join(ROOT, `out/ringside-${version}.vsix`);
const SOURCE = 'samples/hello/boot.asm';
const SESSIONS = 3;

const CASES = [
  { name: 'the installed .vsix', language: LANGUAGE_NAME, options: { vsix: VSIX } },
  {
    name: 'a debugger that only answers',
    language: 'Bare',
    options: { extension: path.join(FIXTURES, 'bare-debugger') },
  },
];

if (HOSTS.includes('node'))
  for (const { name, language, options } of CASES)
    describe(`F5 with ${name}`, function () {
      this.timeout(120_000);
      const folder = path.join(ROOT, path.dirname(SOURCE));
      if ('vsix' in options) before(() => assert.ok(existsSync(VSIX), `no ${VSIX}: run npm run package first`));
      const editor = useEditor(`first-stop-${language.split(' ')[0]}`, { host: 'node', folder, ...options });
      const line = lineOf(SOURCE, 'xor ax, ax');

      it('stops at a gutter breakpoint of the boot sector, session after session', async () => {
        const { workbench, debug } = editor.current;
        await workbench.openFile('boot.asm', language);
        await debug.clickGutter(line);
        const times: number[] = [];
        while (times.length < SESSIONS) {
          times.push(Math.round(await debug.start()));
          await debug.waitForFrame({ line, file: 'boot.asm' });
          await workbench.page.waitForTimeout(1500); // what opens after the stop
          await debug.stop();
          await workbench.openFile('boot.asm');
          await workbench.goToLine(line);
          await workbench.clickLine(line);
          await workbench.page.waitForTimeout(1000);
        }
        console.log(`      first stop, session by session: ${times.join(', ')} ms`);
      });
    });
