// `ringside dap`: the debug adapter for any editor, on stdio or a local TCP port.

import type { AddressInfo } from 'node:net';
import { servePort, serveStream } from '../dap/streamServer';
import { parseOptions, UsageError } from './options';

export async function dapCommand(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(argv, { '--port': { value: true } });
  if (positionals.length)
    throw new UsageError(`there is nothing to do with ${positionals[0]}: the launch request names the program`);
  const text = values.get('--port')?.[0];
  if (text === undefined) {
    await serveStream(process.stdin, process.stdout);
    process.stdin.destroy();
    return 0;
  }
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new UsageError(`--port must be 0 to 65535, not ${text}`);
  const server = await servePort(port);
  process.stderr.write(`ringside dap: listening on 127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  await new Promise((resolve) => server.on('close', resolve));
  return 0;
}
