// The Guest Screen in a real workbench: the guest's text, the keyboard's capture, and the editor's keys when it is free.
import assert from 'node:assert/strict';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, guestText, LANGUAGE_NAME, lineOf, picture } from './support';

const SOURCE = 'samples/keyboard/boot.asm';
const IN_HANDLER = lineOf(SOURCE, 'in al, KBD');

for (const host of HOSTS)
  describe(`Guest Screen on samples/keyboard (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`keyboard-${host}`, { host, folder: path.join(ROOT, 'samples/keyboard') });
    const page = () => editor.current.page;
    const screen = () => editor.current.workbench.webview('#canvas');
    const waitForText = (text: RegExp) =>
      eventually(
        editor.current,
        `${text} on the screen`,
        async () => text.test(await guestText(editor.current)),
        15_000,
        () => guestText(editor.current),
      );

    it('F5 runs the program; its prompt is on the Guest Screen', async () => {
      await editor.current.workbench.openFile('boot.asm', LANGUAGE_NAME);
      await editor.current.workbench.setTheme('dark');
      await page().keyboard.press('F5');
      await page().locator('.debug-toolbar').waitFor();
      await waitForText(/\S/);
    });

    it('paints the text with the font of the adapter', async () => {
      const view = await screen();
      const colors = await view.locator('#canvas').evaluate((canvas) => {
        const { width, height } = canvas as HTMLCanvasElement;
        const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, width, height);
        let lit = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i]! > 100) lit++;
        return { width, height, lit };
      });
      assert.deepEqual([colors.width, colors.height], [720, 400]);
      assert.ok(colors.lit > 200, `${colors.lit} bright pixels`);
    });

    it('types nothing while the keyboard is not captured', async () => {
      const before = await guestText(editor.current);
      await (await screen()).locator('#room').click();
      await page().keyboard.type('xyz');
      await page().waitForTimeout(500);
      assert.equal(await guestText(editor.current), before);
    });

    it('sends every key to the guest while it is captured', async () => {
      await (await screen()).locator('#capture').click();
      await page().keyboard.type('hello', { delay: 60 });
      await waitForText(/hello/);
      await picture(editor.current, 'captured', 'guest-screen');
    });

    it('gives the keyboard back on Ctrl+Alt: F6 pauses the guest', async () => {
      await page().keyboard.down('Control');
      await page().keyboard.press('Alt');
      await page().keyboard.up('Control');
      await (await screen()).locator('#capture[aria-pressed="false"]').waitFor();
      await page().keyboard.press('F6');
      await page().locator('.debug-call-stack .stack-frame').first().waitFor();
    });

    it('types text by command, and stops in the interrupt handler with the interrupted code below it', async () => {
      await editor.current.workbench.openFile('boot.asm');
      await editor.current.debug.clickGutter(IN_HANDLER);
      await editor.current.workbench.clickLine(IN_HANDLER);
      await page().keyboard.press('F5');
      await page().waitForTimeout(300);
      await editor.current.workbench.commandThatAsks('Ringside: Type Text in the Guest');
      await editor.current.workbench.quickInput.widget.filter({ hasText: 'US layout' }).waitFor();
      await page().keyboard.type('a');
      await page().keyboard.press('Enter');
      await editor.current.debug.waitForFrame({ line: IN_HANDLER, label: /^irq1/ });
      await eventually(
        editor.current,
        'the interrupted loop',
        async () => {
          const stack = await editor.current.debug.callStack();
          return (
            stack.some(({ label }) => /^start\.idle/.test(label)) &&
            stack.some(({ label }) => /IRQ ?1|interrupt/i.test(label))
          );
        },
        10_000,
        () => editor.current.debug.callStack(),
      );
    });

    it('ends', () => editor.current.debug.stop());
  });
