// The browser in which the editor runs: the system's Chromium, headless, driven by playwright-core.
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { findChromium } from '../../../scripts/lib/tools.mjs';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-dev-shm-usage',
  '--force-color-profile=srgb',
  // A document answered by request interception counts as public, and its WebSocket to localhost is then refused.
  '--disable-features=LocalNetworkAccessChecks',
];

/** Starts the browser with one window of 1440 x 900 CSS pixels. */
export const startBrowser = async (): Promise<{ browser: Browser; context: BrowserContext }> => {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('no Chromium found: install it, or name one with CHROMIUM=/path/of/chromium');
  const browser = await chromium.launch({ executablePath, headless: true, args: ARGUMENTS });
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  return { browser, context };
};
