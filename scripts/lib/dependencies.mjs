// The npm packages of the checkout: installed when absent or older than the lock file.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.mjs';

/** @param {string} file @returns {Record<string, { version?: string, optional?: boolean }> | undefined} */
const packagesOf = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined);

/** True when node_modules holds exactly the versions of the lock file (leaving out packages for other platforms). */
export const dependenciesCurrent = () => {
  const locked = packagesOf(path.join(ROOT, 'package-lock.json')) ?? {};
  const installed = packagesOf(path.join(ROOT, 'node_modules/.package-lock.json'));
  if (!installed) return false;
  return Object.entries(locked).every(
    ([name, entry]) => name === '' || (installed[name] ? installed[name].version === entry.version : entry.optional),
  );
};

/** Runs `npm ci` if needed; throws when it fails. */
export const ensureDependencies = () => {
  if (dependenciesCurrent()) return;
  console.log('installing npm packages');
  const run = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (run.status !== 0) throw new Error('npm ci failed: see its message above');
};
