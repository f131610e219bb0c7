// The whole list of requests, driven over stdio and over TCP by the protocol's own test client.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ScreenResponse, StateBody, TransitionDetail, TransitionsResponse } from '../../src/dap/customTypes';
import { REQUESTS } from '../../src/dap/requests/all';
import {
  CLIENT,
  lineOf,
  sample,
  sentCommands,
  stdioClient,
  tcpClient,
  tcpServer,
  type TcpServer,
  type TestClient,
} from './support/client';

const RINGS = sample('rings');
const SOURCE = readFileSync(RINGS, 'utf8');
const REAL = lineOf(SOURCE, 'xor ax, ax');
const line = (text: string): number => lineOf(SOURCE, text);
const CONTINUE = { threadId: 1 };

type Variables = DebugProtocol.VariablesResponse['body'];
type Disassembly = { instructions: DebugProtocol.DisassembledInstruction[] };

for (const transport of ['stdio', 'TCP'] as const)
  describe(`debug adapter over ${transport}`, function () {
    let server: TcpServer | undefined;
    let c: TestClient;

    before(async () => {
      if (transport === 'TCP') server = await tcpServer();
    });
    after(() => void server?.process.kill());
    beforeEach(async () => {
      c = server ? await tcpClient(server) : await stdioClient();
    });
    afterEach(() => c.stop());

    const scope = async (name: string, frame = 0): Promise<Variables['variables']> => {
      const frameId = (await c.frames())[frame]!.id;
      const { scopes } = (await c.scopesRequest({ frameId })).body;
      const found = scopes.find((s) => s.name === name);
      assert.ok(found, `scope ${name}`);
      return (await c.ask<Variables>('variables', { variablesReference: found.variablesReference })).variables;
    };
    const reference = async (name: string): Promise<number> => {
      const { scopes } = (await c.scopesRequest({ frameId: (await c.frames())[0]!.id })).body;
      return scopes.find((s) => s.name === name)!.variablesReference;
    };
    const user = () => c.launchTo({ program: RINGS }, { [RINGS]: [line('mov esi, text_user') - 1] });

    it('announces what it can do, and every exception filter', async () => {
      const { body } = await c.initializeRequest({ ...CLIENT });
      assert.ok(
        body!.supportsConfigurationDoneRequest && body!.supportsSteppingGranularity && body!.supportsReadMemoryRequest,
      );
      const filters = body!.exceptionBreakpointFilters!.map((f) => f.filter);
      for (const wanted of [
        'triple-fault',
        'ring-change',
        'mode-change',
        'vector-0',
        'vector-6',
        'vector-13',
        'vector-14',
      ])
        assert.ok(filters.includes(wanted), wanted);
      assert.deepEqual(
        body!.exceptionBreakpointFilters!.filter((f) => f.default).map((f) => f.filter),
        ['triple-fault'],
      );
    });

    it('stops in 16-bit code, then in ring 3, with the right registers', async () => {
      const stopped = await c.launchTo({ program: RINGS }, { [RINGS]: [REAL, line('mov esi, text_user') - 1] });
      assert.equal(stopped.reason, 'breakpoint');
      let [top] = await c.frames();
      assert.deepEqual([top!.line, top!.source!.path, top!.instructionPointerReference], [REAL, RINGS, '0x7c05']);
      assert.match((await scope('Control')).find((v) => v.name === 'mode')!.value, /^real$/);
      await c.stopAfter(c.continueRequest(CONTINUE));
      [top] = await c.frames();
      assert.equal(top!.line, line('mov esi, text_user') - 1);
      assert.match(top!.name, /^user \(002b:00009000\)$/);
      const cs = (await scope('Segments')).find((v) => v.name === 'CS')!;
      assert.equal(cs.type, 'base 00000000, limit ffffffff, 32-bit code, readable, accessed, DPL 3');
      assert.equal(await c.value('cpl'), '0x3');
    });

    it('stops at the entry when asked to', async () => {
      const stopped = await c.launchTo({ program: RINGS, stopOnEntry: true });
      assert.equal(stopped.reason, 'entry');
      assert.equal((await c.frames())[0]!.instructionPointerReference, '0x7c00');
    });

    it('runs through without debugging', async () => {
      const stopped = c.waitForEvent('stopped');
      await c.begin({ program: RINGS, noDebug: true }, async () => {
        const { body } = await c.setBreakpointsRequest({ source: { path: RINGS }, breakpoints: [{ line: REAL }] });
        assert.equal(body.breakpoints.length, 1);
        await c.setExceptionBreakpointsRequest({ filters: ['vector-13'] });
      });
      assert.equal(((await stopped) as DebugProtocol.StoppedEvent).body.reason, 'halted');
    });

    it('sets breakpoints of every kind, with conditions, hits and messages', async () => {
      const output: string[] = [];
      c.on('output', (event: DebugProtocol.OutputEvent) => output.push(event.body.output));
      const stopped = c.waitForEvent('stopped');
      await c.begin({ program: RINGS }, async () => {
        const { breakpoints } = (
          await c.setBreakpointsRequest({
            source: { path: RINGS },
            breakpoints: [
              { line: line('lodsb'), logMessage: 'al is {al}', condition: "al == 'g'" },
              { line: line('.fill:') + 1, hitCondition: '== 1000' },
              { line: 99999 },
              { line: REAL, condition: '1 +' },
            ],
          })
        ).body;
        assert.deepEqual(breakpoints.map((b) => b.verified), [true, true, false, false]); // prettier-ignore
        assert.match(breakpoints[2]!.message!, /no code/);
        assert.match(breakpoints[3]!.message!, /condition: expected/);
      });
      assert.equal(((await stopped) as DebugProtocol.StoppedEvent).body.reason, 'breakpoint');
      assert.match(await c.value('ecx'), /^0x00000019/);
      assert.ok(
        output.some((text) => /^al is 0x67/.test(text)),
        output.join(),
      );

      const { body: functions } = await c.setFunctionBreakpointsRequest({
        breakpoints: [{ name: 'service' }, { name: 'nobody' }],
      });
      assert.deepEqual(functions.breakpoints.map((b) => b.verified), [true, false]); // prettier-ignore
      assert.equal((await c.stopAfter(c.continueRequest(CONTINUE))).reason, 'function breakpoint');
      assert.match((await c.frames())[0]!.name, /^service /);

      const code = await c.ask<Disassembly>('disassemble', { memoryReference: '0x7f0b', instructionCount: 2 });
      const second = code.instructions[1];
      await c.ask('setInstructionBreakpoints', { breakpoints: [{ instructionReference: second!.address, offset: 0 }] });
      assert.equal((await c.stopAfter(c.continueRequest(CONTINUE))).reason, 'instruction breakpoint');

      const info = await c.ask<DebugProtocol.DataBreakpointInfoResponse['body']>('dataBreakpointInfo', {
        name: 'dword [counter]',
      });
      assert.match(info.description, /4 bytes at 0x8038/);
      await c.ask('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId, accessType: 'write' }] });
      const data = await c.stopAfter(c.continueRequest(CONTINUE));
      assert.deepEqual([data.reason, data.text], ['data breakpoint', '4 bytes written at 0x8038']);
      assert.match(await c.value('dword [counter]'), /^0x0000002a/);
      const label = await c.ask<DebugProtocol.DataBreakpointInfoResponse['body']>('dataBreakpointInfo', {
        name: 'counter',
      });
      assert.equal(label.dataId, '0x8038/4');
      const register = await c.ask<DebugProtocol.DataBreakpointInfoResponse['body']>('dataBreakpointInfo', {
        name: 'eax',
      });
      assert.deepEqual([register.dataId, register.description], [null, 'eax is a register, not memory']);
    });

    it('stops on exceptions, ring and mode changes, and explains them', async () => {
      const stopped = c.waitForEvent('stopped');
      await c.begin({ program: RINGS }, async () => {
        const { body } = await c
          .ask<{ breakpoints: DebugProtocol.Breakpoint[] }>('setExceptionBreakpoints', {
            filters: ['mode-change'],
            filterOptions: [
              { filterId: 'vector-13' },
              { filterId: 'ring-change', condition: 'cpl == 1' },
              { filterId: 'frob' },
            ],
          })
          .then((breakpoints) => ({ body: breakpoints }));
        assert.deepEqual(body.breakpoints.map((b) => b.verified), [true, true, true, false]); // prettier-ignore
      });
      let stop = ((await stopped) as DebugProtocol.StoppedEvent).body;
      assert.deepEqual([stop.reason, stop.description], ['exception', 'Mode change real → protected16']);
      let info = (await c.exceptionInfoRequest(CONTINUE)).body;
      assert.match(info.description!, /Mode change real → protected16 by mode-change/);
      stop = await c.stopAfter(c.continueRequest(CONTINUE));
      assert.deepEqual([stop.description, await c.value('cpl')], ['Ring change 3 → 1', '0x1']);
      await c.ask('setExceptionBreakpoints', { filters: ['vector-13'] });
      stop = await c.stopAfter(c.continueRequest(CONTINUE));
      assert.equal(stop.description, '#GP general protection');
      info = (await c.exceptionInfoRequest(CONTINUE)).body;
      assert.equal(info.exceptionId, '#GP');
      assert.match(info.description!, /CLI|IOPL/i);
      assert.match(info.description!, /At 0x9017: cli/);
      assert.equal((await c.frames())[0]!.line, line('; IOPL is 0: #GP'));
    });

    it('explains a triple fault, and ends when it is continued', async () => {
      const stop = await c.launchTo({ program: sample('triple') });
      assert.deepEqual([stop.reason, stop.description], ['exception', 'Triple fault']);
      const info = (await c.exceptionInfoRequest(CONTINUE)).body;
      assert.match(info.description!, /#DE, then #GP, then #DF/);
      const exited = c.waitForEvent('exited');
      await Promise.all([c.waitForEvent('terminated'), c.continueRequest(CONTINUE)]);
      assert.equal(((await exited) as DebugProtocol.ExitedEvent).body.exitCode, 3);
    });

    it('steps by line and by instruction, in, over and out', async () => {
      await user();
      const at = async (): Promise<string> => `${(await c.frames())[0]!.line}`;
      const before = await at();
      await c.stopAfter(c.nextRequest(CONTINUE));
      assert.notEqual(await at(), before);
      await c.stopAfter(c.nextRequest({ ...CONTINUE, granularity: 'instruction' }));
      const stop = await c.stopAfter(c.stepInRequest(CONTINUE));
      assert.equal(stop.reason, 'step');
      assert.match((await c.frames())[0]!.name, /^system_call /);
      await c.stopAfter(c.stepOutRequest(CONTINUE));
      assert.match((await c.frames())[0]!.name, /^user /);
    }).timeout(30_000);

    it('shows the stack across rings, in pages', async () => {
      await user();
      await c.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'print' }] });
      await c.stopAfter(c.continueRequest(CONTINUE));
      const frames = await c.frames();
      assert.deepEqual(
        frames.map((f) => [f.name.replace(/ \(.*/, ''), f.presentationHint]),
        [
          ['print', undefined],
          ['system_call.print', undefined],
          ['— int 0x80, ring 3 → ring 0 —', 'label'],
          ['user', undefined],
        ],
      );
      const page = (await c.stackTraceRequest({ ...CONTINUE, startFrame: 1, levels: 2 })).body;
      assert.deepEqual([page.stackFrames.length, page.totalFrames, page.stackFrames[0]!.id], [2, 4, frames[1]!.id]);
      assert.deepEqual((await c.scopesRequest({ frameId: frames[2]!.id })).body.scopes, []);
      const outer = await scope('General', 3);
      assert.match(outer.find((v) => v.name === 'EIP')!.type!, /^002b:00009009/);
      assert.match(await c.refused('scopes', { frameId: 1 }), /no longer valid/);
      assert.equal((await c.threadsRequest()).body.threads[0]!.name, 'vCPU 0');
    });

    it('pages tables and sets variables', async () => {
      await user();
      const tables = await scope('System tables');
      const idt = tables.find((v) => v.name === 'IDT')!;
      assert.equal(idt.indexedVariables, 129);
      const page = await c.ask<Variables>('variables', { variablesReference: idt.variablesReference, filter: 'indexed', start: 128, count: 1 }); // prettier-ignore
      assert.match(page.variables[0]!.value, /32-bit interrupt gate, DPL 3, to 0008:00007e82/);

      const set = await c.setVariableRequest({
        variablesReference: await reference('General'),
        name: 'EBX',
        value: '40 + 2',
      });
      assert.match(set.body.value, /^0x0000002a/);
      assert.match(await c.value('bl'), /42/);
      await c.setVariableRequest({ variablesReference: await reference('Flags'), name: 'DF', value: '1' });
      assert.equal(await c.value('df'), '1');
      assert.match(await c.refused('setVariable', { variablesReference: await reference('Segments'), name: 'DS', value: '0x7770' }), /DS was not changed: .*no descriptor/); // prettier-ignore
      assert.match(await c.refused('setVariable', { variablesReference: await reference('General'), name: 'EQX', value: '1' }), /no variable EQX/); // prettier-ignore
      assert.match(await c.refused('setVariable', { variablesReference: await reference('Control'), name: 'CPL', value: '0' }), /cannot be changed/); // prettier-ignore

      const expression = await c.ask<{ value: string }>('setExpression', {
        expression: 'dword [result]',
        value: "'abcd'",
      });
      assert.match(expression.value, /^0x64636261/);
      assert.match(await c.refused('setExpression', { expression: '5', value: '1' }), /only registers/);
    });

    it('evaluates in watches, hovers and the console', async () => {
      await user();
      assert.match(await c.value('esp'), /^0x0000a000 \(40960\)$/);
      assert.match(await c.value('counter', 'hover'), /^0x8038 \(32824\) → 0x00000028$/);
      assert.match(await c.value('text_user', 'hover'), /"ring 3: hello through int 0x80\\r\\n"/);
      assert.match(await c.value('user', 'hover'), /→ mov al, 1/);
      assert.equal(await c.value('esp', 'clipboard'), '0x0000a000');
      assert.match(await c.value('eax = 7', 'repl'), /^0x00000007/);
      assert.match(await c.value('info gdt', 'repl'), /32-bit call gate/);
      assert.match(await c.value('x/4xb text_user', 'repl'), /72 69 6e 67/);
      assert.match(await c.refused('evaluate', { expression: 'eax = 7', context: 'watch' }), /assignment/);
      assert.match(await c.refused('evaluate', { expression: 'eax + frob' }), /`frob` is not.*column 7/);
      assert.match(await c.refused('evaluate', { expression: 'x', context: 'repl' }), /needs an address/);
      const { targets } = await c.ask<DebugProtocol.CompletionsResponse['body']>('completions', {
        text: 'text_',
        column: 6,
      });
      assert.ok(targets.some((t) => t.label === 'text_user' && t.start === 1 && t.length === 5));
    });

    it('reads and writes memory', async () => {
      await user();
      const read = (args: object) =>
        c.ask<{ address: string; data?: string; unreadableBytes?: number }>('readMemory', args);
      const text = await read({ memoryReference: 'text_user', count: 6 });
      assert.deepEqual([text.address, atob(text.data!)], ['0x902d', 'ring 3']);
      assert.equal(atob((await read({ memoryReference: '0x9030', offset: -3, count: 4 })).data!), 'ring');
      const edge = await read({ memoryReference: '0x3ffff0', count: 64 });
      assert.deepEqual([atob(edge.data!).length, edge.unreadableBytes], [16, 48]);
      assert.equal((await read({ memoryReference: '0x80000000', count: 8 })).unreadableBytes, 8);
      assert.equal((await read({ memoryReference: '0x0', offset: -16, count: 8 })).unreadableBytes, 8);
      assert.equal(atob((await read({ memoryReference: 'phys:0x902d', count: 4 })).data!), 'ring');

      const memory = c.waitForEvent('memory');
      await c.ask('writeMemory', { memoryReference: 'text_user', data: btoa('RING') });
      assert.equal(((await memory) as DebugProtocol.MemoryEvent).body.count, 4);
      assert.equal(atob((await read({ memoryReference: 'text_user', count: 6 })).data!), 'RING 3');
      assert.match(
        await c.refused('writeMemory', { memoryReference: '0x80000000', data: btoa('x') }),
        /Nothing can be written/,
      );
      assert.match(await c.refused('writeMemory', { memoryReference: 'text_user', data: '*' }), /base64/);
      assert.match(await c.refused('readMemory', { memoryReference: 'frob', count: 1 }), /Address frob/);
      const partial = await c.ask<{ bytesWritten: number }>('writeMemory', { memoryReference: '0x3ffffe', data: btoa('abcd'), allowPartial: true }); // prettier-ignore
      assert.equal(partial.bytesWritten, 2);
    });

    it('disassembles each part with its own code size', async () => {
      await user();
      const at = async (memoryReference: string, instructionOffset: number, instructionCount: number) =>
        (await c.ask<Disassembly>('disassemble', { memoryReference, instructionOffset, instructionCount }))
          .instructions;
      const real = await at('0x7c05', 0, 3);
      assert.deepEqual(real.map((i) => [i.address, i.instruction, i.instructionBytes]), [
        ['0x7c05', 'xor ax, ax', '31 c0'],
        ['0x7c07', 'mov ds, ax', '8e d8'],
        ['0x7c09', 'mov es, ax', '8e c0'],
      ]); // prettier-ignore
      assert.deepEqual([real[0]!.line, real[0]!.location!.path, real[0]!.symbol], [REAL, RINGS, 'start.here']);
      const around = await at('0x9007', -2, 5);
      assert.deepEqual(around.map((i) => i.instruction), ['mov al, 1', 'mov esi, 0x902d', 'int 0x80', 'push 2', 'call 0x43:0x0']); // prettier-ignore
      assert.equal((await at('0x0', -300, 400)).length, 400);
      for (const i of await at('0x7c00', -50, 300)) assert.match(i.address, /^-?0x[0-9a-f]+$/);
    });

    it('lists modules, sources and breakpoint locations, and gives the text of a source', async () => {
      await user();
      const { modules } = (await c.modulesRequest({})).body;
      assert.deepEqual(modules.map((m) => m.name), ['boot.asm', 'firmware']); // prettier-ignore
      const { sources } = await c.ask<DebugProtocol.LoadedSourcesResponse['body']>('loadedSources');
      assert.deepEqual(sources.map((s) => s.path), [RINGS]); // prettier-ignore
      const { content } = (await c.sourceRequest({ source: { path: RINGS }, sourceReference: 0 })).body;
      assert.equal(content, SOURCE);
      assert.match(
        await c.refused('source', { source: { path: '/etc/hostname' }, sourceReference: 0 }),
        /not a source/,
      );
      const { breakpoints } = await c.ask<DebugProtocol.BreakpointLocationsResponse['body']>('breakpointLocations', { source: { path: RINGS }, line: 1, endLine: REAL }); // prettier-ignore
      assert.deepEqual(breakpoints.map((b) => b.line), [REAL - 2, REAL]); // prettier-ignore
    });

    it('jumps to a line', async () => {
      await user();
      const { targets } = await c.ask<DebugProtocol.GotoTargetsResponse['body']>('gotoTargets', { source: { path: RINGS }, line: line('push dword 2') }); // prettier-ignore
      assert.equal(targets.length, 1);
      const stop = await c.stopAfter(c.gotoRequest({ ...CONTINUE, targetId: targets[0]!.id }));
      assert.equal(stop.reason, 'goto');
      assert.equal((await c.frames())[0]!.line, line('push dword 2'));
    });

    it('pauses a guest that runs, and takes breakpoints while it does', async () => {
      await c.begin({ program: sample('keyboard') });
      await new Promise((resolve) => setTimeout(resolve, 150));
      assert.match(await c.refused('stackTrace', { threadId: 1 }), /running; pause it first/);
      assert.match(await c.refused('next', { threadId: 1 }), /running/);
      const state = await c.ask<StateBody>('ringside/mode');
      assert.deepEqual([state.running, state.mode, state.lane], [true, 'real', 'real']);
      const stop = await c.stopAfter(c.pauseRequest(CONTINUE));
      assert.equal(stop.reason, 'pause');
      await c.continueRequest(CONTINUE);
      await c.setFunctionBreakpointsRequest({ breakpoints: [{ name: 'irq1' }] });
      const hit = await c.stopAfter(c.ask('ringside/key', { keys: [{ code: 'KeyQ', down: true }] }));
      assert.equal(hit.reason, 'function breakpoint');
      assert.match((await c.frames())[1]!.name, /interrupt 0x09/);
    });

    it('types, shows the screen, and brings serial output', async () => {
      let serial = '';
      c.on('ringside/serial', (event: { body: { port: number; data: string } }) => (serial += event.body.data));
      const keyboard = readFileSync(sample('keyboard'), 'utf8');
      const stop = await c.launchTo(
        { program: sample('keyboard') },
        { [sample('keyboard')]: [lineOf(keyboard, '.idle:') + 1] },
      );
      assert.equal(stop.reason, 'breakpoint');
      await c.setBreakpointsRequest({ source: { path: sample('keyboard') }, breakpoints: [] });
      await c.continueRequest(CONTINUE);
      await c.ask('ringside/key', { text: 'hello\n' });
      const end = c.waitForEvent('stopped');
      await new Promise((resolve) => setTimeout(resolve, 400));
      const { frame } = await c.ask<ScreenResponse>('ringside/screen');
      assert.equal(frame!.kind, 'text');
      assert.ok(
        frame!.text!.some((row) => row.startsWith('hello')),
        frame!.text!.join('|'),
      );
      assert.equal(atob(frame!.pixels).length, frame!.width * frame!.height);
      assert.equal((await c.ask<ScreenResponse>('ringside/screen', { known: frame!.generation })).frame, undefined);
      await c.ask('ringside/serial', { port: 1, data: 'x' });
      assert.match(await c.refused('ringside/serial', { port: 3, data: 'x' }), /1 or 2/);
      assert.match(await c.refused('ringside/key', { keys: [{ code: 'Frob', down: true }] }), /no key Frob/);
      assert.match(await c.refused('ringside/key', { text: 'ж' }), /no keys for "ж"/);
      await c.ask('ringside/key', { keys: [{ code: 'Escape', down: true }] });
      assert.equal(((await end) as DebugProtocol.StoppedEvent).body.reason, 'halted');
      assert.match(serial, /Type; Esc ends\.\r\nhello\r\n\r\nBye\./);
    });

    it('tells the history of transitions', async () => {
      await c.launchTo({ program: RINGS });
      const all = await c.ask<TransitionsResponse>('ringside/transitions', {});
      assert.deepEqual(all.transitions!.map((t) => `${t.kind} ${t.from}-${t.to}`), [
        'mode-change real-ring0',
        'iret ring0-ring3',
        'software-int ring3-ring0',
        'iret ring0-ring3',
        'call-gate ring3-ring1',
        'software-int ring1-ring0',
        'iret ring0-ring1',
        'far-return ring1-ring3',
        'exception ring3-ring0',
        'iret ring0-ring3',
        'software-int ring3-ring0',
        'iret ring0-ring3',
        'exception ring3-ring0',
      ]); // prettier-ignore
      const detail = (index: number) =>
        c.ask<TransitionDetail>('ringside/transition', { index: all.transitions![index]!.index });
      const gate = await detail(4);
      assert.equal(gate.instruction, 'call 0x43:0x0');
      assert.equal(gate.gate, '32-bit call gate, DPL 3, to 0019:00007f0b, copies 1 parameter');
      assert.match(gate.stack!, /^TSS 0038: SS1:ESP1; now 0021:0001efec, before 0033:00009ffc$/);
      assert.equal(gate.from.source!.line, line('call GATE:0'));
      const fault = await detail(12);
      assert.deepEqual(
        [fault.vector, fault.errorCode, fault.vectorName, fault.cr2],
        [14, 7, '#PF page fault', '0x8040'],
      );
      assert.match(fault.reason!, /\w/);
      const buckets = await c.ask<TransitionsResponse>('ringside/transitions', { limit: 2, buckets: 8 });
      assert.equal(buckets.buckets!.length, 8);
      assert.match(await c.refused('ringside/transition', { index: 1e9 }), /not in the history/);
    });

    it('assembles without starting', async () => {
      const good = await c.ask<{ ok: boolean; bytes: string }>('ringside/assemble', { path: RINGS });
      assert.deepEqual([good.ok, atob(good.bytes).length], [true, 9216]);
      assert.match(await c.refused('ringside/assemble', { path: '/nowhere.asm' }), /does not exist/);
    });

    it('restarts with the source as it is now, keeping breakpoints', async () => {
      await user();
      const changed = c.waitForEvent('breakpoint');
      const stop = await c.stopAfter(c.restartRequest({}));
      assert.equal(stop.reason, 'breakpoint');
      await changed;
      assert.match((await c.frames())[0]!.name, /^user /);
      assert.equal(await c.value('dword [counter]'), '0x00000028 (40)');
    });

    it('cancels what waits, and ends on terminate', async () => {
      await user();
      assert.deepEqual(await c.ask('cancel', { requestId: 12345 }), undefined);
      await Promise.all([c.waitForEvent('terminated'), c.terminateRequest()]);
      assert.match(await c.refused('continue', CONTINUE), /has ended/);
    });

    it('refuses to attach, and a second launch', async () => {
      await c.initializeRequest({ ...CLIENT });
      assert.match(await c.refused('attach', {}), /use "request": "launch"/);
      await c.launchRequest({ program: RINGS } as DebugProtocol.LaunchRequestArguments);
      assert.match(await c.refused('launch', { program: RINGS }), /already/);
    });

    it('counts lines from 0 for clients that do', async () => {
      await c.initializeRequest({ ...CLIENT, linesStartAt1: false, columnsStartAt1: false });
      const initialized = c.waitForEvent('initialized');
      await Promise.all([c.launchRequest({ program: RINGS } as DebugProtocol.LaunchRequestArguments), initialized]);
      const { body } = await c.setBreakpointsRequest({ source: { path: RINGS }, breakpoints: [{ line: REAL - 1 }] });
      assert.deepEqual([body.breakpoints[0]!.line, body.breakpoints[0]!.column], [REAL - 1, 8]);
      await c.stopAfter(c.configurationDoneRequest());
      assert.equal((await c.frames())[0]!.line, REAL - 1);
    });
  });

describe('debug adapter', () => {
  it('has had every one of its requests driven by the tests above', () => {
    const missing = REQUESTS.map(({ command }) => command).filter((command) => !sentCommands.has(command));
    assert.deepEqual(missing, []);
  });
});
