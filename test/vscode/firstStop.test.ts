// The packaged extension, installed as a user installs it: F5 in a window just opened on a folder with nothing but a source, and
// how long it takes to the first stop. Beside it the same with a debugger that only answers: the editor's own share.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { crowd } from '../crowd';
import { startEditor, type Editor } from './harness/editor';
import { HOSTS, screensOf } from './harness/suite';
import { FIXTURES, LANGUAGE_NAME, lineOf } from './support';

const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const VSIX = path.join(ROOT, `out/ringside-${version}.vsix`);
const SOURCE = 'samples/hello/boot.asm';
const LIMIT_MS = 2000;
/** Sessions in each window, of which only the first has the limit. */
const SESSIONS = 3;
/** Editors started until the limit is kept: other programs may be at work on this machine, which the limit allows for, too. */
const EDITORS = 3;
/** Milliseconds that a person looks at a file just opened, and that the hand takes from the mouse to the keys. */
const LOOK_MS = 1500;
const REACH_MS = 1000;

const CASES = [
  { name: 'the installed .vsix', language: LANGUAGE_NAME, ours: true, options: { vsix: VSIX } },
  {
    name: 'a debugger that only answers',
    language: 'Bare',
    ours: false,
    options: { extension: path.join(FIXTURES, 'bare-debugger') },
  },
];

if (HOSTS.includes('node'))
  for (const { name, language, ours, options } of CASES)
    describe(`F5 with ${name}`, function () {
      this.timeout(300_000);
      const folder = path.join(ROOT, path.dirname(SOURCE));
      if (ours) before(() => assert.ok(existsSync(VSIX), `no ${VSIX}: run npm run package first`));
      const line = lineOf(SOURCE, 'xor ax, ax');

      /** Sets the breakpoint, starts and ends a few sessions, and answers how long their first stops took. */
      const sessions = async ({ workbench, debug }: Editor): Promise<number[]> => {
        await workbench.openFile('boot.asm', language);
        await workbench.page.waitForTimeout(LOOK_MS);
        await debug.clickGutter(line);
        const times: number[] = [];
        while (times.length < SESSIONS) {
          await workbench.clickLine(line);
          await workbench.page.waitForTimeout(REACH_MS);
          times.push(Math.round(await debug.start()));
          await debug.waitForFrame({ line, file: 'boot.asm' });
          await workbench.page.waitForTimeout(1500); // what opens after the stop
          await debug.stop();
          await workbench.openFile('boot.asm');
          await workbench.goToLine(line);
        }
        console.log(`      first stop, session by session: ${times.join(', ')} ms`);
        return times;
      };

      const inNewEditor = async (): Promise<number[]> => {
        const screens = screensOf(`first-stop-${language.split(' ')[0]}`);
        const editor = await startEditor({ host: 'node', folder, screens, ...options });
        try {
          return await sessions(editor);
        } catch (error) {
          await editor.workbench.screenshot('FAILED');
          throw error;
        } finally {
          await editor.stop();
        }
      };

      it(`stops at a gutter breakpoint${ours ? ' within two seconds' : ''}`, async () => {
        let [best = Infinity] = await inNewEditor();
        if (!ours) return;
        for (let tries = 1; best >= LIMIT_MS && tries < EDITORS; tries++)
          best = Math.min(best, (await inNewEditor())[0]!);
        const limit = LIMIT_MS * crowd();
        if (best >= LIMIT_MS) console.log(`      on a busy machine: the limit is ${limit.toFixed(0)} ms`);
        assert.ok(best < limit, `${best} ms to the first stop in a window, not ${limit.toFixed(0)} ms`);
      });
    });
