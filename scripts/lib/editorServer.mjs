// Visual Studio Code's server (from the code-server package) with the Node it wants, in .tools/editor: the editor that
// `npm start` opens where no desktop VS Code is installed, and the one that the tests drive. Everything comes from npm and
// nothing is compiled: node-pty and @parcel/watcher are prebuilt; spdlog and native-watchdog stay absent, which the
// server survives with a line in its log (so whoever starts it must end its whole process group).
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { ROOT } from './root.mjs';

const VERSIONS = { 'code-server': '4.139.1', node: '24.21.0' };
const PLATFORM = process.platform === 'win32' ? 'win' : process.platform;
const NODE_PACKAGE = `node-${PLATFORM}-${process.arch}`;
const HOME = path.join(ROOT, '.tools/editor');
const STAMP = JSON.stringify(VERSIONS);
const SERVER = 'node_modules/code-server/lib/vscode';

/** Parts of the server that a person debugging assembly never loads; removing them halves the folder. */
const UNUSED = [
  'node_modules/@github',
  'node_modules/@koromix',
  'node_modules/@microsoft/mxc-sdk',
  'extensions/copilot',
];

const installed = () =>
  existsSync(path.join(HOME, 'stamp')) && readFileSync(path.join(HOME, 'stamp'), 'utf8') === STAMP;

const nodeBinary = () => path.join(HOME, 'node_modules', NODE_PACKAGE, 'bin', PLATFORM === 'win' ? 'node.exe' : 'node');
const serverMain = () => path.join(HOME, SERVER, 'out/server-main.js');

/** The server's temporary files and sockets stay in its data folder. @param {string} data */
const environment = (data) => ({ ...process.env, TMPDIR: data, XDG_RUNTIME_DIR: data, NODE_OPTIONS: '' });

/** @param {string} cwd @param {string[]} args @param {string} [bin] folder to put first on the PATH */
const npm = (cwd, args, bin) => {
  const run = spawnSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, PATH: [bin, process.env.PATH].filter(Boolean).join(path.delimiter) },
  });
  if (run.status !== 0) throw new Error(`npm ${args[0]} failed while installing the editor: see its message above`);
};

/** Installs the server if .tools has not this version of it. About 230 MB to download, 30 to 60 s. */
export const ensureEditorServer = () => {
  if (installed()) return;
  console.log('installing the editor (VS Code server) into .tools/editor');
  const fresh = `${HOME}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  try {
    writeFileSync(path.join(fresh, 'package.json'), '{ "private": true }\n');
    npm(fresh, ['install', `code-server@${VERSIONS['code-server']}`, `${NODE_PACKAGE}@${VERSIONS.node}`]);
    // The server's own dependencies: `npm ci` refuses its shrinkwrap as out of step, `npm install` follows it.
    npm(path.join(fresh, SERVER), ['install', '--omit=dev'], path.join(fresh, 'node_modules', NODE_PACKAGE, 'bin'));
    for (const part of UNUSED) rmSync(path.join(fresh, SERVER, part), { recursive: true, force: true });
    writeFileSync(path.join(fresh, 'stamp'), STAMP);
    rmSync(HOME, { recursive: true, force: true });
    renameSync(fresh, HOME);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
};

/** @param {number} port 0 for any @returns {Promise<number>} the port, on which nobody listens now; rejects if it is taken */
const probe = (port) =>
  new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(port, 'localhost', () => {
      const address = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => resolve(address.port));
    });
  });
export const freePort = () => probe(0);
/** @param {number} port */
export const portIsFree = (port) =>
  probe(port).then(
    () => true,
    () => false,
  );

/**
 * Starts the server and waits until it answers.
 * @param {object} options
 * @param {number} options.port
 * @param {string} options.data folder for settings, logs, sockets and temporary files
 * @param {Record<string, unknown>} options.settings user settings to begin with; an existing settings file is kept
 * @param {string} [options.token] what a browser must present; without it anyone on this machine may connect
 * @returns {Promise<{ origin: string, log: () => string, stop: () => Promise<void>, ended: Promise<number | null> }>}
 */
export const startEditorServer = async ({ port, data, settings, token }) => {
  const settingsFile = path.join(data, 'data/User/settings.json');
  mkdirSync(path.dirname(settingsFile), { recursive: true });
  if (!existsSync(settingsFile)) writeFileSync(settingsFile, JSON.stringify(settings, null, 2));
  const args = [
    '--host',
    'localhost',
    '--port',
    String(port),
    '--server-data-dir',
    data,
    '--accept-server-license-terms',
  ]
    .concat(token ? ['--connection-token', token] : ['--without-connection-token'])
    .concat('--disable-workspace-trust', '--disable-telemetry', '--disable-experiments', '--disable-update-check')
    // without this a built server ignores extensionDevelopmentPath in the URL
    .concat('--enable-smoke-test-driver', '--disable-getting-started-override');
  const child = spawn(nodeBinary(), [serverMain(), ...args], {
    cwd: data,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(data),
  });
  /** @param {NodeJS.Signals} signal */
  const kill = (signal) => {
    try {
      process.kill(-(/** @type {number} */ (child.pid)), signal);
    } catch {
      // the group has already ended
    }
  };
  const killNow = () => kill('SIGKILL');
  process.once('exit', killNow);
  let log = '';
  /** @type {Promise<number | null>} */
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the editor's server did not start in 60 s\n${log}`)), 60_000);
    /** @param {Buffer} chunk */
    const read = (chunk) => {
      log += chunk;
      if (/Extension host agent started|Web UI available/.test(log)) {
        clearTimeout(late);
        resolve(undefined);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the editor's server ended with ${code}\n${log}`)));
  });
  return {
    origin: `http://localhost:${port}`,
    log: () => log,
    ended,
    stop: async () => {
      kill('SIGTERM');
      const hard = setTimeout(killNow, 5000);
      await ended;
      clearTimeout(hard);
      killNow();
      process.off('exit', killNow);
    },
  };
};

/**
 * Installs a packaged extension for a server that will run with this data folder.
 * @param {string} data
 * @param {string} vsix
 */
export const installExtension = (data, vsix) => {
  const args = [serverMain(), '--server-data-dir', data, '--accept-server-license-terms', '--install-extension', vsix];
  const run = spawnSync(nodeBinary(), args, { encoding: 'utf8', env: environment(data) });
  if (run.status !== 0 || !/was successfully installed/.test(run.stdout))
    throw new Error(`${vsix} cannot be installed:\n${run.stdout}${run.stderr}`);
};

/**
 * The page that opens a folder, and a file in it, with extensions under development in the server's Node extension host.
 * @param {{ port: number, folder: string, file?: string, extensions: string[], token?: string }} options
 */
export const editorUrl = ({ port, folder, file, extensions, token }) => {
  const remote = (/** @type {string} */ name) => `vscode-remote://localhost:${port}${name}`;
  const payload = [
    ['skipWelcome', 'true'],
    ...(file ? [['openFile', remote(file)]] : []),
    ...extensions.map((extension) => ['extensionDevelopmentPath', remote(extension)]),
  ];
  const query = { ...(token && { tkn: token }), folder, payload: JSON.stringify(payload) };
  return `http://localhost:${port}/?${new URLSearchParams(query)}`;
};
