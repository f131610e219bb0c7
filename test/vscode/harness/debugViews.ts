// Page object for debugging: gutter, Run and Debug side bar, Debug Console, Disassembly view. What is read comes from
// the labels that a screen reader gets, which are fuller and steadier than the layout.
import type { Page } from 'playwright-core';
import type { Workbench } from './workbench';

export interface Frame {
  label: string;
  file?: string;
  line?: number;
}
export interface DisassemblyRow {
  address: string;
  bytes: string;
  instruction: string;
  /** True for the row at which the guest stands. */
  current: boolean;
}

const BREAKPOINT = '.editor-instance [class*="codicon-debug-breakpoint"]:visible';

export class DebugViews {
  private readonly page: Page;

  constructor(private readonly workbench: Workbench) {
    this.page = workbench.page;
  }

  /**
   * Clicks in the gutter left of a line to set or remove a breakpoint. Waits for the grey dot under the mouse first: it
   * says that breakpoints are possible in this language; a click before that is lost.
   */
  async clickGutter(line: number): Promise<void> {
    await this.workbench.goToLine(line);
    const number = await this.workbench.box(this.workbench.lineNumber(line));
    const margin = await this.workbench.box(this.page.locator('.editor-instance .margin:visible').first());
    const [x, y] = [margin.x + 9, number.y + number.height / 2];
    const before = await this.page.locator(BREAKPOINT).count();
    const dot = this.page.locator('.editor-instance .codicon-debug-hint');
    for (let tries = 0; (await dot.count()) === 0; tries++) {
      if (tries === 100) throw new Error(`no breakpoint can be set in line ${line}: no grey dot appears in the gutter`);
      await this.page.mouse.move(x + (tries % 2), y);
      await this.page.waitForTimeout(100);
    }
    await this.page.mouse.click(x, y);
    await this.page.mouse.move(x + 400, y);
    await this.page.waitForFunction(([selector, count]) => document.querySelectorAll(selector).length !== count, [
      BREAKPOINT.replace(':visible', ''),
      before,
    ] as const);
  }

  /** Presses F5 in the active text editor; resolves at the first stop with the milliseconds it took to see it. */
  async start(timeout = 60_000): Promise<number> {
    const begin = performance.now();
    await this.page.keyboard.press('F5');
    await this.page.locator('.debug-call-stack .stack-frame').first().waitFor({ timeout });
    await this.page
      .locator('.editor-instance [class*="codicon-debug-stackframe"], .disassembly-view .monaco-list-row')
      .first()
      .waitFor({ timeout });
    return performance.now() - begin;
  }

  /** Presses a key of the debugger: F5, F10, F11, Shift+F11, F6. Where the guest gets to is for waitForFrame to see. */
  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
  }

  /** Ends the session. */
  async stop(): Promise<void> {
    await this.page.keyboard.press('Shift+F5');
    await this.page.locator('.debug-toolbar').waitFor({ state: 'hidden', timeout: 15_000 });
  }

  /** Waits until the adapter has confirmed a breakpoint that the Breakpoints view lists under this name. */
  async waitForBreakpoint(name: string): Promise<void> {
    await this.workbench.setPane('Breakpoints', true);
    const rows = this.page.locator('.debug-breakpoints .monaco-list-row');
    const row = rows.filter({ hasText: name }).first();
    await rows.first().hover();
    for (let tries = 0; (await row.count()) === 0; tries++) {
      if (tries === 100) throw new Error(`no breakpoint ${name} in the Breakpoints view`);
      await this.page.mouse.wheel(0, 2000); // below the exceptions, which fill the view
      await this.page.waitForTimeout(100);
    }
    await row.locator('.codicon-debug-breakpoint-function').waitFor();
    await this.workbench.setPane('Breakpoints', false);
  }

  /** The threads in the Call Stack with their states; there are none while the program has a single one. */
  async threads(): Promise<{ name: string; state: string }[]> {
    return this.page.locator('.debug-call-stack .monaco-list-row .thread').evaluateAll((rows) =>
      rows.map((row) => ({
        name: row.querySelector('.name')?.textContent ?? '',
        state: row.querySelector('.state')?.textContent ?? '',
      })),
    );
  }

  /** The visible rows of the Call Stack, innermost first. */
  async callStack(): Promise<Frame[]> {
    const labels = await this.page
      .locator('.debug-call-stack .monaco-list-row[aria-label^="Stack Frame "]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
    return labels.map((text) => {
      const found = /^Stack Frame (.*?)(?:, line (\d+))?(?:, ([^,]*))?$/s.exec(text);
      return { label: found?.[1] ?? text, line: found?.[2] ? Number(found[2]) : undefined, file: found?.[3] };
    });
  }

  /** Waits until the innermost frame is as described and returns it; after the time the error says where it is instead. */
  async waitForFrame(wanted: { line?: number; file?: string; label?: RegExp }, timeout = 20_000): Promise<Frame> {
    const end = Date.now() + timeout;
    let top: Frame | undefined;
    while (Date.now() < end) {
      [top] = await this.callStack();
      if (
        top &&
        (wanted.line === undefined || top.line === wanted.line) &&
        (wanted.file === undefined || top.file === wanted.file) &&
        (wanted.label === undefined || wanted.label.test(top.label))
      )
        return top;
      await this.page.waitForTimeout(50);
    }
    const notifications = await this.workbench.notifications();
    throw new Error(
      `the guest is not at ${JSON.stringify(wanted)} but at ${JSON.stringify(top)}` +
        (notifications.length ? `; notifications: ${notifications.join(' | ')}` : ''),
    );
  }

  /** Opens a scope or structured variable of the Variables view, by its name. */
  async expand(name: string): Promise<void> {
    await this.setExpanded(name, true);
  }

  /** Closes a scope or structured variable, to make room for others: the view keeps only visible rows in the page. */
  async collapse(name: string): Promise<void> {
    await this.setExpanded(name, false);
  }

  /** The editor opens the first scope by itself, a moment after it has listed them: a click at the same time closes it again. */
  private async setExpanded(name: string, open: boolean): Promise<void> {
    const wanted = [`[aria-label="Scope ${name}"]`, `[aria-label="${name}"]`, `[aria-label^="${name}, value "]`];
    const rows = this.page.locator('.debug-variables .monaco-list-row');
    const row = rows.and(this.page.locator(wanted.join(', '))).first();
    await row.waitFor({ timeout: 15_000 });
    for (let same = 0, tries = 0; same < 3; tries++) {
      if (tries === 50) throw new Error(`${name} does not stay ${open ? 'open' : 'closed'} in the Variables view`);
      if ((await row.getAttribute('aria-expanded')) === String(open)) same++;
      else {
        same = 0;
        await row.locator('.monaco-tl-twistie').click();
      }
      await this.page.waitForTimeout(100);
    }
  }

  /** Name and value of the variables on the screen. */
  async variables(): Promise<Record<string, string>> {
    const labels = await this.page
      .locator('.debug-variables .monaco-list-row')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('aria-label') ?? ''));
    return Object.fromEntries(
      labels.flatMap((text) => {
        const found = /^(.*?), value ([^]*)$/.exec(text);
        return found ? [[found[1], found[2]]] : [];
      }),
    );
  }

  /** Waits until a visible variable has a value; after the time the error says what it has instead. */
  async waitForVariable(name: string, value: string | RegExp, timeout = 10_000): Promise<void> {
    const end = Date.now() + timeout;
    let found: string | undefined;
    do {
      found = (await this.variables())[name];
      if (found !== undefined && (typeof value === 'string' ? found === value : value.test(found))) return;
      await this.page.waitForTimeout(50);
    } while (Date.now() < end);
    throw new Error(`${name} is ${found ?? 'not on the screen'}, not ${value}`);
  }

  /** Changes a visible variable as a person does: double click, new value, Enter. */
  async setVariable(name: string, value: string): Promise<void> {
    const row = this.page.locator(`.debug-variables .monaco-list-row[aria-label^="${name}, value "]`);
    await row.locator('.value').dblclick();
    const input = this.page.locator('.debug-variables .inputBoxContainer input');
    await input.fill(value);
    await input.press('Enter');
    await input.waitFor({ state: 'hidden' });
  }

  /** Evaluates in the Debug Console and returns what it answers, which may have several lines. */
  async evaluate(expression: string, timeout = 10_000): Promise<string> {
    await this.workbench.command('Debug Console: Focus on Debug Console View');
    await this.workbench.command('Clear Console');
    await this.page.locator('.repl .repl-input-wrapper .monaco-editor').click();
    await this.page.keyboard.insertText(expression);
    await this.page.keyboard.press('Enter');
    const rows = this.page.locator('.repl .monaco-list-row');
    const asked = rows.filter({ has: this.page.locator('.codicon-debug-console-evaluation-input') });
    await asked.first().waitFor({ timeout });
    const answers = rows.filter({ has: this.page.locator('.evaluation-result') });
    await answers.first().waitFor({ timeout });
    return (await answers.allInnerTexts()).join('\n').trim();
  }

  /** All that stands in the Debug Console now. */
  async consoleText(): Promise<string> {
    return (await this.page.locator('.repl .monaco-list-row').allInnerTexts()).join('\n');
  }

  /** Opens the Disassembly view at the current instruction (the focus must be in a text editor of the session). */
  async openDisassembly(): Promise<void> {
    await this.workbench.command('Open Disassembly View');
    await this.page.locator('.disassembly-view .monaco-list-row[aria-label^="Address: "]').first().waitFor();
  }

  /** The rows of the Disassembly view on the screen. */
  async disassembly(): Promise<DisassemblyRow[]> {
    const rows = await this.page.locator('.disassembly-view .monaco-list-row').evaluateAll((elements) =>
      elements
        .map((row) => ({
          top: row.getBoundingClientRect().top,
          text: row.getAttribute('aria-label') ?? '',
          current: row.querySelector('[class*="debug-stackframe"]') !== null,
        }))
        .sort((a, b) => a.top - b.top),
    );
    return rows.flatMap(({ text, current }) => {
      const found = /Address: (\S+?),(?: Bytes: (.*?),)? Instruction: ([^]*)$/.exec(text);
      return found ? [{ address: found[1], bytes: found[2] ?? '', instruction: found[3], current }] : [];
    });
  }
}
