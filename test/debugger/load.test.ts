import assert from 'node:assert/strict';
import { keyActions, Typist } from '../../src/debugger/input/typist';
import { assembleFile } from '../../src/debugger/load/build';
import { projectOf } from '../../src/debugger/load/folder';
import { loadGuest } from '../../src/debugger/load/guestOptions';
import { LoadError } from '../../src/debugger/load/loadError';
import { parseCount, parseSize, parseTime } from '../../src/debugger/load/quantities';
import { baseName, extensionOf, folderOf, joinPath, normalize, sameFile } from '../../src/base/paths';
import { bootSector, memoryFiles } from './support/debugGuest';

const SECTOR = bootSector('        cli\n        hlt\n');

async function problem(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    assert.ok(error instanceof LoadError, String(error));
    return error.message;
  }
  throw new Error('nothing was wrong');
}

describe('loading a guest', () => {
  it('keeps the bytes of strings in old code pages', async () => {
    const source = Uint8Array.of(
      ...new TextEncoder().encode('db "'),
      0xb3,
      0xc4,
      ...new TextEncoder().encode('\u00e9"\n'),
    );
    const { bytes } = await assembleFile('/p/a.asm', memoryFiles({ '/p/a.asm': source }));
    assert.deepEqual([...bytes], [0xb3, 0xc4, 0xc3, 0xa9]);
  });

  it('assembles a source with its includes and binaries, wherever they nest', async () => {
    const files = memoryFiles({
      '/p/boot.asm': `%include "inc/a.inc"\n${SECTOR}incbin "data.bin"\n`,
      '/p/inc/a.inc': '%include "b.inc"\n',
      '/p/inc/b.inc': '%include "c.inc"\n',
      '/lib/c.inc': '; nothing\n',
      '/p/data.bin': Uint8Array.of(1, 2, 3),
    });
    const loaded = await loadGuest({ program: '/p/boot.asm', includePaths: ['/lib'] }, files);
    assert.equal(loaded.program.image.length, 515);
    assert.deepEqual([...loaded.files].sort(), [
      '/lib/c.inc',
      '/p/boot.asm',
      '/p/data.bin',
      '/p/inc/a.inc',
      '/p/inc/b.inc',
    ]);
  });

  it('works on workspaces that are not on a disk', async () => {
    const files = memoryFiles({ 'memfs:/p/boot.asm': `%include "../lib/x.inc"\n${SECTOR}`, 'memfs:/lib/x.inc': '' });
    const loaded = await loadGuest({ program: 'memfs:/p/boot.asm' }, files);
    assert.deepEqual(loaded.program.map!.files(), ['memfs:/p/boot.asm']);
  });

  it('reports errors of the source with their place', async () => {
    const files = memoryFiles({ '/p/boot.asm': `${SECTOR}        mov ax\n        jmp nowhere\n` });
    const work = loadGuest({ program: '/p/boot.asm' }, files);
    assert.match(
      await problem(work),
      /boot\.asm does not assemble: 2 errors\.\n\/p\/boot\.asm:\d+:\d+: error: .*\n\(and 1 more error\)/,
    );
    const error = await work.catch((e: unknown) => e as LoadError);
    assert.equal((error as LoadError).diagnostics.length, 2);
  });

  it('says what is wrong with an image', async () => {
    const boot = new Uint8Array(512);
    boot.set([0x55, 0xaa], 510);
    const iso = new Uint8Array(0x9000);
    iso.set(new TextEncoder().encode('CD001'), 0x8001);
    const files = memoryFiles({
      '/p/good.img': boot,
      '/p/empty.img': new Uint8Array(0),
      '/p/short.img': new Uint8Array(100),
      '/p/data.img': new Uint8Array(512),
      '/p/kernel.elf': Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0),
      '/p/cd.iso': iso,
      '/p/big.img': Uint8Array.from({ length: 3 * 1024 * 1024 }, (_, i) => boot[i] ?? 0),
      '/p/no.asm': 'nop\n',
    });
    const load = (program: string, more: object = {}) => loadGuest({ program, ...more }, files);
    assert.equal((await load('/p/good.img')).machine.drives![0]!.kind, 'floppy');
    assert.equal((await load('/p/big.img')).machine.drives![0]!.kind, 'ide');
    assert.match(await problem(load('/p/none.img')), /does not exist/);
    assert.match(await problem(load('/p/empty.img')), /empty/);
    assert.match(await problem(load('/p/short.img')), /100 bytes; a boot sector has 512/);
    assert.match(await problem(load('/p/data.img')), /no boot signature/);
    assert.match(await problem(load('/p/kernel.elf')), /kernel\.elf is not an ELF file for a PC/);
    assert.match(await problem(load('/p/cd.iso')), /an ISO image/);
    assert.match(await problem(load('/p/no.asm')), /1 byte;.*End the first sector with `times 510/);
    assert.match(await problem(load('/p/big.img', { bootDrive: 'floppy' })), /at most 2,949,120/);
    assert.match(await problem(load('/p/good.img', { drives: [{ file: '/p/x.img' }] })), /x\.img does not exist/);
    assert.match(await problem(load('/p/good.img', { bios: '/p/big.img' })), /at most 262,144/);
  });

  it('does not run for ever over a source that keeps asking for files', async () => {
    let n = 0;
    const files = { ...memoryFiles({}), read: async (path: string) => (path.endsWith('.asm') ? new TextEncoder().encode(`%include "x${n++}.inc"\n`) : new TextEncoder().encode(`%include "x${n++}.inc"\n`)) }; // prettier-ignore
    const result = await assembleFile('/p/boot.asm', files);
    assert.equal(result.ok, false);
  });
});

describe('what a folder boots', () => {
  const find = async (files: Record<string, string>): Promise<string> =>
    (await projectOf('/p', memoryFiles(files))).program;

  it('is what ringside.json names', async () => {
    const files = memoryFiles({ '/p/ringside.json': '{"program":"src/x.asm","memory":"32M"}', '/p/src/x.asm': '', '/p/boot.asm': SECTOR }); // prettier-ignore
    assert.deepEqual(await projectOf('/p', files), { program: '/p/src/x.asm', attributes: { memory: '32M' } });
  });

  it('is the obvious boot file otherwise', async () => {
    assert.equal(await find({ '/p/boot.asm': SECTOR, '/p/kernel.asm': 'nop' }), '/p/boot.asm');
    assert.equal(await find({ '/p/only.asm': 'nop' }), '/p/only.asm');
    assert.equal(await find({ '/p/src/boot.asm': SECTOR, '/p/lib.inc': '' }), '/p/src/boot.asm');
  });

  it('or an error that says what to do', async () => {
    const project = (files: Record<string, string>) => projectOf('/p', memoryFiles(files));
    assert.match(await problem(project({ '/p/readme.md': '' })), /nothing that looks like a program.*ringside\.json/);
    assert.match(await problem(project({ '/p/ringside.json': '{' })), /not valid JSON/);
    assert.match(await problem(project({ '/p/ringside.json': '[]' })), /must hold an object/);
    assert.match(await problem(project({ '/p/ringside.json': '{"program":5}' })), /must be the name/);
    assert.match(await problem(project({ '/p/ringside.json': '{"program":"x"}' })), /x does not exist/);
  });
});

describe('quantities', () => {
  it('are read as people write them', () => {
    assert.deepEqual(['64M', '512k', '1G', '4096', 'much', '-1', '64MB'].map(parseSize), [64 << 20, 512 << 10, 1 << 30, 4096, undefined, undefined, 64 << 20]); // prettier-ignore
    assert.deepEqual(['1_000', '5e6', '0', '1.5', 'x'].map(parseCount), [1000, 5e6, undefined, undefined, undefined]);
    assert.equal(parseTime('1970-01-01'), 0);
    assert.equal(parseTime('2026-01-31T12:00:00Z'), Date.UTC(2026, 0, 31, 12) / 1000);
    assert.equal(parseTime('2024-02-29 23:59:59'), Date.UTC(2024, 1, 29, 23, 59, 59) / 1000);
    assert.deepEqual(
      ['2025-02-29', '2025-13-01', 'today', '2025-01-01T25:00'].map(parseTime),
      Array(4).fill(undefined),
    );
  });
});

describe('file names', () => {
  it('of every kind are joined, cut and compared', () => {
    assert.equal(normalize('/a//b/./../c'), '/a/c');
    assert.equal(normalize('C:\\x\\..\\y/z'), 'C:\\y\\z');
    assert.equal(normalize('vscode-vfs://github/o/r/../x'), 'vscode-vfs://github/o/x');
    assert.equal(normalize('../a/b/..'), '../a');
    assert.equal(joinPath('memfs:/p', '../lib/x.inc'), 'memfs:/lib/x.inc');
    assert.equal(joinPath('/p', '/abs'), '/abs');
    assert.equal(folderOf('memfs:/p/x.asm'), 'memfs:/p');
    assert.equal(folderOf('x.asm'), '');
    assert.equal(folderOf('/x.asm'), '/');
    assert.equal(baseName('C:\\a\\b.asm'), 'b.asm');
    assert.equal(extensionOf('/a.b/c.ASM'), '.asm');
    assert.equal(extensionOf('/a.b/c'), '');
    assert.ok(sameFile('c:\\a\\b.asm', 'C:/a/./b.asm'));
    assert.ok(!sameFile('/a/B.asm', '/a/b.asm'));
  });
});

describe('typed keys', () => {
  it('may be text, names and waits', () => {
    assert.deepEqual(keyActions('hi<enter><ctrl-c><wait 2s><lt>x<f10>'), [
      { text: 'hi' },
      { stroke: ['Enter'] },
      { stroke: ['ControlLeft', 'KeyC'] },
      { wait: 2e9 },
      { text: '<' },
      { text: 'x' },
      { stroke: ['F10'] },
    ]);
    assert.match(keyActions('<frob>') as string, /no key <frob>.*<lt>/);
    assert.deepEqual(keyActions('a < b'), [{ text: 'a ' }, { text: '<' }, { text: ' b' }]);
  });

  it('are typed in virtual time, when the keyboard is ready', () => {
    const done: string[] = [];
    const keyboard = {
      typing: false,
      typeText: (text: string) => (done.push(text), ''),
      strike: (codes: readonly string[]) => void done.push(codes.join('+')),
    };
    const typist = new Typist(keyboard);
    typist.type(keyActions('ab<wait 1s><esc>') as [], 0);
    typist.pump(0);
    assert.deepEqual(done, []);
    for (let now = 0; typist.due < Infinity && now < 10e9; now = typist.due) {
      keyboard.typing = now > 0 && now < 0.4e9;
      typist.pump(now);
    }
    assert.deepEqual(done, ['ab', 'Escape']);
  });
});
