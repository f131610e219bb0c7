// `npm run build [-- --production] [--watch] [--if-needed]`: bundles the product into dist/.
//   dist/cli.js             the `ringside` command (Node)
//   dist/extension.js       the extension for the desktop's Node extension host
//   dist/worker.js          machine and debug session, as a Node worker thread
//   dist/web/extension.js   the extension for the browser's web worker extension host
//   dist/web/worker.js      machine and debug session, as a Web Worker
//   dist/languageServer.js, dist/web/languageServer.js   the language server, in the same two kinds of worker
//   syntaxes/               the TextMate grammar, from the instruction table
//   dist/views/<view>.js    each webview's page, with <view>.css from page.css beside it
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { writeGrammar } from './lib/grammar.mjs';
import { ROOT } from './lib/root.mjs';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: ROOT,
  bundle: true,
  target: 'es2022',
  sourcemap: production ? false : 'linked',
  minify: production,
  keepNames: production,
  external: ['vscode'],
  logLevel: 'warning',
};

/** CommonJS has no import.meta.url; the bundles that Node runs get an equal of it. */
/** @type {esbuild.BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  define: { 'import.meta.url': 'importMetaUrl' },
};
const IMPORT_META_URL = "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;";
/** @type {esbuild.BuildOptions} */
const browser = { ...common, platform: 'browser', define: { global: 'globalThis' } };

/** @returns {{ out: string, entry: string, options: esbuild.BuildOptions }[]} */
const bundles = () => {
  const views = path.join(ROOT, 'src/views');
  const pages = (existsSync(views) ? readdirSync(views) : []).flatMap((view) =>
    ['ts', 'css']
      .filter((kind) => existsSync(path.join(views, view, `page.${kind}`)))
      .map((kind) => ({
        out: `dist/views/${view}.${kind === 'ts' ? 'js' : 'css'}`,
        entry: `src/views/${view}/page.${kind}`,
        options: { ...browser, format: /** @type {const} */ ('iife') },
      })),
  );
  return [
    {
      out: 'dist/cli.js',
      entry: 'src/cli/main.ts',
      options: { ...node, banner: { js: `#!/usr/bin/env node\n${IMPORT_META_URL}` } },
    },
    { out: 'dist/extension.js', entry: 'src/extension/main.ts', options: { ...node, banner: { js: IMPORT_META_URL } } },
    {
      out: 'dist/languageServer.js',
      entry: 'src/lsp/workerNode.ts',
      options: { ...node, banner: { js: IMPORT_META_URL } },
    },
    { out: 'dist/worker.js', entry: 'src/dap/workerNode.ts', options: { ...node, banner: { js: IMPORT_META_URL } } },
    { out: 'dist/web/extension.js', entry: 'src/extension/mainWeb.ts', options: { ...browser, format: 'cjs' } },
    { out: 'dist/web/worker.js', entry: 'src/dap/workerWeb.ts', options: { ...browser, format: 'iife' } },
    { out: 'dist/web/languageServer.js', entry: 'src/lsp/workerWeb.ts', options: { ...browser, format: 'iife' } },
    ...pages,
  ];
};

const all = bundles();

/** Removes what an earlier build left in dist/; what is being built is only overwritten, never absent for long. */
const removeStale = () => {
  const dist = path.join(ROOT, 'dist');
  if (!existsSync(dist)) return;
  const outputs = new Set(all.flatMap(({ out }) => [out, ...(production ? [] : [`${out}.map`])]));
  for (const file of readdirSync(dist, { recursive: true, encoding: 'utf8' })) {
    const full = path.join(dist, file);
    if (existsSync(full) && statSync(full).isFile() && !outputs.has(path.relative(ROOT, full))) rmSync(full);
  }
};

/** When the sources last changed, in milliseconds; folders count, so that a removed file does, too. */
const newestSource = () => {
  const below = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const files = below.map((file) => path.join('src', file)).concat('src', 'package.json', 'scripts/build.mjs');
  return Math.max(...files.map((file) => statSync(path.join(ROOT, file)).mtimeMs));
};
const STAMP = path.join(ROOT, 'dist/.built');

/** Puts the bundle's files in place at once: a program that reads them meanwhile never sees half of one. */
/** @param {esbuild.BuildResult} result */
const writeOutputs = ({ outputFiles = [] }) => {
  for (const { path: file, contents } of outputFiles) {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(`${file}.new`, contents, { mode: file.endsWith('cli.js') ? 0o755 : 0o644 });
    renameSync(`${file}.new`, file);
  }
};

if (process.argv.includes('--if-needed') && existsSync(STAMP) && statSync(STAMP).mtimeMs > newestSource())
  process.exit(0);
if (await writeGrammar()) console.log('        syntaxes/*.tmLanguage.json, from the instruction table');
const start = Date.now();
const contexts = await Promise.all(
  all.map(({ out, entry, options }) =>
    esbuild.context({ ...options, entryPoints: [entry], outfile: out, write: watch }),
  ),
);
if (watch) {
  await Promise.all(contexts.map((context) => context.watch()));
  console.log('watching src; stop with Ctrl+C');
} else {
  const results = await Promise.allSettled(contexts.map((context) => context.rebuild()));
  await Promise.all(contexts.map((context) => context.dispose()));
  results.forEach((result, i) => {
    const { out, entry } = all[i];
    if (result.status === 'rejected') return console.log(`FAIL    ${out} from ${entry}`);
    writeOutputs(result.value);
    console.log(`${String(Math.ceil(statSync(path.join(ROOT, out)).size / 1024)).padStart(5)} K ${out}`);
  });
  console.log(`built in ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (results.some((result) => result.status === 'rejected')) process.exit(1);
  removeStale();
  writeFileSync(STAMP, '');
  utimesSync(STAMP, start / 1000, start / 1000); // a source changed during the build counts as newer
}
