// `npm run lint [-- PATH...]`: compiler, eslint, import rules and formatting. With paths, only findings in those paths
// count (the compiler and the import rules still read everything).
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ROOT } from './lib/root.mjs';

const paths = process.argv.slice(2).map((path) => path.replace(/\/+$/, ''));
const FORMATTED = '**/*.{ts,mjs,js,json,css,html,yml}';
const SOURCES = ['src', 'test', 'scripts', 'bench'].filter((folder) => existsSync(`${ROOT}/${folder}`));

/** @type {{ name: string, args: string[], filter?: boolean }[]} */
const checks = [
  {
    name: 'tsc',
    args: ['tsc', '--noEmit', '--incremental', '--tsBuildInfoFile', '.tools/tsc.tsbuildinfo'],
    filter: true,
  },
  {
    name: 'eslint',
    args: ['eslint', '--cache', '--cache-location', '.tools/eslintcache', ...(paths.length ? paths : ['.'])],
  },
  {
    name: 'imports',
    args: ['depcruise', '--output-type', 'err-long', '--config', '.dependency-cruiser.mjs', ...SOURCES],
    filter: true,
  },
  {
    name: 'prettier',
    args: [
      'prettier',
      '--check',
      '--cache',
      '--cache-location',
      '.tools/prettiercache',
      '--log-level',
      'warn',
      '--no-error-on-unmatched-pattern',
    ].concat(
      paths.length
        ? paths.map((path) => (/\.\w+$/.test(path) ? path : `${path}/${FORMATTED}`))
        : [FORMATTED, '.*.{json,mjs}'],
    ),
  },
];

let failed = 0;
for (const { name, args, filter } of checks) {
  const start = Date.now();
  const [tool, ...rest] = args;
  const run = spawnSync(`${ROOT}/node_modules/.bin/${tool}`, rest, { cwd: ROOT, encoding: 'utf8' });
  let text = `${run.stdout ?? ''}${run.stderr ?? ''}${run.error ?? ''}`;
  let bad = run.status !== 0;
  if (bad && filter && paths.length && /^(src|test|scripts|bench)\/|^ {2}error/m.test(text)) {
    text = text
      .split('\n')
      .filter((line) => paths.some((path) => line.includes(path)))
      .join('\n');
    bad = text !== '';
  }
  console.log(`${bad ? 'FAIL' : 'ok  '} ${name} ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (bad) {
    failed++;
    console.log(text.trimEnd());
  }
}
process.exit(failed ? 1 : 0);
