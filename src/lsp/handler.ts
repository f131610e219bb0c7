// A feature as the server knows it: what it announces, and the requests it answers.
import type { ServerCapabilities } from 'vscode-languageserver';
import type { Position, Range } from '../language/position';
import type { Server } from './server';

export interface Handler {
  capabilities: ServerCapabilities;
  register(server: Server): void;
}

export interface DocumentPosition {
  textDocument: { uri: string };
  position: Position;
}

export interface Spot extends Position {
  path: string;
}

/** The place a request is about, once everything it may ask for has been read. */
export async function spotOf(server: Server, { textDocument, position }: DocumentPosition): Promise<Spot> {
  const path = await pathOf(server, textDocument);
  return { path, ...position };
}

export async function pathOf(server: Server, { uri }: { uri: string }): Promise<string> {
  const path = server.uris.toPath(uri);
  await server.settle([path]);
  return path;
}

export const locationOf = (server: Server, place: { path: string; range: Range }) => ({
  uri: server.uris.toUri(place.path),
  range: place.range,
});
