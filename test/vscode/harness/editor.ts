// A running editor with the extension, in one of three ways:
//   node     VS Code's server in a browser, extension in the server's Node extension host, as in a desktop VS Code
//   web      the same, extension in the browser's web worker extension host, as on vscode.dev; the opened folder is
//            then not a file: folder
//   desktop  a downloaded desktop VS Code
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  editorUrl,
  ensureEditorServer,
  freePort,
  installExtension,
  startEditorServer,
} from '../../../scripts/lib/editorServer.mjs';
import { ROOT } from '../../../scripts/lib/root.mjs';
import { startBrowser } from './browser';
import { DebugViews } from './debugViews';
import { startDesktop } from './desktop';
import { TEST_SETTINGS, type Settings } from './settings';
import { serveWebExtension } from './webHost';
import { Workbench } from './workbench';

export type Host = 'node' | 'web' | 'desktop';

export interface EditorOptions {
  host: Host;
  /** Folder to open. A copy is opened, so that nothing the editor writes lands in the checkout. */
  folder: string;
  /** Folder of the extension under development; the checkout if not given. */
  extension?: string;
  /** A packaged extension to install instead (host `node` only). */
  vsix?: string;
  settings?: Settings;
  /** Folder for screenshots and logs. */
  screens: string;
}

export interface Editor {
  host: Host;
  workbench: Workbench;
  debug: DebugViews;
  page: Page;
  /** The opened copy of the folder. */
  folder: string;
  stop(): Promise<void>;
}

interface Started {
  page: Page;
  url?: string;
  log?: () => string;
  stop(): Promise<void>;
}

const startInBrowser = async (options: EditorOptions, data: string, folder: string): Promise<Started> => {
  ensureEditorServer();
  if (options.vsix) installExtension(data, options.vsix);
  const extension = options.extension ?? ROOT;
  const port = await freePort();
  const server = await startEditorServer({ port, data, settings: { ...TEST_SETTINGS, ...options.settings } });
  const { browser, context } = await startBrowser();
  const page = await context.newPage();
  if (options.host === 'web') await serveWebExtension(page, port, extension);
  const extensions = options.host === 'node' && !options.vsix ? [extension] : [];
  const stop = async () => {
    await browser.close();
    await server.stop();
  };
  return { page, url: editorUrl({ port, folder, extensions }), log: server.log, stop };
};

/** Starts an editor and waits until its Explorer shows the folder. */
export const startEditor = async (options: EditorOptions): Promise<Editor> => {
  const temporary = mkdtempSync(path.join(tmpdir(), 'ringside-editor-'));
  const data = path.join(temporary, 'data');
  const folder = path.join(temporary, path.basename(options.folder));
  mkdirSync(data);
  cpSync(options.folder, folder, { recursive: true });
  rmSync(options.screens, { recursive: true, force: true });
  mkdirSync(options.screens, { recursive: true });

  const settings = { ...TEST_SETTINGS, ...options.settings };
  const started: Started =
    options.host === 'desktop'
      ? await startDesktop({ data, folder, extension: options.extension ?? ROOT, settings })
      : await startInBrowser(options, data, folder);
  const { page } = started;
  const lines: string[] = [];
  page.on('console', (message) => lines.push(`${message.type()} ${message.text()}`));
  page.on('pageerror', (error) => lines.push(`pageerror ${error.stack ?? error}`));
  const stop = async () => {
    writeFileSync(path.join(options.screens, 'console.log'), lines.join('\n'));
    await started.stop();
    if (started.log) writeFileSync(path.join(options.screens, 'server.log'), started.log());
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    const workbench = new Workbench(page, options.screens);
    if (started.url) await page.goto(started.url);
    await workbench.ready();
    return { host: options.host, workbench, debug: new DebugViews(workbench), page, folder, stop };
  } catch (error) {
    await page.screenshot({ path: path.join(options.screens, 'FAILED-start.png') }).catch(() => undefined);
    await stop();
    throw error;
  }
};
