// Page object for the box at the top of the window that commands, files, symbols and lines are chosen in. It fades out
// for a moment after its use, inert, and closes when a view takes the focus: each step is tried again, as a person would.
import type { Locator, Page } from 'playwright-core';

const TRIES = 5;
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export class QuickInput {
  /** The box while it takes input. */
  readonly widget: Locator;
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget:not([inert]):visible');
    this.input = this.widget.locator('input.input');
  }

  /** The entries that contain a text; all without it. */
  rows(text = ''): Locator {
    return this.widget.locator('.monaco-list-row').filter({ hasText: new RegExp(escape(text), 'i') });
  }

  /** Waits until it is gone. */
  async closed(): Promise<void> {
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  /** Types `text` into the open box and takes the first entry that contains `entry`. */
  async pick(text: string, entry: string): Promise<void> {
    await this.input.fill(text, { timeout: 5000 });
    await this.rows(entry).first().click({ timeout: 10_000 });
    await this.page.mouse.move(720, 890); // away from anything that would show a tooltip
  }

  /** Opens the box by a key, types `text` and takes the first entry that contains `entry`. */
  async choose(key: string, text: string, entry: string, { staysOpen = false } = {}): Promise<void> {
    await this.again(key, () => this.pick(text, entry));
    if (!staysOpen) await this.closed();
  }

  /** Opens the box by a key, types `text` and presses Enter. */
  async enter(key: string, text: string): Promise<void> {
    await this.again(key, async () => {
      await this.input.fill(text, { timeout: 5000 });
      await this.input.press('Enter', { timeout: 5000 });
      await this.closed();
    });
  }

  /** Opens the box by a key and types `text`, for a look at what it lists. */
  async list(key: string, text?: string): Promise<void> {
    await this.again(key, () =>
      text === undefined ? this.input.waitFor({ timeout: 5000 }) : this.input.fill(text, { timeout: 5000 }),
    );
  }

  private async again(key: string, step: () => Promise<void>): Promise<void> {
    for (let tries = 1; ; tries++) {
      await this.page.keyboard.press(key);
      try {
        return await step();
      } catch (error) {
        if (tries === TRIES) throw error;
        await this.page.keyboard.press('Escape');
        await this.page.waitForTimeout(500);
      }
    }
  }
}
