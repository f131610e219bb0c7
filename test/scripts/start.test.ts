// `npm start` as a person types it: in the terminal, in the browser, and with wrong arguments.
import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { ROOT } from '../../scripts/lib/root.mjs';
import { ensureEditorServer, freePort } from '../../scripts/lib/editorServer.mjs';

const start = (...args: string[]) =>
  spawnSync('npm', ['start', '--silent', '--', ...args], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 });

describe('npm start', function () {
  let child: ChildProcessWithoutNullStreams | undefined;
  after(() => child?.kill());

  it('--terminal runs samples/rings, with the guest on stdout and its transitions on stderr', function () {
    const { status, stdout, stderr } = start('--terminal');
    assert.equal(status, 0, stderr);
    for (const line of ['ring 3: hello through int 0x80', 'ring 0: #PF at 0x00008040', 'ring 0: done'])
      assert.ok(stdout.includes(line), `stdout lacks "${line}":\n${stdout}`);
    for (const word of ['iret', 'call gate', 'far return', '#PF', '#GP'])
      assert.ok(stderr.includes(word), `stderr lacks ${word}:\n${stderr}`);
  });

  it('--terminal runs another target', function () {
    const { stdout, stderr } = start('--terminal', 'samples/hello');
    assert.match(stdout, /hello/i, stderr);
  });

  it('opens the editor in the browser, for whoever has the address, until it is interrupted', async function () {
    this.timeout(180_000);
    ensureEditorServer();
    const port = await freePort();
    child = spawn(process.execPath, ['scripts/start.mjs', '--no-open', '--port', String(port)], { cwd: ROOT });
    const { stdout, stderr } = child;
    let text = '';
    stderr.on('data', (chunk) => (text += chunk));
    const url = await new Promise<string>((resolve, reject) => {
      stdout.on('data', (chunk) => {
        text += chunk;
        const found = /http:\/\/localhost:\S+/.exec(text);
        if (found) resolve(found[0]);
      });
      child?.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
    });
    const payload = new Map<string, string>(JSON.parse(new URL(url).searchParams.get('payload') ?? '[]'));
    assert.equal(payload.get('openFile'), `vscode-remote://localhost:${port}${ROOT}/samples/rings/boot.asm`);
    assert.equal((await fetch(`http://localhost:${port}/`)).status, 403, 'without the token of the address');
    const entered = await fetch(url, { redirect: 'manual' });
    const cookie = entered.headers.getSetCookie()[0]?.split(';')[0] ?? '';
    const page = await fetch(new URL(entered.headers.get('location') ?? '', url), { headers: { cookie } });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /vscode-workbench-web-configuration/);
    const inUse = start('--no-open', '--port', String(port));
    assert.equal(inUse.status, 2);
    assert.match(inUse.stderr, new RegExp(`port ${port} is in use`));
    child.kill('SIGINT');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
    await assert.rejects(fetch(url), 'the server is gone');
  });

  for (const [args, says] of [
    [['--port', '99999', '--no-open'], '--port 99999: not a port number'],
    [['--terminal', 'no/such'], 'no/such: no such file or folder'],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['samples/rings'], 'usage: npm start'],
  ] as const)
    it(`${args.join(' ')}: says what is wrong`, function () {
      const { status, stderr } = start(...args);
      assert.equal(status, 2, stderr);
      assert.ok(stderr.includes(says), stderr);
    });
});
