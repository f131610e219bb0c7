// A debug client of the protocol's own test package, driving `ringside dap` over stdio or TCP.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DebugClient } from '@vscode/debugadapter-testsupport';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { buildSync } from 'esbuild';

export const ROOT = path.resolve(import.meta.dirname, '../../..');
export const sample = (name: string): string => path.join(ROOT, 'samples', name, 'boot.asm');

/** The command bundled as the build does it, once per test process, and a program that starts it with arguments. */
const adapters = new Map<string, string>();
function adapter(...args: string[]): string {
  const key = args.join(' ');
  const known = adapters.get(key);
  if (known) return known;
  const folder = mkdtempSync(path.join(tmpdir(), 'ringside-dap-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const bundle = path.join(folder, 'cli.cjs');
  buildSync({
    entryPoints: [path.join(ROOT, 'src/cli/main.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: bundle,
    logLevel: 'error',
  });
  const program = path.join(folder, 'adapter.cjs');
  writeFileSync(program, `process.argv.push('dap', ...${JSON.stringify(args)});\nrequire('./cli.cjs');\n`);
  adapters.set(key, program);
  return program;
}

/** Commands that any client of this process has sent: a test checks that all requests are exercised. */
export const sentCommands = new Set<string>();

export class TestClient extends DebugClient {
  override send(command: string, args?: unknown): Promise<never> {
    sentCommands.add(command);
    return super.send(command, args) as Promise<never>;
  }

  /** Body of any request. */
  async ask<T>(command: string, args: unknown = {}): Promise<T> {
    const response = (await this.customRequest(command, args)) as DebugProtocol.Response;
    return response.body as T;
  }

  /** Message of the error response. */
  async refused(command: string, args: unknown = {}): Promise<string> {
    try {
      await this.customRequest(command, args);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error(`${command} was not refused`);
  }

  /** Waits for the stop that `action` leads to. */
  async stopAfter(action: Promise<unknown>): Promise<DebugProtocol.StoppedEvent['body']> {
    const [event] = await Promise.all([this.waitForEvent('stopped'), action]);
    return (event as DebugProtocol.StoppedEvent).body;
  }

  async frames(): Promise<DebugProtocol.StackFrame[]> {
    return (await this.ask<DebugProtocol.StackTraceResponse['body']>('stackTrace', { threadId: 1 })).stackFrames;
  }

  async value(expression: string, context = 'watch'): Promise<string> {
    return (await this.ask<DebugProtocol.EvaluateResponse['body']>('evaluate', { expression, context })).result;
  }

  /** Launches with breakpoints and resolves at the first stop. */
  async launchTo(
    args: object,
    breakpoints: Record<string, number[]> = {},
  ): Promise<DebugProtocol.StoppedEvent['body']> {
    const stopped = this.waitForEvent('stopped');
    await this.begin(args, async () => {
      for (const [file, lines] of Object.entries(breakpoints))
        await this.setBreakpointsRequest({ source: { path: file }, breakpoints: lines.map((line) => ({ line })) });
    });
    return ((await stopped) as DebugProtocol.StoppedEvent).body;
  }

  /** initialize, launch, configuration, configurationDone. */
  async begin(args: object, configure: () => Promise<void> = async () => {}): Promise<void> {
    await this.initializeRequest({ ...CLIENT });
    const initialized = this.waitForEvent('initialized');
    await Promise.all([this.launchRequest(args as DebugProtocol.LaunchRequestArguments), initialized]);
    await configure();
    await this.configurationDoneRequest();
  }
}

export const CLIENT = {
  adapterID: 'ringside',
  clientID: 'test',
  linesStartAt1: true,
  columnsStartAt1: true,
  pathFormat: 'path',
  supportsProgressReporting: true,
  supportsInvalidatedEvent: true,
  supportsMemoryEvent: true,
};

export async function stdioClient(): Promise<TestClient> {
  const client = new TestClient('node', adapter(), 'ringside', { cwd: ROOT });
  client.defaultTimeout = 20_000;
  await client.start();
  return client;
}

export interface TcpServer {
  port: number;
  process: ChildProcess;
}

export async function tcpServer(): Promise<TcpServer> {
  const child = spawn('node', [adapter('--port', '0')], { cwd: ROOT });
  let text = '';
  const port = await new Promise<number>((resolve, reject) => {
    child.stderr.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const match = /listening on 127\.0\.0\.1:(\d+)/.exec(text);
      if (match) resolve(Number(match[1]));
    });
    child.on('exit', (code) => reject(new Error(`the adapter ended with ${code}: ${text}`)));
  });
  return { port, process: child };
}

export async function tcpClient({ port }: TcpServer): Promise<TestClient> {
  const client = new TestClient('node', '', 'ringside');
  client.defaultTimeout = 20_000;
  await client.start(port);
  return client;
}

/** 1-based number of the first line that contains `text`. */
export function lineOf(source: string, text: string): number {
  const at = source.split('\n').findIndex((line) => line.includes(text));
  if (at < 0) throw new Error(`no line has ${text}`);
  return at + 1;
}
