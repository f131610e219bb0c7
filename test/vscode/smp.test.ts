// F5 on the sample `smp` in a real workbench: ringside.json gives it four processors, each a thread. The others' code stops at a
// breakpoint, one processor after the other, and the ring view shows each of them.
import assert from 'node:assert/strict';
import path from 'node:path';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
import { eventually, LANGUAGE_NAME, lineOf } from './support';

const IS_UP = lineOf('samples/smp/boot.asm', 'mov si, text_cpu', 'apic_write SPURIOUS');

for (const host of HOSTS)
  describe(`F5 on samples/smp (${host} extension host)`, function () {
    this.timeout(90_000);
    const editor = useEditor(`smp-${host}`, { host, folder: path.join(ROOT, 'samples/smp') });
    const debug = () => editor.current.debug;
    const workbench = () => editor.current.workbench;
    /** Waits until this processor, and no other, has stopped at a breakpoint. */
    const stopped = (processor: number): Promise<unknown> =>
      eventually(
        editor.current,
        `vCPU ${processor} at the breakpoint`,
        async () => {
          const threads = await debug().threads();
          const at = threads.flatMap(({ state }, n) => (/on breakpoint/i.test(state) ? [n] : []));
          return threads.length === 4 && at.join() === String(processor);
        },
        30_000,
        () => debug().threads(),
      );

    it('stops in code of another processor, with a thread for each', async () => {
      await workbench().openFile('boot.asm', LANGUAGE_NAME);
      await debug().clickGutter(IS_UP);
      await workbench().clickLine(IS_UP);
      await debug().start();
      for (const pane of ['Variables', 'Watch', 'Breakpoints']) await workbench().setPane(pane, false);
      await stopped(1);
      const threads = await debug().threads();
      assert.deepEqual(
        threads.map(({ name }) => name.slice(0, 6)),
        ['vCPU 0', 'vCPU 1', 'vCPU 2', 'vCPU 3'],
      );
      assert.match(threads[1].name, /real, ring 0/);
      await debug().waitForFrame({ line: IS_UP, file: 'boot.asm', label: /^start\.here \(0000:80/ });
    });

    it('stops there again for the next one', async () => {
      await workbench().clickLine(IS_UP);
      await debug().press('F5');
      await stopped(2);
    });

    it('shows the crossings of the processor that is chosen in the ring view', async () => {
      const view = await workbench().webview('#chart');
      const edges = view.locator('.edge[data-kind="mode-change"]');
      const shown = async (): Promise<string> => {
        const all = await edges.evaluateAll((found) => found.map((edge) => edge.getAttribute('data-processor')));
        return [...new Set(all)].sort().join();
      };
      const choose = async (processor: string, expected: string): Promise<void> => {
        await view.locator('#processor').selectOption(processor);
        await eventually(
          editor.current,
          `crossings of ${expected}`,
          async () => (await shown()) === expected,
          15_000,
          shown,
        );
      };
      await view
        .locator('#processor option[value="focus"]')
        .filter({ hasText: 'vCPU 2' })
        .waitFor({ state: 'attached' });
      await choose('1', '1');
      await view.locator('.lane.current[data-lane="real"]').waitFor();
      await choose('0', '0');
      await choose('all', '0,1,2');
      await view.locator('.span[data-row="2"]').first().waitFor({ state: 'attached' });
      await workbench().screenshot('ring-view-of-all');
    });

    it('ends', () => debug().stop());
  });
