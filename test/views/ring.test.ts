// The ring view's page in a real browser, with the extension's side played by a synthetic run.
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Detail, FromPage, Lane, ToPage, TimeWindow } from '../../src/views/ring/protocol';
import { busyRun, ringsRun, type SyntheticRun } from './syntheticRun';
import type { Theme } from './themes';
import { ViewBrowser, type ViewPage } from './viewPage';

type RingTestPage = ViewPage<ToPage, FromPage>;

const detailOf = (run: SyntheticRun, index: number): Detail => {
  const t = run.transitions[index]!;
  const point = (lane: Lane, cs: number, line: number) => ({
    lane,
    mode: 'protected32',
    cpl: lane === 'ring3' ? 3 : 0,
    cs,
    ip: '0x00009007',
    linear: '0x9007',
    ss: lane === 'ring3' ? 0x33 : 0x10,
    sp: lane === 'ring3' ? '0x0000a000' : '0x0001ffec',
    symbol: 'user+0x7',
    source: { path: '/work/boot.asm', line },
  });
  return {
    ...t,
    from: point(t.from, 0x2b, 312),
    to: point(t.to, 0x08, 150),
    instruction: 'int 0x80',
    gate: '32-bit interrupt gate, DPL 3, to 0008:00007E9A',
    stack: 'TSS 0038, SS0:ESP0 = 0010:00020000',
  };
};

describe('ring view: page', () => {
  const browser = new ViewBrowser();
  before(() => browser.start());
  after(() => browser.stop());

  let view: RingTestPage;
  afterEach(() => view?.page.close());

  const open = async (run: SyntheticRun, options: { theme?: Theme; width?: number; height?: number } = {}) => {
    const { width = 900, height = 360, theme } = options;
    view = await browser.open<ToPage, FromPage>({
      view: 'ring',
      width,
      height,
      ...(theme ? { theme } : {}),
      onMessage(message) {
        if (message.type === 'window')
          void view.send({ type: 'window', id: message.id, window: run.window(message.query) });
        if (message.type === 'detail')
          void view.send({ type: 'detail', index: message.index, detail: detailOf(run, message.index) });
      },
    });
    await view.send({ type: 'session', name: 'rings' });
    await tell(run);
    await view.page.locator('.span').first().waitFor();
    return view.page;
  };
  const tell = (run: SyntheticRun, running = false) =>
    view.send({
      type: 'state',
      state: {
        running,
        icount: run.now,
        lane: run.transitions.at(-1)?.to ?? 'real',
        mode: 'protected32',
        paging: true,
        transitions: run.transitions.length,
      },
    });
  const posted = <T extends FromPage['type']>(type: T) =>
    view.posted.filter((m): m is Extract<FromPage, { type: T }> => m.type === type);
  const attributes = (edges: Locator) =>
    edges.evaluateAll((list) => list.map((e) => `${(e as SVGElement).dataset.from}>${(e as SVGElement).dataset.to}`));
  /** Moves the pointer onto an edge (a line has no area, so that playwright finds it invisible). */
  const pointAt = async (edge: Locator, click = false) => {
    let box = await edge.locator('.hit').boundingBox();
    await until('the edge is there', async () => (box = await edge.locator('.hit').boundingBox()) !== null);
    if (!box) return;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await view.page.mouse.move(x, y);
    if (click) await view.page.mouse.click(x, y);
  };
  const until = async (what: string, condition: () => boolean | Promise<boolean>) => {
    for (let i = 0; i < 100; i++) {
      if (await condition()) return;
      await view.page.waitForTimeout(20);
    }
    assert.fail(`did not happen: ${what}`);
  };

  it('says what to do before the first session', async () => {
    view = await browser.open({ view: 'ring', width: 300, height: 200 });
    await view.page.getByText('Press F5 on an assembly program').waitFor();
    assert.equal(await view.page.locator('#room').isVisible(), false);
  });

  for (const theme of ['dark', 'light'] as const)
    it(`draws every lane and one edge per transition (${theme})`, async () => {
      const run = ringsRun();
      const page = await open(run, { theme });
      assert.deepEqual(
        await page.locator('.lane').evaluateAll((lanes) => lanes.map((lane) => (lane as SVGElement).dataset.lane)),
        ['ring3', 'ring2', 'ring1', 'ring0', 'real', 'v8086', 'smm'],
      );
      const edges = run.transitions.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from}>${to}`);
      assert.deepEqual(await attributes(page.locator('.edge')), edges);
      await view.screenshot(`ring-${theme}`);
      assert.equal(await page.locator('.lane.current').getAttribute('data-lane'), 'ring0');
      assert.equal(await page.locator('#summary').textContent(), `${edges.length} transitions`);
    });

  it('also shows what stays within a ring when asked', async () => {
    const run = ringsRun();
    const page = await open(run);
    await page.locator('#within').click();
    await until('15 edges', async () => (await page.locator('.edge').count()) === run.transitions.length);
  });

  it('shows instruction, gate, stacks of the edge under the pointer, and opens the source on a click', async () => {
    const page = await open(ringsRun());
    const edge = page.locator('.edge[data-kind="call-gate"]');
    await pointAt(edge);
    const card = page.locator('#card');
    await card.getByText('32-bit interrupt gate, DPL 3').waitFor();
    await view.screenshot('ring-card');
    const text = await card.innerText();
    for (const part of [
      'Call gate',
      'ring 3 → ring 1',
      'int 0x80',
      '002B:00009007',
      'boot.asm:312',
      'TSS 0038',
      '0033:0000A000',
    ])
      assert.ok(text.includes(part), `${part} in ${text}`);
    await pointAt(edge, true);
    const index = Number(await edge.getAttribute('data-index'));
    await until('open', () => posted('open').length === 1);
    assert.deepEqual(posted('open')[0], { type: 'open', index, side: 'from', how: 'source' });
    await card.getByText('disassembly').last().click();
    assert.deepEqual(posted('open')[1], { type: 'open', index, side: 'to', how: 'disassembly' });
  });

  it('goes from edge to edge with the keyboard', async () => {
    const page = await open(ringsRun());
    await page.locator('#chart').focus();
    for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
    const focused = page.locator('.edge:focus');
    assert.match((await focused.getAttribute('aria-label'))!, /^INT 0x80, ring 3 to ring 0, at [\d,]+ instructions$/);
    await page.locator('#card').getByText('32-bit interrupt gate').waitFor();
    await page.keyboard.press('ArrowLeft');
    assert.equal(await focused.getAttribute('data-kind'), 'iret');
    await page.keyboard.press('Enter');
    await until('open', () => posted('open').length === 1);
    await page.keyboard.press('End');
    assert.equal(await focused.getAttribute('data-vector'), '14');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#card').isVisible(), false);
  });

  it('switches a kind off in the legend', async () => {
    const page = await open(ringsRun());
    const iret = page.locator('#legend [data-kind="iret"]');
    assert.match(await iret.innerText(), /IRET\s*5/);
    await iret.click();
    await until('no IRET', async () => (await page.locator('.edge[data-kind="iret"]').count()) === 0);
    assert.equal(await iret.getAttribute('aria-pressed'), 'false');
    assert.ok((await page.locator('.span.ring3').count()) > 0, 'time in the lanes stays');
  });

  it('sums up what is too much to draw, and lists it when one looks closer', async () => {
    const run = busyRun(20_000);
    const page = await open(run);
    const buckets = page.locator('.bucket');
    await buckets.first().waitFor();
    await view.screenshot('ring-buckets');
    const sum = await buckets.evaluateAll((list) =>
      list.reduce((n, b) => n + Number((b as SVGElement).dataset.count), 0),
    );
    assert.equal(sum, run.transitions.filter(({ from, to }) => from !== to).length);
    assert.ok((await page.locator('#chart *').count()) < 3000, 'a small picture');
    for (let i = 0; i < 6 && (await buckets.count()) > 0; i++) {
      const asked = posted('window').length;
      await page
        .locator('[data-bucket]')
        .nth(Math.floor((await buckets.count()) / 2))
        .click();
      await until('a closer window', () => posted('window').length > asked);
      await page.waitForTimeout(60);
    }
    await page.locator('.edge').first().waitFor();
    assert.ok((await page.locator('.edge').count()) <= 300);
  });

  it('zooms with the wheel around the pointer and pans by dragging', async () => {
    const run = busyRun(2000);
    const page = await open(run);
    const chart = (await page.locator('#chart').boundingBox())!;
    await page.mouse.move(chart.x + chart.width / 2, chart.y + 40);
    await page.mouse.wheel(0, -600);
    await until('a part', () => (posted('window').at(-1)!.query.from ?? 0) > 0);
    const { from, to } = posted('window').at(-1)!.query as { from: number; to: number };
    assert.ok(to - from < run.now / 3);
    await page.mouse.down();
    await page.mouse.move(chart.x + chart.width / 2 + 200, chart.y + 60, { steps: 4 });
    await page.mouse.up();
    await until('an earlier part', () => (posted('window').at(-1)!.query.from ?? 0) < from);
    await page.locator('[data-action="whole"]').click();
    await until('the whole', () => (posted('window').at(-1)!.query.from ?? 0) === 0);
  });

  it('follows a running guest without asking again before it was answered', async () => {
    const run = busyRun(200);
    let answer = true;
    const held: FromPage[] = [];
    view = await browser.open<ToPage, FromPage>({
      view: 'ring',
      width: 600,
      height: 300,
      onMessage(message) {
        if (message.type !== 'window') return;
        if (answer) void view.send({ type: 'window', id: message.id, window: run.window(message.query) });
        else held.push(message);
      },
    });
    await view.send({ type: 'session', name: 'busy' });
    await tell(run, true);
    await view.page.locator('.now.running').waitFor({ state: 'attached' });
    answer = false;
    for (let i = 0; i < 20; i++) {
      run.add(500, 'software-int', 'ring0', 0x80).add(100, 'iret', 'ring3');
      await tell(run, true);
    }
    await view.page.waitForTimeout(100);
    assert.equal(held.length, 1, 'one request under way');
    answer = true;
    const [message] = held as Extract<FromPage, { type: 'window' }>[];
    await view.send({ type: 'window', id: message!.id, window: run.window(message!.query) });
    await until(
      'the present end',
      async () => (await view.page.locator('.now').getAttribute('data-now')) === String(run.now),
    );
    assert.match(
      (await view.page.locator('#summary').textContent())!,
      new RegExp(`^${run.transitions.length} transitions`),
    );
  });

  it('stays quick with a billion instructions and millions of transitions', async () => {
    const now = 5e9;
    const kinds = { 'software-int': 4e6, iret: 4e6 };
    const summary = ({ from = 0, to = now, buckets }: { from?: number; to?: number; buckets: number }): TimeWindow => {
      const size = (to - from) / buckets;
      const bucket = {
        count: 8e6 / buckets,
        time: [size * 0.6, 0, 0, size * 0.4, 0, 0],
        kinds: { 'software-int': 10, iret: 10 },
      };
      return {
        from,
        to,
        now,
        total: 8e6,
        count: 8e6,
        lane: 'ring3',
        here: 'ring3',
        keptFrom: 0,
        kinds,
        buckets: Array.from({ length: buckets }, () => bucket),
      };
    };
    view = await browser.open<ToPage, FromPage>({
      view: 'ring',
      width: 1200,
      height: 400,
      onMessage(m) {
        if (m.type === 'window') void view.send({ type: 'window', id: m.id, window: summary(m.query) });
      },
    });
    await view.send({ type: 'session', name: 'long' });
    const state = { running: true, icount: now, lane: 'ring3' as const, mode: 'long', paging: true, transitions: 8e6 };
    await view.send({ type: 'state', state });
    await view.page.locator('.bucket').first().waitFor();
    const start = performance.now();
    const asked = posted('window').length;
    for (let i = 1; i <= 10; i++) {
      await view.send({ type: 'state', state: { ...state, icount: now + i } });
      await until('a window', () => posted('window').length >= asked + i);
    }
    const each = (performance.now() - start) / 10;
    assert.ok(each < 250, `${each.toFixed(0)} ms a frame`);
  });

  it('keeps the picture of a session that has ended', async () => {
    const page = await open(ringsRun(), { width: 300, height: 260 });
    await view.send({ type: 'ended' });
    await page.getByText('ended').waitFor();
    assert.ok((await page.locator('.edge').count()) > 0);
    await view.screenshot('ring-side');
  });
});
