// `npm start`: sets up what is missing, builds, and opens the editor on samples/ and rings/boot.asm in it, with the extension loaded.
//   npm start                      desktop VS Code if `code` is on the PATH, else VS Code in the browser
//   npm start -- --no-open         prints the address instead of opening a browser
//   npm start -- --port 8080       the port of the editor in the browser
//   npm start -- --browser         VS Code in the browser even where `code` is installed
//   npm start -- --terminal [TARGET]   runs TARGET (samples/rings) here and prints its privilege transitions
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { editorUrl, ensureEditorServer, freePort, portIsFree, startEditorServer } from './lib/editorServer.mjs';
import { ROOT } from './lib/root.mjs';
import { onPath } from './lib/tools.mjs';

const USAGE = 'usage: npm start -- [--no-open] [--port N] [--browser] | --terminal [TARGET]';
const SAMPLES = path.join(ROOT, 'samples');
const FIRST = path.join(SAMPLES, 'rings/boot.asm');

/** Settings of the editor in the browser when it is opened for the first time. */
const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
};

/** @param {string} message @returns {never} */
const fail = (message) => {
  console.error(message);
  process.exit(2);
};

const options = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
        browser: { type: 'boolean', default: false },
        terminal: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
};

const build = () => {
  const run = spawnSync(process.execPath, [path.join(ROOT, 'scripts/build.mjs'), '--if-needed'], { encoding: 'utf8' });
  if (run.status !== 0) fail(`${run.stdout}${run.stderr}the build failed`);
};

/** @param {string} target */
const runInTerminal = (target) => {
  const child = spawnSync(process.execPath, [path.join(ROOT, 'dist/cli.js'), 'run', target, '--show-transitions'], {
    stdio: 'inherit',
  });
  process.exit(child.status ?? 1);
};

/** @param {string} code path of the `code` command */
const openDesktop = (code) => {
  const child = spawnSync(code, ['--extensionDevelopmentPath', ROOT, SAMPLES, FIRST], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  process.exit(child.status ?? 1);
};

/** @param {string} url */
const openBrowser = (url) => {
  const command = { darwin: 'open', win32: 'explorer' }[String(process.platform)] ?? 'xdg-open';
  const canShow = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (canShow && onPath(command)) spawn(command, [url], { detached: true, stdio: 'ignore' }).unref();
};

/** @param {string | undefined} wanted */
const choosePort = async (wanted) => {
  if (wanted === undefined) return freePort();
  const port = Number(wanted);
  if (!Number.isInteger(port) || port < 1 || port > 65535) fail(`--port ${wanted}: not a port number (1 to 65535)`);
  if (!(await portIsFree(port))) fail(`port ${port} is in use: choose another one with --port`);
  return port;
};

/** @param {number} port @param {boolean} open */
const openInBrowser = async (port, open) => {
  ensureEditorServer();
  const data = path.join(ROOT, '.tools/editor-data');
  mkdirSync(data, { recursive: true });
  const token = randomBytes(16).toString('hex');
  const server = await startEditorServer({ port, data, settings: SETTINGS, token });
  const url = editorUrl({ port, folder: SAMPLES, file: FIRST, extensions: [ROOT], token });
  console.log(`\nRingside is open at\n\n  ${url}\n\nPress F5 there. Ctrl+C here ends the editor.`);
  if (open) openBrowser(url);
  const asked = Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
  const code = await Promise.race([server.ended, asked.then(() => undefined)]);
  if (code !== undefined) fail(`the editor's server ended with ${code}\n${server.log()}`);
  await server.stop();
  process.exit(0);
};

const { values, positionals } = options();
if (positionals.length > (values.terminal ? 1 : 0)) fail(USAGE);
const target = path.resolve(process.env.INIT_CWD ?? process.cwd(), positionals[0] ?? path.join(SAMPLES, 'rings'));
if (values.terminal && !existsSync(target)) fail(`${target}: no such file or folder`);
const port = await choosePort(values.port);
ensureDependencies();
build();
if (values.terminal) runInTerminal(target);
const code = values.browser || values.port !== undefined || values['no-open'] ? undefined : onPath('code');
if (code) openDesktop(code);
else await openInBrowser(port, !values['no-open']);
