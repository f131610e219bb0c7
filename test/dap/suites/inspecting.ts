// Requests that look into the stopped guest, change it, and serve the views.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { ScreenResponse, TransitionDetail, TransitionsResponse } from '../../../src/dap/customTypes';
import { CONTINUE, line, REAL, RINGS, SOURCE, type Bench, type Disassembly, type Variables } from '../support/bench';
import { lineOf, sample } from '../support/client';

export function inspectingSuite(bench: Bench): void {
  it('shows the stack across rings, in pages', async () => {
    const { c } = bench;
    await bench.user();
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
    const outer = await bench.scope('General', 3);
    assert.match(outer.find((v) => v.name === 'EIP')!.type!, /^002b:00009009/);
    assert.match(await c.refused('scopes', { frameId: 1 }), /no longer valid/);
    assert.equal((await c.threadsRequest()).body.threads[0]!.name, 'vCPU 0');
  });

  it('pages tables and sets variables', async () => {
    const { c } = bench;
    await bench.user();
    const tables = await bench.scope('System tables');
    const idt = tables.find((v) => v.name === 'IDT')!;
    assert.equal(idt.indexedVariables, 129);
    const page = await c.ask<Variables>('variables', { variablesReference: idt.variablesReference, filter: 'indexed', start: 128, count: 1 }); // prettier-ignore
    assert.match(page.variables[0]!.value, /32-bit interrupt gate, DPL 3, to 0008:00007e82/);

    const set = await c.setVariableRequest({
      variablesReference: await bench.reference('General'),
      name: 'EBX',
      value: '40 + 2',
    });
    assert.match(set.body.value, /^0x0000002a/);
    assert.match(await c.value('bl'), /42/);
    await c.setVariableRequest({ variablesReference: await bench.reference('Flags'), name: 'DF', value: '1' });
    assert.equal(await c.value('df'), '1');
    assert.match(await c.refused('setVariable', { variablesReference: await bench.reference('Segments'), name: 'DS', value: '0x7770' }), /DS was not changed: .*no descriptor/); // prettier-ignore
    assert.match(await c.refused('setVariable', { variablesReference: await bench.reference('General'), name: 'EQX', value: '1' }), /no variable EQX/); // prettier-ignore
    assert.match(await c.refused('setVariable', { variablesReference: await bench.reference('Control'), name: 'CPL', value: '0' }), /cannot be changed/); // prettier-ignore

    const expression = await c.ask<{ value: string }>('setExpression', {
      expression: 'dword [result]',
      value: "'abcd'",
    });
    assert.match(expression.value, /^0x64636261/);
    assert.match(await c.refused('setExpression', { expression: '5', value: '1' }), /only registers/);
  });

  it('evaluates in watches, hovers and the console', async () => {
    const { c } = bench;
    await bench.user();
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
    const { c } = bench;
    await bench.user();
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
    const { c } = bench;
    await bench.user();
    const at = async (memoryReference: string, instructionOffset: number, instructionCount: number) =>
      (await c.ask<Disassembly>('disassemble', { memoryReference, instructionOffset, instructionCount })).instructions;
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
    const { c } = bench;
    await bench.user();
    const { modules } = (await c.modulesRequest({})).body;
    assert.deepEqual(modules.map((m) => m.name), ['boot.asm', 'firmware']); // prettier-ignore
    const { sources } = await c.ask<DebugProtocol.LoadedSourcesResponse['body']>('loadedSources');
    assert.deepEqual(sources.map((s) => s.path), [RINGS]); // prettier-ignore
    const { content } = (await c.sourceRequest({ source: { path: RINGS }, sourceReference: 0 })).body;
    assert.equal(content, SOURCE);
    assert.match(await c.refused('source', { source: { path: '/etc/hostname' }, sourceReference: 0 }), /not a source/);
    const { breakpoints } = await c.ask<DebugProtocol.BreakpointLocationsResponse['body']>('breakpointLocations', { source: { path: RINGS }, line: 1, endLine: REAL }); // prettier-ignore
    assert.deepEqual(breakpoints.map((b) => b.line), [REAL - 2, REAL]); // prettier-ignore
  });

  it('types, shows the screen, and brings serial output', async () => {
    const { c } = bench;
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
    const { c } = bench;
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
    assert.deepEqual([fault.vector, fault.errorCode, fault.vectorName, fault.cr2], [14, 7, '#PF page fault', '0x8040']);
    assert.match(fault.reason!, /\w/);
    const buckets = await c.ask<TransitionsResponse>('ringside/transitions', { limit: 2, buckets: 8 });
    assert.equal(buckets.buckets!.length, 8);
    assert.match(await c.refused('ringside/transition', { index: 1e9 }), /not in the history/);
  });

  it('assembles without starting', async () => {
    const { c } = bench;
    const good = await c.ask<{ ok: boolean; bytes: string }>('ringside/assemble', { path: RINGS });
    assert.deepEqual([good.ok, atob(good.bytes).length], [true, 9216]);
    assert.match(await c.refused('ringside/assemble', { path: '/nowhere.asm' }), /does not exist/);
  });
}
