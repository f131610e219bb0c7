// Every feature for assembly that a person can reach in the workbench, one step each: what is asked by keys, mouse and
// commands, and what the page then shows.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, LANGUAGE_NAME, lineOf } from './support';

const FOLDER = 'test/vscode/fixtures/features';
const TOOLS = `${FOLDER}/tools.asm`;
const START = `${FOLDER}/start.s`;

for (const host of HOSTS)
  describe(`Features for assembly (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`features-${host}`, {
      host,
      folder: path.join(ROOT, FOLDER),
      settings: {
        'editor.codeLens': true,
        'editor.hover.delay': 100,
        'editor.occurrencesHighlightDelay': 0,
        'editor.lightbulb.enabled': 'on',
        'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
        'editor.parameterHints.enabled': true,
        'ringside.inlayHints.stackDepth': true,
        'ringside.inlayHints.bytes': true,
      },
    });
    const plain = (text: string): string => text.replaceAll('\u00a0', ' ');
    /** What the text editor shows, from top to bottom: the page has the lines in any order. */
    const shown = async (): Promise<string> => {
      const lines = editor.current.page.locator('.editor-instance .view-lines').first().locator('.view-line');
      const texts = await lines.evaluateAll((elements) =>
        elements
          .map((element) => ({ top: parseFloat((element as HTMLElement).style.top), text: element.textContent ?? '' }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text),
      );
      return plain(texts.join('\n'));
    };
    const sees = (what: string, pattern: RegExp) =>
      eventually(editor.current, what, async () => pattern.test(await shown()), 20_000, shown);
    const goTo = (line: number, column: number) => editor.current.workbench.goToLine(line, column);
    /** Puts the cursor on a word of the fixture as it is on the disk. */
    const onWord = (text: string, word: string, file = TOOLS): Promise<void> => {
      const column = text.indexOf(word);
      return goTo(lineOf(file, text), lineColumn(file, text) + column + 1);
    };
    const status = async (): Promise<string> =>
      (await editor.current.page.locator('[id="status.editor.selection"]').innerText()).trim();
    const isAt = (line: number) =>
      eventually(
        editor.current,
        `the cursor in line ${line}`,
        async () => (await status()).startsWith(`Ln ${line},`),
        15_000,
        status,
      );
    const tabIs = (name: string) => editor.current.page.locator(`.tab.active[data-resource-name="${name}"]`).waitFor();
    const hovers = async (pattern: RegExp): Promise<void> => {
      const { page } = editor.current;
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+I');
      const hover = page.locator('.monaco-hover:visible').last();
      const read = async (): Promise<string> => plain(await hover.innerText().catch(() => ''));
      await eventually(editor.current, `a hover with ${pattern}`, async () => pattern.test(await read()), 15_000, read);
      await page.keyboard.press('Escape');
      await page.keyboard.press('Escape');
    };
    /** Chooses a code action at the cursor. */
    const act = async (title: RegExp): Promise<void> => {
      const { page } = editor.current;
      const menu = page.locator('.action-widget:visible');
      const row = menu.locator('.monaco-list-row').filter({ hasText: title }).first();
      // the menu closes by itself when the server answers an earlier key just then
      for (let attempt = 0; ; attempt++) {
        await page.keyboard.press('Control+.');
        try {
          await row.click({ timeout: 5_000 });
          break;
        } catch (error) {
          if (attempt === 3) throw error;
          await page.keyboard.press('Escape');
        }
      }
      await menu.waitFor({ state: 'hidden' });
    };
    const undo = async (line: RegExp): Promise<void> => {
      await editor.current.page.keyboard.press('Control+Z');
      await sees('the line as before', line);
    };

    it('hovers over labels, numbers, macros, constants, registers and directives', async () => {
      await editor.current.workbench.openFile('tools.asm', LANGUAGE_NAME);
      await sees('bytes and distances', /loop \.next E2 FD ↑ −1/);
      const lenses = editor.current.page.locator('.codelens-decoration');
      await eventually(
        editor.current,
        'lenses',
        async () =>
          (await lenses.allInnerTexts()).some((text) =>
            /2 references[^]*9 bytes[^]*18.19 cycles \(486\)[^]*Run from here/.test(plain(text)),
          ),
        15_000,
        () => lenses.allInnerTexts(),
      );
      await onWord('call fill', 'fill');
      await hovers(/fill at 0x7C00[^]*Fills the table with a letter/);
      await onWord('mov al, 0x41', '0x41');
      await hovers(/decimal: 65[^]*'A'/);
      await onWord('twice ax', 'twice');
      await hovers(/Expands to[^]*inc ax/);
      await onWord('mov cx, LIMIT', 'LIMIT');
      await hovers(/LIMIT equ 16/);
      await onWord('mov cx, LIMIT', 'cx');
      await hovers(/count/i);
      await onWord('times LIMIT', 'times');
      await hovers(/Repeats what follows/);
    });

    it('goes to definitions, also in other files, and follows the link of an include', async () => {
      const { page, workbench } = editor.current;
      await onWord('call show', 'show');
      await page.keyboard.press('F12');
      await tabIs('show.inc');
      await isAt(2);
      await workbench.openFile('tools.asm');
      await onWord('twice ax', 'twice');
      await page.keyboard.press('F12');
      await tabIs('macros.inc');
      await workbench.openFile('tools.asm');
      await goTo(1, 1);
      await workbench.followLink(page.locator('.editor-instance .view-line .detected-link').first());
      await tabIs('macros.inc');
      await workbench.openFile('tools.asm');
    });

    it('lists references, by key and by the lens, and highlights them', async () => {
      const { page } = editor.current;
      await onWord('call fill', 'fill');
      await eventually(
        editor.current,
        'highlights',
        async () => (await page.locator('.editor-instance .cdr[class*="wordHighlight"]').count()) >= 2,
      );
      const peek = page.locator('.peekview-widget');
      await page.keyboard.press('Shift+F12');
      await peek
        .locator('.peekview-title')
        .filter({ hasText: /3 references|References \(3\)/i })
        .waitFor();
      await peek.locator('.monaco-list-row').filter({ hasText: 'show.inc' }).first().waitFor();
      await page.keyboard.press('Escape');
      await peek.waitFor({ state: 'detached' });
      await goTo(1, 1);
      await page.locator('.codelens-decoration a').filter({ hasText: '2 references' }).first().click();
      await peek.waitFor();
      await page.keyboard.press('Escape');
      await peek.waitFor({ state: 'detached' });
    });

    it('lists symbols of the file and of the workspace, and calls', async () => {
      const { page, workbench } = editor.current;
      const { quickInput } = workbench;
      await quickInput.list('Control+Shift+O');
      await quickInput.rows('.next').first().waitFor();
      await quickInput.pick('@main', 'main');
      await isAt(lineOf(TOOLS, 'main:'));
      await quickInput.choose('Control+T', '#show', 'show.inc');
      await tabIs('show.inc');
      await workbench.openFile('tools.asm');
      await onWord('call fill', 'fill');
      await page.keyboard.press('Shift+Alt+H');
      const calls = page.locator('.part.sidebar .monaco-list-row');
      await calls.filter({ hasText: 'show.inc' }).first().waitFor();
      await calls
        .filter({ hasText: /main\s*tools.asm/ })
        .first()
        .waitFor();
      await workbench.openFile('tools.asm'); // back to the text
    });

    it('proposes instructions, labels, macros and files, and shows the operands that an instruction takes', async () => {
      const { page } = editor.current;
      const rows = page.locator('.suggest-widget.visible .monaco-list-row');
      const proposes = async (typed: string, label: RegExp): Promise<void> => {
        await page.keyboard.press('End');
        await page.keyboard.press('Enter');
        await page.keyboard.type(typed);
        await page.keyboard.press('Control+Space');
        await rows.filter({ hasText: label }).first().waitFor();
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+Shift+K'); // the line is gone again
        await page.keyboard.press('ArrowUp');
      };
      await goTo(lineOf(TOOLS, 'call show'), 1);
      await proposes('tw', /^twice/);
      await proposes('call fi', /^fill/);
      await proposes('cmpx', /^cmpxchg/);
      await proposes('%inc', /^%include/);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('shl ax,');
      await page
        .locator('.parameter-hints-widget.visible')
        .filter({ hasText: /shl r\/m/ })
        .waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+K');
      await sees('the file as before', /call show[^\n]*\n[^\n]*jmp main/);
    });

    it('colours names by what they are, and folds', async () => {
      const { page } = editor.current;
      await goTo(1, 1);
      const colour = (word: string, line: string): Promise<string> =>
        page
          .locator('.editor-instance .view-line')
          .filter({ hasText: line })
          .first()
          .locator('span span')
          .filter({ hasText: word })
          .last()
          .evaluate((element) => getComputedStyle(element).color);
      await eventually(editor.current, 'different colours', async () => {
        const [constant, register, label] = [
          await colour('LIMIT', 'cx,'),
          await colour('cx', 'cx,'),
          await colour('fill', 'call'),
        ];
        // in light themes constants and registers may look alike
        return constant !== label && label !== register;
      });
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+0');
      await eventually(editor.current, 'folded code', async () => !(await shown()).includes('stosb'));
      await page.keyboard.press('Control+K');
      await page.keyboard.press('Control+J');
      await sees('all of it', /stosb/);
    });

    it('formats, and keeps comments', async () => {
      const { page } = editor.current;
      await goTo(lineOf(TOOLS, 'mov al, 0x41'), 1);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Home');
      await page.keyboard.type('  mov bx,5   ; five');
      await page.keyboard.press('Control+Shift+I');
      await sees('the formatted line', /\n {8}mov bx, 5[^\n]*; five/);
      await page.keyboard.press('Control+Z');
      await page.keyboard.press('Control+Shift+K');
    });

    it('mends a size, changes a base, jumps, and expands and extracts', async () => {
      const { page } = editor.current;
      await onWord('mov al, 0x41', '0x41');
      await act(/Convert to decimal: 65/);
      await sees('the number in decimal', /mov al, 65/);
      await undo(/mov al, 0x41/);
      await onWord('mov al, 0x41', '0x41');
      await act(/Extract to equ/);
      await sees('the constant', /VALUE_0X41 equ 0x41[^]*mov al, VALUE_0X41/);
      await undo(/mov al, 0x41/);
      await onWord('jmp main', 'jmp');
      await act(/Make the jump near/);
      await sees('the near jump', /jmp near main/);
      await undo(/jmp main/);
      await onWord('twice ax', 'twice');
      await act(/Expand macro twice once/);
      await sees('the expansion', /inc ax[^\n]*\n[^\n]*inc ax/);
      await undo(/twice ax/);
      await goTo(lineOf(TOOLS, 'call show'), 1);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('mov [table], 5');
      await page.locator('.editor-instance .squiggly-error').first().waitFor();
      await act(/Make it a word/);
      await sees('the size', /mov word \[table\], 5/);
      await page.keyboard.press('Control+Shift+K');
      await page.locator('.editor-instance .squiggly-error').first().waitFor({ state: 'detached' });
    });

    it('adds missing bits', async () => {
      const { page } = editor.current;
      await goTo(lineOf(TOOLS, 'call show'), 1);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('mov rax, rbx');
      await page.locator('.editor-instance .squiggly-error').first().waitFor();
      await act(/Add "bits 64" above/);
      await sees('the directive', /bits 64[^\n]*\n[^\n]*mov rax, rbx/);
      await page.keyboard.press('Control+Z');
      await page.keyboard.press('Control+Shift+K');
      await page.locator('.editor-instance .squiggly-error').first().waitFor({ state: 'detached' });
    });

    it('helps in sources of GNU as, too', async () => {
      const { page, workbench } = editor.current;
      await workbench.openFile('start.s');
      await onWord('call main', 'main', START);
      await page.keyboard.press('F12');
      await isAt(lineOf(START, 'main:   movzbl'));
      await onWord('movl $STACK', 'movl', START);
      await hovers(/MOV[^]*dst := src/);
      await workbench.quickInput.list('Control+Shift+O');
      await workbench.quickInput.rows('_start').first().waitFor();
      await page.keyboard.press('Escape');
      await goTo(lineOf(START, 'call main'), 1);
      await page.keyboard.press('End');
      await page.keyboard.press('Enter');
      await page.keyboard.type('shll $3,');
      const operands = page.locator('.parameter-hints-widget.visible').filter({ hasText: /shll \$1, r\/m32/ });
      await operands.waitFor();
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+Shift+K');
      assert.equal(await page.locator('.editor-instance .squiggly-error').count(), 0);
    });

    it('leaves out a hint that its setting switches off, and shows it again', async () => {
      const { page, workbench } = editor.current;
      const box = page.locator('.settings-editor .setting-item-bool .setting-value-checkbox').first();
      const set = async (checked: boolean): Promise<void> => {
        await workbench.command('Preferences: Open Settings (UI)');
        await page.locator('.settings-editor .suggest-input-container').first().click();
        await page.keyboard.press('Control+A');
        await page.keyboard.type('@id:ringside.inlayHints.bytes');
        await page.locator('.settings-editor .setting-item-label').filter({ hasText: 'Bytes' }).first().waitFor();
        assert.equal(await box.getAttribute('aria-checked'), String(!checked));
        await box.click();
        await workbench.openFile('tools.asm');
      };
      await set(false);
      await sees('distances without bytes', /loop \.next +↑ −1/);
      await set(true);
      await sees('bytes again', /loop \.next E2 FD ↑ −1/);
    });

    it('starts the debugger at a label by its lens', async () => {
      const { page, workbench, debug } = editor.current;
      await workbench.openFile('tools.asm');
      await workbench.command('File: Save All');
      await goTo(lineOf(TOOLS, 'main:'), 1);
      const lens = page
        .locator('.codelens-decoration')
        .filter({ hasText: '1 reference' })
        .locator('a', { hasText: 'Run from here' });
      await lens.last().click();
      await debug.waitForFrame({ line: lineOf(TOOLS, 'main:') + 1, file: 'tools.asm' });
      await debug.stop();
    });
  });

/** 0-based column of a text in its line. */
function lineColumn(file: string, text: string): number {
  const line = readFileSync(path.join(ROOT, file), 'utf8')
    .split('\n')
    .find((candidate) => candidate.includes(text));
  return line!.indexOf(text);
}
