// A triple fault in a real workbench: the stop at the instruction, and the chain of exceptions in words beside it.
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { LANGUAGE_NAME, lineOf, picture } from './support';

const SOURCE = 'samples/triple/boot.asm';

for (const host of HOSTS)
  describe(`Triple fault (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`triple-${host}`, { host, folder: path.join(ROOT, 'samples/triple') });

    it('stops at the instruction that began it, without any breakpoint', async () => {
      await editor.current.workbench.openFile('boot.asm', LANGUAGE_NAME);
      await editor.current.workbench.setTheme('dark');
      await editor.current.workbench.clickLine(1);
      await editor.current.debug.start();
      await editor.current.debug.waitForFrame({ line: lineOf(SOURCE, 'div ecx'), file: 'boot.asm' });
    });

    it('explains the chain beside the line', async () => {
      const widget = editor.current.page.locator('.exception-widget');
      await widget.waitFor();
      for (const part of ['#DE', '#GP', '#DF']) await widget.getByText(part).first().waitFor();
      await picture(editor.current, 'explained', 'triple-fault');
    });

    it('ends', () => editor.current.debug.stop());
  });
