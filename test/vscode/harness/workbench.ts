// Page object for the whole workbench: files, commands, notifications, status bar, webviews, screenshots.
// What concerns debugging is in debugViews.ts. Waits are for what a person would see, with a message when it stays away.
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { QuickInput } from './quickInput';
import { THEMES, type Theme } from './settings';

export class Workbench {
  readonly quickInput: QuickInput;
  private screenshots = 0;

  constructor(
    readonly page: Page,
    private readonly screens: string,
  ) {
    this.quickInput = new QuickInput(page);
  }

  /** Waits for the Explorer's first row: the workbench stands and the file system answers. */
  async ready(): Promise<void> {
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
  }

  /** Screenshot of the whole window as `NN-name.png` in the suite's folder of out/screens. Returns the file's path. */
  async screenshot(name: string): Promise<string> {
    const number = String(++this.screenshots).padStart(2, '0');
    const file = path.join(this.screens, `${number}-${name.replace(/[^\w.-]+/g, '-')}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** Runs a command by its title in the Command Palette, as `Debug: Start Debugging`. */
  async command(title: string): Promise<void> {
    await this.quickInput.choose('F1', `>${title}`, title);
  }

  /** Runs a command that asks for something itself: a quick input is open again after it. */
  async commandThatAsks(title: string): Promise<void> {
    await this.quickInput.choose('F1', `>${title}`, title, { staysOpen: true });
  }

  /** Changes the colours of the whole window; webviews follow. */
  async setTheme(theme: Theme): Promise<void> {
    await this.commandThatAsks('Preferences: Color Theme');
    await this.quickInput.pick(THEMES[theme], THEMES[theme]);
    await this.quickInput.closed();
    await this.page.locator(`.monaco-workbench.${theme === 'dark' ? 'vs-dark' : 'vs'}`).waitFor();
    await this.page.waitForTimeout(500); // the quick input fades and webviews follow a moment later
  }

  /**
   * Opens a file by its path in the folder and waits for its text and, if given, for the language's name in the status
   * bar: until an extension's manifest is read, breakpoints cannot be set.
   */
  async openFile(name: string, language?: string): Promise<void> {
    await this.quickInput.choose('Control+P', name, path.posix.basename(name));
    await this.page.locator(`.tab.active[data-resource-name="${path.posix.basename(name)}"]`).waitFor();
    await this.page.locator('.editor-instance .monaco-editor .view-line').first().waitFor();
    if (language) await this.page.locator('[id="status.editor.mode"]').filter({ hasText: language }).waitFor();
  }

  lineNumber(line: number): Locator {
    const numbers = this.page.locator('.editor-instance .margin-view-overlays .line-numbers:visible');
    return numbers.filter({ hasText: new RegExp(`^${line}$`) }).first();
  }

  /** Brings a line of the active text editor into view and puts the cursor there, in a column if one is given. */
  async goToLine(line: number, column?: number): Promise<void> {
    await this.quickInput.enter('Control+G', column ? `:${line}:${column}` : `:${line}`);
    await this.lineNumber(line).waitFor();
  }

  /** Puts the focus into the text editor by clicking on a visible line: keys such as F5 and F9 go where the focus is. */
  async clickLine(line: number): Promise<void> {
    const row = await this.box(this.lineNumber(line));
    await this.page.mouse.click(row.x + row.width + 150, row.y + row.height / 2);
  }

  /** Clicks on a link of the text with Control held. The text is painted anew as it becomes a link, so a place is clicked. */
  async followLink(link: Locator): Promise<void> {
    await link.waitFor();
    const { x, y, width, height } = await this.box(link);
    await this.page.mouse.move(x + width / 2, y + height / 2);
    await this.page.keyboard.down('Control');
    await this.page.locator('.editor-instance .view-line .detected-link-active').first().waitFor();
    await this.page.mouse.click(x + width / 2, y + height / 2);
    await this.page.keyboard.up('Control');
  }

  async box(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
    const box = await locator.boundingBox();
    if (!box) throw new Error('the element is not visible');
    return box;
  }

  /** Texts of the visible status bar items, by what a screen reader says or else by their text. */
  async statusBar(): Promise<string[]> {
    const items = this.page.locator('.statusbar .statusbar-item');
    return items.evaluateAll((elements) => elements.map((e) => (e.textContent || e.ariaLabel || '').trim()));
  }

  /** Waits for a status bar item with this text. */
  async waitStatusBar(text: string | RegExp): Promise<void> {
    await this.page.locator('.statusbar .statusbar-item').filter({ hasText: text }).first().waitFor();
  }

  /** Texts of the notifications and dialogs on the screen. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notification-list-item-message:visible, .monaco-dialog-box:visible').allInnerTexts();
  }

  /** Clicks a pane's header in the side bar (`Ring View`) until the pane is open, or closed. */
  async setPane(title: string, open: boolean): Promise<void> {
    const header = this.page.locator(`.pane-header[aria-label="${title} Section"]`);
    await header.waitFor();
    if ((await header.getAttribute('aria-expanded')) !== String(open)) await header.click();
  }

  /** Drags the border of the side bar until it has this width in CSS pixels. */
  async setSideBarWidth(width: number): Promise<void> {
    const bar = await this.box(this.page.locator('.part.sidebar'));
    await this.page.mouse.move(bar.x + bar.width + 1, bar.y + bar.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(bar.x + width, bar.y + bar.height / 2, { steps: 5 });
    await this.page.mouse.up();
  }

  /**
   * The document of a webview that has an element matching `having`. Webviews are two nested frames; several may be open,
   * and the outer frames do not carry the view's name.
   */
  async webview(having: string, timeout = 20_000): Promise<FrameLocator> {
    const outer = this.page.locator('iframe.webview.ready');
    const end = Date.now() + timeout;
    do {
      for (let i = 0; i < (await outer.count()); i++) {
        const frame = outer.nth(i).contentFrame().locator('#active-frame').contentFrame();
        if (
          (await frame
            .locator(having)
            .count()
            .catch(() => 0)) > 0
        )
          return frame;
      }
      await this.page.waitForTimeout(100);
    } while (Date.now() < end);
    throw new Error(`no webview with ${having} within ${timeout} ms (${await outer.count()} webviews)`);
  }
}
