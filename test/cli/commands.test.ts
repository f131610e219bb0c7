import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { asmCommand } from '../../src/cli/asmCommand';
import { dapCommand } from '../../src/cli/dapCommand';
import { disasmCommand } from '../../src/cli/disasmCommand';
import { UsageError } from '../../src/cli/options';
import { runCommand } from '../../src/cli/runCommand';
import { LoadError } from '../../src/debugger/load/loadError';
import { ringside, sample, temporaryFolder } from './support/command';

const COMMANDS = { run: runCommand, asm: asmCommand, disasm: disasmCommand, dap: dapCommand };

const folder = temporaryFolder();
const file = (name: string, content?: string | Uint8Array): string => {
  const full = path.join(folder, name);
  if (content !== undefined) writeFileSync(full, content);
  return full;
};

/** A boot sector around 16-bit code. */
const boot = (body: string): string =>
  `bits 16\norg 0x7c00\nxor ax, ax\nmov ds, ax\nmov ss, ax\nmov sp, 0x7c00\n${body}\ntimes 510 - ($ - $$) db 0\ndw 0xaa55\n`;
const FOREVER = file('forever.asm', boot('x: jmp x'));
const HELLO = 'Hello from ring 0.\r\n';

describe('ringside', () => {
  it('says how it is used', async () => {
    const bare = await ringside([]);
    assert.deepEqual([bare.code, bare.stdout], [2, '']);
    assert.match(bare.stderr, /usage: ringside COMMAND/);
    const help = await ringside(['run', '--help']);
    assert.equal(help.code, 0);
    assert.match(help.stdout, /--until-serial REGEX/);
    assert.match((await ringside(['help', 'asm'])).stdout, /usage: ringside asm/);
    const wrong = await ringside(['frob']);
    assert.deepEqual([wrong.code, wrong.stdout], [2, '']);
    assert.match(wrong.stderr, /no command frob/);
  });

  it('refuses what it does not understand or cannot do yet', async () => {
    const cases: [string[], RegExp][] = [
      [['run'], /name what to boot/],
      [['run', 'nowhere.asm'], /nowhere\.asm does not exist/],
      [['run', FOREVER, 'more'], /one target at a time/],
      [['run', FOREVER, '--memroy', '1M'], /no option --memroy; did you mean --memory\?/],
      [['run', FOREVER, '--memory'], /--memory needs a value/],
      [['run', FOREVER, '--memory', 'much'], /--memory must be a size/],
      [['run', FOREVER, '--memory', '5'], /from 1M to 1G/],
      [['run', FOREVER, '--memory', '1M', '--memory', '2M'], /given twice/],
      [['run', FOREVER, '--cpu', 'z80'], /386 or 486 or pentium or x86-64/],
      [['run', FOREVER, '--drive', 'x.iso,if=cdrom'], /if=cdrom comes in a later version/],
      [['run', FOREVER, '--drive', 'x.img,if=tape'], /is not if=floppy/],
      [['run', FOREVER, '--drive', 'x.img'], /x\.img does not exist/],
      [['run', '--kernel', 'x'], /x does not exist/],
      [['run', FOREVER, '--initrd=x'], /forever\.asm is booted from a drive: modules can be given to a kernel only/],
      [['run', FOREVER, '--append=x'], /a command line can be given to a kernel only/],
      [['run', FOREVER, '--device', 'toaster'], /no device toaster; there are fw-cfg and testdev/],
      [['run', FOREVER, '--record', 'x'], /--record comes in a later version/],
      [['run', FOREVER, '--replay', 'x'], /--replay comes in a later version/],
      [['run', FOREVER, '--until-serial', '('], /--until-serial: Invalid regular expression/],
      [['run', FOREVER, '--timeout', '0'], /--timeout must be/],
      [['run', FOREVER, '--max-instructions', '1.5'], /--max-instructions must be/],
      [['run', FOREVER, '--screen', 'x.gif'], /--screen must be text or a file that ends in \.png/],
      [['run', FOREVER, '--screen', '/nowhere/x.png'], /folder \/nowhere does not exist/],
      [['run', FOREVER, '--keys', '<frob>'], /no key <frob>/],
      [['run', FOREVER, '--start-time', 'soon'], /--start-time must be/],
      [['run', FOREVER, '--tier', 'jit'], /interpreter or auto/],
      [['run', FOREVER, '-D', '1x'], /cannot be the name of a macro/],
      [['run', FOREVER, '--compat', '1'], /2\.16 or 3/],
      [['run', FOREVER, '--show-transitions=1'], /takes no value/],
      [['run', file('data.img', new Uint8Array(512))], /no boot signature/],
      [['run', file('kernel', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46))], /kernel is not an ELF file for a PC/],
      [['asm'], /name a source/],
      [['asm', FOREVER, '-f', 'coff'], /there is no output format coff: take bin, elf32, elf64 or obj/],
      [['asm', FOREVER, '-f', 'elf32', '-g', '-F', 'stabs'], /-F stabs is not written: take -F dwarf/],
      [['asm', FOREVER, '-Ofast'], /-Ofast: take -O0, -O1 or -Ox/],
      [['asm', FOREVER, '-g'], /-g needs -f elf32 or -f elf64/],
      [['asm', FOREVER, '-f', 'coff'], /no output format coff/],
      [['asm', 'nowhere.asm'], /nowhere\.asm does not exist/],
      [['disasm'], /name one file/],
      [['disasm', FOREVER, '--bits', '8'], /16, 32 or 64/],
      [['disasm', FOREVER, '--offset', '99999'], /beyond the end/],
      [['disasm', 'nowhere.bin'], /nowhere\.bin/],
      [['dap', 'x'], /nothing to do with x/],
      [['dap', '--port', '70000'], /0 to 65535/],
    ];
    for (const [[command, ...args], expected] of cases) {
      const work = async (): Promise<number> => COMMANDS[command as keyof typeof COMMANDS](args);
      const error = await work().then(
        (code) => new Error(`it ended with ${code}`),
        (thrown: Error) => thrown,
      );
      assert.match(error.message, expected, `${command} ${args.join(' ')}`);
      const known = error instanceof UsageError || error instanceof LoadError || 'code' in error;
      assert.ok(known, `${command} ${args.join(' ')}: ${error.stack}`);
    }
  });

  it('ends with 2 then, without a word on standard output', async () => {
    for (const args of [
      ['run', 'nowhere.asm'],
      ['run', FOREVER, '--memroy', '1M'],
      ['disasm', 'nowhere.bin'],
    ]) {
      const { code, stdout, stderr } = await ringside(args);
      assert.deepEqual([code, stdout], [2, '']);
      assert.match(stderr, /^ringside (run|disasm): /);
      assert.doesNotMatch(stderr, /^\s+at /m, 'no stack trace');
    }
  });
});

describe('ringside run', () => {
  it('gives the serial output and nothing else, and 0 when the guest halts', async () => {
    const { code, stdout, stderr } = await ringside(['run', sample('hello')]);
    assert.match(stderr, /^ringside: starts .*hello[/\\]\w+\.asm$/m);
    assert.deepEqual([code, stdout], [0, HELLO]);
    assert.match(stderr, /halted with interrupts off/);
  });

  it('ends with the value of a debug exit', async () => {
    for (const value of [0, 7, 255]) {
      const source = file(`exit${value}.asm`, boot(`mov al, ${value}\nout 0xf4, al\nx: jmp x`));
      assert.equal((await ringside(['run', source])).code, value);
    }
  });

  it('ends with 3 after a triple fault, and explains it', async () => {
    const { code, stderr } = await ringside(['run', sample('triple')]);
    assert.equal(code, 3);
    assert.match(stderr, /1\. #DE divide error/);
    assert.match(stderr, /At 0x7c4e: div ecx .*triple\/boot\.asm:\d+/);
  });

  it('ends with 4 at a limit', async () => {
    const count = await ringside(['run', FOREVER, '--max-instructions', '1_000_000']);
    assert.equal(count.code, 4);
    assert.match(count.stderr, /1000000 instructions executed, the limit/);
    const time = await ringside(['run', FOREVER, '--timeout', '0.3']);
    assert.equal(time.code, 4);
    assert.match(time.stderr, /0\.3 seconds are over/);
    const missed = await ringside(['run', sample('hello'), '--until-serial', 'goodbye']);
    assert.equal(missed.code, 4);
    assert.match(missed.stderr, /the pattern did not come/);
  });

  it('ends with 0 when a pattern is seen', async () => {
    const serial = await ringside(['run', sample('hello'), '--until-serial', 'from r']);
    assert.deepEqual([serial.code, serial.stdout], [0, 'Hello from r']);
    const screen = await ringside(['run', sample('keyboard'), '--keys', 'hello', '--until-screen', '^hello']);
    assert.equal(screen.code, 0, screen.stderr);
  });

  it('runs the same twice', async () => {
    const once = async (name: string): Promise<[string, string]> => {
      const stats = file(`${name}.json`);
      const args = [
        'run',
        sample('keyboard'),
        '--keys',
        'abc<wait 1s>x<esc>',
        '--stats',
        stats,
        '--events',
        file(`${name}.jsonl`),
      ];
      const { stdout } = await ringside(args);
      const { instructions } = JSON.parse(readFileSync(stats, 'utf8')) as { instructions: number };
      return [`${stdout} ${instructions}`, readFileSync(file(`${name}.jsonl`), 'utf8')];
    };
    const first = await once('a');
    assert.match(first[0], /abcx/);
    assert.deepEqual(await once('b'), first);
  });

  it('types names of keys, and text of a file', async () => {
    const keys = file('keys.txt', 'typed\nfrom a file<esc>');
    const { code, stdout } = await ringside(['run', sample('keyboard'), '--keys', `@${keys}`]);
    assert.deepEqual([code, stdout], [0, 'Type; Esc ends.\r\ntyped\r\nfrom a file\r\nBye.\r\n']);
  });

  it('shows the screen as text and as a picture', async () => {
    const text = await ringside(['run', sample('hello'), '--screen', 'text']);
    assert.match(text.stderr, /^Hello from ring 0\.$/m);
    assert.equal(text.stdout, HELLO);
    const png = file('screen.png');
    await ringside(['run', sample('hello'), '--screen', png]);
    const bytes = readFileSync(png);
    assert.deepEqual([...bytes.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
    const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
    assert.deepEqual([width, height], [720, 400]);
    const at = bytes.indexOf('IDAT', 0, 'latin1');
    const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
    assert.equal(rows.length, (width + 1) * height);
    assert.ok(new Set(rows).size >= 2, 'characters on a background');
    const check = spawnSync('python3', ['-c', 'import sys,zlib;d=open(sys.argv[1],"rb").read();i=8\nwhile i<len(d):\n n=int.from_bytes(d[i:i+4],"big");assert zlib.crc32(d[i+4:i+8+n])==int.from_bytes(d[i+8+n:i+12+n],"big");i+=12+n', png]); // prettier-ignore
    if (check.error === undefined) assert.equal(check.status, 0, String(check.stderr));
  });

  it('makes pictures of modes with half and double dots that look as on a screen', async () => {
    const png = file('wide.png');
    const sizes: number[][] = [];
    for (const mode of [1, 6, 0x13]) {
      await ringside(['run', file('wide.asm', boot(`mov ax, ${mode}\nint 0x10\ncli\nhlt`)), '--screen', png]);
      const bytes = readFileSync(png);
      sizes.push([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]);
    }
    assert.deepEqual(sizes, [[720, 400], [640, 400], [320, 200]]); // prettier-ignore
  });

  it('lists transitions for programs and for people', async () => {
    const { stdout, stderr } = await ringside(['run', sample('rings'), '--events', '-', '--serial', file('serial.txt'), '--show-transitions']); // prettier-ignore
    const events = stdout.trim().split('\n').map((line) => JSON.parse(line) as { kind: string; via: object }); // prettier-ignore
    assert.deepEqual(events.map((e) => e.kind), [
      'mode-change', 'iret', 'software-int', 'iret', 'call-gate', 'software-int', 'iret', 'far-return', 'exception', 'iret',
      'software-int', 'iret', 'exception',
    ]); // prettier-ignore
    assert.deepEqual(events.at(-1), {
      icount: (events.at(-1) as unknown as { icount: number }).icount,
      kind: 'exception',
      vector: 14,
      from: { cpl: 3, mode: 'protected32', cs: 0x2b, rip: 0x9021, ss: 0x33, rsp: 0xa000 },
      to: { cpl: 0, mode: 'protected32', cs: 8, rip: 0x7ecb, ss: 0x10, rsp: 0x1ffe8 },
      via: { gate: 112, tss: 0x38, errorCode: 7 },
    });
    assert.match(stderr, /call gate 0040 +ring 3 → ring 1 +user\+0xb → service/);
    assert.match(stderr, /#PF page fault, error code 7 +ring 3 → ring 0 +user\+0x21 → page_fault/);
    assert.match(readFileSync(file('serial.txt'), 'utf8'), /ring 0: done/);
  });

  it('counts', async () => {
    const { stdout } = await ringside(['run', sample('rings'), '--stats', '-', '--serial', file('s.txt')]);
    const stats = JSON.parse(stdout) as Record<string, unknown>;
    for (const key of ['instructions', 'seconds', 'mips', 'tiers', 'faults', 'transitions'])
      assert.ok(key in stats, key);
    assert.deepEqual(stats['faults'], { '#GP': 1, '#PF': 1 });
    assert.equal((stats['transitions'] as { changes: number }).changes, 13);
  });

  it('connects standard input to COM1', async () => {
    const echo = file('echo.asm', boot(`
      mov dx, 0x3fd
  .wait: in al, dx
      test al, 1
      jz .wait
      mov dx, 0x3f8
      in al, dx
      cmp al, 10
      je .end
      out dx, al
      mov dx, 0x3fd
      jmp .wait
  .end: cli
      hlt`)); // prettier-ignore
    const { code, stdout } = await ringside(['run', echo, '--serial', 'stdio', '--timeout', '20'], 'echoed\n');
    assert.deepEqual([code, stdout], [0, 'echoed']);
  });

  it('gives what is written to port E9', async () => {
    const out = file('e9.txt');
    await ringside(['run', sample('rings'), '--debug-port', out]);
    assert.match(readFileSync(out, 'utf8'), /real mode: loaded.*ring 0: done/s);
  });

  it('reports errors of a source with their place', async () => {
    const { code, stdout, stderr } = await ringside(['run', file('bad.asm', 'mov ax\njmp nowhere\n')]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /bad\.asm:1:\d+: error/);
    assert.match(stderr, /bad\.asm:2:\d+: error/);
    assert.match(stderr, /ringside run: bad\.asm does not assemble: 2 errors\.\n$/);
  });

  it('reports warnings and errors once each, in order, before the verdict', async () => {
    const { stderr } = await ringside(['run', file('worse.asm', 'lonely\nmov ax\nmov bx\n')]);
    const places = stderr.split('\n').map((line) => /worse\.asm:(\d+):\d+: (\w+)/.exec(line)?.slice(1).join(' '));
    assert.deepEqual(places, ['1 warning', '2 error', '3 error', undefined, undefined]);
  });

  it('takes the attributes of a folder from its ringside.json', async () => {
    const project = path.join(folder, 'project');
    mkdirSync(path.join(project, 'inc'), { recursive: true });
    writeFileSync(path.join(project, 'inc/text.inc'), "TEXT equ 'Q'\n");
    writeFileSync(path.join(project, 'main.asm'), `%include "text.inc"\n${boot("mov al, TEXT + N\nmov dx, 0x3f8\nout dx, al\ncli\nhlt")}`); // prettier-ignore
    const json = { program: 'main.asm', includePaths: ['inc'], defines: { N: 1 }, frob: 1 };
    writeFileSync(path.join(project, 'ringside.json'), JSON.stringify(json));
    const plain = await ringside(['run', project]);
    assert.deepEqual([plain.code, plain.stdout], [0, 'R']);
    assert.match(plain.stderr, /does not exist: frob/);
    assert.equal((await ringside(['run', project, '-D', 'N=2'])).stdout, 'S');
    writeFileSync(path.join(project, 'ringside.json'), JSON.stringify({ ...json, memory: 'much' }));
    const wrong = await ringside(['run', project]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /"memory" must be a size/);
  });

  it('boots floppies and hard disks with the right drive number', async () => {
    const source = (): string => boot("mov al, dl\nadd al, '0'\nmov dx, 0x3f8\nout dx, al\ncli\nhlt");
    assert.equal((await ringside(['run', file('drive.asm', source())])).stdout, '0');
    assert.equal((await ringside(['run', file('drive.asm'), '--boot-drive', 'ide'])).stdout.charCodeAt(0), 0xb0);
  });

  it('stops when it is interrupted', async () => {
    const { code, stderr } = await ringside(['run', FOREVER], '', 1500);
    assert.equal(code, 130);
    assert.match(stderr, /interrupted/);
  });
});

describe('ringside asm and disasm', () => {
  it('assemble to the bytes of nasm, with listing and map', async function () {
    if (spawnSync('nasm', ['-v']).status !== 0) {
      console.log('      nasm is not installed: nothing to compare with');
      this.skip();
    }
    for (const name of ['hello', 'rings', 'keyboard', 'triple']) {
      const source = path.join(sample(name), 'boot.asm');
      const [ours, theirs] = [file(`${name}.ours`), file(`${name}.theirs`)];
      const made = await ringside(['asm', source, '-o', ours, '-l', `${ours}.lst`, '--map', `${ours}.map`]);
      assert.deepEqual([made.code, made.stdout, made.stderr], [0, '', '']);
      assert.equal(spawnSync('nasm', ['-f', 'bin', source, '-o', theirs, '-l', `${theirs}.lst`]).status, 0);
      assert.deepEqual(readFileSync(ours), readFileSync(theirs), name);
      assert.equal(readFileSync(`${ours}.lst`, 'utf8'), readFileSync(`${theirs}.lst`, 'utf8'), name);
      assert.match(readFileSync(`${ours}.map`, 'utf8'), /start/);
    }
  });

  it('take include folders and macros', async () => {
    file('value.inc', 'VALUE equ 0x42\n');
    const source = path.join(folder, 'sub.asm');
    writeFileSync(source, '%include "value.inc"\ndb VALUE, N, %isdef(M)\n'.replace(', %isdef(M)', ''));
    const { code, stderr } = await ringside(['asm', source, '-I', folder, '-DN=7', '-D', 'M', '-o', file('sub.bin')]);
    assert.equal(code, 0, stderr);
    assert.deepEqual([...readFileSync(file('sub.bin'))], [0x42, 7]);
  });

  it('name the output as nasm does', async () => {
    await ringside(['asm', file('named.asm', 'nop\n')]);
    assert.ok(existsSync(file('named')));
  });

  it('report errors, and write nothing', async () => {
    const { code, stderr } = await ringside(['asm', file('wrong.asm', 'mov ax, bl\nfrob\n'), '-o', file('wrong.bin')]);
    assert.equal(code, 1);
    assert.match(stderr, /wrong\.asm:1:\d+: error: invalid combination of opcode and operands/);
    assert.ok(!existsSync(file('wrong.bin')));
  });

  it('disassemble', async () => {
    const binary = file('code.bin', Uint8Array.of(0x90, 0x31, 0xc0, 0xcd, 0x10, 0x0f, 0xff));
    const { code, stdout } = await ringside(['disasm', binary, '--org', '0x7c00', '--offset', '1', '--count', '2']);
    assert.equal(code, 0);
    assert.deepEqual(stdout.trimEnd().split('\n'), ['00007C01  31C0              xor ax, ax', '00007C03  CD10              int 0x10']); // prettier-ignore
    const wide = await ringside(['disasm', binary, '--bits', '32', '--count', '2']);
    assert.match(wide.stdout, /xor eax, eax/);
  });
});
