import path from 'node:path';
import { appendFileSync, writeFileSync } from 'node:fs';
import { ROOT } from '../../scripts/lib/root.mjs';
import { HOSTS, useEditor } from './harness/suite';
for (const host of HOSTS)
  describe(`zz ${host}`, function () {
    this.timeout(160_000);
    const editor = useEditor(`zz-${host}`, { host, folder: path.join(ROOT, 'samples') });
    it('times', async () => {
      const page = editor.current.page;
      page.on('console', (m) => { if (/TL /.test(m.text())) appendFileSync('/tmp/tlweb', m.text() + '\n'); });
      await editor.current.workbench.openFile('rings/boot.asm');
      await editor.current.debug.clickGutter(45);
      await editor.current.workbench.clickLine(45);
      for (let i = 0; i < 4; i++) {
        await editor.current.page.waitForTimeout(2000);
        const cdp = await page.context().newCDPSession(page);
        if (i==0||i == 2) { await cdp.send('Profiler.enable'); await cdp.send('Profiler.start'); }
        appendFileSync('/tmp/tl', `${Date.now()} F5\n`);
        const t = await editor.current.debug.start();
        appendFileSync('/tmp/tl', `${Date.now()} seen ${t}\n`);
        console.log(host, i, t);
        if (i==0||i == 2) { const { profile } = await cdp.send('Profiler.stop'); writeFileSync(`/tmp/page-${host}-${i}.cpuprofile`, JSON.stringify(profile)); }
        await editor.current.debug.stop();
      }
    });
  });
