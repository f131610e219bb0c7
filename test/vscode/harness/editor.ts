// A running editor with an extension under development: server, browser, page; in one of two extension hosts.
//   node  the server's Node extension host, as on a desktop
//   web   the browser's web worker extension host, as on vscode.dev; the workspace is then not a file: folder
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { editorUrl, ensureEditorServer, freePort, startEditorServer } from '../../../scripts/lib/editorServer.mjs';
import { ROOT } from '../../../scripts/lib/root.mjs';
import { startBrowser } from './browser';
import { DebugViews } from './debugViews';
import { TEST_SETTINGS, type Settings } from './settings';
import { Workbench } from './workbench';

export type ExtensionHost = 'node' | 'web';

export interface EditorOptions {
  host: ExtensionHost;
  /** Folder to open. A copy is opened, so that nothing the editor writes lands in the checkout. */
  folder: string;
  /** Folder of the extension under development; the checkout if not given. */
  extension?: string;
  settings?: Settings;
  /** Folder for screenshots and logs. */
  screens: string;
}

export interface Editor {
  workbench: Workbench;
  debug: DebugViews;
  page: Page;
  /** The opened copy of the folder. */
  folder: string;
  stop(): Promise<void>;
}

/** Path under which the page finds the extension's files: same origin, because its policy allows no other. */
const EXTENSION_PATH = '/__extension__/';

/** Serves the extension's files to the page and names the extension in the page's configuration. */
const serveWebExtension = async (page: Page, port: number, extension: string): Promise<void> => {
  const origin = `http://localhost:${port}`;
  await page.context().route(
    (url) => url.origin === origin && url.pathname.startsWith(EXTENSION_PATH),
    async (route) => {
      const name = decodeURIComponent(new URL(route.request().url()).pathname.slice(EXTENSION_PATH.length));
      const file = path.join(extension, path.normalize(`/${name}`));
      if (existsSync(file) && statSync(file).isFile()) await route.fulfill({ path: file });
      else await route.fulfill({ status: 404, body: `no ${name}` });
    },
  );
  const location = { scheme: 'http', authority: `localhost:${port}`, path: EXTENSION_PATH };
  await page.route(
    (url) => url.origin === origin && url.pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const configured = (await response.text()).replace(
        /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)"/,
        (_, start: string, escaped: string) => {
          const configuration = JSON.parse(escaped.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
          configuration.developmentOptions = { ...configuration.developmentOptions, extensions: [location] };
          return `${start}${JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
        },
      );
      await route.fulfill({ response, body: configured });
    },
  );
};

/** Starts an editor and waits until its Explorer shows the folder. */
export const startEditor = async (options: EditorOptions): Promise<Editor> => {
  ensureEditorServer();
  const extension = options.extension ?? ROOT;
  const temporary = mkdtempSync(path.join(tmpdir(), 'ringside-editor-'));
  const data = path.join(temporary, 'data');
  const folder = path.join(temporary, path.basename(options.folder));
  mkdirSync(data);
  cpSync(options.folder, folder, { recursive: true });
  rmSync(options.screens, { recursive: true, force: true });
  mkdirSync(options.screens, { recursive: true });

  const port = await freePort();
  const server = await startEditorServer({ port, data, settings: { ...TEST_SETTINGS, ...options.settings } });
  const { browser, context } = await startBrowser();
  const page = await context.newPage();
  const consoleLines: string[] = [];
  page.on('console', (message) => consoleLines.push(`${message.type()} ${message.text()}`));
  page.on('pageerror', (error) => consoleLines.push(`pageerror ${error.stack ?? error}`));
  const stop = async () => {
    writeFileSync(path.join(options.screens, 'console.log'), consoleLines.join('\n'));
    writeFileSync(path.join(options.screens, 'server.log'), server.log());
    await browser.close();
    await server.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    if (options.host === 'web') await serveWebExtension(page, port, extension);
    const workbench = new Workbench(page, options.screens);
    await workbench.open(editorUrl({ port, folder, extensions: options.host === 'node' ? [extension] : [] }));
    return { workbench, debug: new DebugViews(workbench), page, folder, stop };
  } catch (error) {
    await page.screenshot({ path: path.join(options.screens, 'FAILED-start.png') }).catch(() => undefined);
    await stop();
    throw error;
  }
};
