// Writing assembly in a real workbench: mistakes while typing, hover, completion, rename, hints, values while debugging.
import assert from 'node:assert/strict';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, LANGUAGE_NAME, lineOf, picture } from './support';

const FOLDER = 'test/vscode/fixtures/language';
const BOOT = `${FOLDER}/boot.asm`;

for (const host of HOSTS)
  describe(`Editing assembly (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`language-${host}`, {
      host,
      folder: path.join(ROOT, FOLDER),
      settings: {
        'editor.codeLens': true,
        'ringside.inlayHints.address': true,
        'ringside.inlayHints.bytes': true,
        'editor.hover.delay': 100,
        'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      },
    });
    /** What the text editor shows, hints included; blanks are plain. */
    const shown = async (): Promise<string> =>
      (await editor.current.page.locator('.editor-instance .view-lines').first().innerText()).replaceAll('\u00a0', ' ');
    const sees = (what: string, pattern: RegExp, timeout = 20_000) =>
      eventually(editor.current, what, async () => pattern.test(await shown()), timeout, shown);
    const problems = () => editor.current.page.locator('.editor-instance .squiggly-error');
    /** Puts the cursor into the first occurrence of a word in a line. */
    const goTo = (line: number, column: number) => editor.current.workbench.goToLine(line, column);

    it('shows addresses, bytes, distances, references and sizes in the text', async () => {
      const { page, workbench } = editor.current;
      await workbench.openFile('boot.asm', LANGUAGE_NAME);
      await sees('address and bytes of an instruction', /7C00 +xor ax, ax +31 C0/);
      await sees('the distance of a jump', /jnz \.again.*↑ −\d+/);
      const lenses = page.locator('.codelens-decoration');
      await eventually(editor.current, 'code lenses', async () =>
        (await lenses.allInnerTexts()).some((text) => /\d+ references?[^]*\d+ bytes/.test(text)),
      );
      assert.equal(await problems().count(), 0);
    });

    it('marks a mistake while it is typed, and no longer when it is mended', async () => {
      const { page, workbench } = editor.current;
      const line = lineOf(BOOT, 'mov cx, COUNT');
      await goTo(line, 1);
      await page.keyboard.press('End');
      await page.keyboard.type('ER');
      await eventually(editor.current, 'the mistake', async () => (await problems().count()) > 0);
      await page.keyboard.press('Backspace');
      await page.keyboard.press('Backspace');
      await eventually(editor.current, 'no mistake', async () => (await problems().count()) === 0);
      await workbench.screenshot('mended');
    });

    it('completes with what fits', async () => {
      const { page } = editor.current;
      await goTo(lineOf(BOOT, 'mov ds, ax'), 1);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('mov es, a');
      await page.keyboard.press('Control+Space');
      const rows = page.locator('.suggest-widget.visible .monaco-list-row');
      await rows.first().waitFor();
      assert.match((await rows.first().innerText()).trim(), /^ax\b/);
      await page.keyboard.press('Enter');
      await sees('the completed line', /mov es, ax/);
    });

    it('explains an instruction, with a picture for the README', async () => {
      const { page, workbench } = editor.current;
      const line = lineOf(BOOT, 'dec cx') + 1;
      await goTo(line, 10);
      await workbench.command('Show or Focus Hover');
      const hover = page.locator('.monaco-hover:visible');
      await hover.filter({ hasText: 'DEC' }).waitFor();
      const text = (await hover.innerText()).replaceAll('\u00a0', ' ');
      assert.match(text, /Here, at 0x7C\w\w in 16-bit code: 49/);
      assert.match(text, /Flags: writes/);
      await picture(editor.current, 'editing', 'editing');
      await page.keyboard.press('Escape');
    });

    it('renames across files', async () => {
      const { page, workbench } = editor.current;
      await workbench.openFile('routines.inc');
      await goTo(lineOf(`${FOLDER}/routines.inc`, 'print:'), 2);
      await page.keyboard.press('F2');
      const input = page.locator('.rename-box input.rename-input');
      await input.waitFor();
      await input.fill('write_text');
      await page.keyboard.press('Enter');
      await sees('the new name', /write_text:[^]*jmp write_text/);
      await workbench.openFile('print.inc');
      await sees('the new name in the other file', /call write_text/);
      await workbench.command('File: Save All');
    });

    it('shows values in the source and foretells the next jump while debugging', async () => {
      const { page, workbench, debug } = editor.current;
      await workbench.openFile('boot.asm');
      const line = lineOf(BOOT, 'jnz .again') + 1;
      await page.locator('.codelens-decoration').first().waitFor(); // they move the lines below
      await debug.clickGutter(line);
      await workbench.clickLine(line);
      await debug.start();
      await debug.waitForFrame({ line, file: 'boot.asm' });
      await sees('the value of CX and the jump', /dec cx[^\n]*cx = [^\n]*2[^]*jnz[^\n]*will jump/);
      await workbench.screenshot('values');
      await debug.stop();
      await page.locator('.squiggly-error').waitFor({ state: 'detached' });
    });
  });
