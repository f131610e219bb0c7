// Bad input in a real workbench: what is wrong is said where a person looks for it, and nothing hangs.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, FIXTURES, LANGUAGE_NAME, lineOf } from './support';

for (const host of HOSTS) {
  describe(`F5 on a broken source (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`broken-${host}`, { host, folder: path.join(FIXTURES, 'broken') });

    it('lists every mistake with its place in the Problems view and goes to the first', async () => {
      const { page, workbench } = editor.current;
      await workbench.openFile('boot.asm', LANGUAGE_NAME);
      await workbench.clickLine(1);
      await page.keyboard.press('F5');
      const rows = page.locator('.markers-panel .monaco-list-row[aria-level="2"]');
      await eventually(
        editor.current,
        'two problems',
        async () => (await rows.count()) >= 2,
        20_000,
        () => rows.allInnerTexts(),
      );
      const problems = (await rows.allInnerTexts()).join('\n');
      const file = 'test/vscode/fixtures/broken/boot.asm';
      assert.match(problems, new RegExp(`nowhere[^]*Ln ${lineOf(file, 'nowhere')}\\b`));
      assert.match(problems, new RegExp(`Ln ${lineOf(file, 'print 3')}\\b`));
      await page.locator('.editor-instance .active-line-number:visible').filter({ hasText: /^5$/ }).waitFor();
      await workbench.screenshot('problems');
    });

    it('says so in one message, without a dialog and without an empty Guest Screen', async () => {
      const { page, workbench } = editor.current;
      assert.equal(await page.locator('.monaco-dialog-box:visible').count(), 0);
      await workbench.command('Notifications: Show Notifications'); // messages hide themselves after a while
      await eventually(
        editor.current,
        'the message',

        async () =>
          /not assembled: 2 errors, the first in boot\.asm, line 5/.test((await workbench.notifications()).join()),
        5000,
        () => workbench.notifications(),
      );
      assert.equal(await page.locator('.tab').filter({ hasText: 'Guest Screen' }).count(), 0);
      assert.equal(await page.locator('.debug-toolbar:visible').count(), 0);
    });

    it('runs once the source is mended, and forgets the mistakes', async () => {
      const { page, workbench } = editor.current;
      await workbench.openFile('print.inc');
      await workbench.goToLine(3);
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.keyboard.insertText('        mov ah, 0x0e');
      await workbench.openFile('boot.asm');
      await workbench.goToLine(5);
      await page.keyboard.press('Home');
      await page.keyboard.press('Shift+End');
      await page.keyboard.insertText('        mov ax, 7');
      await page.keyboard.press('F9');
      await editor.current.debug.start();
      await editor.current.debug.waitForFrame({ line: 5, file: 'boot.asm' });
      await page.locator('.statusbar-item[aria-label="No Problems"]').waitFor();
      await editor.current.debug.stop();
    });

    it('assembles the file without starting it', async () => {
      const { page, workbench } = editor.current;
      await workbench.openFile('boot.asm');
      await workbench.command('Ringside: Assemble Current File');
      await page.locator('.explorer-folders-view .monaco-list-row, .notification-list-item-message').first().waitFor();
      await eventually(editor.current, 'the binary in the folder', () =>
        Promise.resolve(existsSync(path.join(editor.current.folder, 'boot.bin'))),
      );
      const bytes = readFileSync(path.join(editor.current.folder, 'boot.bin'));
      assert.deepEqual([bytes.length, bytes[510], bytes[511]], [512, 0x55, 0xaa]);
    });
  });

  describe(`F5 with nothing to start (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`nothing-${host}`, { host, folder: path.join(FIXTURES, 'empty') });

    it('says what to do', async () => {
      const { page } = editor.current;
      const { quickInput } = editor.current.workbench;
      // the command is there once the extension's manifest has been read
      await eventually(editor.current, 'the command', async () => {
        await quickInput.list('F1', '>Ringside: Debug Assembly File');
        await page.waitForTimeout(300);
        if ((await quickInput.rows('Ringside: Debug Assembly File').count()) > 0) return true;
        await page.keyboard.press('Escape');
        return false;
      });
      await page.keyboard.press('Enter');
      await page.locator('.monaco-dialog-box').getByText('open an assembly source').waitFor();
      await page.keyboard.press('Escape');
    });
  });
}
