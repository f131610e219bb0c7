// `npm run bench`: bundles the benchmark as the product is bundled (the engine runs several times slower when a loader
// transforms it file by file) and starts it. Arguments are main.ts's.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const outdir = path.join(root, 'out/bench');
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [
    'bench/main.ts',
    'bench/assemblerChild.ts',
    'bench/machines/ringsideChild.ts',
    'bench/machines/v86Child.ts',
  ],
  outdir,
  entryNames: '[name]',
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'linked',
  logLevel: 'warning',
});
const run = spawnSync(process.execPath, [path.join(outdir, 'main.mjs'), ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, RINGSIDE_ROOT: root },
});
process.exit(run.status ?? 1);
