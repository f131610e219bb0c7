// F5 on the sample `long-mode` in a real workbench: 16-bit code, the kernel in the upper half of the address space, ring 3, and the
// way back through SYSCALL, and a double fault on a stack of its own.
import assert from 'node:assert/strict';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, LANGUAGE_NAME, lineOf, picture, setVariablesHeight } from './support';

const SOURCE = 'samples/long-mode/boot.asm';
const IN_REAL_MODE = lineOf(SOURCE, 'mov ax, 0x0200 + SECTORS');
const IN_KERNEL = lineOf(SOURCE, 'call print', 'lea rsi, [text_kernel]');
const IN_USER = lineOf(SOURCE, 'cli                     ; ring 3 must not');
const IN_DOUBLE_FAULT = lineOf(SOURCE, 'lea rsi, [text_df]');
const IN_SYSTEM_CALL = lineOf(SOURCE, 'cmp eax, 2');

for (const host of HOSTS)
  describe(`F5 on samples/long-mode (${host} extension host)`, function () {
    this.timeout(60_000);
    const editor = useEditor(`long-mode-${host}`, { host, folder: path.join(ROOT, 'samples/long-mode') });
    const debug = () => editor.current.debug;
    const workbench = () => editor.current.workbench;
    const runTo = async (line: number, label: RegExp): Promise<void> => {
      await debug().clickGutter(line);
      await workbench().clickLine(line);
      await debug().press('F5');
      await debug().waitForFrame({ line, file: 'boot.asm', label });
    };
    const stack = async (): Promise<string[]> => (await debug().callStack()).map(({ label }) => label);

    it('stops at a breakpoint in 16-bit code', async () => {
      await workbench().openFile('boot.asm', LANGUAGE_NAME);
      await workbench().setTheme('dark');
      await debug().clickGutter(IN_REAL_MODE);
      await workbench().clickLine(IN_REAL_MODE);
      await debug().start();
      await debug().waitForFrame({ line: IN_REAL_MODE, file: 'boot.asm', label: /^start\.here \(0000:7c/ });
      await workbench().waitStatusBar('real mode');
      for (const pane of ['Watch', 'Breakpoints']) await workbench().setPane(pane, false);
      await setVariablesHeight(editor.current, 430);
    });

    it('stops in the upper half of the address space, in 64-bit ring 0', async () => {
      await runTo(IN_KERNEL, /^kernel \(0008:ffffffff80007/);
      await workbench().waitStatusBar('ring 0 | 64-bit | paging');
      await debug().expand('General');
      await debug().waitForVariable('RSP', /^0xffffffff80020000/);
      await debug().waitForVariable('R8', /^0x0{16}$/);
      await debug().collapse('General');
      await debug().expand('Control');
      await debug().waitForVariable('EFER', /^0x0000000000000d01/);
      await debug().collapse('Control');
      assert.match(
        await debug().evaluate('walk rip'),
        /physical 00007[0-9a-f]{3}, writable, supervisor, 2 MB page[^]*PML4 \[511\][^]*PDPT \[510\][^]*2 MB page, to 00000000/,
      );
      await workbench().clickLine(IN_KERNEL);
    });

    it('steps over a call there', async () => {
      await debug().press('F10');
      await debug().waitForFrame({ line: lineOf(SOURCE, 'mov ecx, USER '), label: /^kernel \(0008:ffffffff80007/ });
    });

    it('shows 64-bit code in the Disassembly view', async () => {
      await debug().openDisassembly();
      const current = await eventually(
        editor.current,
        'the present instruction',
        async () => (await debug().disassembly()).find((row) => row.current),
        15_000,
        () => debug().disassembly(),
      );
      assert.match(current.address, /^0xffffffff80007[0-9a-f]{3}$/i);
      assert.match(current.instruction, /^mov ecx, ?0x40000000/i);
      const rows = await debug().disassembly();
      assert.ok(
        rows.some(({ instruction }) => /o64 sysret/.test(instruction)),
        JSON.stringify(rows),
      );
      assert.ok(
        rows.some(({ instruction }) => /lea rsi, ?\[rel text_kernel\]/.test(instruction)),
        JSON.stringify(rows),
      );
      await workbench().screenshot('disassembly-64');
      await workbench().command('View: Close Editor');
    });

    it('stops in ring 3', async () => {
      await workbench().openFile('boot.asm', LANGUAGE_NAME);
      await runTo(IN_USER, /^user \(002b:4000000e\)/);
      await workbench().waitStatusBar('ring 3 | 64-bit | paging');
      await debug().waitForVariable('RAX', /^0x/); // General opens by itself
      assert.match(await debug().evaluate('cs'), /^0x002b\b/);
    });

    it('shows the way into the kernel through SYSCALL', async () => {
      await workbench().openFile('boot.asm', LANGUAGE_NAME);
      await runTo(IN_SYSTEM_CALL, /^system_call \(0008:ffffffff80007/);
      const caller = [/^user \(002b:/, /SYSCALL, ring 3 → ring 0/];
      await eventually(
        editor.current,
        'the way from ring 3 in the call stack',
        async () => {
          const now = await stack();
          return caller.every((pattern) => now.some((label) => pattern.test(label)));
        },
        15_000,
        stack,
      );
      const chart = await workbench().webview('#chart');
      await chart
        .locator('.edge[data-kind="syscall"][data-from="ring3"][data-to="ring0"]')
        .first()
        .waitFor({ state: 'attached' });
      await chart.locator('.lane.current[data-lane="ring0"]').waitFor();
      await debug().expand('General');
      await debug().waitForVariable('RIP', /^0xffffffff80007/);
      await picture(editor.current, 'long-mode', 'long-mode');
    });

    it('stops in the handler of the double fault, on a stack of its own', async () => {
      await workbench().openFile('boot.asm', LANGUAGE_NAME);
      await workbench().clickLine(IN_SYSTEM_CALL);
      await debug().press('F9'); // it would stop there again
      await runTo(IN_DOUBLE_FAULT, /^double_fault \(0008:ffffffff80007/);
      await eventually(
        editor.current,
        'the double fault and the code that lost its stack in the call stack',
        async () => /#DF double fault on IST1[^]*system_call\.lose_stack/.test((await stack()).join('\n')),
        15_000,
        stack,
      );
      await debug().waitForVariable('RSP', /^0xffffffff80020fd0/);
    });

    it('ends', () => debug().stop());
  });
