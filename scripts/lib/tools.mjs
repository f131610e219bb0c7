// The programs outside npm that tests and the benchmark compare against or drive, and how a machine gets them.
// On Debian and Ubuntu as root they are installed by apt; anywhere else what is missing is named, with what it is for.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {string} purpose
 * @property {string[]} packages Debian packages
 * @property {() => string | undefined} find path of the program, if there is one
 */

/** @param {...string} names @returns {string | undefined} first of the programs on the PATH (or given by absolute path) */
export const onPath = (...names) => {
  for (const name of names)
    for (const folder of path.isAbsolute(name) ? [''] : (process.env.PATH ?? '').split(path.delimiter)) {
      const file = path.isAbsolute(name) ? name : path.join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        continue;
      }
    }
  return undefined;
};

/** Path of a Chromium or Chrome, for the editor tests; CHROMIUM in the environment wins. */
export const findChromium = () =>
  process.env.CHROMIUM ||
  onPath(
    'chromium',
    'chromium-browser',
    'google-chrome',
    'google-chrome-stable',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  );

/** @type {Tool[]} */
export const TOOLS = [
  {
    name: 'nasm',
    purpose: 'the assembler that ours is compared with',
    packages: ['nasm'],
    find: () => onPath('nasm'),
  },
  {
    name: 'qemu-system-i386',
    purpose: 'the reference machine',
    packages: ['qemu-system-x86'],
    find: () => onPath('qemu-system-i386'),
  },
  {
    name: 'bochs',
    purpose: 'the second reference machine',
    packages: ['bochs', 'bochs-x', 'bochsbios', 'vgabios'],
    find: () => onPath('bochs'),
  },
  {
    name: 'gdb',
    purpose: 'single-steps the reference machine',
    packages: ['gdb'],
    find: () => onPath('gdb'),
  },
  {
    name: 'objdump',
    purpose: 'the disassembler that ours is compared with',
    packages: ['binutils'],
    find: () => onPath('objdump'),
  },
  {
    name: 'chromium',
    purpose: 'runs the editor in the tests (CHROMIUM=path names another one)',
    packages: ['chromium', 'fonts-dejavu-core', 'fonts-liberation'],
    find: findChromium,
  },
];

/** Where a Debian or Ubuntu release says what it is; apt sets things up only there and only for root. */
const canUseApt = () =>
  existsSync('/etc/debian_version') && onPath('apt-get') !== undefined && process.getuid?.() === 0;

/** @param {string[]} args */
const apt = (args) => {
  const run = spawnSync('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return run.status === 0;
};

/**
 * Makes sure the tools are there.
 * @param {Tool[]} tools
 * @returns {Tool[]} those still missing
 */
export const ensureTools = (tools = TOOLS) => {
  const missing = () => tools.filter((tool) => tool.find() === undefined);
  const wanted = missing();
  if (wanted.length === 0) return [];
  const packages = wanted.flatMap((tool) => tool.packages);
  if (canUseApt()) {
    console.log(`installing with apt: ${packages.join(' ')}`);
    apt(['update', '-qq']);
    apt(['install', '-y', '-qq', '--no-install-recommends', ...packages]);
  }
  const still = missing();
  for (const tool of still)
    console.log(`missing: ${tool.name}, ${tool.purpose} (Debian: apt-get install ${tool.packages.join(' ')})`);
  return still;
};
