// A debugging session in 64-bit code through the adapter: every request with addresses above 4 GB, and the mistakes one can make there.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { Bench, type Disassembly, type Variables } from './support/bench';
import { lineOf, sample, stdioClient, type TestClient } from './support/client';

const FILE = sample('long-mode');
const SOURCE = readFileSync(FILE, 'utf8');
const line = (text: string): number => lineOf(SOURCE, text);
const IN_KERNEL = line('lea rsi, [text_kernel]');
const CONTINUE = { threadId: 1 };

describe('debug adapter in 64-bit code', function () {
  this.timeout(60_000);
  const bench = new Bench();
  let c: TestClient;
  before(async () => {
    c = bench.c = await stdioClient();
    await c.launchTo({ program: FILE, cpu: 'x86-64' }, { [FILE]: [IN_KERNEL] });
  });
  after(() => c.stop());

  it('names the place with all its digits', async () => {
    const [top] = await c.frames();
    assert.equal(top!.line, IN_KERNEL);
    assert.match(top!.name, /^kernel \(0008:ffffffff80007[0-9a-f]{3}\)$/);
    assert.match(top!.instructionPointerReference!, /^0xffffffff80007[0-9a-f]{3}$/);
    const state = await c.ask<{ where: string; mode: string }>('ringside/mode');
    assert.deepEqual([state.mode, state.where.slice(0, 18)], ['64-bit', '0008:ffffffff80007']);
  });

  it('disassembles, reads and writes memory, and refuses addresses that do not exist', async () => {
    const [top] = await c.frames();
    const memoryReference = top!.instructionPointerReference!;
    const { instructions } = await c.ask<Disassembly>('disassemble', { memoryReference, instructionOffset: -2, instructionCount: 5 }); // prettier-ignore
    assert.equal(instructions.length, 5);
    assert.equal(instructions[2]!.address, memoryReference);
    assert.match(instructions[2]!.instruction, /^lea rsi, \[rel text_kernel\]/);
    assert.match(instructions[3]!.instruction, /^call print/);
    const read = (reference: string, count: number, offset = 0) =>
      c.ask<DebugProtocol.ReadMemoryResponse['body']>('readMemory', { memoryReference: reference, count, offset });
    const stack = await read('0xffffffff80020000', 8, -8);
    assert.equal(stack!.address, '0xffffffff8001fff8');
    assert.equal(Buffer.from(stack!.data!, 'base64').length, 8);
    assert.equal((await read('0xffffffffc0000000', 4))!.unreadableBytes, 4);
    const data = Buffer.from('12345678').toString('base64');
    const written = await c.ask<DebugProtocol.WriteMemoryResponse['body']>('writeMemory', { memoryReference: '0xffffffff80008100', data }); // prettier-ignore
    assert.equal(written!.bytesWritten, 8);
    assert.equal(Buffer.from((await read('0x8100', 8))!.data!, 'base64').toString(), '12345678');
    assert.match(
      await c.refused('readMemory', { memoryReference: '0x1234567812345678', count: 1 }),
      /not a canonical address/,
    );
    assert.match(
      await c.refused('readMemory', { memoryReference: '0x1ffffffffffffffff', count: 1 }),
      /not a canonical address/,
    );
    assert.match(
      await c.refused('writeMemory', { memoryReference: '0xffffffffc0000000', data }),
      /Nothing can be written at 0xffffffffc0000000/,
    );
    assert.match(await c.refused('disassemble', { memoryReference: '0x7fffffffffff', offset: 1, instructionCount: 1 }), /outside the address space/); // prettier-ignore
  });

  it('sets variables and expressions of 64 bits', async () => {
    const variablesReference = await bench.reference('General');
    const set = (name: string, value: string, reference = variablesReference) =>
      c.ask<DebugProtocol.SetVariableResponse['body']>('setVariable', { variablesReference: reference, name, value });
    assert.match((await set('R10', '0x1122334455667788')).value, /^0x1122334455667788/);
    assert.match(await c.value('r10w'), /^0x7788/);
    assert.match(
      await c.refused('setVariable', { variablesReference, name: 'R10', value: '1 << 64' }),
      /does not fit into r10 \(64 bits\)/,
    );
    const { value } = await c.ask<{ value: string }>('setExpression', { expression: 'r11', value: 'r10 + 1' });
    assert.match(value, /^0x1122334455667789/);
    const msrs = await bench.reference('MSRs');
    const { variables } = await c.ask<Variables>('variables', { variablesReference: msrs });
    assert.equal(variables.find(({ name }) => name === 'LSTAR')!.type, 'SYSCALL in 64-bit code: system_call');
    assert.match((await set('KERNELGSBASE', '0xffff800000000000', msrs)).value, /^0xffff800000000000/);
    assert.match(
      await c.refused('setVariable', { variablesReference: msrs, name: 'LSTAR', value: '1 << 48' }),
      /LSTAR cannot have the value/,
    );
    const sse = await bench.reference('SSE');
    const vectors = await c.ask<Variables>('variables', { variablesReference: sse });
    assert.equal(vectors.variables.filter(({ name }) => name.startsWith('XMM')).length, 16);
    assert.match((await set('XMM15', '1 << 127', sse)).value, /^0x80000000000000000000000000000000/);
  });

  it('walks pages in the console', async () => {
    const walk = await c.value('walk rip', 'repl');
    assert.match(walk, /physical 00007[0-9a-f]{3}, writable, supervisor, 2 MB page/);
    assert.match(walk, /PML4 \[511\] 0000000000013023: present/);
    assert.match(
      await c.value('walk 0x40000000', 'repl'),
      /page table \[0\] 0000000000009005: present, read only, user/,
    );
    assert.match(await c.value('x/2xg rsp - 16', 'repl'), /^ffffffff8001fff0 /);
    assert.match(
      await c.refused('evaluate', { expression: 'walk 1 << 50', context: 'repl' }),
      /not a canonical address/,
    );
  });

  it('breaks on instructions, functions and data above 4 GB', async () => {
    const [top] = await c.frames();
    const call = `0x${(BigInt(top!.instructionPointerReference!) + 7n).toString(16)}`;
    const set = await c.ask<DebugProtocol.SetInstructionBreakpointsResponse['body']>('setInstructionBreakpoints', { breakpoints: [{ instructionReference: call }] }); // prettier-ignore
    assert.equal(set.breakpoints[0]!.instructionReference, call);
    const stopped = await c.stopAfter(c.continueRequest(CONTINUE));
    assert.equal(stopped.reason, 'instruction breakpoint');
    await c.ask('setInstructionBreakpoints', { breakpoints: [] });
    const over = await c.stopAfter(c.nextRequest(CONTINUE));
    assert.equal(over.reason, 'step');
    assert.equal((await c.frames())[0]!.line, line('mov ecx, USER '));
    const info = await c.ask<{ dataId: string; description: string }>('dataBreakpointInfo', {
      name: 'qword [rsp - 8]',
    });
    assert.match(info.dataId, /^0xffffffff8001fff8\/8$/);
    await c.ask('setDataBreakpoints', { breakpoints: [{ dataId: info.dataId, accessType: 'write' }] });
    const functions = await c.ask<DebugProtocol.SetFunctionBreakpointsResponse['body']>('setFunctionBreakpoints', { breakpoints: [{ name: 'system_call' }, { name: '1 << 50' }] }); // prettier-ignore
    assert.deepEqual(
      functions.breakpoints.map(({ verified }) => verified),
      [true, false],
    );
    const called = await c.stopAfter(c.continueRequest(CONTINUE));
    assert.equal(called.reason, 'function breakpoint');
    const frames = await c.frames();
    assert.deepEqual(
      frames.map(({ name }) => name.replace(/ \(.*/, '')),
      ['system_call', '— SYSCALL, ring 3 → ring 0 —', 'user'],
    );
    assert.match(frames[2]!.name, /002b:4000000e/);
    const written = await c.stopAfter(c.continueRequest(CONTINUE));
    assert.equal(written.reason, 'data breakpoint');
    assert.match(written.text!, /^8 bytes written at 0xffffffff8001fff8: 0x[0-9a-f]{16} → 0x[0-9a-f]{16}$/);
    await c.ask('setDataBreakpoints', { breakpoints: [] });
    assert.match(
      await c.refused('setDataBreakpoints', { breakpoints: [{ dataId: '0x1234567812345678/4' }] }),
      /not an identifier/,
    );
  });

  it('goes to a line of the upper half, and explains the double fault and its history', async () => {
    const { targets } = await c.ask<DebugProtocol.GotoTargetsResponse['body']>('gotoTargets', { source: { path: FILE }, line: line('mov rbx, rsp') }); // prettier-ignore
    assert.match(targets[0]!.instructionPointerReference!, /^0xffffffff80007/);
    assert.equal((await c.stopAfter(c.gotoRequest({ ...CONTINUE, targetId: targets[0]!.id }))).reason, 'goto');
    assert.equal((await c.frames())[0]!.line, line('mov rbx, rsp'));
    await c.ask('setFunctionBreakpoints', { breakpoints: [] });
    await c.ask('setExceptionBreakpoints', { filters: ['vector-8'] });
    const stopped = await c.stopAfter(c.continueRequest(CONTINUE));
    assert.equal(stopped.reason, 'exception');
    const info = await c.ask<DebugProtocol.ExceptionInfoResponse['body']>('exceptionInfo', CONTINUE);
    assert.equal(info!.exceptionId, '#DF');
    assert.match(info!.description!, /#PF/);
    assert.match(info!.description!, /0xffffffffbffffff8/);
    const { total } = await c.ask<{ total: number }>('ringside/transitions', { within: true });
    const detail = await c.ask<{ stack: string; gate: string; to: { sp: string }; reason?: string }>('ringside/transition', { index: total - 1 }); // prettier-ignore
    assert.match(detail.gate, /^64-bit interrupt gate, DPL 0, to 0008:ffffffff80007[0-9a-f]{3}, on stack IST1$/);
    assert.equal(detail.stack, 'TSS 0030: IST1; now 0010:ffffffff80020fd0, before 0010:ffffffffc0000000');
    assert.equal(detail.to.sp, '0xffffffff80020fd0');
  });
});
