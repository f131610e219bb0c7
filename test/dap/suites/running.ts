// Requests that start, stop and steer the guest, and set breakpoints.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { StateBody } from '../../../src/dap/customTypes';
import { CONTINUE, line, REAL, RINGS, type Bench, type Disassembly } from '../support/bench';
import { CLIENT, sample } from '../support/client';

export function runningSuite(bench: Bench): void {
  it('announces what it can do, and every exception filter', async () => {
    const { c } = bench;
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
    const { c } = bench;
    const stopped = await c.launchTo({ program: RINGS }, { [RINGS]: [REAL, line('mov esi, text_user') - 1] });
    assert.equal(stopped.reason, 'breakpoint');
    let [top] = await c.frames();
    assert.deepEqual([top!.line, top!.source!.path, top!.instructionPointerReference], [REAL, RINGS, '0x7c05']);
    assert.match((await bench.scope('Control')).find((v) => v.name === 'mode')!.value, /^real$/);
    await c.stopAfter(c.continueRequest(CONTINUE));
    [top] = await c.frames();
    assert.equal(top!.line, line('mov esi, text_user') - 1);
    assert.match(top!.name, /^user \(002b:00009000\)$/);
    const cs = (await bench.scope('Segments')).find((v) => v.name === 'CS')!;
    assert.equal(cs.type, 'base 00000000, limit ffffffff, 32-bit code, readable, accessed, DPL 3');
    assert.equal(await c.value('cpl'), '0x3');
  });

  it('stops at the entry when asked to', async () => {
    const { c } = bench;
    const stopped = await c.launchTo({ program: RINGS, stopOnEntry: true });
    assert.equal(stopped.reason, 'entry');
    assert.equal((await c.frames())[0]!.instructionPointerReference, '0x7c00');
  });

  it('starts at a label: at once when it can, else when the program gets there', async () => {
    const { c } = bench;
    let stopped = await c.launchTo({ program: RINGS, startAt: 'print16' });
    assert.equal(stopped.reason, 'entry');
    let [top] = await c.frames();
    assert.match(top!.name, /^print16/);
    assert.equal(await c.value('cs'), '0x0000');
    assert.equal(await c.value('ds == 0 && sp == 0x7c00'), '0x0', 'nothing of the program was executed');
    const again = { arguments: { program: RINGS, startAt: 'user' } };
    stopped = await c.stopAfter(c.restartRequest(again as DebugProtocol.RestartArguments));
    assert.equal(stopped.reason, 'entry');
    [top] = await c.frames();
    assert.match(top!.name, /^user/);
    assert.equal(await c.value('cpl'), '0x3', 'the program came here by itself');
  });

  it('runs through without debugging', async () => {
    const { c } = bench;
    const stopped = c.waitForEvent('stopped');
    await c.begin({ program: RINGS, noDebug: true }, async () => {
      const { body } = await c.setBreakpointsRequest({ source: { path: RINGS }, breakpoints: [{ line: REAL }] });
      assert.equal(body.breakpoints.length, 1);
      await c.setExceptionBreakpointsRequest({ filters: ['vector-13'] });
    });
    assert.equal(((await stopped) as DebugProtocol.StoppedEvent).body.reason, 'halted');
  });

  it('sets breakpoints of every kind, with conditions, hits and messages', async () => {
    const { c } = bench;
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
    assert.equal(data.reason, 'data breakpoint');
    assert.equal(data.text, '4 bytes written at 0x8038: 0x00000028 → 0x0000002a');
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
    const { c } = bench;
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
    const { c } = bench;
    const stop = await c.launchTo({ program: sample('triple') });
    assert.deepEqual([stop.reason, stop.description], ['exception', 'Triple fault']);
    const info = (await c.exceptionInfoRequest(CONTINUE)).body;
    assert.match(info.description!, /#DE, then #GP, then #DF/);
    const exited = c.waitForEvent('exited');
    await Promise.all([c.waitForEvent('terminated'), c.continueRequest(CONTINUE)]);
    assert.equal(((await exited) as DebugProtocol.ExitedEvent).body.exitCode, 3);
  });

  it('steps by line and by instruction, in, over and out', async () => {
    const { c } = bench;
    await bench.user();
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

  it('jumps to a line', async () => {
    const { c } = bench;
    await bench.user();
    const { targets } = await c.ask<DebugProtocol.GotoTargetsResponse['body']>('gotoTargets', { source: { path: RINGS }, line: line('push dword 2') }); // prettier-ignore
    assert.equal(targets.length, 1);
    const stop = await c.stopAfter(c.gotoRequest({ ...CONTINUE, targetId: targets[0]!.id }));
    assert.equal(stop.reason, 'goto');
    assert.equal((await c.frames())[0]!.line, line('push dword 2'));
  });

  it('pauses a guest that runs, and takes breakpoints while it does', async () => {
    const { c } = bench;
    await c.begin({ program: sample('keyboard') });
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.match(await c.refused('stackTrace', { threadId: 1 }), /running; pause it first/);
    assert.match(await c.refused('next', { threadId: 1 }), /running/);
    await c.ask('ringside/focus', { threadId: 1 });
    assert.match(await c.refused('ringside/focus', { threadId: 2 }), /no thread 2/);
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

  it('restarts with the source as it is now, keeping breakpoints', async () => {
    const { c } = bench;
    await bench.user();
    const changed = c.waitForEvent('breakpoint');
    const stop = await c.stopAfter(c.restartRequest({}));
    assert.equal(stop.reason, 'breakpoint');
    await changed;
    assert.match((await c.frames())[0]!.name, /^user /);
    assert.equal(await c.value('dword [counter]'), '0x00000028 (40)');
  });

  it('keeps the old guest when the source cannot be built any more', async () => {
    const { c } = bench;
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'ringside-')), 'boot.asm');
    const source = 'org 0x7c00\nstart: nop\nforever: jmp forever\ntimes 510-($-$$) db 0\ndw 0xaa55\n';
    writeFileSync(file, source);
    await c.launchTo({ program: file }, { [file]: [2] });
    writeFileSync(file, `${source}mov ax\n`);
    const stopped = c.waitForEvent('stopped');
    assert.match(await c.refused('restart'), /does not assemble/);
    await stopped;
    assert.match((await c.frames())[0]!.name, /^start /);
    writeFileSync(file, source.replace('nop', 'nop\nnop'));
    assert.equal((await c.stopAfter(c.restartRequest({}))).reason, 'breakpoint');
    rmSync(path.dirname(file), { recursive: true });
  });

  it('cancels what waits, and ends on terminate', async () => {
    const { c } = bench;
    await bench.user();
    assert.deepEqual(await c.ask('cancel', { requestId: 12345 }), undefined);
    await Promise.all([c.waitForEvent('terminated'), c.terminateRequest()]);
    assert.match(await c.refused('continue', CONTINUE), /has ended/);
  });

  it('refuses to attach, and a second launch', async () => {
    const { c } = bench;
    await c.initializeRequest({ ...CLIENT });
    assert.match(await c.refused('attach', {}), /use "request": "launch"/);
    await c.launchRequest({ program: RINGS } as DebugProtocol.LaunchRequestArguments);
    assert.match(await c.refused('launch', { program: RINGS }), /already/);
  });

  it('counts lines from 0 for clients that do', async () => {
    const { c } = bench;
    await c.initializeRequest({ ...CLIENT, linesStartAt1: false, columnsStartAt1: false });
    const initialized = c.waitForEvent('initialized');
    await Promise.all([c.launchRequest({ program: RINGS } as DebugProtocol.LaunchRequestArguments), initialized]);
    const { body } = await c.setBreakpointsRequest({ source: { path: RINGS }, breakpoints: [{ line: REAL - 1 }] });
    assert.deepEqual([body.breakpoints[0]!.line, body.breakpoints[0]!.column], [REAL - 1, 8]);
    await c.stopAfter(c.configurationDoneRequest());
    assert.equal((await c.frames())[0]!.line, REAL - 1);
  });

  it('lets idle time pass as real time does, at no cost', async () => {
    const { c } = bench;
    await c.begin({ program: sample('keyboard') });
    const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 150));
    const ticks = async (): Promise<number> => {
      await c.stopAfter(c.pauseRequest(CONTINUE));
      return Number(await c.value('dword [0x46c]').then((text) => text.split(' ')[0]));
    };
    await settle();
    const from = await ticks();
    const start = performance.now();
    await c.continueRequest(CONTINUE);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    const passed = (await ticks()) - from;
    const wanted = ((performance.now() - start) / 1000) * 18.2;
    assert.ok(Math.abs(passed - wanted) < 8, `${passed} ticks instead of ${wanted.toFixed(1)}`);
  });

  it('shows a step that takes long as progress, which can be cancelled', async () => {
    const { c } = bench;
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'ringside-')), 'long.asm');
    const source = `org 0x7c00\nstart: call forever\nforever: jmp forever\ntimes 510-($-$$) db 0\ndw 0xaa55\n`;
    writeFileSync(file, source);
    await c.launchTo({ program: file }, { [file]: [2] });
    const started = c.waitForEvent('progressStart');
    await c.nextRequest(CONTINUE);
    const { progressId, cancellable } = ((await started) as DebugProtocol.ProgressStartEvent).body;
    assert.equal(cancellable, true);
    const ended = c.waitForEvent('progressEnd');
    const stop = await c.stopAfter(c.ask('cancel', { progressId }));
    assert.equal(stop.reason, 'pause');
    await ended;
    rmSync(path.dirname(file), { recursive: true });
    assert.match((await c.frames())[0]!.name, /^forever /);
  });
}
