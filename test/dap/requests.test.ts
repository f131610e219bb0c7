// The whole list of requests, driven over stdio and over TCP by the protocol's own test client.

import assert from 'node:assert/strict';
import { REQUESTS } from '../../src/dap/requests/all';
import { inspectingSuite } from './suites/inspecting';
import { runningSuite } from './suites/running';
import { Bench } from './support/bench';
import { sentCommands, stdioClient, tcpClient, tcpServer, type TcpServer } from './support/client';

for (const transport of ['stdio', 'TCP'] as const)
  describe(`debug adapter over ${transport}`, () => {
    const bench = new Bench();
    let server: TcpServer | undefined;

    before(async () => {
      if (transport === 'TCP') server = await tcpServer();
    });
    after(() => void server?.process.kill());
    beforeEach(async () => {
      bench.c = server ? await tcpClient(server) : await stdioClient();
    });
    afterEach(() => bench.c.stop());

    runningSuite(bench);
    inspectingSuite(bench);
  });

describe('debug adapter', () => {
  it('has had every one of its requests driven by the tests above', () => {
    const missing = REQUESTS.map(({ command }) => command).filter((command) => !sentCommands.has(command));
    assert.deepEqual(missing, []);
  });
});
