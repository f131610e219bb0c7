// `npm test [-- PART...]`: sets up what is missing and runs everything, or only the parts named:
//   lint      compiler, eslint, import rules, formatting
//   package   the production bundle and the .vsix; the parts below use this bundle
//   unit      all mocha suites but the editor's, two files at a time
//   editor    the suites in a real VS Code workbench, in the Node and in the web worker extension host
//   desktop   the same suites in a desktop VS Code, which is downloaded: only when named (`npm run test:desktop`)
// Ends with `N passed, N failed` on a line of its own; tests that did not run, and files that were run twice, are named above it.
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ensureEditorServer } from './lib/editorServer.mjs';
import { ROOT } from './lib/root.mjs';
import { ensureTools } from './lib/tools.mjs';

/** @typedef {import('./lib/reporter.cjs').Tally} Tally */

const ALWAYS = ['lint', 'package', 'unit', 'editor'];
const PARTS = [...ALWAYS, 'desktop'];
const LIMIT_MS = 20 * 60_000;

/** @type {{ passed: number, failed: number, skipped: string[], failures: string[], again: string[] }} */
const total = { passed: 0, failed: 0, skipped: [], failures: [], again: [] };

/** @param {string} name @param {boolean} passed */
const check = (name, passed) => {
  if (passed) total.passed++;
  else {
    total.failed++;
    total.failures.push(name);
  }
};

/**
 * Runs Node on a script, in its own process group so that a limit on its time ends all it started.
 * @param {string[]} args @returns {Promise<number>} exit code, or -1 when the time was up
 */
const node = (args) =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
    const kill = () => {
      try {
        process.kill(-(/** @type {number} */ (child.pid)), 'SIGKILL');
      } catch {
        // it has already ended
      }
    };
    process.once('exit', kill);
    const timer = setTimeout(() => {
      console.log(`${args[0]} did not end within ${LIMIT_MS / 60_000} minutes`);
      kill();
      resolve(-1);
    }, LIMIT_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      process.off('exit', kill);
      resolve(code ?? -1);
    });
  });

/**
 * Runs test files with mocha. Those with failures run again, alone, as long as `runs` allows; the last run counts, and what
 * needed more than one is named at the end.
 * @param {string} name @param {string[]} files @param {string[]} options
 */
const mocha = async (name, files, options, runs = 1) => {
  if (files.length === 0) return check(`${name}: no test files`, false);
  const tallyFile = path.join(ROOT, `out/tally-${name}.json`);
  rmSync(tallyFile, { force: true });
  const reporter = ['--reporter', 'scripts/lib/reporter.cjs', '--reporter-option', `tally=${tallyFile}`];
  const code = await node(['node_modules/mocha/bin/mocha.js', ...reporter, ...options, ...files]);
  /** @type {Tally} */
  let tally;
  try {
    tally = JSON.parse(readFileSync(tallyFile, 'utf8'));
  } catch {
    return check(`${name}: mocha did not finish (exit code ${code})`, false);
  }
  const broken = files.filter((file) => tally[file]?.failed);
  const again = runs > 1 ? broken : [];
  let failed = 0;
  for (const [file, count] of Object.entries(tally)) {
    if (again.includes(file)) continue;
    total.passed += count.passed;
    failed += count.failed;
    total.skipped.push(...count.skipped);
  }
  total.failed += failed;
  if (failed > 0) total.failures.push(`${name}: ${failed} tests, listed above`);
  else if (code !== 0 && again.length === 0) check(`${name}: mocha ended with ${code}`, false);
  if (again.length === 0) return;
  total.again.push(...again);
  console.log(`\n== ${name}: failures in ${again.join(', ')}, which ${again.length > 1 ? 'run' : 'runs'} once more`);
  await mocha(name, again, options, runs - 1);
};

/** Test files below test/, sorted; those of the editor apart. */
const testFiles = () => {
  const files = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join('test', file))
    .sort();
  const isEditor = (/** @type {string} */ file) => file.startsWith(path.join('test', 'vscode') + path.sep);
  return { unit: files.filter((file) => !isEditor(file)), editor: files.filter(isEditor) };
};

/** @type {Record<string, () => Promise<void>>} */
const run = {
  lint: async () => check('lint', (await node(['scripts/lint.mjs'])) === 0),
  package: async () => check('package', (await node(['scripts/package.mjs'])) === 0),
  unit: () => mocha('unit', testFiles().unit, ['--parallel', '--jobs', '2']),
  editor: async () => {
    ensureEditorServer();
    // a whole workbench on a busy machine: a journey may be begun once more
    await mocha('editor', testFiles().editor, [], 2);
  },
  desktop: async () => {
    process.env.RINGSIDE_HOSTS = 'desktop';
    await mocha('desktop', testFiles().editor, ['--timeout', '120000']);
  },
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((part) => !PARTS.includes(part));
if (unknown.length) {
  console.error(`${unknown.join(', ')}: no such part; there are ${PARTS.join(', ')}`);
  process.exit(2);
}
const begin = Date.now();
mkdirSync(path.join(ROOT, 'out'), { recursive: true });
mkdirSync(path.join(ROOT, '.tools'), { recursive: true });
ensureDependencies();
for (const tool of ensureTools()) check(`set-up: ${tool.name} is missing`, false);
for (const part of PARTS.filter((name) => (wanted.length ? wanted : ALWAYS).includes(name))) {
  const start = Date.now();
  console.log(`\n== ${part}`);
  await run[part]();
  console.log(`== ${part}: ${((Date.now() - start) / 1000).toFixed(0)} s`);
}
if (total.skipped.length) console.log(`\nnot run, ${total.skipped.length} tests:\n  ${total.skipped.join('\n  ')}`);
if (total.again.length) console.log(`\nfailed at first, run once more:\n  ${total.again.join('\n  ')}`);
if (total.failures.length) console.log(`\nfailed:\n  ${total.failures.join('\n  ')}`);
console.log(`\n${((Date.now() - begin) / 1000).toFixed(0)} s`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed ? 1 : 0);
