// `npm run package`: the production bundle as an installable out/ringside-<version>.vsix, checked: it is under 5 MB, has
// every file that package.json names, and nothing that is not the product.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './lib/root.mjs';
import { zipEntries } from './lib/zip.mjs';

const LIMIT = 5_000_000;
const PRODUCT =
  /^(extension\/(package\.json|readme\.md|changelog\.md|license(\.txt|\.md)?|language-configuration(-gas)?\.json|dist\/|syntaxes\/|media\/|snippets\/|docs\/(images|guide)\/)|extension\.vsixmanifest$|\[Content_Types\]\.xml$)/i;
const ALWAYS = [
  'dist/cli.js',
  'dist/worker.js',
  'dist/web/worker.js',
  'dist/languageServer.js',
  'dist/web/languageServer.js',
];

/** @param {string} command @param {string[]} args */
const run = (command, args) => {
  const { status } = spawnSync(command, args, { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')} failed`);
};

/** Every relative path (`./x`, or a value that ends as a file of ours does) anywhere in a part of the manifest. */
/** @param {unknown} value @returns {string[]} */
const pathsIn = (value) => {
  if (typeof value === 'string')
    return /^(\.\/)?[\w./-]+\.(js|json|svg|png|css|md)$/.test(value) ? [path.posix.normalize(value)] : [];
  return value && typeof value === 'object' ? Object.values(value).flatMap(pathsIn) : [];
};

const manifest = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
const file = path.join('out', `ringside-${manifest.version}.vsix`);
mkdirSync(path.join(ROOT, 'out'), { recursive: true });
run(process.execPath, ['scripts/build.mjs', '--production']);
run('node_modules/.bin/vsce', [
  'package',
  '--no-dependencies',
  '--no-rewrite-relative-links',
  '--allow-missing-repository',
  '--out',
  file,
]);

const bytes = readFileSync(path.join(ROOT, file));
const names = zipEntries(bytes);
const { main, browser, icon, contributes } = manifest;
const wanted = [...ALWAYS, ...pathsIn({ main, browser, icon, contributes })];
const faults = [
  ...wanted.filter((name) => !names.includes(`extension/${name}`)).map((name) => `lacks ${name}`),
  ...names.filter((name) => !PRODUCT.test(name)).map((name) => `has ${name}, which is not part of the product`),
  ...(main && browser ? [] : ['package.json names no main and browser entry']),
  ...(bytes.length < LIMIT ? [] : [`is ${bytes.length} bytes, the limit is ${LIMIT}`]),
];
for (const fault of faults) console.log(`FAIL ${file} ${fault}`);
console.log(`${file}: ${names.length} files, ${(bytes.length / 1024).toFixed(0)} K`);
process.exit(faults.length ? 1 : 0);
