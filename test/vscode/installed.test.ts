// The packaged extension, installed as a user installs it: F5 in a folder with nothing but a source.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { LANGUAGE_NAME, lineOf } from './support';

const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const VSIX = path.join(ROOT, `out/ringside-${version}.vsix`);
const SOURCE = 'samples/hello/boot.asm';

if (HOSTS.includes('node'))
  describe('the installed .vsix', function () {
    before(() => assert.ok(existsSync(VSIX), `no ${VSIX}: run npm run package first`));
    const editor = useEditor('installed', { host: 'node', folder: path.join(ROOT, path.dirname(SOURCE)), vsix: VSIX });
    const line = lineOf(SOURCE, 'xor ax, ax');

    it('F5 stops at a gutter breakpoint of the boot sector', async () => {
      const { workbench, debug } = editor.current;
      await workbench.openFile('boot.asm', LANGUAGE_NAME);
      await debug.clickGutter(line);
      const milliseconds = await debug.start();
      await debug.waitForFrame({ line, file: 'boot.asm' });
      await workbench.screenshot('stopped');
      console.log(`      first stop after ${milliseconds.toFixed(0)} ms`);
    });

    it('the session ends on request', async () => {
      await editor.current.debug.stop();
    });
  });
