// What the journeys share: lines of a sample by their text, pictures for the README, the visible text of terminals.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import type { Editor } from './harness/editor';

export const FIXTURES = path.join(ROOT, 'test/vscode/fixtures');

export const LANGUAGE_NAME = 'x86 Assembly (Ringside)';

/** 1-based number of the first line of a file that contains `text`, behind the first one with `after` if that is given. */
export const lineOf = (file: string, text: string, after = ''): number => {
  const lines = readFileSync(path.join(ROOT, file), 'utf8').split('\n');
  const from = lines.findIndex((line) => line.includes(after));
  const index = lines.findIndex((line, i) => i >= from && line.includes(text));
  if (index < 0) throw new Error(`${file} has no line with ${text}`);
  return index + 1;
};

/**
 * A screenshot of the whole window; with RINGSIDE_IMAGES=1 it also becomes docs/images/<image>.png, which the README
 * shows. Only the Node host's pictures are used.
 */
export const picture = async (editor: Editor, name: string, image?: string): Promise<void> => {
  const file = await editor.workbench.screenshot(name);
  if (!image || editor.host !== 'node' || !process.env.RINGSIDE_IMAGES) return;
  const folder = path.join(ROOT, 'docs/images');
  mkdirSync(folder, { recursive: true });
  copyFileSync(file, path.join(folder, `${image}.png`));
};

/** Polls until `condition` gives something; the error says what did not come and what was there instead. */
export const eventually = async <T>(
  editor: Editor,
  what: string,
  condition: () => Promise<T | undefined | false>,
  timeout = 15_000,
  instead: () => Promise<unknown> = () => Promise.resolve(undefined),
): Promise<T> => {
  const end = Date.now() + timeout;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) {
      const seen = await instead();
      throw new Error(
        `${what}: did not come within ${timeout} ms${seen === undefined ? '' : `; there is ${JSON.stringify(seen)}`}`,
      );
    }
    await editor.page.waitForTimeout(50);
  }
};

/** The text on the Guest Screen, as a screen reader gets it. */
export const guestText = async (editor: Editor): Promise<string> => {
  const screen = await editor.workbench.webview('#canvas');
  return (await screen.locator('#text').textContent()) ?? '';
};

/** Drags the lower border of the Variables pane; panes below give way. The page holds only variables that can be seen. */
export const setVariablesHeight = async (editor: Editor, height: number): Promise<void> => {
  const { page, workbench } = editor;
  const header = await workbench.box(page.locator('.pane-header[aria-label="Variables Section"]'));
  const next = await workbench.box(page.locator('.pane-header[aria-label="Watch Section"]'));
  const x = header.x + header.width / 2;
  await page.mouse.move(x, next.y);
  await page.waitForTimeout(400); // the border shows itself before it can be dragged
  await page.mouse.down();
  await page.mouse.move(x, header.y + height, { steps: 8 });
  await page.mouse.up();
};
