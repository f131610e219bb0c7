// The whole path in a real workbench, with no launch.json: F5 on the sample `rings`, from the boot sector to ring 3.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { ROOT } from '../../scripts/lib/root.mjs';
import { crowd } from '../crowd';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, guestText, LANGUAGE_NAME, lineOf, picture, setVariablesHeight } from './support';

const SOURCE = 'samples/rings/boot.asm';
const IN_REAL_MODE = lineOf(SOURCE, 'mov sp, 0x7c00');
const IN_RING_3 = lineOf(SOURCE, 'mov esi, text_still');
const IN_SYSTEM_CALL = lineOf(SOURCE, 'cmp al, 1');
const LIMIT_MS = 2000;

const hex = (text: string | undefined): number => Number(/0x[0-9a-f]+/i.exec(text ?? '')?.[0] ?? NaN);

for (const host of HOSTS)
  describe(`F5 on samples/rings (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`rings-${host}`, {
      host,
      folder: path.join(ROOT, 'samples'),
      settings: { 'terminal.integrated.gpuAcceleration': 'off' }, // its text is then in the page
    });
    const debug = () => editor.current.debug;
    const workbench = () => editor.current.workbench;
    const rings = (): Promise<FrameLocator> => workbench().webview('#chart');
    let firstStop = Infinity;

    it('opens the source in our language', async () => {
      assert.equal(existsSync(path.join(editor.current.folder, '.vscode/launch.json')), false);
      await workbench().openFile('rings/boot.asm', LANGUAGE_NAME);
      await workbench().setTheme('dark');
    });

    it('stops at a gutter breakpoint in 16-bit code, without a question', async () => {
      await debug().clickGutter(IN_REAL_MODE);
      await workbench().clickLine(IN_REAL_MODE);
      firstStop = await debug().start();
      await debug().waitForFrame({ line: IN_REAL_MODE, file: 'boot.asm', label: /^start\.here \(0000:7c0d\)/ });
      assert.deepEqual(await workbench().notifications(), []);
      await workbench().waitStatusBar('real mode');
    });

    it('opens the ring view, the Guest Screen and the Debug Console by themselves', async () => {
      await (await rings()).locator('.lane').first().waitFor();
      await workbench().webview('#canvas');
      await editor.current.page.locator('.repl .repl-input-wrapper').waitFor();
      // room for the variables: the page holds only the rows that can be seen
      for (const pane of ['Watch', 'Breakpoints']) await workbench().setPane(pane, false);
      await setVariablesHeight(editor.current, 330);
    });

    it('shows registers, flags and the hidden parts of the segments', async () => {
      await debug().expand('General');
      await debug().waitForVariable('EAX', /^0x00000000/);
      await debug().waitForVariable('EIP', /^0x00007c0d/);
      await debug().collapse('General');
      await debug().expand('Segments');
      await debug().waitForVariable('CS', /^0x0000\b/);
      await debug().expand('CS');
      const base = await eventually(editor.current, 'the base of CS', async () => (await debug().variables())['base']);
      assert.equal(hex(base), 0, base);
      assert.equal(hex((await debug().variables())['limit']), 0xffff);
      await debug().collapse('Segments');
      await debug().expand('Flags');
      await debug().waitForVariable('ZF', /^1/); // XOR AX, AX
      await debug().collapse('Flags');
      await debug().expand('General');
      await (await rings()).locator('.span.real').first().waitFor();
      await picture(editor.current, 'real-mode', 'real-mode');
    });

    it('shows 16-bit code as 16-bit in the Disassembly view', async () => {
      await workbench().clickLine(IN_REAL_MODE);
      await debug().openDisassembly();
      const current = await eventually(
        editor.current,
        'the present instruction',
        async () => (await debug().disassembly()).find((row) => row.current),
        15_000,
        () => debug().disassembly(),
      );
      assert.equal(Number(current.address), 0x7c0d);
      assert.match(current.instruction, /mov sp, ?0x7c00/i);
      assert.equal(current.bytes.toLowerCase().replaceAll(' ', ''), 'bc007c'); // in 32-bit code this would be MOV ESP, imm32
      await workbench().screenshot('disassembly-16');
    });

    it('steps one instruction in the Disassembly view', async () => {
      await editor.current.page
        .locator('.disassembly-view .monaco-list')
        .first()
        .click({ position: { x: 300, y: 150 } });
      await debug().press('F10');
      await eventually(editor.current, 'the next instruction', async () =>
        (await debug().disassembly()).some((row) => row.current && Number(row.address) === 0x7c10),
      );
      await workbench().command('View: Close Editor');
    });

    it('changes a register and memory', async () => {
      await debug().expand('General');
      await debug().setVariable('EBX', '0x1234');
      await debug().waitForVariable('EBX', /^0x00001234/);
      assert.match(await debug().evaluate('bx + 1'), /0x1235/);
      assert.match(await debug().evaluate('dword [0x500] = 0xcafe'), /0x0*cafe/i);
      assert.match(await debug().evaluate('word [0x500]'), /0xcafe/i);
      assert.match(await debug().evaluate('byte [0x501]'), /0xca/i);
    });

    it('runs on to a breakpoint in ring 3', async () => {
      await debug().clickGutter(IN_RING_3);
      await workbench().clickLine(IN_RING_3);
      await debug().press('F5');
      await debug().waitForFrame({ line: IN_RING_3, file: 'boot.asm', label: /^user \(002b:/ });
      await workbench().waitStatusBar('ring 3 | 32-bit protected | paging');
    });

    it('shows ring 3: CS, CPL, flags, paging', async () => {
      await debug().expand('General');
      await debug().waitForVariable('ESP', /^0x0000a000/);
      await debug().collapse('General');
      await debug().expand('Segments');
      await debug().waitForVariable('CS', /^0x002b\b/);
      await debug().waitForVariable('SS', /^0x0033\b/);
      await debug().expand('CS');
      const of = async (name: string) =>
        eventually(editor.current, name, async () => (await debug().variables())[name]);
      assert.equal(hex(await of('base')), 0);
      assert.equal(hex(await of('limit')), 0xffffffff);
      assert.match(await of('DPL'), /^3/);
      await debug().collapse('Segments');
      await debug().expand('Control');
      const cr0 = hex(await of('CR0'));
      assert.equal((cr0 & 0x80010001) >>> 0, 0x80010001, `PG, WP and PE in CR0 = ${cr0.toString(16)}`);
      await debug().waitForVariable('CR3', /^0x00010000/);
      await debug().collapse('Control');
      assert.match(await debug().evaluate('cpl'), /^0x3\b/);
      assert.match(await debug().evaluate('dword [result]'), /\b42\b/);
      await workbench().clickLine(IN_RING_3);
    });

    it('shows 32-bit code as 32-bit in the Disassembly view', async () => {
      await debug().openDisassembly();
      const current = await eventually(editor.current, 'the present instruction', async () =>
        (await debug().disassembly()).find((row) => row.current),
      );
      assert.match(current.instruction, /mov esi,/i);
      assert.equal(current.bytes.replaceAll(' ', '').length, 10, 'MOV ESI, imm32 has five bytes');
      await workbench().command('View: Close Editor');
    });

    it('draws lanes and edges in the ring view', async () => {
      const view = await rings();
      const edges = await eventually(
        editor.current,
        'the edges so far',
        async () => {
          const found = await view
            .locator('.edge')
            .evaluateAll((list) =>
              list.map((e) =>
                [e.getAttribute('data-kind'), e.getAttribute('data-from'), e.getAttribute('data-to')].join(' '),
              ),
            );
          return found.length >= 10 && found;
        },
        15_000,
        () => view.locator('.edge').count(),
      );
      assert.deepEqual(edges, [
        'mode-change real ring0',
        'iret ring0 ring3',
        'software-int ring3 ring0',
        'iret ring0 ring3',
        'call-gate ring3 ring1',
        'software-int ring1 ring0',
        'iret ring0 ring1',
        'far-return ring1 ring3',
        'exception ring3 ring0',
        'iret ring0 ring3',
      ]);
      assert.equal(await view.locator('.lane.current').getAttribute('data-lane'), 'ring3');
      await debug().expand('General');
      await picture(editor.current, 'ring-3', 'ring-3');
    });

    it('tells all about an edge and opens its source', async () => {
      const view = await rings();
      await view.locator('#chart').focus();
      for (let i = 0; i < 5; i++) await editor.current.page.keyboard.press('ArrowRight'); // to the call gate
      const card = view.locator('#card');
      await card.getByText('Call gate').first().waitFor();
      const text = await eventually(editor.current, 'gate and stack', async () => {
        const shown = await card.innerText();
        return /call gate, DPL 3/i.test(shown) && /TSS 0038/.test(shown) && shown;
      });
      assert.match(text, /ring 3 → ring 1/);
      assert.match(text, /call 0x0*43:0x0*0/i);
      await editor.current.page.keyboard.press('Enter');
      const wanted = String(lineOf(SOURCE, 'call GATE:0'));
      await editor.current.page
        .locator('.editor-instance .line-numbers.active-line-number:visible')
        .filter({ hasText: new RegExp(`^${wanted}$`) })
        .waitFor();
    });

    it('opens the disassembly of an edge, too', async () => {
      const view = await rings();
      await view.locator('.edge.selected').focus();
      await editor.current.page.keyboard.press('Shift+Enter');
      await editor.current.page.locator('.tab.active').filter({ hasText: 'Disassembly at 0x' }).waitFor();
      const line = editor.current.page.locator('.editor-instance .view-line').filter({ hasText: /call\s0x0*43:0x0*0/ });
      await line.first().waitFor();
      await workbench().command('View: Close Editor');
    });

    it('shows the ring view as an editor tab, in light colours too', async () => {
      await workbench().command('Ringside: Open Ring View in an Editor Tab');
      await eventually(editor.current, 'a second ring view', async () => {
        const outer = editor.current.page.locator('iframe.webview.ready');
        let drawn = 0;
        for (let i = 0; i < (await outer.count()); i++) {
          const edges = outer.nth(i).contentFrame().locator('#active-frame').contentFrame().locator('.edge .shaft');
          if ((await edges.count()) >= 10 && (await edges.first().evaluate((e) => e.checkVisibility()))) drawn++;
        }
        return drawn === 2;
      });
      await picture(editor.current, 'ring-view-tab');
      await workbench().setTheme('light');
      await picture(editor.current, 'ring-view-tab-light', 'ring-view-light');
      await workbench().setTheme('dark');
      await picture(editor.current, 'ring-view-tab-dark', 'ring-view-dark');
      await workbench().command('View: Close Editor');
    });

    it('shows what the guest printed on its screen and to its serial port', async () => {
      const lines = (await guestText(editor.current)).split('\n');
      assert.deepEqual(lines.slice(0, 4), [
        'real mode: loaded, leaving for protected mode',
        'ring 0: paging is on, going to ring 3',
        'ring 3: hello through int 0x80',
        'ring 0: #GP, ring 3 tried CLI; skipped',
      ]);
      await workbench().command('Ringside: Open Serial Terminal (COM1)');
      await editor.current.page.locator('.terminal-tabs-entry, .terminal-group, .xterm').first().waitFor();
      const terminal = editor.current.page.locator('.xterm-rows');
      await eventually(
        editor.current,
        'the serial output',
        async () =>
          (await terminal.allInnerTexts())
            .join('\n')
            .replaceAll('\u00a0', ' ')
            .includes('ring 3: hello through int 0x80'),
        10_000,
        () => terminal.allInnerTexts(),
      );
      await picture(editor.current, 'serial');
    });

    it('stops in ring 0 with the way there in the call stack', async () => {
      await workbench().command('View: Hide Panel');
      await workbench().openFile('rings/boot.asm');
      await debug().clickGutter(IN_SYSTEM_CALL);
      await workbench().clickLine(IN_SYSTEM_CALL);
      await debug().press('F5');
      await debug().waitForFrame({ line: IN_SYSTEM_CALL, label: /^system_call \(0008:/ });
      await workbench().waitStatusBar('ring 0 | 32-bit protected | paging');
      const call = IN_RING_3 + 1; // INT 0x80
      await eventually(
        editor.current,
        'the boundary and the frame below it',
        async () => {
          const stack = await debug().callStack(); // the frames below the first come a moment later
          const below = stack.findIndex(
            ({ label, line }) => /^user \(002b:/.test(label) && (line === call || line === call + 2),
          );
          return below > 0 && stack.slice(0, below).some(({ label }) => /0x80|80h/.test(label));
        },
        10_000,
        () => debug().callStack(),
      );
    });

    it('stops at a label chosen from the list', async () => {
      await workbench().commandThatAsks('Ringside: Break at Label');
      const list = workbench().quickInput.widget.filter({ hasText: 'Break at Label' });
      await list.locator('input.input').fill('page_fault');
      await list.locator('.monaco-list-row').filter({ hasText: 'page_fault' }).first().waitFor();
      await editor.current.page.keyboard.press('Enter');
      await debug().waitForBreakpoint('page_fault');
      await workbench().clickLine(IN_SYSTEM_CALL);
      await debug().press('F9'); // removes the breakpoint there
      await debug().press('F5');
      await debug().waitForFrame({ label: /^page_fault \(0008:/ });
    });

    it('stops within two seconds after F5', async function () {
      this.timeout(180_000);
      const times = [firstStop];
      // The best of some sessions, and a limit that grows with them: other programs may be at work on this machine.
      const limit = LIMIT_MS * crowd();
      while (Math.min(...times) >= LIMIT_MS && times.length < 4) {
        await debug().stop();
        await workbench().openFile('rings/boot.asm');
        await workbench().goToLine(IN_REAL_MODE);
        await workbench().clickLine(IN_REAL_MODE);
        await editor.current.page.waitForTimeout(1000);
        times.push(await debug().start());
      }
      console.log(`      first stop after F5, session by session: ${times.map(Math.round).join(', ')} ms`);
      if (Math.min(...times) >= LIMIT_MS) console.log(`      on a busy machine: the limit is ${limit.toFixed(0)} ms`);
      assert.ok(Math.min(...times) < limit, `not within ${limit.toFixed(0)} ms`);
      await debug().stop();
    });

    it('keeps the ring view after the end', async () => {
      const view = await rings();
      await eventually(editor.current, 'the word "ended"', async () =>
        /ended/.test((await view.locator('#summary').textContent()) ?? ''),
      );
    });
  });
