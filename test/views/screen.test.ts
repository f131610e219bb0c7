// The Guest Screen's page in a real browser.
import assert from 'node:assert/strict';
import type { Frame, FromPage, ToPage } from '../../src/views/screen/protocol';
import { shownSize } from '../../src/views/screen/picture';
import { ViewBrowser, type ViewPage } from './viewPage';

const PALETTE = [0x000000, 0x0000aa, 0x00aa00, 0xffffff];

const frame = (generation: number, pixel: (x: number, y: number) => number, more: Partial<Frame> = {}): Frame => {
  const { width = 320, height = 200 } = more;
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) pixels[y * width + x] = pixel(x, y);
  const description = '320x200, 256 colours';
  return {
    generation,
    width,
    height,
    kind: 'graphics',
    description,
    palette: PALETTE,
    pixels: pixels.toString('base64'),
    ...more,
  };
};

describe('guest screen: page', () => {
  const browser = new ViewBrowser();
  before(() => browser.start());
  after(() => browser.stop());

  let view: ViewPage<ToPage, FromPage>;
  beforeEach(async () => {
    view = await browser.open({ view: 'screen', width: 760, height: 560 });
    await view.send({ type: 'session', name: 'hello' });
  });
  afterEach(() => view.page.close());
  const posted = <T extends FromPage['type']>(type: T) =>
    view.posted.filter((m): m is Extract<FromPage, { type: T }> => m.type === type);
  const pixelAt = (x: number, y: number): Promise<number[]> =>
    view.page
      .locator('#canvas')
      .evaluate(
        (c, [px, py]) => [...(c as HTMLCanvasElement).getContext('2d')!.getImageData(px!, py!, 1, 1).data],
        [x, y],
      );
  const until = async (condition: () => boolean) => {
    for (let i = 0; i < 100 && !condition(); i++) await view.page.waitForTimeout(20);
  };
  const show = async (shown: Frame) => {
    await view.send({ type: 'frame', frame: shown });
    await view.page.locator(`#canvas[data-generation="${shown.generation}"]`).waitFor();
  };

  it('draws every pixel in its colour and says when it is done', async () => {
    await show(frame(7, (x, y) => (x + y) % 4));
    assert.deepEqual(await pixelAt(0, 0), [0, 0, 0, 255]);
    assert.deepEqual(await pixelAt(1, 0), [0, 0, 0xaa, 255]);
    assert.deepEqual(await pixelAt(319, 199), [0, 0xaa, 0, 255]);
    assert.deepEqual(await pixelAt(2, 1), [255, 255, 255, 255]);
    assert.deepEqual(posted('drawn'), [{ type: 'drawn', generation: 7 }]);
  });

  it('shows text to screen readers and copies it', async () => {
    await show(frame(1, () => 0, { kind: 'text', description: '80x25 text', text: ['hello, world   ', '', 'C:\\>'] }));
    assert.equal(await view.page.locator('#text').textContent(), 'hello, world\n\nC:\\>');
    await view.page.locator('#copy').click();
    await until(() => posted('copy').length > 0);
    assert.deepEqual(posted('copy'), [{ type: 'copy', text: 'hello, world\n\nC:\\>' }]);
    assert.equal(await view.page.locator('#status').textContent(), '80x25 text');
  });

  it('sends no key until the keyboard is captured, then every key, until Ctrl+Alt', async () => {
    await show(frame(1, () => 1));
    const { keyboard } = view.page;
    await view.page.locator('#room').click();
    await keyboard.press('a');
    assert.deepEqual(posted('keys'), []);
    await view.page.locator('#capture').click();
    await keyboard.press('F5');
    await keyboard.press('Shift+a');
    await until(() => posted('keys').length === 6);
    assert.deepEqual(
      posted('keys').flatMap(({ keys }) => keys.map(({ code, down }) => `${code} ${down ? 'down' : 'up'}`)),
      ['F5 down', 'F5 up', 'ShiftLeft down', 'KeyA down', 'KeyA up', 'ShiftLeft up'],
    );
    const before = posted('keys').length;
    await keyboard.down('Control');
    await keyboard.down('Alt');
    await until(() => posted('captured').length === 3);
    assert.deepEqual(posted('captured').at(-1), { type: 'captured', on: false });
    const released = posted('keys')
      .slice(before)
      .flatMap(({ keys }) => keys);
    assert.deepEqual(released, [
      { code: 'ControlLeft', down: true },
      { code: 'ControlLeft', down: false },
    ]);
    await keyboard.up('Alt');
    await keyboard.up('Control');
    await keyboard.press('b');
    assert.equal(
      posted('keys')
        .flatMap(({ keys }) => keys)
        .some(({ code }) => code === 'KeyB'),
      false,
    );
  });

  it('keeps captured keys from the editor', async () => {
    await show(frame(1, () => 1));
    // as VS Code's own listener in the page does
    await view.page.evaluate(() => window.addEventListener('keydown', () => (document.title += 'seen ')));
    await view.page.locator('#capture').click();
    await view.page.keyboard.press('F10');
    assert.equal(await view.page.title(), '');
    await view.page.locator('#capture').click();
    await view.page.keyboard.press('F10');
    assert.equal(await view.page.title(), 'seen');
  });

  it('scales by whole factors, keeps the shape of the tube, and never overflows', () => {
    const room = { width: 1000, height: 700 };
    assert.deepEqual(shownSize({ width: 320, height: 200 }, room, 'fit', 1), { width: 960, height: 600 });
    assert.deepEqual(shownSize({ width: 320, height: 200, pixelAspect: 1.2 }, room, 'fit', 1), {
      width: 640,
      height: 480,
    });
    assert.deepEqual(shownSize({ width: 640, height: 400 }, room, 2, 1), { width: 1280, height: 800 });
    const small = shownSize({ width: 640, height: 400 }, { width: 320, height: 400 }, 'fit', 1);
    assert.deepEqual(small, { width: 320, height: 200 });
  });

  it('saves the picture as PNG', async () => {
    await show(frame(1, (x) => (x < 160 ? 1 : 2)));
    await view.page.locator('#save').click();
    await until(() => posted('save').length > 0);
    const [{ png } = { png: '' }] = posted('save');
    assert.equal(Buffer.from(png, 'base64').subarray(1, 4).toString(), 'PNG');
    await view.screenshot('guest-screen');
  });

  it('gives the keyboard back when the session ends', async () => {
    await show(frame(1, () => 1));
    await view.page.locator('#capture').click();
    await view.send({ type: 'ended' });
    await view.page.locator('#capture[aria-pressed="false"]:disabled').waitFor();
    assert.match((await view.page.locator('#status').textContent())!, /ended/);
  });
});
