// The packaged extension, installed as a user installs it: F5 in a folder with nothing but a source.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { lineOf } from './harness/source';
import { HOSTS, useEditor } from './harness/suite';

const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const VSIX = path.join(ROOT, `out/ringside-${version}.vsix`);
const FOLDER = path.join(ROOT, 'samples/hello');

if (HOSTS.includes('node'))
  describe('the installed .vsix', function () {
    before(() => assert.ok(existsSync(VSIX), `no ${VSIX}: run npm run package first`));
    const editor = useEditor('installed', { host: 'node', folder: FOLDER, vsix: VSIX });
    const line = lineOf(path.join(FOLDER, 'boot.asm'), 'xor ax, ax');

    it('F5 stops at a gutter breakpoint of the boot sector', async () => {
      const { workbench, debug } = editor.current;
      await workbench.openFile('boot.asm', 'x86 Assembly');
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
