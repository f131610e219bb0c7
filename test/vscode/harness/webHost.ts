// Runs an extension in the browser's web worker extension host: the page's configuration names it, and request
// interception serves its files from the page's own origin, the only one that the page's policy allows.
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';

const EXTENSION_PATH = '/__extension__/';

export const serveWebExtension = async (page: Page, port: number, extension: string): Promise<void> => {
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
