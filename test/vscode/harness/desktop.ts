// The desktop editor, for machines with a network: @vscode/test-electron downloads VS Code into .tools, playwright-core
// drives its window with the same page objects. Used by `npm run test:desktop`.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { _electron, type Page } from 'playwright-core';
import { ROOT } from '../../../scripts/lib/root.mjs';
import type { Settings } from './settings';

export interface DesktopOptions {
  data: string;
  folder: string;
  extension: string;
  settings: Settings;
}

/** Starts VS Code with the extension under development; its window is sized as the browser's is. */
export const startDesktop = async (options: DesktopOptions): Promise<{ page: Page; stop: () => Promise<void> }> => {
  const executablePath = await downloadAndUnzipVSCode({ cachePath: path.join(ROOT, '.tools/vscode-test') });
  const user = path.join(options.data, 'User');
  mkdirSync(user, { recursive: true });
  const settings = { ...options.settings, 'window.titleBarStyle': 'custom', 'window.dialogStyle': 'custom' };
  writeFileSync(path.join(user, 'settings.json'), JSON.stringify(settings, null, 2));
  const application = await _electron.launch({
    executablePath,
    args: [
      options.folder,
      `--extensionDevelopmentPath=${options.extension}`,
      `--user-data-dir=${options.data}`,
      `--extensions-dir=${path.join(options.data, 'extensions')}`,
      '--disable-workspace-trust',
      '--disable-updates',
      '--skip-welcome',
      '--skip-release-notes',
      '--no-cached-data',
      ...(process.platform === 'linux' ? ['--no-sandbox', '--disable-gpu'] : []),
    ],
  });
  const page = await application.firstWindow();
  await page.setViewportSize({ width: 1440, height: 900 });
  return { page, stop: () => application.close() };
};
