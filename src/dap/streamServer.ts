// The adapter on byte streams: stdio for one session, or a local TCP port with a session per connection.

import { createServer, type Server } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { Readable, Writable } from 'node:stream';
import { malformedMessage } from './errors';
import { frame, MessageReader } from './framing';
import { nodeFiles } from './nodeFiles';
import { REQUESTS } from './requests/all';
import { Session } from './session';

/** Serves one client; resolves when the session is over. */
export function serveStream(input: Readable, output: Writable): Promise<void> {
  return new Promise((resolve) => {
    const session = new Session(
      {
        files: nodeFiles,
        folder: process.cwd(),
        send: (message) => void (output.writable && output.write(frame(message))),
        now: () => performance.now(),
        unixTime: () => Math.floor(Date.now() / 1000),
        yield: () => new Promise((done) => setImmediate(done)),
        sleep: (milliseconds) => new Promise((done) => setTimeout(done, milliseconds)),
        close: resolve,
        hasViews: false,
      },
      REQUESTS,
    );
    const reader = new MessageReader();
    input.on('data', (bytes: Uint8Array) => {
      for (const framed of reader.push(bytes)) {
        if ('message' in framed) session.receive(framed.message);
        else session.malformed(malformedMessage(framed.problem));
      }
    });
    input.on('end', () => session.close());
    input.on('error', () => session.close());
    output.on('error', () => session.close());
  });
}

/** Listens on 127.0.0.1; port 0 takes a free one. Resolves when it listens. */
export function servePort(port: number): Promise<Server> {
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    void serveStream(socket, socket).then(() => socket.end());
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
