// A webview's page on its own in headless Chromium: bundled from source, in a theme, with the extension's side played by
// the test. What the page posts goes to `onMessage`; `send` is what the extension would post.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright-core';
import { findChromium } from '../../scripts/lib/tools.mjs';
import { themeCss, type Theme } from './themes';

/** What VS Code gives to a webview's page. */
const API = `{
  let state;
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => void postToExtension(message),
    getState: () => state,
    setState: (next) => (state = next),
  });
}`;

const ROOT = path.resolve(import.meta.dirname, '../..');

const bundle = async (view: string): Promise<{ script: string; css: string }> => {
  const folder = path.join(ROOT, 'src/views', view);
  const result = await build({
    entryPoints: [path.join(folder, 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
  });
  const css = path.join(folder, 'page.css');
  return { script: result.outputFiles[0]!.text, css: existsSync(css) ? readFileSync(css, 'utf8') : '' };
};

export interface ViewPage<To, From> {
  page: Page;
  send(message: To): Promise<void>;
  /** Everything the page posted so far. */
  readonly posted: readonly From[];
  screenshot(name: string): Promise<void>;
}

export interface ViewOptions<From> {
  view: string;
  width: number;
  height: number;
  theme?: Theme;
  onMessage?(message: From): void;
}

export class ViewBrowser {
  private browser: Browser | undefined;

  async start(): Promise<void> {
    const executablePath = findChromium();
    if (!executablePath) throw new Error('no Chromium found: install it, or name one with CHROMIUM=/path/of/chromium');
    this.browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
  }

  async stop(): Promise<void> {
    await this.browser?.close();
  }

  async open<To, From>(options: ViewOptions<From>): Promise<ViewPage<To, From>> {
    const { view, width, height, theme = 'dark' } = options;
    const page = await this.browser!.newPage({ viewport: { width, height } });
    const posted: From[] = [];
    const errors: Error[] = [];
    page.on('pageerror', (error) => errors.push(error));
    await page.exposeFunction('postToExtension', (message: From) => {
      posted.push(message);
      options.onMessage?.(message);
    });
    const { script, css } = await bundle(view);
    await page.setContent(
      `<!doctype html><html><head><style>${themeCss(theme)}\n${css}</style></head><body></body></html>`,
    );
    await page.addScriptTag({ content: API });
    await page.addScriptTag({ content: script });
    return {
      page,
      posted,
      async send(message) {
        await page.evaluate((m) => window.postMessage(m, '*'), message as unknown);
        if (errors.length) throw errors[0]!;
      },
      async screenshot(name) {
        const folder = path.join(ROOT, 'out/screens/views');
        mkdirSync(folder, { recursive: true });
        await page.screenshot({ path: path.join(folder, `${name}.png`) });
      },
    };
  }
}
