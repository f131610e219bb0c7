// Bad input: broken bytes, malformed messages, wrong launch attributes, sources with errors. Everything is answered, nothing
// hangs, and the answer says what is wrong and where.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { frame, MessageReader } from '../../src/dap/framing';
import { CLIENT, sample, tcpClient, tcpServer, type TcpServer, type TestClient } from './support/client';

let server: TcpServer;
let folder: string;
const write = (name: string, content: string | Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
};

before(async () => {
  server = await tcpServer();
  folder = mkdtempSync(path.join(tmpdir(), 'ringside-'));
});
after(() => {
  server.process.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A connection without a client library. */
class Raw {
  private readonly reader = new MessageReader();
  private readonly messages: Record<string, unknown>[] = [];
  private waiting: (() => void) | undefined;
  constructor(readonly socket: Socket) {
    socket.on('data', (bytes) => {
      for (const framed of this.reader.push(bytes)) {
        assert.ok('message' in framed, JSON.stringify(framed));
        this.messages.push(framed.message as Record<string, unknown>);
      }
      this.waiting?.();
    });
  }
  static open = (): Promise<Raw> =>
    new Promise((resolve) => {
      const socket = connect(server.port, '127.0.0.1', () => resolve(new Raw(socket)));
    });
  send(message: unknown): void {
    this.socket.write(frame(message));
  }
  bytes(text: string): void {
    this.socket.write(text);
  }
  async response(): Promise<Record<string, unknown>> {
    for (;;) {
      const at = this.messages.findIndex((m) => m['type'] === 'response');
      if (at >= 0) return this.messages.splice(at, 1)[0]!;
      await new Promise<void>((resolve, reject) => {
        this.waiting = resolve;
        setTimeout(() => reject(new Error('no response came')), 5000).unref();
      });
    }
  }
}

describe('malformed messages', () => {
  let raw: Raw;
  beforeEach(async () => (raw = await Raw.open()));
  afterEach(() => raw.socket.destroy());

  it('get an error response each, and the session lives on', async () => {
    const cases: [unknown, RegExp][] = [
      [{ seq: 1, type: 'request' }, /"command" must be a string/],
      [{ seq: 2, type: 'request', command: 7 }, /"command" must be a string/],
      [{ seq: 3, type: 'frob' }, /"type" must be "request"/],
      [[], /"type" must be "request"/],
      [null, /not an object/],
      [42, /not an object/],
      [{ seq: 4, type: 'request', command: 'frobnicate' }, /does not know the request "frobnicate"/],
      [{ seq: 5, type: 'request', command: 'initialize', arguments: 'x' }, /arguments must be an object/],
      [{ seq: 6, type: 'request', command: 'launch', arguments: [1] }, /arguments must be an object/],
      [{ seq: 7, type: 'request', command: 'stackTrace' }, /no guest has been launched/],
      [{ seq: 8, type: 'request', command: 'setBreakpoints', arguments: {} }, /no guest has been launched/],
      [{ seq: 'x', type: 'request', command: 'threads' }, /^$/],
    ];
    for (const [message, expected] of cases) {
      raw.send(message);
      const answer = await raw.response();
      assert.match((answer['message'] as string | undefined) ?? '', expected, JSON.stringify(message));
      assert.equal(answer['success'], (answer['message'] as string | undefined) === undefined);
    }
    raw.send({ seq: 99, type: 'request', command: 'initialize', arguments: CLIENT });
    const answer = await raw.response();
    assert.deepEqual([answer['success'], answer['request_seq']], [true, 99]);
  });

  it('that are no messages at all are reported, and what follows is read', async () => {
    raw.bytes('Content-Length: 5\r\n\r\nhello');
    assert.match((await raw.response())['message'] as string, /not JSON/);
    raw.bytes('X-Header: 1\r\n\r\n');
    assert.match((await raw.response())['message'] as string, /without Content-Length/);
    raw.bytes('Content-Length: 99999999999\r\n\r\n');
    assert.match((await raw.response())['message'] as string, /99999999999 bytes/);
    raw.bytes('y'.repeat(10_000));
    assert.match((await raw.response())['message'] as string, /no header/);
    raw.send({ seq: 1, type: 'request', command: 'threads' });
    assert.equal((await raw.response())['success'], true);
  });

  it('with wrong arguments name the argument', async () => {
    raw.send({ seq: 1, type: 'request', command: 'initialize', arguments: CLIENT });
    await raw.response();
    raw.send({
      seq: 2,
      type: 'request',
      command: 'launch',
      arguments: { program: sample('rings'), stopOnEntry: true },
    });
    assert.equal((await raw.response())['success'], true);
    raw.send({ seq: 3, type: 'request', command: 'configurationDone' });
    await raw.response();
    await new Promise((resolve) => setTimeout(resolve, 200));
    const cases: [string, unknown, RegExp][] = [
      ['setBreakpoints', { breakpoints: 5, source: { path: '/x' } }, /"breakpoints" must be an array of objects/],
      ['setBreakpoints', { breakpoints: [{ line: 'x' }], source: { path: '/x' } }, /"line" must be a number/],
      ['setBreakpoints', { breakpoints: [{ line: -1 }], source: { path: '/x' } }, /"line" must be a whole number/],
      ['setBreakpoints', { breakpoints: [null], source: { path: '/x' } }, /array of objects/],
      ['setBreakpoints', { breakpoints: [], source: 7 }, /"source.path" must be a string/],
      [
        'setBreakpoints',
        { breakpoints: [{ line: 1, condition: 5 }], source: { path: '/x' } },
        /"condition" must be a string/,
      ],
      ['setFunctionBreakpoints', { breakpoints: [{}] }, /"name" must be a string; it is missing/],
      ['setInstructionBreakpoints', { breakpoints: [{ instructionReference: 'frob' }] }, /Address frob/],
      ['setInstructionBreakpoints', { breakpoints: [{ instructionReference: 'phys:0' }] }, /linear address is needed/],
      ['setDataBreakpoints', { breakpoints: [{ dataId: 'x' }] }, /not an identifier/],
      ['setDataBreakpoints', { breakpoints: [{ dataId: '0x10/4', accessType: 'eat' }] }, /read, write or readWrite/],
      ['setExceptionBreakpoints', { filters: [1] }, /array of strings/],
      ['stackTrace', { threadId: 9 }, /no thread 9/],
      ['stackTrace', { threadId: 1, startFrame: 'x' }, /"startFrame" must be a number/],
      ['scopes', {}, /"frameId" must be a number; it is missing/],
      ['scopes', { frameId: 77 }, /no longer valid/],
      ['variables', { variablesReference: 12345 }, /no longer valid/],
      ['evaluate', {}, /"expression" must be a string/],
      ['evaluate', { expression: 'ax', frameId: 5 }, /no longer valid/],
      ['readMemory', { memoryReference: '0x0', count: -1 }, /"count" must be a whole number/],
      ['readMemory', { memoryReference: '0x0', count: Number.NaN }, /"count" must be a number; it is null|"count"/],
      ['disassemble', { memoryReference: '0x0' }, /"instructionCount" must be a number/],
      ['goto', { threadId: 1, targetId: 'x' }, /"targetId" must be a number/],
      ['goto', { threadId: 1, targetId: -5 }, /no longer known/],
      ['exceptionInfo', { threadId: 1 }, /not stopped at an exception/],
      ['ringside/transitions', { from: 'x' }, /"from" must be a number/],
      ['ringside/transitions', { buckets: -3 }, /whole number/],
      ['ringside/key', { keys: 5 }, /array of objects/],
      ['stepOut', { threadId: 1 }, /no caller/],
    ];
    let seq = 10;
    for (const [command, args, expected] of cases) {
      raw.send({ seq: ++seq, type: 'request', command, arguments: args });
      const answer = await raw.response();
      assert.equal(answer['request_seq'], seq);
      assert.deepEqual([answer['success'], answer['command']], [false, command]);
      assert.match(answer['message'] as string, expected, `${command} ${JSON.stringify(args)}`);
    }
  });

  it('in pieces of any size are put together', () => {
    const reader = new MessageReader();
    const bytes = new Uint8Array([...frame({ text: 'ж' }), ...frame({ n: 2 })]);
    const found = [...bytes].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    assert.deepEqual(found, [{ message: { text: 'ж' } }, { message: { n: 2 } }]);
  });
});

describe('a launch that cannot work', () => {
  let c: TestClient;
  beforeEach(async () => {
    c = await tcpClient(server);
    await c.initializeRequest({ ...CLIENT });
  });
  afterEach(() => c.stop());
  const refused = (args: object): Promise<string> => c.refused('launch', args);

  it('says which attribute is wrong, and what it may be', async () => {
    const program = sample('hello');
    const cases: [object, RegExp][] = [
      [{}, /"program" is missing: name an assembly source/],
      [{ program: 5 }, /"program" must be a string/],
      [{ program, memory: 'lots' }, /"memory" must be a size such as "64M"; it is "lots"/],
      [{ program, memory: 100 }, /"memory" must be from 1M to 1G/],
      [{ program, cpu: '286' }, /"cpu" must be one of "386", "486", "pentium", "x86-64"; it is "286"/],
      [{ program, drives: 'x' }, /"drives" must be an array/],
      [{ program, drives: [{}] }, /"drives\[0\]\.file" is missing/],
      [
        { program, drives: [{ file: 'x', if: 'cdrom' }] },
        /"drives\[0\]\.if" is "cdrom", which comes in a later version/,
      ],
      [{ program, drives: ['nothing.img'] }, /nothing\.img does not exist/],
      [{ program, bios: '/nothing.rom' }, /nothing\.rom does not exist/],
      [{ program, bootDrive: 'tape' }, /"bootDrive" must be one of/],
      [{ program, includePaths: 'inc' }, /"includePaths" must be an array of strings/],
      [{ program, defines: { '1x': 1 } }, /"defines" has "1x"/],
      [{ program, defines: { x: [] } }, /"defines\.x" must be a string/],
      [{ program, compat: '4' }, /"compat" must be one of "2\.16", "3"/],
      [{ program, stopOnEntry: 'yes' }, /"stopOnEntry" must be true or false/],
      [{ program, startAt: 'nowhere' }, /"startAt" names "nowhere", which is no label of code/],
      [{ program, startTime: 'tomorrow' }, /"startTime" must be "now" or a date/],
      [{ program, instructionsPerSecond: 0 }, /"instructionsPerSecond" must be a whole number/],
      [{ program, maxInstructions: 'x' }, /"maxInstructions" must be a whole number/],
      [{ program, keys: '<frob>' }, /"keys" cannot be typed: there is no key <frob>/],
    ];
    for (const [args, expected] of cases) assert.match(await refused(args), expected, JSON.stringify(args));
  });

  it('warns of attributes that do not exist, and works', async () => {
    const output = c.waitForEvent('output');
    const initialized = c.waitForEvent('initialized');
    await c.launchRequest({ program: sample('hello'), memroy: '1M' } as DebugProtocol.LaunchRequestArguments);
    assert.match(((await output) as DebugProtocol.OutputEvent).body.output, /no attribute "memroy"/);
    await initialized;
  });

  it('names files that are missing or cannot boot', async () => {
    assert.match(await refused({ program: '/nowhere/boot.asm' }), /\/nowhere\/boot\.asm does not exist/);
    assert.match(await refused({ program: write('data.img', new Uint8Array(1024)) }), /no boot signature/);
    assert.match(await refused({ program: write('tiny.asm', 'nop\n') }), /End the first sector with/);
    const empty = path.join(folder, 'data.img');
    assert.match(await refused({ program: empty, bootDrive: 'floppy' }), /no boot signature/);
  });

  it('shows the errors of the source in the console, with their place, and as diagnostics', async () => {
    write('inc.inc', '%macro bad 0\n        mov ax\n%endmacro\n');
    const file = write('bad.asm', '%include "inc.inc"\n        org 0x7c00\n        bad\n        jmp nowhere\n');
    const outputs: DebugProtocol.OutputEvent['body'][] = [];
    let diagnostics: { items: { line: number; path: string; macroStack: unknown[] }[] } | undefined;
    c.on('output', (event: DebugProtocol.OutputEvent) => outputs.push(event.body));
    c.on('ringside/diagnostics', (event: { body: typeof diagnostics }) => (diagnostics = event.body));
    const message = await refused({ program: file });
    assert.match(message, /bad\.asm does not assemble: 2 errors\.\n.*bad\.asm:\d+:\d+: error/);
    assert.equal(outputs.length, 2);
    assert.match(outputs[0]!.output, /bad\.asm:3:\d+: error: .*\n {2}in macro `bad` at .*inc\.inc:2/);
    assert.deepEqual([outputs[0]!.source!.path, outputs[0]!.line, outputs[0]!.category], [file, 3, 'stderr']);
    assert.deepEqual(diagnostics!.items.map((i) => [i.path, i.line, i.macroStack.length]), [[file, 3, 1], [file, 4, 0]]); // prettier-ignore
    // Mended, the same session starts.
    write(
      'bad.asm',
      `        org 0x7c00\n        cli\n        hlt\n        times 510-($-$$) db 0\n        dw 0xaa55\n`,
    );
    await c.launchRequest({ program: file } as DebugProtocol.LaunchRequestArguments);
  });

  it('finds the program of a folder, or says what to do', async () => {
    assert.match(await refused({ program: path.join(folder, 'none') }), /none does not exist/);
    const rings = path.dirname(sample('rings'));
    const initialized = c.waitForEvent('initialized');
    await c.launchRequest({ program: rings } as DebugProtocol.LaunchRequestArguments);
    await initialized;
    const { modules } = (await c.modulesRequest({})).body;
    assert.equal(modules[0]!.path, sample('rings'));
  });

  it("takes a folder's attributes from its ringside.json; the configuration comes first", async () => {
    const project = path.join(folder, 'project');
    mkdirSync(project);
    const source = 'org 0x7c00\nmov al, N\nx: jmp x\ntimes 510-($-$$) db 0\ndw 0xaa55\n';
    writeFileSync(path.join(project, 'only.asm'), source);
    writeFileSync(
      path.join(project, 'ringside.json'),
      JSON.stringify({ defines: { N: 5 }, stopOnEntry: true, frob: 1 }),
    );
    const outputs: string[] = [];
    c.on('output', (event: DebugProtocol.OutputEvent) => outputs.push(event.body.output));
    const initialized = c.waitForEvent('initialized');
    await c.launchRequest({ program: project } as DebugProtocol.LaunchRequestArguments);
    await initialized;
    assert.match(outputs.join(''), /no attribute "frob \(ringside\.json\)"/);
    const stop = await c.stopAfter(c.configurationDoneRequest());
    assert.equal(stop.reason, 'entry');
    assert.match(await c.value('word [0x7c00]'), /^0x05b0/);
  });

  it('shows progress to clients that want it', async () => {
    const events: string[] = [];
    for (const name of ['progressStart', 'progressEnd']) c.on(name, () => events.push(name));
    await c.launchRequest({ program: sample('hello') } as DebugProtocol.LaunchRequestArguments);
    assert.deepEqual(events, ['progressStart', 'progressEnd']);
  });
});
