// Runs the `ringside` command from its sources, bundled once per test process.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildSync } from 'esbuild';

export const ROOT = path.resolve(import.meta.dirname, '../../..');
export const sample = (name: string): string => path.join(ROOT, 'samples', name);

export interface Outcome {
  code: number | null;
  stdout: string;
  stderr: string;
}

let bundle: string | undefined;
function command(): string {
  if (bundle) return bundle;
  bundle = path.join(temporaryFolder(), 'cli.cjs');
  buildSync({
    entryPoints: [path.join(ROOT, 'src/cli/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: bundle,
    logLevel: 'error',
  });
  return bundle;
}

/** Removed when the tests end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-cli-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function ringside(args: readonly string[], input = '', signalAfter?: number): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn('node', [command(), ...args], { cwd: ROOT });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString('latin1')));
    child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    if (signalAfter !== undefined) setTimeout(() => child.kill('SIGINT'), signalAfter);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
